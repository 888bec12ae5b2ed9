use plimsoll_source::FileId;
use plimsoll_yaml::{Node, Target, YamlError, load_values, read_json, read_strict, unmarshal};
use serde_json::Value as Json;

use super::{Outcome, json_of, normal, outcome, text};

/// A record of parse.jsonl: each way that Helm reads YAML.
pub(super) fn check(record: &Json) -> Vec<Outcome> {
    let Some(input) = text(record, "in") else { return Vec::new() };
    if record.get("nondet").is_some() {
        return vec![None];
    }
    let none = FileId::NONE;
    let mut all = vec![one(record, "json", "err", &input, read_json(&input, none))];
    all.push(one(record, "fromYaml", "fromYamlErr", &input, unmarshal(&input, none, Target::Map)));
    let list = unmarshal(&input, none, Target::List);
    all.push(one(record, "fromYamlArray", "fromYamlArrayErr", &input, list));
    all.push(one(record, "loadValues", "loadValuesErr", &input, load_values(&input, none)));
    if let Some(want) = record.get("strictErr").and_then(Json::as_str) {
        let got = read_strict(&input, none).err().map(|e| e.to_string()).unwrap_or_default();
        all.push(outcome("strictErr", &input, want, &got));
    }
    all
}

fn one(
    record: &Json,
    field: &str,
    error: &str,
    input: &[u8],
    got: Result<Node, YamlError>,
) -> Outcome {
    let want_error = record.get(error).and_then(Json::as_str);
    match (want_error, got) {
        (Some(want), Err(got)) => outcome(error, input, want, &got.to_string()),
        (Some(want), Ok(_)) => outcome(error, input, want, "no error"),
        (None, got) => {
            let want = record.get(field).and_then(Json::as_str)?;
            let got = match got {
                Ok(node) => json_of(&node).to_string(),
                Err(error) => format!("error: {error}"),
            };
            outcome(field, input, &normal(want), &got)
        }
    }
}
