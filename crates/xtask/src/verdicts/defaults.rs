use std::path::Path;

use anyhow::Result;
use plimsoll_kube::Node;
use plimsoll_kube::defaults::{Home, defaulted, defaulted_custom};
use plimsoll_kube::validate::Validator;
use plimsoll_source::FileId;
use serde_json::Value as Json;

/// What a server allocates, which no default is.
const ALLOCATED: &[&str] = &[
    ".status",
    ".metadata.generation",
    ".metadata.name",
    ".spec.clusterIP",
    ".spec.clusterIPs",
    ".spec.ipFamilies",
    ".spec.ipFamilyPolicy",
    ".spec.healthCheckNodePort",
    ".spec.priority",
    ".spec.preemptionPolicy",
    ".spec.overhead",
    ".metadata.annotations.deprecated.daemonset.template.generation",
];

/// How many leaves of the server's defaulted objects are ours too, and of how many; `show` that differ.
pub(super) fn run(
    dir: &Path,
    validator: &Validator,
    show: usize,
) -> Result<(usize, usize, Vec<String>)> {
    let rows = String::from_utf8(crate::schemas::inflate(&dir.join("defaults.jsonl.zst"))?)?;
    let (mut same, mut all, mut shown) = (0, 0, Vec::new());
    for line in rows.lines() {
        let row: Json = serde_json::from_str(line)?;
        let text = serde_json::to_vec(&row["object"])?;
        let object = plimsoll_yaml::read(&text, FileId::NONE)?;
        let version = row["apiVersion"].as_str().unwrap_or_default();
        let kind = row["kind"].as_str().unwrap_or_default();
        let ours = ours(&object, version, kind, validator);
        let mut leaves = Vec::new();
        collect(&row["defaulted"], String::new(), &mut leaves);
        for (path, value) in leaves {
            if is_allocated(&path) {
                continue;
            }
            all += 1;
            if leaf(&ours, &path).is_some_and(|node| equal(node, value)) {
                same += 1;
            } else if shown.len() < show {
                shown.push(format!("{kind}{path}: {value}"));
            }
        }
    }
    Ok((same, all, shown))
}

fn ours(object: &Node, version: &str, kind: &str, validator: &Validator) -> Node {
    if let Some(custom) = validator.custom(version, kind) {
        let home = Home { namespace: "default", namespaced: custom.namespaced };
        return match &custom.schema {
            Some(schema) => defaulted_custom(object, schema, home),
            None => object.clone(),
        };
    }
    let row = plimsoll_kube::schema::find_kind(version, kind);
    let namespaced = row.is_some_and(|row| row.namespaced);
    defaulted(object, Home { namespace: "default", namespaced })
}

fn is_allocated(path: &str) -> bool {
    let random =
        path.contains("controller-uid") || path.contains("job-name") || path.contains("nodePort");
    random || ALLOCATED.iter().any(|known| path.starts_with(known))
}

/// Every leaf with its path: `.spec.ports\x1f0\x1fname` would be ambiguous, so parts are kept apart
/// by a character that no key has.
fn collect<'a>(value: &'a Json, path: String, leaves: &mut Vec<(String, &'a Json)>) {
    match value {
        Json::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                collect(value, format!("{path}.{}", key.replace('.', "\u{1f}")), leaves);
            }
        }
        Json::Array(list) if !list.is_empty() => {
            for (at, value) in list.iter().enumerate() {
                collect(value, format!("{path}.{at}"), leaves);
            }
        }
        _ => leaves.push((path, value)),
    }
}

fn leaf<'a>(node: &'a Node, path: &str) -> Option<&'a Node> {
    path.split('.').skip(1).try_fold(node, |node, part| {
        let key = part.replace('\u{1f}', ".");
        node.get(&key).or_else(|| node.as_list().get(key.parse::<usize>().ok()?))
    })
}

fn equal(node: &Node, value: &Json) -> bool {
    match value {
        Json::Null => node.is_null(),
        Json::Bool(value) => node.as_bool() == Some(*value),
        Json::Number(number) => node.as_float() == number.as_f64(),
        Json::String(text) => node.as_str() == Some(text),
        Json::Array(_) => node.as_list().is_empty(),
        Json::Object(_) => node.as_map().is_empty(),
    }
}
