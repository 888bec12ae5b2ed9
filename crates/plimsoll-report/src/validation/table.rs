use std::io::{self, Write};

use super::{Row, object_name};
use crate::strip_controls;

/// What each of several versions of Kubernetes says: a line for each document that one of them
/// refuses (for all with `verbose`), a column for each version.
pub(super) fn write(out: &mut dyn Write, rows: &[Row<'_>], verbose: bool) -> io::Result<()> {
    let mut versions: Vec<&str> = Vec::new();
    let mut documents: Vec<(String, Vec<&Row<'_>>)> = Vec::new();
    for row in rows {
        if !versions.contains(&row.kube_version) {
            versions.push(row.kube_version);
        }
        let label = format!("{}:{} {}", strip_controls(row.file), row.line, object_name(row));
        // The documents of each version stand in the same order.
        let at = documents.iter().position(|(known, rows)| {
            *known == label && rows.iter().all(|other| other.kube_version != row.kube_version)
        });
        match at {
            Some(at) => documents[at].1.push(row),
            None => documents.push((label, vec![row])),
        }
    }
    documents.retain(|(_, rows)| verbose || rows.iter().any(|row| !row.valid));
    let width = documents.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0).max(8);
    line(out, width, "", versions.iter().copied())?;
    for (label, rows) in &documents {
        let says = versions.iter().map(|version| {
            match rows.iter().find(|row| row.kube_version == *version) {
                Some(row) if row.skipped => "-",
                Some(row) if row.valid => "valid",
                Some(_) => "invalid",
                None => "",
            }
        });
        line(out, width, label, says)?;
    }
    let counts: Vec<String> = versions
        .iter()
        .map(|version| {
            let of = rows.iter().filter(|row| row.kube_version == *version);
            format!("{}/{}", of.clone().filter(|row| row.valid).count(), of.count())
        })
        .collect();
    line(out, width, "valid", counts.iter().map(String::as_str))
}

fn line<'a>(
    out: &mut dyn Write,
    width: usize,
    label: &str,
    cells: impl Iterator<Item = &'a str>,
) -> io::Result<()> {
    let mut text = format!("{label:<width$}");
    for cell in cells {
        text.push_str(&format!("  {cell:<8}"));
    }
    writeln!(out, "{}", text.trim_end())
}
