//! How rules are tested: through one function, and through the examples of their own pages.

use plimsoll_kube::read_documents;
use plimsoll_source::FileId;

use super::RULES;
use crate::{Found, ObjectSet, Profile, Rule, Settings, lint};

/// The paths that a rule reports of manifests, in the newest Kubernetes and namespace `default`.
#[track_caller]
pub(super) fn check(rule: &'static Rule, text: &str, paths: &[&str]) {
    let found = ask(rule, text);
    let got: Vec<&str> = found.iter().map(|one| one.finding.path.as_str()).collect();
    assert_eq!(got, paths, "{text}");
}

/// A pod with fields of its own and one container `a`.
pub(super) fn pod(fields: &str) -> String {
    format!(
        "{{kind: Pod, apiVersion: v1, spec: {{containers: [{{name: a, image: 'a:1'}}], {fields}}}}}\n"
    )
}

/// A pod of one container `a` with fields of its own.
pub(super) fn container(fields: &str) -> String {
    format!("{{kind: Pod, apiVersion: v1, spec: {{containers: [{{name: a, {fields}}}]}}}}\n")
}

/// A Role of one rule.
pub(super) fn role(group: &str, resource: &str, verb: &str) -> String {
    format!(
        "{{kind: Role, apiVersion: rbac.authorization.k8s.io/v1, rules: [{{apiGroups: ['{group}'], resources: ['{resource}'], verbs: ['{verb}']}}]}}"
    )
}

fn ask(rule: &'static Rule, text: &str) -> Vec<Found> {
    let documents = read_documents(text.as_bytes(), FileId(0));
    for document in &documents {
        assert_eq!(document.content.as_ref().err(), None, "{text}");
    }
    let mut settings = Settings::new(Profile::All, (1, 37));
    for other in RULES {
        settings.set(other, None);
    }
    settings.set(rule, Some(rule.severity));
    lint(&ObjectSet::new(&documents, "default"), &settings)
}

/// The YAML blocks of a section.
fn examples(rule: &Rule, heading: &str) -> Vec<String> {
    let mut examples = Vec::new();
    let mut open: Option<String> = None;
    for line in rule.sections().iter().filter(|(name, _)| *name == heading).flat_map(|(_, l)| l) {
        match (&mut open, *line) {
            (None, "```yaml") => open = Some(String::new()),
            (Some(_), "```") => examples.extend(open.take()),
            (Some(text), line) => text.push_str(&format!("{line}\n")),
            (None, _) => {}
        }
    }
    assert!(open.is_none() && !examples.is_empty(), "{}: examples under {heading}", rule.name);
    examples
}

#[test]
fn examples_do_what_their_page_says() {
    for rule in RULES {
        for text in examples(rule, "Fails") {
            let found = ask(rule, &text);
            assert!(!found.is_empty(), "{} does not fail:\n{text}", rule.name);
        }
        for text in examples(rule, "Passes") {
            let found = ask(rule, &text);
            assert!(found.is_empty(), "{} does not pass:\n{text}\n{found:?}", rule.name);
        }
    }
}

#[test]
fn pages_are_complete() {
    for rule in RULES {
        let headings: Vec<&str> = rule.sections().iter().map(|(heading, _)| *heading).collect();
        assert_eq!(headings, ["Why", "Fails", "Passes"], "{}", rule.name);
        let summary = rule.summary();
        assert!(summary.ends_with('.') && !summary.is_empty(), "{}: {summary}", rule.name);
    }
}

#[test]
fn messages_say_what_is_and_what_to_do() {
    for rule in RULES {
        for one in examples(rule, "Fails").iter().flat_map(|text| ask(rule, text)) {
            let finding = one.finding;
            assert!(!finding.message.ends_with('.'), "{}: {}", rule.name, finding.message);
            assert!(!finding.help.is_empty() && !finding.help.ends_with('.'), "{}", rule.name);
        }
    }
}

#[test]
fn names_are_sorted_and_in_kebab_case() {
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    let kebab = |name: &&str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    assert!(names.iter().all(kebab), "{names:?}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test looks at the sources")]
fn every_file_is_registered() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
    let mut files = Vec::new();
    for folder in std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()) {
        if folder.is_dir() {
            let inside = std::fs::read_dir(&folder).unwrap();
            let names = inside.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            let rules = names.filter(|name| name != "mod.rs");
            files.extend(rules.map(|name| name.replace(".rs", "").replace('_', "-")));
        }
    }
    files.sort();
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(names, files);
}

#[test]
fn every_family_has_its_folder() {
    for rule in RULES {
        let folder = format!("{:?}", rule.family).to_lowercase();
        let file = format!("{folder}/{}.rs", rule.name.replace('-', "_"));
        let path = format!("{}/src/rules/{file}", env!("CARGO_MANIFEST_DIR"));
        assert!(std::path::Path::new(&path).is_file(), "{file}");
    }
}
