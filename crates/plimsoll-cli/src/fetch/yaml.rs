//! YAML and JSON as Go writes them from structs: sigs.k8s.io/yaml and encoding/json.

use plimsoll::yaml::{Emitter, Version};
use serde::Serialize;
use serde_json::Value as Json;

/// YAML with sorted keys, as sigs.k8s.io/yaml's `Marshal` writes it.
pub(crate) fn marshal(value: &impl Serialize) -> Vec<u8> {
    let json = serde_json::to_value(value).unwrap_or_default();
    let mut emitter = Emitter::new(Version::V2);
    emit(&json, &mut emitter);
    emitter.finish().unwrap_or_default()
}

fn emit(json: &Json, emitter: &mut Emitter) {
    match json {
        Json::Null => emitter.null(),
        Json::Bool(value) => emitter.bool(*value),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(value), _) => emitter.int(value),
            (None, Some(value)) => emitter.uint(value),
            (None, None) => emitter.float(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => emitter.string(text.as_bytes()),
        Json::Array(items) => {
            emitter.begin_sequence(items.len());
            for item in items {
                emit(item, emitter);
            }
            emitter.end_sequence();
        }
        Json::Object(entries) => {
            let mut sorted: Vec<_> = entries.iter().collect();
            plimsoll::yaml::sort_keys(Version::V2, &mut sorted, |(key, _)| key.as_bytes());
            emitter.begin_mapping(sorted.len());
            for (key, value) in sorted {
                emitter.key(key.as_bytes());
                emit(value, emitter);
            }
            emitter.end_mapping();
        }
    }
}

/// JSON on one line, in the order of a struct's fields; Go escapes what HTML would read.
pub(crate) fn go_json(value: &impl Serialize) -> String {
    escape_html(serde_json::to_string(value).unwrap_or_default())
}

/// The same with an indent of two.
pub(crate) fn go_json_indented(value: &impl Serialize) -> String {
    escape_html(serde_json::to_string_pretty(value).unwrap_or_default())
}

fn escape_html(json: String) -> String {
    if !json.contains(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_go_writes_is_written() {
        let value = serde_json::json!({"b": ["x: y", ">=1"], "a": {"c": 1, "d": ""}});
        let yaml = String::from_utf8(marshal(&value)).expect("it is text");
        assert_eq!(yaml, "a:\n  c: 1\n  d: \"\"\nb:\n- 'x: y'\n- '>=1'\n");
        assert_eq!(go_json(&serde_json::json!(["<&>"])), r#"["\u003c\u0026\u003e"]"#);
    }
}
