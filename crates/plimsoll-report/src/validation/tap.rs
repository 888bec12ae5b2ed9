use std::io::{self, Write};

use super::{Row, name, words};

/// A line for each document, with what was said as comments.
pub(super) fn write(out: &mut dyn Write, rows: &[Row<'_>]) -> io::Result<()> {
    writeln!(out, "TAP version 13\n1..{}", rows.len())?;
    for (at, row) in rows.iter().enumerate() {
        let result = if row.valid { "ok" } else { "not ok" };
        let skip = if row.skipped { " # SKIP" } else { "" };
        let file = crate::strip_controls(row.file);
        writeln!(out, "{result} {} - {file}:{} {}{skip}", at + 1, row.line, name(row))?;
        for finding in row.findings {
            writeln!(out, "# {}: {}", finding.severity.name(), words(finding))?;
        }
    }
    Ok(())
}
