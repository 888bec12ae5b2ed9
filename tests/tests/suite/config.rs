//! `.plimsoll.yaml`: the schema for editors and the reader agree.

use std::fs;

use jsonschema::Validator;
use plimsoll::environment::{Config, ConfigError};
use plimsoll::source::FileId;
use plimsoll_tests::root;
use serde_json::Value;

fn schema() -> Value {
    let text = fs::read_to_string(root().join("schemas/plimsoll-config.schema.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn validator() -> Validator {
    jsonschema::draft202012::new(&schema()).unwrap()
}

fn json(text: &str) -> Value {
    let node = plimsoll_yaml::read(text.as_bytes(), FileId::NONE).unwrap();
    serde_json::from_str(&plimsoll::to_json(&node)).unwrap()
}

fn read(text: &str) -> Result<Config, ConfigError> {
    Config::read(text.as_bytes(), FileId(0))
}

fn samples(kind: &str) -> Vec<(String, String)> {
    let folder = root().join("fixtures/config").join(kind);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap())).collect()
}

/// The keys that the reader lists where it finds one that looks like none of them.
fn keys_read(above: &str) -> Vec<String> {
    let error = read(&format!("{above}zzzzzzzzzz: 1\n")).unwrap_err();
    let known = error.message.split("; it has ").nth(1).unwrap_or_else(|| panic!("{error:?}"));
    let mut keys: Vec<String> = known.split(", ").map(str::to_owned).collect();
    keys.sort();
    keys
}

fn keys_of(schema: &Value) -> Vec<String> {
    schema["properties"].as_object().unwrap().keys().cloned().collect()
}

#[test]
fn both_know_the_same_keys() {
    let schema = schema();
    for (above, part) in [
        ("", &schema),
        ("environments:\n  prod:\n    ", &schema["$defs"]["environment"]),
        ("policy:\n  ", &schema["properties"]["policy"]),
        ("drift:\n  ", &schema["properties"]["drift"]),
    ] {
        assert_eq!(keys_read(above), keys_of(part), "{above}");
    }
}

#[test]
fn every_key_is_described() {
    let schema = schema();
    let parts = [&schema, &schema["$defs"]["environment"], &schema["properties"]["policy"]];
    for (name, part) in parts.iter().flat_map(|part| part["properties"].as_object().unwrap()) {
        assert!(part["description"].as_str().is_some_and(|text| text.len() > 15), "{name}");
    }
}

#[test]
fn both_take_and_refuse_the_same_files() {
    let validator = validator();
    let (valid, invalid) = (samples("valid"), samples("invalid"));
    assert!(valid.len() >= 3 && invalid.len() >= 10);
    for (name, text) in valid {
        assert!(read(&text).is_ok(), "{name}");
        let errors: Vec<String> =
            validator.iter_errors(&json(&text)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
    for (name, text) in invalid {
        let error = read(&text).expect_err(&name);
        assert!(error.span.is_some(), "{name} has no place");
        assert!(!validator.is_valid(&json(&text)), "{name}");
    }
}
