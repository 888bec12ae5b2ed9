use std::io::{self, Write};

use plimsoll_source::{FileId, Files, Finding, Location, ObjectId, Severity};

use super::Report;
use crate::diagnostics::mask_secrets;
use crate::{Style, strip_controls};

/// A block a finding and a line that counts them.
pub(super) fn write(out: &mut dyn Write, report: &Report<'_>, style: Style) -> io::Result<()> {
    for finding in report.findings {
        one(out, finding, report.files, style)?;
        writeln!(out)?;
    }
    writeln!(out, "{}", summary(report))
}

fn one(out: &mut dyn Write, finding: &Finding, files: &Files, style: Style) -> io::Result<()> {
    let head = format!("{}[{}]", finding.severity.name(), finding.rule);
    let head = style.severity(finding.severity, &head);
    writeln!(out, "{head}: {}", style.bold(&strip_controls(&finding.message)))?;
    if let Some(object) = &finding.object {
        let path = strip_controls(&finding.path);
        row(out, style, "in", &format!("{}: {path}", strip_controls(&name(object))))?;
    }
    let mut shown = false;
    for location in &finding.locations {
        row(out, style, location.role.name(), &strip_controls(&place(location)))?;
        // The line of a secret would show it.
        let shows = !shown && !finding.rule.starts_with("secret-");
        if let Some(line) = line(location, files).filter(|_| shows) {
            writeln!(out, "           {} {line}", style.dim("|"))?;
            shown = true;
        }
    }
    if !finding.help.is_empty() {
        row(out, style, "help", &strip_controls(&finding.help))?;
    }
    Ok(())
}

fn row(out: &mut dyn Write, style: Style, label: &str, text: &str) -> io::Result<()> {
    writeln!(out, "  {} {text}", style.dim(&format!("{label:<8}")))
}

/// The first character of a file stands for the file as a whole.
fn place(at: &Location) -> String {
    if (at.line, at.column) == (1, 1) {
        at.file.clone()
    } else {
        format!("{}:{}:{}", at.file, at.line, at.column)
    }
}

/// The line of a place, without what is secret and without what steers terminals.
fn line(at: &Location, files: &Files) -> Option<String> {
    let mut files = (0..files.len() as u32).filter_map(|number| files.get(FileId(number)));
    let file = files.find(|file| file.name == at.file)?;
    let line = file.text.split(|&byte| byte == b'\n').nth(at.line.checked_sub(1)? as usize)?;
    let line = String::from_utf8_lossy(line.trim_ascii()).into_owned();
    let short: String = mask_secrets(line).chars().take(MOST_COLUMNS).collect();
    (!short.is_empty()).then(|| strip_controls(&short))
}

/// Longer lines are cut.
const MOST_COLUMNS: usize = 160;

fn name(object: &ObjectId) -> String {
    match (object.namespace.as_str(), object.name.as_str()) {
        (_, "") => object.kind.clone(),
        ("", name) => format!("{} {name}", object.kind),
        (namespace, name) => format!("{} {namespace}/{name}", object.kind),
    }
}

fn summary(report: &Report<'_>) -> String {
    let parts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .filter_map(|severity| {
            let same = report.findings.iter().filter(|finding| finding.severity == severity);
            let count = same.count();
            let plural = if count == 1 || severity == Severity::Info { "" } else { "s" };
            (count > 0).then(|| format!("{count} {}{plural}", severity.name()))
        })
        .collect();
    let found = if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") };
    let plural = if report.objects == 1 { "" } else { "s" };
    format!("{found} in {} object{plural}", report.objects)
}

#[cfg(test)]
mod tests {
    use super::super::samples::findings;
    use super::*;

    #[track_caller]
    fn check(findings: &[Finding], file: (&str, &str), want: &str) {
        let mut files = Files::new();
        files.add(file.0, file.1.as_bytes());
        let mut out = Vec::new();
        let report = Report { findings, files: &files, objects: 4 };
        write(&mut out, &report, Style::PLAIN).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), want);
    }

    #[test]
    fn a_finding_names_its_object_and_every_place() {
        let want = "\
warning[run-as-non-root]: container `api` may run as root
  in       Deployment shop: spec.template.spec.containers[0]
  values   values-prod.yaml:3:8
           | tag: latest
  template templates/deployment.yaml:20:9
  manifest shop/templates/deployment.yaml:31:9
  help     set `securityContext.runAsNonRoot: true`

1 warning in 4 objects
";
        check(&findings()[..1], ("values-prod.yaml", "image:\n\n  tag: latest\n"), want);
    }

    #[test]
    fn a_whole_file_needs_no_line() {
        let want = "\
info[no-documents]: the file holds no object
  manifest empty.yaml

1 info in 4 objects
";
        check(&findings()[1..], ("empty.yaml", ""), want);
    }

    #[test]
    fn the_summary_counts_by_severity() {
        check(&[], ("", ""), "no findings in 4 objects\n");
    }

    #[test]
    fn excerpts_hide_secrets_and_control_characters() {
        let finding = Finding { object: None, help: String::new(), ..findings().remove(0) };
        let locations = finding.locations[..1].to_vec();
        let findings = [Finding { locations, ..finding }];
        let head = "warning[run-as-non-root]: container `api` may run as root\n";
        let rest = "\n1 warning in 4 objects\n";
        let row = "  values   values-prod.yaml:3:8\n";
        let want = format!("{head}{row}           | password: *******\n{rest}");
        check(&findings, ("values-prod.yaml", "\n\npassword: hunter2\n"), &want);
        let want = format!("{head}{row}           | a: \u{fffd}[2J\n{rest}");
        check(&findings, ("values-prod.yaml", "\n\na: \u{1b}[2J\n"), &want);
    }
}
