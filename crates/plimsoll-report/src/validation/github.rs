use std::io::{self, Write};

use plimsoll_source::Severity;

use super::{Row, is_for_people, name, place, words};

/// A command for each finding.
pub(super) fn write(out: &mut dyn Write, rows: &[Row<'_>]) -> io::Result<()> {
    for row in rows {
        for finding in row.findings.iter().filter(|finding| is_for_people(finding)) {
            let (file, line, column) = place(row, finding);
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let file = property(file);
            let text = data(&format!("{}: {}", name(row), words(finding)));
            writeln!(out, "::{command} file={file},line={line},col={column}::{text}")?;
        }
    }
    Ok(())
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
