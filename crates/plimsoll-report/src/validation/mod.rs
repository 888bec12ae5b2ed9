//! What an API server would say of objects, in the formats that people and programs read.

mod github;
mod json;
mod junit;
mod sarif;
mod table;
mod tap;
mod text;

use std::io::{self, Write};

use plimsoll_source::{Finding, Severity};

use crate::Style;

/// One object, or a text that holds none.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The file as the user knows it.
    pub file: &'a str,
    /// The line where the document begins, from 1.
    pub line: u32,
    /// apiVersion, kind, namespace and name; `None` where the text holds no object.
    pub object: Option<&'a plimsoll_source::ObjectId>,
    /// Passed over.
    pub skipped: bool,
    /// Whether a server would take it.
    pub valid: bool,
    /// What there is to say.
    pub findings: &'a [Finding],
    /// The Kubernetes it was judged for, `1.37`; empty where there is only one.
    pub kube_version: &'a str,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// `{"schemaVersion": 1, "documents": […]}`.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// JUnit's XML.
    Junit,
    /// Commands of GitHub's workflows.
    Github,
    /// The Test Anything Protocol.
    Tap,
}

/// What else is written.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Valid objects are named too.
    pub verbose: bool,
    /// Counts are written behind the rows.
    pub summary: bool,
    /// Colours and columns.
    pub style: Style,
}

/// Writes rows in the order given.
pub fn write(
    out: &mut dyn Write,
    rows: &[Row<'_>],
    format: Format,
    options: Options,
) -> io::Result<()> {
    match format {
        Format::Text => text::write(out, rows, options),
        Format::Json => json::write(out, rows),
        Format::Sarif => sarif::write(out, rows),
        Format::Junit => junit::write(out, rows),
        Format::Github => github::write(out, rows),
        Format::Tap => tap::write(out, rows),
    }
}

/// `ConfigMap shop/settings (1.34)`, the version where there are several.
fn name(row: &Row<'_>) -> String {
    match row.kube_version {
        "" => object_name(row),
        version => format!("{} ({version})", object_name(row)),
    }
}

/// `ConfigMap shop/settings`.
fn object_name(row: &Row<'_>) -> String {
    let Some(object) = row.object else { return "no object".to_owned() };
    let kind = &object.kind;
    let name = match (object.namespace.as_str(), object.name.as_str()) {
        (_, "") => kind.clone(),
        ("", name) => format!("{kind} {name}"),
        (namespace, name) => format!("{kind} {namespace}/{name}"),
    };
    crate::strip_controls(&name)
}

/// `spec.replicas: Invalid value: …`: the server's whole words.
fn words(finding: &Finding) -> String {
    // Some of the server's words begin with the place themselves.
    let said = finding.message.starts_with("strict decoding")
        || finding.message.strip_prefix(&*finding.path).is_some_and(|r| r.starts_with([':', ' ']));
    let path =
        if finding.path.is_empty() || said { String::new() } else { format!("{}: ", finding.path) };
    crate::strip_controls(&format!("{path}{}", finding.message)).replace('\n', " ")
}

/// File and line of a finding's most useful place.
fn place<'a>(row: &Row<'a>, finding: &'a Finding) -> (&'a str, u32, u32) {
    match finding.locations.first() {
        Some(at) => (&at.file, at.line, at.column),
        None => (row.file, row.line, 1),
    }
}

fn errors<'a>(row: &Row<'a>) -> impl Iterator<Item = &'a Finding> {
    row.findings.iter().filter(|finding| finding.severity == Severity::Error)
}

/// Text within XML.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() && c != '\n' => {}
            c => out.push(c),
        }
    }
    out
}

/// Whether a finding is worth a line to somebody who did not ask for all of them: most charts name
/// objects that are made elsewhere.
fn is_for_people(finding: &Finding) -> bool {
    finding.rule != "missing-reference"
}

#[cfg(test)]
mod tests {
    use plimsoll_source::{Location, ObjectId, Role};

    use super::*;

    fn finding() -> Finding {
        Finding {
            rule: "invalid",
            severity: Severity::Error,
            message: "Invalid value: \"A\": must be lower < case".to_owned(),
            object: None,
            path: "metadata.name".to_owned(),
            locations: vec![Location {
                role: Role::Manifest,
                file: "a.yaml".to_owned(),
                line: 4,
                column: 9,
            }],
            help: "write `a`".to_owned(),
            fix: None,
        }
    }

    #[track_caller]
    fn check(format: Format, want: &[&str]) {
        let object = ObjectId {
            api_version: "v1".to_owned(),
            kind: "ConfigMap".to_owned(),
            namespace: "n".to_owned(),
            name: "A".to_owned(),
        };
        let findings = [finding()];
        let good = Row {
            file: "b.yaml",
            line: 1,
            object: Some(&object),
            skipped: false,
            valid: true,
            findings: &[],
            kube_version: "",
        };
        let bad = Row { file: "a.yaml", valid: false, findings: &findings, ..good };
        let none = Row { object: None, ..good };
        let mut out = Vec::new();
        let options = Options { verbose: true, summary: true, style: Style::PLAIN };
        write(&mut out, &[bad, good, none], format, options).unwrap();
        let text = String::from_utf8(out).unwrap();
        for part in want {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn text_tells_place_object_and_words() {
        check(
            Format::Text,
            &[
                "a.yaml:4:9: ConfigMap n/A is invalid: metadata.name: Invalid value: \"A\": must be lower < case",
                "b.yaml:1: ConfigMap n/A is valid",
                "3 documents: 2 valid, 1 invalid",
            ],
        );
    }

    #[test]
    fn several_versions_have_a_table() {
        let findings = [finding()];
        let row = |version, valid| Row {
            file: "a.yaml",
            line: 1,
            object: None,
            skipped: false,
            valid,
            findings: if valid { &[] } else { &findings },
            kube_version: version,
        };
        let mut out = Vec::new();
        let options = Options { verbose: false, summary: false, style: Style::PLAIN };
        write(&mut out, &[row("1.33", true), row("1.34", false)], Format::Text, options).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("a.yaml:1 no object  valid     invalid\n"), "{text}");
        assert!(text.contains("no object (1.34) is invalid"), "{text}");
    }

    #[test]
    fn programs_read_the_same() {
        check(
            Format::Json,
            &["\"schemaVersion\": 1", "\"documents\"", "\"valid\": false", "\"kind\": null"],
        );
        check(
            Format::Sarif,
            &["\"version\": \"2.1.0\"", "\"ruleId\": \"invalid\"", "\"startLine\": 4"],
        );
        check(Format::Junit, &["tests=\"3\" failures=\"1\"", "must be lower &lt; case"]);
        check(Format::Github, &["::error file=a.yaml,line=4,col=9::"]);
        check(Format::Tap, &["1..3", "not ok 1 - a.yaml:1 ConfigMap n/A", "ok 2 - b.yaml:1"]);
    }
}
