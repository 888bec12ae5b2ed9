//! The universal chart's keys and schema, and the README that is made from them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

/// The parsed `values.schema.json`.
pub fn schema(root: &Path) -> Value {
    let text = read(root, "charts/universal/values.schema.json");
    serde_json::from_str(&text).expect("the schema is JSON")
}

/// The keys that the chart itself knows, by level; the values' top is the level `top`.
pub fn keys(root: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let text = read(root, "charts/universal/templates/_keys.tpl");
    let mut variables = BTreeMap::new();
    let mut levels = BTreeMap::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with("{{- $nxs") {
            break;
        }
        if let Some((name, value)) = assignment(line) {
            let found = words(value, &variables);
            variables.entry(name.to_owned()).or_insert(found);
        } else if let Some((name, value)) = level(line) {
            levels.insert(name.to_owned(), words(value, &variables));
        }
    }
    levels.remove("general");
    levels.insert("top".to_owned(), top(&text));
    levels
}

fn read(root: &Path, path: &str) -> String {
    std::fs::read_to_string(root.join(path)).expect("the chart has its files")
}

/// `{{- $name := … -}}`
fn assignment(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.strip_prefix("{{- $")?.split_once(" := ")?;
    value.starts_with(['"', 'p']).then_some((name, value))
}

/// `"name" "|…|"` or `"name" (printf …)`, a line of the map of levels.
fn level(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.strip_prefix('"')?.split_once("\" ")?;
    value.starts_with(['"', '(']).then_some((name, value))
}

/// What stands between bars, in the text itself and in the variables that it names.
fn words(text: &str, variables: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for piece in text.split('"').skip(1).step_by(2).filter(|piece| piece.contains('|')) {
        let own = piece.split('|').filter(|word| !word.is_empty() && !word.starts_with('%'));
        found.extend(own.map(str::to_owned));
    }
    for name in text.split('$').skip(1) {
        let name: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
        found.extend(variables.get(&name).into_iter().flatten().cloned());
    }
    found
}

fn top(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for part in ["families", "generals", "shared", "flatContainer", "flatWorkload", "flatOwn"] {
        let start = format!("define \"universal.keys.{part}\" -}}}}\n");
        let (_, rest) = text.split_once(&start).expect("the part is defined");
        let line = rest.lines().next().expect("a line of keys follows");
        found.extend(line.split('|').filter(|word| !word.is_empty()).map(str::to_owned));
    }
    found.remove("universalTree");
    found
}

/// The keys that the schema describes at a level.
pub fn described(schema: &Value, level: &str) -> BTreeSet<String> {
    let at = match level {
        "top" => &schema["properties"],
        level => &schema["$defs"][level]["properties"],
    };
    at.as_object().into_iter().flat_map(|map| map.keys().cloned()).collect()
}

const HEAD: &str = include_str!("universal_readme.md");

/// The chart's README: a hand-written head, then every key with its type, default and description.
pub fn readme(schema: &Value) -> String {
    let mut text = HEAD.to_owned();
    text.push_str("\n## Keys at the top\n\n");
    table(schema, &schema["properties"], &mut text);
    let levels = sorted(&schema["$defs"]);
    for (name, level) in levels.into_iter().filter(|(_, level)| level["properties"].is_object()) {
        let about = level["description"].as_str().unwrap_or_default();
        write!(text, "\n## `{name}`\n\n{about}\n\n").expect("text takes text");
        table(schema, &level["properties"], &mut text);
    }
    text
}

fn table(schema: &Value, properties: &Value, text: &mut String) {
    text.push_str("| key | type | default | |\n|---|---|---|---|\n");
    for (name, property) in sorted(properties) {
        let own = resolved(schema, property);
        let about = property["description"].as_str().or(own["description"].as_str());
        let default = match &own["default"] {
            Value::Null => String::new(),
            Value::String(default) => format!("`{default}`"),
            other => format!("`{other}`"),
        };
        let about = about.unwrap_or_default().replace('|', "\\|");
        let kind = kind(property, own);
        writeln!(text, "| `{name}` | {kind} | {default} | {about} |").expect("text takes text");
    }
}

/// By name, whatever order the parser keeps.
fn sorted(map: &Value) -> BTreeMap<&String, &Value> {
    map.as_object().into_iter().flatten().collect()
}

/// What a reference to a single key leads to; a level stays a reference.
fn resolved<'a>(schema: &'a Value, property: &'a Value) -> &'a Value {
    let pointer = property["$ref"].as_str().filter(|it| it.contains("/properties/"));
    let found = pointer.and_then(|it| schema.pointer(it.trim_start_matches('#')));
    found.unwrap_or(property)
}

fn kind(property: &Value, own: &Value) -> String {
    let of = |value: &Value| {
        let name = value["$ref"].as_str()?.rsplit('/').next()?;
        Some(format!("[{name}](#{})", name.to_lowercase()))
    };
    let levels =
        [(own, ""), (&own["additionalProperties"], "map of "), (&own["items"], "list of ")];
    let found = levels.iter().find_map(|(value, how)| Some(format!("{how}{}", of(value)?)));
    if let Some(found) = found.filter(|_| property["type"].is_null()) {
        return found;
    }
    if let Some(choices) = own["enum"].as_array() {
        let choices = choices.iter().filter_map(Value::as_str).filter(|choice| !choice.is_empty());
        return choices.map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(" ");
    }
    let types = own["type"].as_array().and_then(|types| types.first()).and_then(Value::as_str);
    match types {
        Some("object") => "map",
        Some("array") => "list",
        Some(other) => other,
        None => "",
    }
    .to_owned()
}
