//! Places of fields within an object.

use plimsoll_source::Span;
use plimsoll_yaml::{Kind, Node};

use crate::Fields;

/// The path of a node below `root`, as the API server writes it:
/// `spec.template.spec.containers[0].image`, `metadata.annotations[a/b]`. Empty for the root itself
/// and for a node that is not below it.
pub fn field_path(root: &Node, node: &Node) -> String {
    let mut path = String::new();
    for step in steps(root, node) {
        match step {
            Step::Key(key) => push_key(&mut path, &String::from_utf8_lossy(key)),
            Step::Index(index) => {
                path.push_str(&format!("[{index}]"));
            }
        }
    }
    path
}

/// Where a field stands that may be missing: `keys` below `node`, which is below `root`. Gives its
/// path and the place of the last part that is there: a scalar's value, a collection's key.
pub fn resolve(root: &Node, node: &Node, keys: &[&str]) -> (String, Span) {
    let mut path = field_path(root, node);
    let (mut here, mut span) = (Some(node), place(root, node));
    for key in keys {
        push_key(&mut path, key);
        let entry = here.and_then(|here| here.entry(key));
        if let Some(entry) = entry {
            span = entry_place(entry);
        }
        here = here.and_then(|here| here.field(key));
    }
    (path, span)
}

/// The place to show for a node: of a scalar itself, of a collection the key that holds it.
fn place(root: &Node, node: &Node) -> Span {
    if !is_collection(node) {
        return node.span;
    }
    let mut span = node.span;
    let mut here = root;
    for step in steps(root, node) {
        match step {
            Step::Key(key) => {
                let found = here.as_map().iter().find(|entry| entry.key == key);
                let Some(entry) = found else { break };
                (span, here) = (entry.key_span, &entry.value);
            }
            Step::Index(index) => {
                let Some(item) = here.as_list().get(index) else { break };
                (span, here) = (item.span, item);
            }
        }
    }
    span
}

fn entry_place(entry: &plimsoll_yaml::Entry) -> Span {
    if is_collection(&entry.value) || entry.value.is_null() {
        entry.key_span
    } else {
        entry.value.span
    }
}

fn is_collection(node: &Node) -> bool {
    matches!(node.kind, Kind::List(_) | Kind::Map(_))
}

fn push_key(path: &mut String, key: &str) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$');
    if key.is_empty() || !key.bytes().all(plain) {
        path.push_str(&format!("[{key}]"));
        return;
    }
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a [u8]),
    Index(usize),
}

/// The steps from a node down to another, found by identity: nodes hold no way to their parents,
/// and only what is reported asks for it.
fn steps<'a>(root: &'a Node, wanted: &Node) -> Vec<Step<'a>> {
    let mut open: Vec<(Children<'a>, Option<Step<'a>>)> = vec![(Children::of(root), None)];
    if std::ptr::eq(root, wanted) {
        return Vec::new();
    }
    while let Some((children, _)) = open.last_mut() {
        let Some((step, child)) = children.next() else {
            open.pop();
            continue;
        };
        if std::ptr::eq(child, wanted) {
            let mut steps: Vec<Step<'a>> = open.into_iter().filter_map(|(_, step)| step).collect();
            steps.push(step);
            return steps;
        }
        if is_collection(child) {
            open.push((Children::of(child), Some(step)));
        }
    }
    Vec::new()
}

struct Children<'a> {
    node: &'a Node,
    next: usize,
}

impl<'a> Children<'a> {
    fn of(node: &'a Node) -> Children<'a> {
        Children { node, next: 0 }
    }
}

impl<'a> Iterator for Children<'a> {
    type Item = (Step<'a>, &'a Node);

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.next;
        self.next += 1;
        match &self.node.kind {
            Kind::List(items) => items.get(at).map(|item| (Step::Index(at), item)),
            Kind::Map(entries) => {
                entries.get(at).map(|entry| (Step::Key(&entry.key), &entry.value))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    use super::*;

    const TEXT: &str = "metadata:\n  annotations: {a/b: x}\nspec:\n  list:\n    - name: a\n      image: b\n      resources:\n        limits: {}\n";

    fn root() -> Node {
        plimsoll_yaml::read(TEXT.as_bytes(), FileId(0)).unwrap()
    }

    #[track_caller]
    fn check(start: &[&str], index: Option<usize>, keys: &[&str], path: &str, text: &str) {
        let root = root();
        let mut node = root.at(start).unwrap();
        if let Some(index) = index {
            node = &node.as_list()[index];
        }
        let (got, span) = resolve(&root, node, keys);
        assert_eq!(got, path);
        let at = &TEXT[span.start as usize..];
        assert!(at.starts_with(text), "{path} stands at {at:?}");
    }

    #[test]
    fn paths_are_written_as_the_api_server_does() {
        check(&["metadata", "annotations", "a/b"], None, &[], "metadata.annotations[a/b]", "x}");
        check(&["spec", "list"], Some(0), &["image"], "spec.list[0].image", "b\n");
    }

    #[test]
    fn what_is_missing_stands_at_its_nearest_parent() {
        check(&["spec", "list"], Some(0), &["probe", "get"], "spec.list[0].probe.get", "name: a");
        let path = "spec.list[0].resources.limits.memory";
        check(&["spec", "list"], Some(0), &["resources", "limits", "memory"], path, "limits: {}");
        check(&["spec"], None, &["x"], "spec.x", "spec:");
    }
}
