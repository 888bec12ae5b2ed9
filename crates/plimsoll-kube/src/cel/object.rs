//! What manifests and their schemas are to an expression.

use plimsoll_yaml::{Kind, Node};

use super::convert;
use super::typed::{Struct, Type};
use super::value::{Text, Value};
use crate::crd::{Items, Schema, Type as SchemaType};

/// How deep schemas are read.
const DEPTH_LIMIT: usize = 100;

/// Words of the language, which fields may not be called.
const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// A field's name as expressions write it; `None` for what cannot be written.
fn escape(name: &str) -> Option<String> {
    let word = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-/".contains(&b));
    if name.is_empty() || !word || name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if RESERVED.contains(&name) {
        return Some(format!("__{name}__"));
    }
    let plain = name.replace("__", "\u{1}");
    Some(
        plain
            .replace('.', "__dot__")
            .replace('-', "__dash__")
            .replace('/', "__slash__")
            .replace('\u{1}', "__underscores__"),
    )
}

/// The name of a field that expressions write so.
pub(super) fn unescape(name: &str) -> String {
    if !name.contains("__") {
        return name.to_owned();
    }
    let word = name.strip_prefix("__").and_then(|rest| rest.strip_suffix("__"));
    if let Some(word) = word.filter(|word| RESERVED.contains(word)) {
        return word.to_owned();
    }
    name.replace("__dot__", ".")
        .replace("__dash__", "-")
        .replace("__slash__", "/")
        .replace("__underscores__", "__")
}

/// The type that a schema gives a value; `None` for what expressions do not see.
pub(crate) fn type_of(schema: &Schema, is_resource: bool) -> Option<Type> {
    of(schema, is_resource, 0)
}

fn of(schema: &Schema, is_resource: bool, depth: usize) -> Option<Type> {
    if depth > DEPTH_LIMIT {
        return Some(Type::Dyn);
    }
    if schema.int_or_string {
        return Some(Type::Dyn);
    }
    let inner = |inner: &Schema| of(inner, inner.embedded, depth + 1);
    Some(match schema.kind? {
        SchemaType::Boolean => Type::Bool,
        SchemaType::Integer => Type::Int,
        SchemaType::Number => Type::Double,
        SchemaType::String => match &*schema.format {
            "byte" => Type::Bytes,
            "duration" => Type::Duration,
            "date" | "date-time" => Type::Timestamp,
            _ => Type::Text,
        },
        SchemaType::Array => Type::list(inner(schema.items.as_ref()?.schema()?)?),
        SchemaType::Object => match schema.additional.as_ref().and_then(Items::schema) {
            Some(values) => Type::map(Type::Text, inner(values)?),
            None => structure(schema, is_resource, depth),
        },
    })
}

fn structure(schema: &Schema, is_resource: bool, depth: usize) -> Type {
    let mut fields = Vec::new();
    for (name, field) in &schema.properties {
        let name = String::from_utf8_lossy(name);
        let Some(name) = escape(&name) else { continue };
        let known = is_resource && matches!(&*name, "apiVersion" | "kind" | "metadata");
        if !known && let Some(kind) = of(field, field.embedded, depth + 1) {
            fields.push((name, kind));
        }
    }
    if is_resource {
        fields.push(("apiVersion".to_owned(), Type::Text));
        fields.push(("kind".to_owned(), Type::Text));
        let names = ["name", "generateName"].map(|name| (name.to_owned(), Type::Text));
        fields.push(("metadata".to_owned(), Struct::of("object", names.to_vec())));
    }
    // Two structs are the same only if they come from the same place.
    Struct::of(&format!("object{:p}", std::ptr::from_ref(schema)), fields)
}

/// The value of a node.
pub(super) fn value<'a>(node: &'a Node, schema: Option<&'a Schema>) -> Value<'a> {
    let kind = schema.filter(|schema| !schema.int_or_string).and_then(|schema| schema.kind);
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Int(value) if kind == Some(SchemaType::Number) => Value::Double(*value as f64),
        Kind::Int(value) => Value::Int(*value),
        Kind::Uint(value) => Value::Double(*value as f64),
        Kind::Float(value) if kind == Some(SchemaType::Number) => Value::Double(*value),
        // Without a fraction it is written without one on its way through JSON.
        Kind::Float(value) if value.fract() == 0.0 && value.abs() < 1e15 => {
            Value::Int(*value as i64)
        }
        Kind::Float(value) => Value::Double(*value),
        Kind::Text(text) => {
            let format = schema.map_or("", |schema| &schema.format);
            let text = match std::str::from_utf8(text) {
                Ok(text) => Text::Here(text),
                Err(_) => Text::Made(String::from_utf8_lossy(text).into()),
            };
            convert::formatted(text, format)
        }
        Kind::List(_) | Kind::Map(_) => Value::Tree(node, schema),
    }
}

pub(super) fn items<'a>(node: &'a Node, schema: Option<&'a Schema>) -> Option<Vec<Value<'a>>> {
    let Kind::List(items) = &node.kind else { return None };
    let inner = item_schema(schema);
    Some(items.iter().map(|item| value(item, inner)).collect())
}

pub(super) fn item<'a>(node: &'a Node, schema: Option<&'a Schema>, at: usize) -> Option<Value<'a>> {
    node.as_list().get(at).map(|item| value(item, item_schema(schema)))
}

fn item_schema(schema: Option<&Schema>) -> Option<&Schema> {
    schema.and_then(|schema| schema.items.as_ref()).and_then(Items::schema)
}

pub(super) fn size(node: &Node, schema: Option<&Schema>) -> usize {
    match &node.kind {
        Kind::List(items) => items.len(),
        _ => node.as_map().iter().filter(|entry| sees(schema, &entry.key, &entry.value)).count(),
    }
}

pub(super) fn entries<'a>(
    node: &'a Node,
    schema: Option<&'a Schema>,
) -> Option<Vec<(Value<'a>, Value<'a>)>> {
    let Kind::Map(entries) = &node.kind else { return None };
    let seen = entries.iter().filter(|entry| sees(schema, &entry.key, &entry.value));
    Some(
        seen.map(|entry| {
            let key = match std::str::from_utf8(&entry.key) {
                Ok(key) => Text::Here(key),
                Err(_) => Text::Made(String::from_utf8_lossy(&entry.key).into()),
            };
            (Value::Text(key), value(&entry.value, field_schema(schema, &entry.key)))
        })
        .collect(),
    )
}

/// A field; `written` tells that the name is as expressions write it.
pub(super) fn field<'a>(
    node: &'a Node,
    schema: Option<&'a Schema>,
    name: &str,
    written: bool,
) -> Option<Value<'a>> {
    let is_struct = schema.is_some_and(|schema| schema.additional.is_none());
    let name = if written && is_struct { unescape(name) } else { name.to_owned() };
    let entry = node.entry(&name)?;
    sees(schema, &entry.key, &entry.value)
        .then(|| value(&entry.value, field_schema(schema, &entry.key)))
}

/// A null where none may be is dropped before any rule is asked.
fn sees(schema: Option<&Schema>, key: &[u8], value: &Node) -> bool {
    !value.is_null() || field_schema(schema, key).is_none_or(|field| field.nullable)
}

fn field_schema<'a>(schema: Option<&'a Schema>, key: &[u8]) -> Option<&'a Schema> {
    let schema = schema?;
    schema.property(key).or_else(|| schema.additional.as_ref().and_then(Items::schema))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_back() {
        for (name, written) in [
            ("a-b.c/d", "a__dash__b__dot__c__slash__d"),
            ("in", "__in__"),
            ("a__b", "a__underscores__b"),
            ("plain", "plain"),
        ] {
            assert_eq!(escape(name).as_deref(), Some(written));
            assert_eq!(unescape(written), name);
        }
        assert_eq!(escape("$x"), None);
    }
}
