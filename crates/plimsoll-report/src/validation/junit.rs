use std::io::{self, Write};

use super::{Row, errors, name, words, xml};

/// A suite for each file, a case for each document.
pub(super) fn write(out: &mut dyn Write, rows: &[Row<'_>]) -> io::Result<()> {
    let failures = rows.iter().filter(|row| !row.valid).count();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"plimsoll validate\" tests=\"{}\" failures=\"{failures}\">",
        rows.len()
    )?;
    for suite in rows.chunk_by(|one, other| one.file == other.file) {
        let failures = suite.iter().filter(|row| !row.valid).count();
        let file = xml(suite[0].file);
        writeln!(
            out,
            "  <testsuite name=\"{file}\" tests=\"{}\" failures=\"{failures}\">",
            suite.len()
        )?;
        for row in suite {
            case(out, row)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn case(out: &mut dyn Write, row: &Row<'_>) -> io::Result<()> {
    let class = row.object.map_or("", |object| object.api_version.as_str());
    write!(out, "    <testcase name=\"{}\" classname=\"{}\">", xml(&name(row)), xml(class))?;
    if row.skipped {
        write!(out, "<skipped/>")?;
    }
    for finding in errors(row) {
        let words = xml(&words(finding));
        write!(out, "<failure type=\"{}\" message=\"{words}\"/>", finding.rule)?;
    }
    writeln!(out, "</testcase>")
}
