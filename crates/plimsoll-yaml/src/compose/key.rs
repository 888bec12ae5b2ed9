//! Keys: what they are called, and how errors show them.

use plimsoll_source::strconv;

use super::Composer;
use crate::error::YamlError;
use crate::node::{Entry, Kind, Node};
use crate::parse::{NodeId, Syntax};

/// How deep errors show a key or value.
const MOST_SHOWN: usize = 200;

/// A key before it is made a text, for go-yaml's and sigs' errors.
pub(super) enum Key {
    Text(Vec<u8>),
    /// The error that sigs.k8s.io/yaml gives it, later than go-yaml's own.
    Unsupported(Kind),
}

impl Composer<'_, '_> {
    /// Go's `%#v` of a collection that stands as a key, its own keys in their own types.
    pub(super) fn key_syntax(&mut self, id: NodeId, depth: usize) -> Result<String, YamlError> {
        if depth > MOST_SHOWN {
            return Ok("...".to_owned());
        }
        let children: Vec<NodeId> = self.document.children(id).collect();
        match &self.document.node(id).syntax {
            Syntax::Scalar(..) => Ok(go_syntax(&self.run(id)?, depth)),
            Syntax::Alias(..) => {
                let target = self.enter_alias(id)?;
                let shown = self.key_syntax(target, depth + 1)?;
                self.leave_alias();
                Ok(shown)
            }
            Syntax::Sequence => {
                let items: Result<Vec<String>, _> =
                    children.into_iter().map(|item| self.key_syntax(item, depth + 1)).collect();
                Ok(format!("[]interface {{}}{{{}}}", items?.join(", ")))
            }
            Syntax::Mapping if children.iter().step_by(2).any(|&key| self.is_merge(key)) => {
                Ok(go_syntax(&self.run(id)?, depth))
            }
            Syntax::Mapping => self.mapping_syntax(&children, depth + 1),
        }
    }

    fn mapping_syntax(&mut self, children: &[NodeId], depth: usize) -> Result<String, YamlError> {
        let mut pairs: Vec<(String, String)> = Vec::with_capacity(children.len() / 2);
        for pair in children.chunks_exact(2) {
            let key = self.key_syntax(pair[0], depth)?;
            if self.is_collection(pair[0]) {
                return self.fail(pair[0], format!("yaml: invalid map key: {key}"));
            }
            let value = self.key_syntax(pair[1], depth)?;
            match pairs.binary_search_by(|(known, _)| known.cmp(&key)) {
                Ok(at) => pairs[at].1 = value,
                Err(at) => pairs.insert(at, (key, value)),
            }
        }
        let pairs: Vec<String> =
            pairs.into_iter().map(|(key, value)| format!("{key}:{value}")).collect();
        Ok(format!("map[interface {{}}]interface {{}}{{{}}}", pairs.join(", ")))
    }
}

pub(super) fn key_of(kind: Kind) -> Key {
    match kind {
        Kind::Text(text) => Key::Text(text),
        Kind::Bool(value) => Key::Text(value.to_string().into_bytes()),
        Kind::Int(value) => Key::Text(value.to_string().into_bytes()),
        Kind::Float(value) => Key::Text(float_key(value).into_bytes()),
        other => Key::Unsupported(other),
    }
}

/// sigs.k8s.io/yaml: floats become keys by way of 32 bits.
fn float_key(value: f64) -> String {
    let value = f64::from(value as f32);
    let bits = if value.is_finite() { 32 } else { 64 };
    match strconv::format_float(value, b'g', -1, bits).as_str() {
        "+Inf" => ".inf".to_owned(),
        "-Inf" => "-.inf".to_owned(),
        "NaN" => ".nan".to_owned(),
        text => text.to_owned(),
    }
}

/// sigs.k8s.io/yaml: a key that JSON has no text for.
pub(super) fn unsupported_key(kind: &Kind, entry: &Entry) -> YamlError {
    let (name, shown) = match kind {
        Kind::Uint(value) => ("uint64", format!("0x{value:x}")),
        _ => ("%!s(<nil>)", "<nil>".to_owned()),
    };
    let value = match &entry.value.kind {
        Kind::Null => "<nil>".to_owned(),
        _ => go_syntax(&entry.value, 0),
    };
    let message = format!("unsupported map key of type: {name}, key: {shown}, value: {value}");
    YamlError { message, span: Some(entry.key_span) }
}

/// Go's `%#v` of what go-yaml decodes.
pub(super) fn go_syntax(node: &Node, depth: usize) -> String {
    if depth > MOST_SHOWN {
        return "...".to_owned();
    }
    match &node.kind {
        Kind::Null => "interface {}(nil)".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Int(value) => value.to_string(),
        Kind::Uint(value) => format!("0x{value:x}"),
        Kind::Float(value) => strconv::format_float(*value, b'g', -1, 64),
        Kind::Text(text) => strconv::quote(text),
        Kind::List(items) => {
            let items: Vec<String> = items.iter().map(|item| go_syntax(item, depth + 1)).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        Kind::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|entry| {
                    format!("{}:{}", strconv::quote(&entry.key), go_syntax(&entry.value, depth + 1))
                })
                .collect();
            format!("map[interface {{}}]interface {{}}{{{}}}", entries.join(", "))
        }
    }
}

/// encoding/json: every byte that is not UTF-8 becomes a U+FFFD of its own.
pub(crate) fn go_utf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('\u{fffd}', chunk.invalid().len()));
    }
    text
}
