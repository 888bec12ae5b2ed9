use std::io::{self, Write};

use plimsoll_source::{Finding, Location, ObjectId};
use serde::Serialize;

/// The promised form of a list of findings; `schemas/findings.schema.json` describes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    schema_version: u32,
    findings: Vec<JsonFinding<'a>>,
}

/// A finding as every JSON writes it.
#[derive(Serialize)]
pub(crate) struct JsonFinding<'a> {
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    object: Option<JsonObject<'a>>,
    path: &'a str,
    locations: Vec<JsonLocation<'a>>,
    fix: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonObject<'a> {
    api_version: &'a str,
    kind: &'a str,
    namespace: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct JsonLocation<'a> {
    role: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
}

pub(super) fn write(out: &mut dyn Write, findings: &[Finding]) -> io::Result<()> {
    let findings = findings.iter().map(JsonFinding::from).collect();
    serde_json::to_writer_pretty(&mut *out, &Document { schema_version: 1, findings })?;
    writeln!(out)
}

impl<'a> From<&'a Finding> for JsonFinding<'a> {
    fn from(finding: &'a Finding) -> JsonFinding<'a> {
        JsonFinding {
            rule: finding.rule,
            severity: finding.severity.name(),
            message: &finding.message,
            object: finding.object.as_ref().map(JsonObject::from),
            path: &finding.path,
            locations: finding.locations.iter().map(JsonLocation::from).collect(),
            fix: (!finding.help.is_empty()).then(|| finding.help.clone()),
        }
    }
}

impl<'a> From<&'a ObjectId> for JsonObject<'a> {
    fn from(object: &'a ObjectId) -> JsonObject<'a> {
        JsonObject {
            api_version: &object.api_version,
            kind: &object.kind,
            namespace: &object.namespace,
            name: &object.name,
        }
    }
}

impl<'a> From<&'a Location> for JsonLocation<'a> {
    fn from(location: &'a Location) -> JsonLocation<'a> {
        JsonLocation {
            role: location.role.name(),
            file: &location.file,
            line: location.line,
            column: location.column,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::findings;
    use super::*;

    #[test]
    fn the_promised_keys_are_there() {
        let mut out = Vec::new();
        write(&mut out, &findings()).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["schemaVersion"], 1);
        let first = &json["findings"][0];
        assert_eq!(first["object"]["apiVersion"], "apps/v1");
        assert_eq!(first["locations"][0]["role"], "values");
        assert_eq!(first["locations"][0]["line"], 3);
        assert!(json["findings"][1]["object"].is_null(), "a whole file has no object");
    }
}
