use std::io::{self, Write};

use serde::Serialize;

use super::Row;
use crate::findings::JsonFinding;

/// The promised form; `schemas/validation.schema.json` describes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    schema_version: u32,
    documents: Vec<Document<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    file: &'a str,
    line: u32,
    api_version: Option<&'a str>,
    kind: Option<&'a str>,
    namespace: &'a str,
    name: &'a str,
    valid: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    skipped: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    kube_version: &'a str,
    findings: Vec<JsonFinding<'a>>,
}

pub(super) fn write(out: &mut dyn Write, rows: &[Row<'_>]) -> io::Result<()> {
    let documents = rows.iter().map(document).collect();
    serde_json::to_writer_pretty(&mut *out, &Report { schema_version: 1, documents })?;
    writeln!(out)
}

fn document<'a>(row: &Row<'a>) -> Document<'a> {
    let object = row.object;
    Document {
        file: row.file,
        line: row.line,
        api_version: object.map(|object| object.api_version.as_str()),
        kind: object.map(|object| object.kind.as_str()),
        namespace: object.map_or("", |object| &object.namespace),
        name: object.map_or("", |object| &object.name),
        valid: row.valid,
        skipped: row.skipped,
        kube_version: row.kube_version,
        findings: row.findings.iter().map(JsonFinding::from).collect(),
    }
}
