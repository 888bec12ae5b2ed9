use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::collect::{Field, Shape, Types};
use super::kinds::Kinds;
use super::short_name;

/// Adds what the newest server alone tells: enums, defaults, and what it lets nobody change.
pub(super) fn add(types: &mut Types, kinds: &Kinds, openapi: &Json, updates: &str) {
    for (name, body) in openapi.as_object().into_iter().flatten() {
        let Some(row) = types.types.get_mut(short_name(name)) else { continue };
        for (field, schema) in body["properties"].as_object().into_iter().flatten() {
            let values = values(schema);
            let default = default(schema);
            if values.is_empty() && default.is_empty() {
                continue;
            }
            let extra = row.extras.entry(field.clone()).or_default();
            extra.values = values;
            extra.default = default;
        }
    }
    for (name, field) in immutable(types, kinds, updates) {
        if let Some(row) = types.types.get_mut(&name) {
            row.extras.entry(field).or_default().immutable = true;
        }
    }
}

fn values(schema: &Json) -> Vec<String> {
    let schema = if schema["enum"].is_array() { schema } else { &schema["items"] };
    let mut values: Vec<String> = schema["enum"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .map(str::to_owned)
        .collect();
    values.sort();
    values
}

fn default(schema: &Json) -> String {
    match &schema["default"] {
        Json::Null | Json::Bool(false) => String::new(),
        Json::String(text) if text.is_empty() => String::new(),
        Json::Number(number) if number.as_f64() == Some(0.0) => String::new(),
        Json::Object(map) if map.is_empty() => String::new(),
        Json::Array(list) if list.is_empty() => String::new(),
        value => value.to_string(),
    }
}

/// Fields that were refused each time they alone were changed.
fn immutable(types: &Types, kinds: &Kinds, updates: &str) -> BTreeSet<(String, String)> {
    let mut seen: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
    for line in updates.lines() {
        let Ok(row) = serde_json::from_str::<Json>(line) else { continue };
        let text = |field: &str| row[field].as_str().unwrap_or_default();
        let key = (text("apiVersion").to_owned(), text("kind").to_owned());
        let Some(kind) = kinds.get(&key) else { continue };
        let Some(place) = place(types, &kind.type_name, text("path")) else { continue };
        let counts = seen.entry(place).or_default();
        if row["immutable"] == true {
            counts.0 += 1;
        } else if row["allowed"] == true && row["changed"] == true {
            counts.1 += 1;
        }
    }
    seen.into_iter()
        .filter(|(_, counts)| counts.0 > 0 && counts.1 == 0)
        .map(|(key, _)| key)
        .collect()
}

/// The type and the field at the end of a path.
fn place(types: &Types, root: &str, path: &str) -> Option<(String, String)> {
    let mut current = Shape::Type(root.to_owned());
    let mut found = None;
    for word in path.replace('[', ".[").split('.').filter(|word| !word.is_empty()) {
        current = match current {
            Shape::Type(name) => {
                let field = field(types, &name, word)?;
                let shape = field.shape.clone();
                found = Some((name, word.to_owned()));
                shape
            }
            Shape::Map(inner) | Shape::List(inner, ..) => *inner,
            Shape::Leaf(_) => return None,
        };
    }
    found
}

fn field<'a>(types: &'a Types, name: &str, field: &str) -> Option<&'a Field> {
    let (_, _, fields) = types.types.get(name)?.runs.last()?;
    fields.iter().find(|known| known.name == field)
}
