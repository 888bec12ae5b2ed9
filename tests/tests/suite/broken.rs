//! What a stranger is told of a chart that does not render.

use std::fs;

use plimsoll_tests::{fixture, root};
use serde_json::Value;

use crate::plimsoll::plimsoll;

fn charts() -> Vec<String> {
    let entries = fs::read_dir(fixture("broken")).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// With `BLESS=1` the snapshots become what is said now: they are our own taste.
#[test]
#[cfg_attr(windows, ignore = "paths of the fixtures")]
fn every_broken_chart_is_told_as_its_snapshot_says() {
    let mut differs = Vec::new();
    for name in charts() {
        let ran = plimsoll(&["render", &format!("fixtures/broken/{name}/chart")], "");
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{name}");
        let path = fixture(&format!("broken/{name}/said.txt"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &ran.err).unwrap();
        }
        if fs::read_to_string(&path).unwrap_or_default() != ran.err {
            differs.push(format!("{name}:\n{}", ran.err));
        }
    }
    assert!(differs.is_empty(), "{}", differs.join("\n"));
}

#[test]
fn helm_template_keeps_helms_one_error() {
    for name in charts() {
        let chart = format!("fixtures/broken/{name}/chart");
        let ran = plimsoll(&["helm", "template", &chart], "");
        assert_eq!((ran.status, ran.out.as_str()), (1, ""), "{name}");
        assert_eq!(ran.err.matches("Error: ").count(), 1, "{name}: {}", ran.err);
    }
}

/// The JSON of errors, which is the last thing that is said.
fn findings(text: &str) -> Vec<Value> {
    let start = text.find("{\n").unwrap_or_else(|| panic!("no JSON in {text}"));
    let json: Value = serde_json::from_str(&text[start..]).unwrap();
    assert_eq!(json["schemaVersion"], 1);
    json["findings"].as_array().unwrap().clone()
}

#[test]
#[cfg_attr(windows, ignore = "paths of the fixtures")]
fn programs_read_errors_as_findings() {
    let chart = "fixtures/broken/many/chart";
    let rendered = plimsoll(&["render", chart, "-o", "json"], "");
    assert_eq!((rendered.status, rendered.out.as_str()), (2, ""));
    let found = findings(&rendered.err);
    let rules: Vec<&str> = found.iter().map(|one| one["rule"].as_str().unwrap()).collect();
    let want =
        ["missing-dependency", "values-schema", "parse-error", "fail", "nil-value", "not-yaml"];
    assert_eq!(rules, want);
    let nil = &found[4]["locations"];
    assert_eq!(nil[0]["file"], format!("{chart}/templates/_helpers.tpl"));
    assert_eq!((&nil[0]["role"], &nil[0]["line"]), (&"template".into(), &2.into()));
    let linted = plimsoll(&["lint", chart, "-o", "json"], "");
    assert_eq!((linted.status, findings(&linted.out)), (2, found));
    let schema = fs::read_to_string(root().join("schemas/findings.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    assert!(validator.is_valid(&serde_json::from_str(&linted.out).unwrap()));
    let validated = plimsoll(&["validate", chart, "-o", "json"], "");
    let rows: Value = serde_json::from_str(&validated.out).unwrap();
    let rows = rows["documents"].as_array().unwrap();
    assert_eq!((validated.status, rows.len()), (2, want.len()));
    assert!(rows.iter().all(|row| row["valid"] == false && row["kind"].is_null()));
}

#[test]
fn errors_are_told_in_colours_on_a_terminal_only() {
    let line = ["render", "fixtures/broken/nil-value/chart"];
    assert!(!plimsoll(&line, "").err.contains('\u{1b}'));
    let ran = plimsoll(&[&line[..], &["--color", "always"]].concat(), "");
    assert!(ran.err.contains("\u{1b}[2mHelm says:\u{1b}[0m"), "{}", ran.err);
}

#[test]
fn values_from_standard_input_are_told_without_their_places() {
    let line = ["render", "fixtures/broken/missing-required/chart", "-f", "-"];
    let ran = plimsoll(&line, "database: {port: 1}\n");
    assert_eq!((ran.status, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("`database` has no `password`"), "{}", ran.err);
}

#[test]
fn every_wrong_file_of_values_is_told() {
    let broken = "fixtures/broken/bad-values/chart/values.yaml";
    let other = "fixtures/broken/unclosed-action/chart/templates/deployment.yaml";
    let chart = "fixtures/broken/missing-dependency/chart";
    let ran = plimsoll(&["render", chart, "-f", broken, "-f", other], "");
    let said =
        ["values.yaml` cannot be read", "deployment.yaml` cannot be read", "`redis` is named"];
    let at: Vec<_> = said.iter().map(|said| ran.err.find(said)).collect();
    assert!(at.is_sorted() && at.iter().all(Option::is_some), "{at:?}\n{}", ran.err);
}
