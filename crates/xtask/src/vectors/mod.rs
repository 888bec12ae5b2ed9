//! Runs the answers that real Go code gave and counts how many are ours.

mod emit;
mod parse;
mod strvals;
mod suite;
mod template;

pub(crate) use template::value_of;

use std::path::Path;

use anyhow::{Context, Result};
use plimsoll_source::encoding::decode_base64;
use serde_json::Value as Json;

/// How one record went: `None` if it passed, else what was wanted and what came.
type Outcome = Option<String>;

/// A file of records: its name, how many may miss, and how to check one, given the file's first.
struct Vectors {
    file: &'static str,
    misses_allowed: usize,
    check: fn(&Json, &Json) -> Vec<Outcome>,
}

const VECTORS: &[Vectors] = &[
    Vectors { file: "emit.jsonl", misses_allowed: 0, check: |_, record| emit::check(record) },
    Vectors { file: "parse.jsonl", misses_allowed: 0, check: |_, record| parse::check(record) },
    Vectors { file: "strvals.jsonl", misses_allowed: 0, check: |_, record| strvals::check(record) },
    Vectors {
        file: "yaml-test-suite-go.jsonl",
        misses_allowed: 2,
        check: |_, record| suite::check(record),
    },
    Vectors { file: "fmt.jsonl", misses_allowed: 0, check: template::check },
    Vectors { file: "sprig.jsonl", misses_allowed: 0, check: template::check },
];

/// How many differences are shown of each file.
const SHOWN: usize = 8;

/// Runs every file that the folder holds; whether all kept within their misses.
#[expect(clippy::print_stdout, reason = "a task speaks to the person who runs it")]
pub(crate) fn run(dir: &Path) -> Result<bool> {
    let mut good = true;
    for vectors in VECTORS {
        let path = dir.join(vectors.file);
        if !path.exists() {
            println!("{}: not there", vectors.file);
            continue;
        }
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let first: Json = serde_json::from_str(text.lines().next().unwrap_or("null"))?;
        let (mut passed, mut total) = (0, 0);
        let mut misses = Vec::new();
        for line in text.lines() {
            let record: Json = serde_json::from_str(line)?;
            let outcomes = (vectors.check)(&first, &record);
            if outcomes.is_empty() {
                continue;
            }
            total += 1;
            match outcomes.into_iter().flatten().next() {
                None => passed += 1,
                Some(miss) => misses.push(miss),
            }
        }
        println!("{}: {passed}/{total}", vectors.file);
        for miss in misses.iter().take(SHOWN) {
            println!("  {miss}");
        }
        good &= total - passed <= vectors.misses_allowed;
    }
    Ok(good)
}

/// The text of a field, decoded where it is given in base 64.
fn text(record: &Json, field: &str) -> Option<Vec<u8>> {
    if let Some(encoded) = record.get(format!("{field}_b64")).and_then(Json::as_str) {
        return Some(decode_base64(encoded.as_bytes()).expect("vectors are in base 64"));
    }
    record.get(field).and_then(Json::as_str).map(|text| text.as_bytes().to_vec())
}

fn outcome(what: &str, input: &[u8], want: &str, got: &str) -> Outcome {
    (want != got).then(|| {
        let input: String = String::from_utf8_lossy(input).chars().take(160).collect();
        format!("{what} of {input:?}\n    want {want:?}\n    got  {got:?}")
    })
}

/// A tree as JSON, every number a float, for comparing with what Go decoded.
fn json_of(node: &plimsoll_yaml::Node) -> Json {
    use plimsoll_yaml::Kind;
    match &node.kind {
        Kind::Null => Json::Null,
        Kind::Bool(value) => (*value).into(),
        Kind::Int(_) | Kind::Uint(_) | Kind::Float(_) => node.as_float().into(),
        Kind::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
        Kind::List(items) => items.iter().map(json_of).collect(),
        Kind::Map(entries) => {
            let pair = |entry: &plimsoll_yaml::Entry| {
                (String::from_utf8_lossy(&entry.key).into_owned(), json_of(&entry.value))
            };
            entries.iter().map(pair).collect()
        }
    }
}

/// The JSON text with every number a float, so that texts can be compared.
fn normal(json: &str) -> String {
    fn floats(json: &mut Json) {
        match json {
            Json::Number(number) => *json = number.as_f64().into(),
            Json::Array(items) => items.iter_mut().for_each(floats),
            Json::Object(entries) => entries.values_mut().for_each(floats),
            _ => {}
        }
    }
    let mut json: Json = serde_json::from_str(json).unwrap_or(Json::Null);
    floats(&mut json);
    json.to_string()
}
