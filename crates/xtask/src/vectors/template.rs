use std::sync::Arc;

use plimsoll_gotmpl::{Compat, FixedHost, Map, Value};
use plimsoll_helm::chart::{Chart, ChartFile, Metadata};
use plimsoll_helm::render::{Capabilities, Release, RenderOptions, render};
use plimsoll_helm::values::{ChartInstance, values_type};
use serde_json::Value as Json;

use super::{Outcome, outcome, text};

/// A record of fmt.jsonl or sprig.jsonl: a template of a chart `c` and what Helm's engine made of
/// it with the values of the file's first record.
pub(super) fn check(first: &Json, record: &Json) -> Vec<Outcome> {
    let Some(template) = text(record, "tpl") else { return Vec::new() };
    let got = rendered(&template, &first["data"]);
    let want = match text(record, "err") {
        Some(error) => Err(error),
        None => Ok(text(record, "out").unwrap_or_default()),
    };
    let (want, got) = (shown(&want), shown(&got));
    if is_unordered(record) && words(&want) == words(&got) {
        return vec![None];
    }
    vec![outcome("template", &template, &want, &got)]
}

/// Go walks maps in an order that it draws anew each time: any order of these is an answer of Go.
fn is_unordered(record: &Json) -> bool {
    matches!(record["fn"].as_str(), Some("keys" | "values"))
}

/// What a printed list holds, sorted.
fn words(list: &str) -> Vec<&str> {
    let mut words: Vec<&str> = list.split(['[', ']', ' ', ',']).collect();
    words.sort_unstable();
    words
}

/// What a template gives, or how Helm's engine refuses it.
fn rendered(template: &[u8], values: &Json) -> Result<Vec<u8>, Vec<u8>> {
    let metadata = Metadata { name: "c".into(), version: "0.1.0".into(), ..Metadata::default() };
    let chart = Chart {
        metadata: metadata.clone(),
        lock: None,
        values: None,
        schema: None,
        templates: vec![ChartFile::new("templates/t.txt", template)],
        files: Vec::new(),
        raw: Vec::new(),
        dependencies: Vec::new(),
    };
    let root = ChartInstance {
        chart: Arc::new(chart),
        name: "c".into(),
        full_path: "c".into(),
        is_root: true,
        metadata,
        imports: Vec::new(),
        values: value_of(values)
            .as_map()
            .map(|values| values.retyped(values_type(Compat::Helm4)))
            .unwrap_or_default(),
        children: Vec::new(),
    };
    let options = RenderOptions {
        compat: Compat::Helm4,
        release: Release {
            name: "r".into(),
            namespace: "ns".into(),
            revision: 1,
            is_install: true,
            is_upgrade: false,
        },
        capabilities: Capabilities::default_of(Compat::Helm4),
        limits: plimsoll_gotmpl::Limits::default(),
    };
    match render(&root, &options, &mut FixedHost::new(Compat::Helm4), None) {
        Ok(files) => Ok(files.first().map(|file| file.text.to_vec()).unwrap_or_default()),
        Err(error) => Err(error.to_string().into_bytes()),
    }
}

fn shown(result: &Result<Vec<u8>, Vec<u8>>) -> String {
    match result {
        Ok(text) => String::from_utf8_lossy(text).into_owned(),
        Err(error) => format!("error: {}", String::from_utf8_lossy(error)),
    }
}

/// JSON as Go decodes it: every number a float.
pub(crate) fn value_of(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(value) => Value::bool(*value),
        Json::Number(number) => Value::float(number.as_f64().unwrap_or_default()),
        Json::String(text) => Value::text(text.as_str()),
        Json::Array(items) => Value::list(items.iter().map(value_of).collect()),
        Json::Object(entries) => {
            let entry = |(key, value): (&String, &Json)| (key.as_str().into(), value_of(value));
            Map::from_entries(entries.iter().map(entry).collect()).into()
        }
    }
}
