//! From texts of manifests to findings with their places.

use plimsoll_kube::{Document, read_documents};
use plimsoll_lint::{Found, ObjectSet, Settings, lint, suppress};
use plimsoll_source::{Diagnostic, FileId, Files, Finding, Label, Location, Role, Severity, Span};

/// What [`lint_manifests`] is told beside the texts.
pub struct LintOptions<'a> {
    /// The rules, and the Kubernetes that the objects are meant for.
    pub settings: &'a Settings,
    /// Where objects go that name no namespace.
    pub namespace: &'a str,
    /// `YYYY-MM-DD`, for suppressions that end; empty where none is over.
    pub today: &'a str,
    /// What a place in a manifest was made from, the most useful place first: nothing for plain
    /// manifests.
    pub origins: &'a dyn Fn(&Document, Span) -> Vec<Location>,
}

/// What there is to say about manifests.
#[derive(Debug, Default)]
pub struct Linted {
    /// What the rules found, in the order of the files and of their text.
    pub findings: Vec<Finding>,
    /// Documents that are no YAML, which no rule has seen.
    pub unreadable: Vec<Diagnostic>,
    /// How many objects were looked at.
    pub objects: usize,
}

/// Looks at the objects of all files together. Wants a large stack where nesting may be deep: call
/// it within [`plimsoll_helm::release::on_large_stack`].
pub fn lint_manifests(files: &Files, manifests: &[FileId], options: &LintOptions<'_>) -> Linted {
    let texts = manifests.iter().filter_map(|&id| Some((id, files.get(id)?)));
    let documents: Vec<Document> =
        texts.flat_map(|(id, file)| read_documents(&file.text, id)).collect();
    let set = ObjectSet::new(&documents, options.namespace);
    let text = |id| files.get(id).map(|file| &*file.text);
    let found = lint(&set, options.settings);
    let found = suppress(found, &set, options.settings, &text, options.today);
    let place = |one: Found| located(one, &documents, files, options);
    Linted {
        findings: found.into_iter().map(place).collect(),
        unreadable: documents.iter().filter_map(unreadable).collect(),
        objects: set.objects().len(),
    }
}

fn located(
    found: Found,
    documents: &[Document],
    files: &Files,
    options: &LintOptions<'_>,
) -> Finding {
    let Found { mut finding, span } = found;
    let after = documents
        .partition_point(|one| (one.file, one.range.start) <= (span.file, span.start as usize));
    let document = after.checked_sub(1).map(|at| &documents[at]);
    finding.locations = document.map(|one| (options.origins)(one, span)).unwrap_or_default();
    finding.locations.extend(files.locate(span).map(|(file, at)| Location {
        role: Role::Manifest,
        file: file.to_owned(),
        line: at.line,
        column: at.column,
    }));
    finding
}

fn unreadable(document: &Document) -> Option<Diagnostic> {
    let error = document.content.as_ref().err()?;
    let start = document.range.start as u32;
    let span = error.span.map_or(Span::new(document.file, start, start), |at| document.span(at));
    // go-yaml counts lines from the start of the document; the label shows the true one.
    let message = error.message.strip_prefix("yaml: ").unwrap_or(&error.message);
    let message = match message.split_once(": ") {
        Some((line, rest)) if line.starts_with("line ") => rest,
        _ => message,
    };
    Some(Diagnostic {
        severity: Severity::Error,
        code: "unreadable-manifest",
        message: format!("the document is no YAML: {message}"),
        labels: vec![Label { span, text: "the parser stopped here".to_owned() }],
        help: String::new(),
        original: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use plimsoll_lint::Profile;

    use super::*;

    const POD: &str = "kind: Pod\napiVersion: v1\nspec:\n  containers:\n    - name: a\n";

    fn check(texts: &[&str], origins: &dyn Fn(&Document, Span) -> Vec<Location>) -> Linted {
        let mut files = Files::new();
        let name = |at: usize| format!("{at}.yaml");
        let ids: Vec<FileId> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| files.add(name(at), text.as_bytes()))
            .collect();
        let settings = Settings::new(Profile::Default, (1, 37));
        let options = LintOptions { settings: &settings, namespace: "default", today: "", origins };
        lint_manifests(&files, &ids, &options)
    }

    #[test]
    fn findings_have_their_place_in_the_manifest() {
        let text = format!("---\nkind: Service\napiVersion: v1\n---\n{POD}");
        let linted = check(&["", &text], &|_, _| Vec::new());
        let mut findings = linted.findings.iter();
        let limit = findings.find(|one| one.rule == "memory-limit").unwrap();
        let at = &limit.locations[0];
        assert_eq!((at.file.as_str(), at.line, at.column), ("1.yaml", 9, 7));
        assert_eq!(linted.objects, 2);
    }

    #[test]
    fn origins_come_first() {
        let text = format!("# Source: c/templates/a.yaml\n{POD}");
        let linted = check(&[&text], &|document, _| {
            let file = document.source.clone().unwrap();
            vec![Location { role: Role::Template, file, line: 1, column: 1 }]
        });
        let roles: Vec<Role> = linted.findings[0].locations.iter().map(|at| at.role).collect();
        assert_eq!(roles, [Role::Template, Role::Manifest]);
    }

    #[test]
    fn what_is_suppressed_is_not_told() {
        let text = format!("# plimsoll:ignore memory-limit it is a test\n{POD}");
        let rules = |text: &str| -> Vec<&str> {
            let linted = check(&[text], &|_, _| Vec::new());
            linted.findings.iter().map(|one| one.rule).collect()
        };
        assert!(rules(POD).contains(&"memory-limit"));
        assert!(!rules(&text).contains(&"memory-limit"));
    }

    #[test]
    fn what_is_no_yaml_is_told_and_the_rest_is_linted() {
        let text = format!("a: [\n---\n{POD}");
        let linted = check(&[&text], &|_, _| Vec::new());
        assert!(!linted.findings.is_empty());
        assert_eq!(linted.unreadable.len(), 1);
        assert!(!linted.unreadable[0].message.contains("line "), "{:?}", linted.unreadable);
    }
}
