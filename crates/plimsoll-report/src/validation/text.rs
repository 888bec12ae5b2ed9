use std::io::{self, Write};

use plimsoll_source::Severity;

use super::{Options, Row, is_for_people, name, place, words};
use crate::strip_controls;

/// A line for each thing to say, and one that counts.
pub(super) fn write(out: &mut dyn Write, rows: &[Row<'_>], options: Options) -> io::Result<()> {
    for row in rows {
        one(out, row, options)?;
    }
    if rows.iter().any(|row| !row.kube_version.is_empty()) {
        super::table::write(out, rows, options.verbose)?;
    }
    let some_wrong = rows.iter().any(|row| !row.valid);
    if options.summary || some_wrong {
        writeln!(out, "{}", summary(rows))?;
    }
    Ok(())
}

fn one(out: &mut dyn Write, row: &Row<'_>, options: Options) -> io::Result<()> {
    for finding in row.findings.iter().filter(|one| options.verbose || is_for_people(one)) {
        let (file, line, column) = place(row, finding);
        let says = match finding.severity {
            Severity::Error => "is invalid",
            Severity::Warning => "has a warning",
            Severity::Info if finding.rule == "no-schema" => "is not known",
            Severity::Info => "has a note",
        };
        let says = options.style.severity(finding.severity, says);
        let file = strip_controls(file);
        writeln!(out, "{file}:{line}:{column}: {} {says}: {}", name(row), words(finding))?;
        if !finding.help.is_empty() {
            writeln!(out, "  help: {}", strip_controls(&finding.help))?;
        }
    }
    if options.verbose && (row.skipped || row.valid && row.findings.is_empty()) {
        let says = if row.skipped { "is passed over" } else { "is valid" };
        writeln!(out, "{}:{}: {} {says}", strip_controls(row.file), row.line, name(row))?;
    }
    Ok(())
}

fn summary(rows: &[Row<'_>]) -> String {
    let count = |test: &dyn Fn(&&Row<'_>) -> bool| rows.iter().filter(test).count();
    let valid = count(&|row| row.valid && !row.skipped);
    let invalid = count(&|row| !row.valid);
    let skipped = count(&|row| row.skipped);
    let plural = if rows.len() == 1 { "" } else { "s" };
    let mut text = format!("{} document{plural}: {valid} valid, {invalid} invalid", rows.len());
    if skipped > 0 {
        text.push_str(&format!(", {skipped} passed over"));
    }
    text
}
