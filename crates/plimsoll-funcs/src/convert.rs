//! From YAML's nodes to the values of templates.

use std::vec::IntoIter;

use plimsoll_gotmpl::{Map, Text, Value};
use plimsoll_source::{Origin, Span};
use plimsoll_yaml::{Entry, Kind, Node};

/// A node as `encoding/json` decodes it: every number is a `float64`. `origin_of` is asked where a
/// scalar came from, for every one but `null`. Any depth is fine.
pub fn value_of(node: Node, origin_of: &mut dyn FnMut(Span) -> Origin) -> Value {
    let mut open: Vec<Open> = Vec::new();
    let mut next = node;
    loop {
        let mut done = scalar_or_open(next, &mut open, origin_of);
        next = loop {
            let Some(inner) = open.last_mut() else { return done.unwrap_or_default() };
            if let Some(value) = done.take() {
                inner.add(value);
            }
            if let Some(node) = inner.next() {
                break node;
            }
            done = open.pop().map(Open::close);
        };
    }
}

/// A collection whose items are being converted.
enum Open {
    List(IntoIter<Node>, Vec<Value>),
    Map(IntoIter<Entry>, Vec<(Text, Value)>),
}

impl Open {
    fn next(&mut self) -> Option<Node> {
        match self {
            Open::List(nodes, _) => nodes.next(),
            Open::Map(left, entries) => {
                let entry = left.next()?;
                entries.push((entry.key.into(), Value::Nil));
                Some(entry.value)
            }
        }
    }

    fn add(&mut self, value: Value) {
        match self {
            Open::List(_, items) => items.push(value),
            Open::Map(_, entries) => {
                if let Some(last) = entries.last_mut() {
                    last.1 = value;
                }
            }
        }
    }

    fn close(self) -> Value {
        match self {
            Open::List(_, items) => Value::list(items),
            Open::Map(_, entries) => Map::from_entries(entries).into(),
        }
    }
}

/// The value of a scalar; a collection is opened instead.
fn scalar_or_open(
    node: Node,
    open: &mut Vec<Open>,
    origin_of: &mut dyn FnMut(Span) -> Origin,
) -> Option<Value> {
    let value = match node.kind {
        Kind::Null => return Some(Value::Nil),
        Kind::Bool(value) => Value::bool(value),
        Kind::Int(value) => Value::float(value as f64),
        Kind::Uint(value) => Value::float(value as f64),
        Kind::Float(value) => Value::float(value),
        Kind::Text(text) => Value::text(text),
        Kind::List(items) => {
            let values = Vec::with_capacity(items.len());
            open.push(Open::List(items.into_iter(), values));
            return None;
        }
        Kind::Map(entries) => {
            let values = Vec::with_capacity(entries.len());
            open.push(Open::Map(entries.into_iter(), values));
            return None;
        }
    };
    Some(value.with_origin(origin_of(node.span)))
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    use super::*;
    use crate::json::{Style, encode};

    #[test]
    fn nodes_keep_their_shape_and_their_origin() {
        let node = plimsoll_yaml::read(b"a: [1, {b: x}, [], {}]\nc: ~\n", FileId::NONE);
        let mut origin_of = |span: Span| Origin(span.start + 1);
        let value = value_of(node.expect("it is YAML"), &mut origin_of);
        let json = encode(&value, Style::Compact).expect("it can be written");
        assert_eq!(json.to_str_lossy(), r#"{"a":[1,{"b":"x"},[],{}],"c":null}"#);
        assert_eq!(json.map().map(|map| map.marks()[0].origin), Some(Origin(5)));
    }
}
