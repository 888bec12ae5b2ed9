use plimsoll_yaml::{Emitter, Version, sort_keys};
use serde_json::Value as Json;

use super::{Outcome, outcome, text};

/// A record of emit.jsonl: one value, through `toYaml` and `toYamlPretty`.
pub(super) fn check(record: &Json) -> Vec<Outcome> {
    let ints = record["kind"] == "int";
    let value = if let Some(raw) = text(record, "str") {
        Value::Text(raw)
    } else {
        let json: Json =
            serde_json::from_str(record["json"].as_str().unwrap_or("null")).unwrap_or_default();
        Value::from_json(&json, ints)
    };
    let input = record["json"].as_str().unwrap_or("(raw)").as_bytes().to_vec();
    let seen: Vec<&str> = match record.get("toYamlSeen").and_then(Json::as_array) {
        Some(seen) => seen.iter().filter_map(Json::as_str).collect(),
        None => record["toYaml"].as_str().into_iter().collect(),
    };
    let got = emit(&value, Version::V2).unwrap_or_default();
    let mut all = Vec::new();
    if !seen.contains(&got.as_str()) {
        all.push(outcome("toYaml", &input, seen.first().unwrap_or(&""), &got));
    }
    if let Some(want) = record["toYamlErr"].as_str() {
        let got = emit(&value, Version::V2).err().unwrap_or_default();
        all.push(outcome("toYamlErr", &input, want, &got));
    }
    if let Some(want) = record["toYamlPretty"].as_str() {
        let got = emit(&value, Version::V3).unwrap_or_default();
        all.push(outcome("toYamlPretty", &input, want, &got));
    }
    if all.is_empty() { vec![None] } else { all }
}

enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Vec<u8>),
    List(Vec<Value>),
    Map(Vec<(Vec<u8>, Value)>),
}

impl Value {
    fn from_json(json: &Json, ints: bool) -> Value {
        match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => match number.as_i64() {
                Some(int) if ints => Value::Int(int),
                None if ints && number.as_f64() == Some(0.0) => Value::Int(0),
                _ => Value::Float(number.as_f64().unwrap_or_default()),
            },
            Json::String(text) => Value::Text(text.clone().into_bytes()),
            Json::Array(items) => {
                Value::List(items.iter().map(|item| Value::from_json(item, ints)).collect())
            }
            Json::Object(entries) => {
                let entry = |(key, value): (&String, &Json)| {
                    (key.clone().into_bytes(), Value::from_json(value, ints))
                };
                Value::Map(entries.iter().map(entry).collect())
            }
        }
    }
}

fn emit(value: &Value, version: Version) -> Result<String, String> {
    let mut emitter = Emitter::new(version);
    write(&mut emitter, value, version);
    let mut text = emitter.finish().map_err(|error| error.to_string())?;
    if text.ends_with(b"\n") {
        text.pop();
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn write(emitter: &mut Emitter, value: &Value, version: Version) {
    match value {
        Value::Null => emitter.null(),
        Value::Bool(value) => emitter.bool(*value),
        Value::Int(value) => emitter.int(*value),
        Value::Float(value) => emitter.float(*value),
        Value::Text(text) => emitter.string(text),
        Value::List(items) => {
            emitter.begin_sequence(items.len());
            for item in items {
                write(emitter, item, version);
            }
            emitter.end_sequence();
        }
        Value::Map(entries) => {
            let mut entries: Vec<&(Vec<u8>, Value)> = entries.iter().collect();
            sort_keys(version, &mut entries, |entry| &entry.0);
            emitter.begin_mapping(entries.len());
            for (key, value) in entries {
                emitter.key(key);
                write(emitter, value, version);
            }
            emitter.end_mapping();
        }
    }
}
