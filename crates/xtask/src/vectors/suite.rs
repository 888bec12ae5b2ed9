use plimsoll_source::FileId;
use plimsoll_yaml::read_json;
use serde_json::Value as Json;

use super::{Outcome, json_of, normal, outcome};

/// A record of yaml-test-suite-go.jsonl: go-yaml's verdict on a case of the public suite.
pub(super) fn check(record: &Json) -> Vec<Outcome> {
    let id = record["id"].as_str().unwrap_or_default();
    let Some(input) = super::text(record, "in") else { return Vec::new() };
    let got = match read_json(&input, FileId::NONE) {
        Ok(node) => json_of(&node).to_string(),
        Err(error) => error.to_string(),
    };
    let want = match record.get("err").and_then(Json::as_str) {
        Some(error) => error.to_owned(),
        None => normal(record["json"].as_str().unwrap_or_default()),
    };
    vec![outcome(id, &input, &want, &got)]
}
