use std::ops::Range;

use plimsoll::helm::release::{Manifest, Rendered};
use plimsoll::source::FileId;
use plimsoll_yaml::{Kind, Node};

/// A scalar of the rendered documents.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Leaf {
    /// The number of the document.
    pub(super) document: usize,
    /// `/spec/containers/0/image`
    pub(super) path: String,
    /// Its bytes in the document.
    pub(super) range: Range<usize>,
    /// What it says.
    pub(super) text: String,
}

/// All documents, hooks last.
pub(super) fn documents(rendered: &Rendered) -> Vec<&Manifest> {
    let hooks = rendered.hooks.iter().map(|hook| &hook.manifest);
    rendered.manifests.iter().chain(hooks).collect()
}

/// The scalars of all documents.
pub(super) fn leaves(rendered: &Rendered) -> Vec<Leaf> {
    let mut found = Vec::new();
    for (document, manifest) in documents(rendered).into_iter().enumerate() {
        if let Ok(node) = plimsoll_yaml::read(manifest.bytes(), FileId::NONE) {
            walk(&node, document, String::new(), &mut found);
        }
    }
    found
}

fn walk(node: &Node, document: usize, path: String, found: &mut Vec<Leaf>) {
    match &node.kind {
        Kind::Map(entries) => {
            for entry in entries {
                let key = String::from_utf8_lossy(&entry.key);
                walk(&entry.value, document, format!("{path}/{key}"), found);
            }
        }
        Kind::List(items) => {
            for (at, item) in items.iter().enumerate() {
                walk(item, document, format!("{path}/{at}"), found);
            }
        }
        Kind::Null => {}
        kind => {
            let range = node.span.start as usize..node.span.end as usize;
            found.push(Leaf { document, path, range, text: text(kind) });
        }
    }
}

fn text(kind: &Kind) -> String {
    match kind {
        Kind::Bool(value) => value.to_string(),
        Kind::Int(value) => value.to_string(),
        Kind::Uint(value) => value.to_string(),
        Kind::Float(value) => value.to_string(),
        Kind::Text(text) => String::from_utf8_lossy(text).into_owned(),
        Kind::Null | Kind::List(_) | Kind::Map(_) => String::new(),
    }
}
