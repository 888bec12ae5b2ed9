use plimsoll_source::{Diagnostic, Files, Finding, Label, Location, Role};

/// Diagnostics as the findings that programs read: the code is the rule, and each label a location.
pub fn as_findings(diagnostics: &[Diagnostic], files: &Files) -> Vec<Finding> {
    diagnostics.iter().map(|one| finding(one, files)).collect()
}

fn finding(diagnostic: &Diagnostic, files: &Files) -> Finding {
    Finding {
        rule: diagnostic.code,
        severity: diagnostic.severity,
        message: diagnostic.message.clone(),
        object: None,
        path: String::new(),
        locations: diagnostic.labels.iter().filter_map(|label| location(label, files)).collect(),
        help: diagnostic.help.clone(),
        fix: None,
    }
}

fn location(label: &Label, files: &Files) -> Option<Location> {
    let (name, at) = files.locate(label.span)?;
    let rendered = name.strip_suffix(" (rendered)");
    let is_template = name.starts_with("templates/") || name.contains("/templates/");
    let role = match (rendered, is_template) {
        (Some(_), _) => Role::Manifest,
        (None, true) => Role::Template,
        (None, false) => Role::Values,
    };
    let file = rendered.unwrap_or(name).to_owned();
    Some(Location { role, file, line: at.line, column: at.column })
}

#[cfg(test)]
mod tests {
    use plimsoll_source::{Severity, Span};

    use super::*;

    #[test]
    fn each_label_is_a_location_of_its_kind() {
        let mut files = Files::new();
        let names = ["c/templates/a.yaml", "c/values.yaml", "c/templates/a.yaml (rendered)"];
        let ids = names.map(|name| files.add(name, b"a\nb\n".to_vec()));
        let label = |file| Label { span: Span::new(file, 2, 3), text: String::new() };
        let diagnostic = Diagnostic {
            severity: Severity::Error,
            code: "nil-value",
            message: "m".to_owned(),
            labels: ids.map(label).to_vec(),
            help: "h".to_owned(),
            original: String::new(),
        };
        let finding = as_findings(&[diagnostic], &files).remove(0);
        let at: Vec<_> =
            finding.locations.iter().map(|at| (at.role, at.file.as_str(), at.line)).collect();
        let want = [
            (Role::Template, "c/templates/a.yaml", 2),
            (Role::Values, "c/values.yaml", 2),
            (Role::Manifest, "c/templates/a.yaml", 2),
        ];
        assert_eq!(at, want);
        assert_eq!((finding.rule, finding.help.as_str()), ("nil-value", "h"));
    }
}
