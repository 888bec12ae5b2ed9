//! Findings of rules, in the formats that people and programs read.

mod json;
mod text;

pub(crate) use json::JsonFinding;

use std::io::{self, Write};

use plimsoll_source::{Files, Finding};

use crate::Style;

/// What is written.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The findings, in the order in which they are written.
    pub findings: &'a [Finding],
    /// The texts that the findings lie in, as far as they are at hand, for excerpts.
    pub files: &'a Files,
    /// How many objects were looked at.
    pub objects: usize,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// `{"schemaVersion": 1, "findings": […]}`.
    Json,
}

/// Writes findings in the order given.
pub fn write(
    out: &mut dyn Write,
    report: &Report<'_>,
    format: Format,
    style: Style,
) -> io::Result<()> {
    match format {
        Format::Text => text::write(out, report, style),
        Format::Json => json::write(out, report.findings),
    }
}

#[cfg(test)]
mod samples {
    use plimsoll_source::{Finding, Location, ObjectId, Role, Severity};

    /// One finding with everything, one on a whole file.
    pub(super) fn findings() -> Vec<Finding> {
        let location =
            |role, file: &str, line, column| Location { role, file: file.to_owned(), line, column };
        vec![
            Finding {
                rule: "run-as-non-root",
                severity: Severity::Warning,
                message: "container `api` may run as root".to_owned(),
                object: Some(ObjectId {
                    api_version: "apps/v1".to_owned(),
                    kind: "Deployment".to_owned(),
                    namespace: String::new(),
                    name: "shop".to_owned(),
                }),
                path: "spec.template.spec.containers[0]".to_owned(),
                locations: vec![
                    location(Role::Values, "values-prod.yaml", 3, 8),
                    location(Role::Template, "templates/deployment.yaml", 20, 9),
                    location(Role::Manifest, "shop/templates/deployment.yaml", 31, 9),
                ],
                help: "set `securityContext.runAsNonRoot: true`".to_owned(),
                fix: None,
            },
            Finding {
                rule: "no-documents",
                severity: Severity::Info,
                message: "the file holds no object".to_owned(),
                object: None,
                path: String::new(),
                locations: vec![location(Role::Manifest, "empty.yaml", 1, 1)],
                help: String::new(),
                fix: None,
            },
        ]
    }
}
