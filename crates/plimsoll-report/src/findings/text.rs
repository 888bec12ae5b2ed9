use std::io::{self, Write};

use plimsoll_source::{Finding, ObjectId, Severity};

use crate::{Style, strip_controls};

/// A block a finding and a line that counts them.
pub(super) fn write(out: &mut dyn Write, findings: &[Finding], style: Style) -> io::Result<()> {
    for finding in findings {
        one(out, finding, style)?;
        writeln!(out)?;
    }
    writeln!(out, "{}", summary(findings))
}

fn one(out: &mut dyn Write, finding: &Finding, style: Style) -> io::Result<()> {
    let head = format!("{}[{}]", finding.severity.name(), finding.rule);
    let head = style.severity(finding.severity, &head);
    writeln!(out, "{head}: {}", style.bold(&strip_controls(&finding.message)))?;
    if let Some(object) = &finding.object {
        let path = strip_controls(&finding.path);
        writeln!(out, "  {} {}  {path}", style.dim("in"), strip_controls(&name(object)))?;
    }
    for location in &finding.locations {
        let place = format!("{}:{}:{}", location.file, location.line, location.column);
        let role = format!("{:<8}", location.role.name());
        writeln!(out, "  {} {}", style.dim(&role), strip_controls(&place))?;
    }
    if !finding.help.is_empty() {
        writeln!(out, "  {} {}", style.dim("help"), strip_controls(&finding.help))?;
    }
    Ok(())
}

fn name(object: &ObjectId) -> String {
    if object.namespace.is_empty() {
        format!("{} {}", object.kind, object.name)
    } else {
        format!("{} {}/{}", object.kind, object.namespace, object.name)
    }
}

fn summary(findings: &[Finding]) -> String {
    let counts = [Severity::Error, Severity::Warning, Severity::Info].map(|severity| {
        (severity, findings.iter().filter(|finding| finding.severity == severity).count())
    });
    let parts: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| {
            let plural = if *count == 1 || *severity == Severity::Info { "" } else { "s" };
            format!("{count} {}{plural}", severity.name())
        })
        .collect();
    if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::super::samples::findings;
    use super::*;

    fn text(findings: &[Finding]) -> String {
        let mut out = Vec::new();
        write(&mut out, findings, Style::PLAIN).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_finding_names_its_object_and_every_place() {
        let got = text(&findings()[..1]);
        let want = "\
warning[run-as-non-root]: container `api` may run as root
  in Deployment shop  spec.template.spec.containers[0]
  values   values-prod.yaml:3:8
  template templates/deployment.yaml:20:9
  manifest shop/templates/deployment.yaml:31:9
  help set `securityContext.runAsNonRoot: true`

1 warning
";
        assert_eq!(got, want);
    }

    #[test]
    fn the_summary_counts_by_severity() {
        assert!(text(&findings()).ends_with("1 warning, 1 info\n"));
        assert_eq!(text(&[]), "no findings\n");
    }
}
