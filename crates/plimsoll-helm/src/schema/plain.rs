//! Tells at a glance that a schema is one, so that the walk along its draft's own schema, which knows
//! the words for what is wrong, is only taken where something looks odd.

use plimsoll_gotmpl::{Map, Value};

/// How deep the glance goes.
const DEEPEST: u32 = 200;

/// Whether a schema is right by the rules that all drafts share. What it cannot tell is not.
pub(super) fn is_schema(schema: &Value, is_draft_4: bool, depth: u32) -> bool {
    let glance = Glance { is_draft_4, depth };
    match schema {
        Value::Bool(..) => !is_draft_4,
        Value::Map(_, map) => {
            depth < DEEPEST && map.entries().iter().all(|(key, value)| glance.keyword(key, value))
        }
        _ => false,
    }
}

struct Glance {
    is_draft_4: bool,
    depth: u32,
}

impl Glance {
    fn keyword(&self, key: &[u8], value: &Value) -> bool {
        match key {
            b"type" => is_type(value),
            b"properties" | b"patternProperties" | b"definitions" | b"$defs" => {
                value.as_map().is_some_and(|map| self.all_in(map))
            }
            b"additionalProperties" | b"items" if matches!(value, Value::Bool(..)) => {
                !(self.is_draft_4 && key == b"items")
            }
            b"additionalProperties"
            | b"items"
            | b"not"
            | b"if"
            | b"then"
            | b"else"
            | b"contains"
            | b"propertyNames" => self.schema(value),
            b"allOf" | b"anyOf" | b"oneOf" => value
                .as_list()
                .is_some_and(|list| !list.is_empty() && list.iter().all(|one| self.schema(one))),
            b"required" => is_names(value),
            b"title" | b"description" | b"$schema" | b"$id" | b"$ref" | b"$comment" | b"format"
            | b"pattern" | b"id" => value.as_text().is_some(),
            b"minimum" | b"maximum" => is_number(value),
            b"minLength" | b"maxLength" | b"minItems" | b"maxItems" | b"minProperties"
            | b"maxProperties" => is_count(value),
            b"uniqueItems" | b"readOnly" | b"writeOnly" | b"deprecated" => {
                matches!(value, Value::Bool(..))
            }
            b"enum" | b"examples" => value.as_list().is_some(),
            b"default" | b"const" => true,
            // Words that the drafts' schemas say something of, and those that nobody knows.
            _ => !CONSTRAINED.contains(&key),
        }
    }

    fn schema(&self, value: &Value) -> bool {
        is_schema(value, self.is_draft_4, self.depth + 1)
    }

    fn all_in(&self, map: &Map) -> bool {
        map.entries().iter().all(|(_, value)| self.schema(value))
    }
}

const CONSTRAINED: &[&[u8]] = &[
    b"$anchor",
    b"additionalItems",
    b"dependencies",
    b"dependentRequired",
    b"dependentSchemas",
    b"exclusiveMaximum",
    b"exclusiveMinimum",
    b"maxContains",
    b"minContains",
    b"multipleOf",
    b"prefixItems",
    b"unevaluatedItems",
    b"unevaluatedProperties",
];

fn is_type(value: &Value) -> bool {
    match value {
        Value::Text(_, name) => is_type_name(name),
        Value::List(_, list) => is_names(value) && list.iter().all(is_type),
        _ => false,
    }
}

fn is_type_name(name: &[u8]) -> bool {
    matches!(name, b"array" | b"boolean" | b"integer" | b"null" | b"number" | b"object" | b"string")
}

/// A list of different texts that is not empty.
fn is_names(value: &Value) -> bool {
    let Some(list) = value.as_list() else { return false };
    let is_new = |(at, name): (usize, &Value)| {
        let bytes = name.as_bytes();
        bytes.is_some() && list[..at].iter().all(|other| other.as_bytes() != bytes)
    };
    !list.is_empty() && list.len() < 200 && list.iter().enumerate().all(is_new)
}

fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(..) | Value::Uint(..) | Value::Float(..))
}

fn is_count(value: &Value) -> bool {
    match value {
        Value::Int(_, _, count) => *count >= 0,
        Value::Float(_, count) => *count >= 0.0 && count.trunc() == *count,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_funcs::json::{Target, decode};

    #[track_caller]
    fn check(schema: &str, is_draft_4: bool, want: bool) {
        let value = decode(schema.as_bytes(), Target::Any).expect("it is JSON");
        assert_eq!(is_schema(&value, is_draft_4, 0), want, "{schema}");
    }

    #[test]
    fn plain_schemas_are_seen_to_be_right() {
        let schema = r##"{"$schema":"x","type":["string","null"],"properties":{"a":{"minimum":1,
            "items":{"$ref":"#/definitions/a"}}},"required":["a"],"x-own":[1],"default":{"type":7}}"##;
        check(schema, false, true);
        check(schema, true, true);
        check("true", false, true);
    }

    #[test]
    fn what_is_odd_is_left_to_the_walk() {
        for schema in [
            r#"{"type":"text"}"#,
            r#"{"type":["string","string"]}"#,
            r#"{"properties":{"a":1}}"#,
            r#"{"required":"a"}"#,
            r#"{"minLength":-1}"#,
            r#"{"minLength":1.5}"#,
            r#"{"allOf":[]}"#,
            r#"{"multipleOf":2}"#,
            "1",
        ] {
            check(schema, false, false);
        }
        check("true", true, false);
    }
}
