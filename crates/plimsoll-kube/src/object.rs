use plimsoll_source::{ObjectId, Span};
use plimsoll_yaml::{Entry, Kind, Node};

use crate::{Document, Fields, Pod};

/// A Kubernetes object in a document: a view that is free to copy.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    /// The document it stands in.
    pub document: &'a Document,
    /// Its fields.
    pub node: &'a Node,
    /// `apps/v1`; empty where the manifest names none.
    pub api_version: &'a str,
    /// `Deployment`
    pub kind: &'a str,
}

/// The objects of documents, in their order, those of lists one by one. What is no object (no
/// mapping, no `kind`) is left out.
pub fn objects(documents: &[Document]) -> Vec<Object<'_>> {
    let mut found = Vec::with_capacity(documents.len());
    for document in documents {
        if let Ok(node) = &document.content {
            unroll(Object::new(document, node, "", ""), &mut found);
        }
    }
    found
}

/// The items of a document's list that are no objects to kubectl, and its words for why.
pub fn strays(document: &Document) -> Vec<(&Node, String)> {
    let Ok(root) = &document.content else { return Vec::new() };
    let list = Object::new(document, root, "", "");
    let Some(item_kind) = list.list_of() else { return Vec::new() };
    let why = |node| {
        let item = Object::new(document, node, list.api_version, item_kind);
        if !matches!(node.kind, Kind::Map(_) | Kind::Null) {
            let kind = node.json_kind();
            return Some(format!(
                "json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"
            ));
        }
        if item.kind.is_empty() || node.is_null() {
            return Some("Object 'Kind' is missing".to_owned());
        }
        let nested = "*unstructured.Unstructured is not a list: no Items field in this object";
        item.list_of().map(|_| nested.to_owned())
    };
    root.items("items").iter().filter_map(|node| Some((node, why(node)?))).collect()
}

fn unroll<'a>(object: Object<'a>, found: &mut Vec<Object<'a>>) {
    let mut open = vec![object];
    while let Some(object) = open.pop() {
        let Some(item_kind) = object.list_of() else {
            if !object.kind.is_empty() {
                found.push(object);
            }
            continue;
        };
        let item = |node| Object::new(object.document, node, object.api_version, item_kind);
        open.extend(object.node.items("items").iter().rev().map(item));
    }
}

impl<'a> Object<'a> {
    /// An object whose manifest may leave its type to the list that it stands in.
    fn new(
        document: &'a Document,
        node: &'a Node,
        api_version: &'a str,
        kind: &'a str,
    ) -> Object<'a> {
        let (own_version, own_kind) = (node.text("apiVersion"), node.text("kind"));
        // kubectl: an item has both from its list or none.
        let is_map = matches!(node.kind, Kind::Map(_));
        let is_bare = is_map && own_version.is_empty() && own_kind.is_empty();
        let (version, kind) = if is_bare { (api_version, kind) } else { (own_version, own_kind) };
        Object { document, node, api_version: version, kind }
    }

    /// What a list holds: `ConfigMap` of a `ConfigMapList`, nothing special of a `List`.
    fn list_of(&self) -> Option<&'a str> {
        let item = self.kind.strip_suffix("List")?;
        self.node.get("items").filter(|items| matches!(items.kind, Kind::Null | Kind::List(_)))?;
        Some(item)
    }

    /// `apps` of `apps/v1`; empty for the core group.
    pub fn group(&self) -> &'a str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// `v1` of `apps/v1`.
    pub fn version(&self) -> &'a str {
        self.api_version.split_once('/').map_or(self.api_version, |(_, version)| version)
    }

    /// Whether the object is of a kind of a group; the core group is empty.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.kind == kind && self.group() == group
    }

    /// `metadata.name`; empty where there is none.
    pub fn name(&self) -> &'a str {
        self.metadata().map_or("", |metadata| metadata.text("name"))
    }

    /// `metadata.namespace`; empty where there is none.
    pub fn namespace(&self) -> &'a str {
        self.metadata().map_or("", |metadata| metadata.text("namespace"))
    }

    /// `metadata`
    pub fn metadata(&self) -> Option<&'a Node> {
        self.node.field("metadata")
    }

    /// `spec`
    pub fn spec(&self) -> Option<&'a Node> {
        self.node.field("spec")
    }

    /// The entries of `metadata.labels`.
    pub fn labels(&self) -> &'a [Entry] {
        self.node.at(&["metadata", "labels"]).map(Node::as_map).unwrap_or_default()
    }

    /// The entries of `metadata.annotations`.
    pub fn annotations(&self) -> &'a [Entry] {
        self.node.at(&["metadata", "annotations"]).map(Node::as_map).unwrap_or_default()
    }

    /// The text of an annotation.
    pub fn annotation(&self, key: &str) -> Option<&'a str> {
        self.node.at(&["metadata", "annotations", key]).and_then(Node::as_str)
    }

    /// Whether Helm runs it as a hook.
    pub fn is_helm_hook(&self) -> bool {
        self.annotation("helm.sh/hook").is_some()
    }

    /// What findings call it.
    pub fn id(&self) -> ObjectId {
        ObjectId {
            api_version: self.api_version.to_owned(),
            kind: self.kind.to_owned(),
            namespace: self.namespace().to_owned(),
            name: self.name().to_owned(),
        }
    }

    /// The pod that the object is or makes.
    pub fn pod(&self) -> Option<Pod<'a>> {
        Pod::of(*self)
    }

    /// Path and place in the file of a field that may be missing: see [`crate::resolve`].
    pub fn resolve(&self, node: &Node, keys: &[&str]) -> (String, Span) {
        let (path, span) = crate::resolve(self.node, node, keys);
        (path, self.document.span(span))
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    use super::*;
    use crate::read_documents;

    #[track_caller]
    fn check(text: &str, want: &[&str]) {
        let documents = read_documents(text.as_bytes(), FileId(0));
        let got: Vec<String> = objects(&documents)
            .iter()
            .map(|one| format!("{} {} {}", one.api_version, one.kind, one.name()))
            .collect();
        assert_eq!(got, want);
    }

    #[test]
    fn objects_have_a_kind() {
        check("kind: Pod\napiVersion: v1\nmetadata: {name: a}\n", &["v1 Pod a"]);
        check("replicas: 3\n---\n- a\n---\ntext\n", &[]);
    }

    #[test]
    fn lists_are_unrolled_in_order() {
        let text = "kind: List\napiVersion: v1\nitems:\n- {kind: Pod, apiVersion: v1, metadata: {name: a}}\n- kind: ConfigMapList\n  apiVersion: v1\n  items:\n  - metadata: {name: b}\n  - metadata: {name: c}\n";
        check(text, &["v1 Pod a", "v1 ConfigMap b", "v1 ConfigMap c"]);
    }

    #[test]
    fn items_that_kubectl_refuses_are_told() {
        let text = "kind: ConfigMapList\napiVersion: v1\nitems:\n- metadata: {name: a}\n- {apiVersion: v1}\n- a\n-\n- {apiVersion: v1, kind: List, items: []}\n";
        let documents = read_documents(text.as_bytes(), FileId(0));
        let found = strays(&documents[0]);
        let words: Vec<&str> = found.iter().map(|(_, why)| why.as_str()).collect();
        assert_eq!(
            words,
            [
                "Object 'Kind' is missing",
                "json: cannot unmarshal string into Go value of type map[string]interface {}",
                "Object 'Kind' is missing",
                "*unstructured.Unstructured is not a list: no Items field in this object",
            ]
        );
    }

    #[test]
    fn what_only_sounds_like_a_list_is_an_object() {
        check("kind: AllowList\napiVersion: x.io/v1\nitems: {}\n", &["x.io/v1 AllowList "]);
    }
}
