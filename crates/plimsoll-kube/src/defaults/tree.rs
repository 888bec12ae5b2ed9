use plimsoll_source::{FileId, Span};
use plimsoll_yaml::{Entry, Kind, Node};

/// The place of what no text says.
const NOWHERE: Span = Span::new(FileId::NONE, 0, 0);

pub(super) fn node(kind: Kind) -> Node {
    Node { kind, span: NOWHERE }
}

pub(super) fn text(value: &str) -> Node {
    node(Kind::Text(value.as_bytes().to_vec()))
}

pub(super) fn int(value: i64) -> Node {
    node(Kind::Int(value))
}

pub(super) fn flag(value: bool) -> Node {
    node(Kind::Bool(value))
}

pub(super) fn map() -> Node {
    node(Kind::Map(Vec::new().into()))
}

/// Changing nodes in place. Maps stay sorted; what is absent and what is `null` are one.
pub(super) trait Tree {
    /// A field that is there.
    fn field_mut(&mut self, name: &str) -> Option<&mut Node>;
    /// A field that is a map; an empty one is made where there is none.
    fn sub(&mut self, name: &str) -> &mut Node;
    /// Sets a field.
    fn put(&mut self, name: &str, value: Node);
    /// Sets a field that is not there.
    fn default(&mut self, name: &str, value: Node);
    /// Sets a field that is not there or empty.
    fn default_text(&mut self, name: &str, value: &str);
    /// Sets a field that is not there or nought.
    fn default_int(&mut self, name: &str, value: i64);
    /// The items of a list.
    fn items_mut(&mut self) -> &mut [Node];
    /// The items of a field.
    fn list_mut(&mut self, name: &str) -> &mut [Node];
    /// The values of a map.
    fn values_mut(&mut self) -> impl Iterator<Item = &mut Node>;
    /// The text of a field; empty where there is none.
    fn word(&self, name: &str) -> &str;
    /// Whether a field is there and not `null`.
    fn has(&self, name: &str) -> bool;
    /// Whether the node is a map.
    fn is_map(&self) -> bool;
}

impl Tree for Node {
    fn field_mut(&mut self, name: &str) -> Option<&mut Node> {
        let Kind::Map(entries) = &mut self.kind else { return None };
        let at =
            entries.binary_search_by(|entry| entry.key.as_slice().cmp(name.as_bytes())).ok()?;
        Some(&mut entries[at].value).filter(|value| !value.is_null())
    }

    fn sub(&mut self, name: &str) -> &mut Node {
        if !self.is_map() {
            *self = map();
        }
        self.default(name, map());
        let Kind::Map(entries) = &mut self.kind else { unreachable!("it was made a map") };
        let at = entries
            .binary_search_by(|entry| entry.key.as_slice().cmp(name.as_bytes()))
            .expect("it was put there");
        &mut entries[at].value
    }

    fn put(&mut self, name: &str, value: Node) {
        if self.is_null() {
            *self = map();
        }
        let Kind::Map(entries) = &mut self.kind else { return };
        match entries.binary_search_by(|entry| entry.key.as_slice().cmp(name.as_bytes())) {
            Ok(at) => entries[at].value = value,
            Err(at) => {
                let entry = Entry { key: name.as_bytes().to_vec(), key_span: NOWHERE, value };
                entries.insert(at, entry);
            }
        }
    }

    fn default(&mut self, name: &str, value: Node) {
        if !self.has(name) {
            self.put(name, value);
        }
    }

    fn default_text(&mut self, name: &str, value: &str) {
        if !self.has(name) || self.get(name).and_then(Node::as_str) == Some("") {
            self.put(name, text(value));
        }
    }

    fn default_int(&mut self, name: &str, value: i64) {
        if !self.has(name) || self.get(name).is_some_and(|node| node.kind == Kind::Int(0)) {
            self.put(name, int(value));
        }
    }

    fn items_mut(&mut self) -> &mut [Node] {
        match &mut self.kind {
            Kind::List(items) => items,
            _ => &mut [],
        }
    }

    fn list_mut(&mut self, name: &str) -> &mut [Node] {
        self.field_mut(name).map(Tree::items_mut).unwrap_or_default()
    }

    fn values_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        let entries: &mut [Entry] = match &mut self.kind {
            Kind::Map(entries) => entries,
            _ => &mut [],
        };
        entries.iter_mut().map(|entry| &mut entry.value)
    }

    fn word(&self, name: &str) -> &str {
        self.get(name).and_then(Node::as_str).unwrap_or_default()
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some_and(|node| !node.is_null())
    }

    fn is_map(&self) -> bool {
        matches!(self.kind, Kind::Map(_))
    }
}
