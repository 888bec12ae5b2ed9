use std::collections::BTreeSet;
use std::io::{self, Write};

use plimsoll_source::{Finding, Severity};
use serde_json::{Value, json};

use super::{Row, name, place, words};

/// One run with a result for each finding.
pub(super) fn write(out: &mut dyn Write, rows: &[Row<'_>]) -> io::Result<()> {
    let rules: BTreeSet<&str> =
        rows.iter().flat_map(|row| row.findings).map(|finding| finding.rule).collect();
    let rules: Vec<&str> = rules.into_iter().collect();
    let results: Vec<Value> = rows
        .iter()
        .flat_map(|row| row.findings.iter().map(|finding| result(row, finding, &rules)))
        .collect();
    let rules: Vec<Value> = rules.iter().map(|rule| json!({ "id": rule })).collect();
    let driver = json!({
        "name": "plimsoll validate",
        "version": env!("CARGO_PKG_VERSION"),
        "informationUri": "https://github.com/plimsoll/plimsoll",
        "rules": rules,
    });
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results }],
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn result(row: &Row<'_>, finding: &Finding, rules: &[&str]) -> Value {
    let (file, line, column) = place(row, finding);
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let logical = row.object.map(|object| {
        json!({ "kind": "object", "name": object.name, "fullyQualifiedName": format!("{}/{}/{}", object.api_version, object.kind, object.name) })
    });
    json!({
        "ruleId": finding.rule,
        "ruleIndex": rules.iter().position(|rule| *rule == finding.rule),
        "level": level,
        "message": { "text": format!("{}: {}", name(row), words(finding)) },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": file },
                "region": { "startLine": line, "startColumn": column },
            },
            "logicalLocations": logical.into_iter().collect::<Vec<Value>>(),
        }],
    })
}
