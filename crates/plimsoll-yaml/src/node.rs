use plimsoll_source::Span;

use crate::items::Items;

/// A node as Helm sees it: scalars resolved, keys made texts, aliases and merges expanded.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it holds.
    pub kind: Kind,
    /// Where its value stands, in bytes of the text that was given.
    pub span: Span,
}

/// What a [`Node`] holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`, in all of YAML 1.1's spellings.
    Bool(bool),
    /// An integer that fits.
    Int(i64),
    /// An integer that only fits unsigned.
    Uint(u64),
    /// Any other number.
    Float(f64),
    /// A string: bytes, as `!!binary` need not be UTF-8.
    Text(Vec<u8>),
    /// A sequence.
    List(Items<Node>),
    /// A mapping in byte order of its keys, each key once.
    Map(Items<Entry>),
}

/// An entry of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key, as text.
    pub key: Vec<u8>,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// A key that stands twice in a map; the value of the later one counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The key.
    pub key: Vec<u8>,
    /// Where it stands.
    pub first: Span,
    /// Where it stands again.
    pub again: Span,
}

impl Node {
    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        self.kind == Kind::Null
    }

    /// The value of a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key of a mapping.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        let entries = self.as_map();
        let at = entries.binary_search_by(|entry| entry.key.as_slice().cmp(key.as_bytes())).ok()?;
        Some(&entries[at])
    }

    /// The entries of a mapping; none for anything else.
    pub fn as_map(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; none for anything else.
    pub fn as_list(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a string, if it is UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        self.as_bytes().and_then(|bytes| std::str::from_utf8(bytes).ok())
    }

    /// The boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The number as Go decodes it from JSON: always a float.
    pub fn as_float(&self) -> Option<f64> {
        match self.kind {
            Kind::Int(value) => Some(value as f64),
            Kind::Uint(value) => Some(value as f64),
            Kind::Float(value) => Some(value),
            _ => None,
        }
    }

    /// The node and all nodes below it, parents first, in order of their keys.
    pub fn walk(&self) -> impl Iterator<Item = &Node> {
        let mut todo = vec![self];
        std::iter::from_fn(move || {
            let node = todo.pop()?;
            match &node.kind {
                Kind::List(items) => todo.extend(items.iter().rev()),
                Kind::Map(entries) => todo.extend(entries.iter().rev().map(|entry| &entry.value)),
                _ => {}
            }
            Some(node)
        })
    }

    /// What `encoding/json` calls the node's JSON in its errors.
    pub fn json_kind(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "bool",
            Kind::Int(_) | Kind::Uint(_) | Kind::Float(_) => "number",
            Kind::Text(_) => "string",
            Kind::List(_) => "array",
            Kind::Map(_) => "object",
        }
    }
}
