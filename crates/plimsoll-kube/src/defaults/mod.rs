//! What an API server fills in where a manifest says nothing.

mod config;
mod pod;
mod tree;
mod workload;

use plimsoll_yaml::Node;

use crate::crd::{Items, Schema};
use tree::Tree as _;

/// Where objects go that name no namespace, and whether the kind has one.
#[derive(Clone, Copy, Debug)]
pub struct Home<'a> {
    /// The namespace; empty where it is not to be filled in.
    pub namespace: &'a str,
    /// Whether the kind lies in namespaces.
    pub namespaced: bool,
}

/// A built-in object as a server would keep it, without what it allocates: addresses, ports of
/// nodes, `status`, generations.
pub fn defaulted(object: &Node, home: Home<'_>) -> Node {
    let mut object = object.clone();
    if home.namespaced && !home.namespace.is_empty() {
        object.sub("metadata").default_text("namespace", home.namespace);
    }
    let version = object.word("apiVersion").to_owned();
    let kind = object.word("kind").to_owned();
    let group = version.split_once('/').map_or("", |(group, _)| group);
    workload::apply(&mut object, group, &kind);
    config::apply(&mut object, group, &kind);
    object
}

/// A custom resource with the defaults of its schema.
pub fn defaulted_custom(object: &Node, schema: &Schema, home: Home<'_>) -> Node {
    let mut object = with_schema_defaults(object, schema);
    if home.namespaced && !home.namespace.is_empty() {
        object.sub("metadata").default_text("namespace", home.namespace);
    }
    object
}

/// A value with the defaults of its schema.
pub(crate) fn with_schema_defaults(value: &Node, schema: &Schema) -> Node {
    let mut value = value.clone();
    fill(&mut value, schema, 0);
    value
}

/// How deep objects are filled.
const DEPTH_LIMIT: usize = 500;

fn fill(node: &mut Node, schema: &Schema, depth: usize) {
    if depth > DEPTH_LIMIT {
        return;
    }
    if node.is_map() {
        for (name, inner) in &schema.properties {
            let name = String::from_utf8_lossy(name);
            let missing = node.get(&name).is_none_or(|value| value.is_null() && !inner.nullable);
            if missing && let Some(default) = &inner.default {
                node.put(&name, default.clone());
            }
            if let Some(value) = node.field_mut(&name) {
                fill(value, inner, depth + 1);
            }
        }
        if let Some(Items::Of(inner)) = &schema.additional {
            node.values_mut().for_each(|value| fill(value, inner, depth + 1));
        }
    }
    if let Some(Items::Of(inner)) = &schema.items {
        node.items_mut().iter_mut().for_each(|item| fill(item, inner, depth + 1));
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    use super::*;

    fn read(text: &str) -> Node {
        plimsoll_yaml::read(text.as_bytes(), FileId(0)).unwrap()
    }

    #[track_caller]
    fn check(text: &str, path: &[&str], want: &str) {
        let object = defaulted(&read(text), Home { namespace: "default", namespaced: true });
        let found = path.iter().try_fold(&object, |node, step| match step.parse::<usize>() {
            Ok(at) => node.as_list().get(at),
            Err(_) => node.get(step),
        });
        assert_eq!(found.map(crate::validate::shown).unwrap_or_default(), want);
    }

    #[test]
    fn pods_and_workloads_are_filled() {
        let text = "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - image: nginx:1.2\n        ports: [{containerPort: 1}]\n";
        let pod = ["spec", "template", "spec", "containers", "0"];
        check(text, &["spec", "replicas"], "1");
        check(text, &["spec", "strategy", "rollingUpdate", "maxSurge"], "\"25%\"");
        check(text, &[&pod[..], &["imagePullPolicy"]].concat(), "\"IfNotPresent\"");
        check(text, &[&pod[..], &["ports", "0", "protocol"]].concat(), "\"TCP\"");
        check(text, &["metadata", "namespace"], "\"default\"");
    }

    #[test]
    fn services_and_secrets_are_filled() {
        let text = "apiVersion: v1\nkind: Service\nspec: {ports: [{port: 80}]}\n";
        check(text, &["spec", "ports", "0", "targetPort"], "80");
        let text = "apiVersion: v1\nkind: Secret\nstringData: {a: b}\n";
        check(text, &["data", "a"], "\"Yg==\"");
        check(text, &["type"], "\"Opaque\"");
    }
}
