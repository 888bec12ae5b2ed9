//! From texts of manifests to what an API server would say of each object in them.

use plimsoll_kube::validate::{Problem, References, Validator, check_set, unreadable};
use plimsoll_kube::{Document, Framing, Object, objects, read_documents, strays};
use plimsoll_report::validation::Row;
use plimsoll_source::{FileId, Files, Finding, Location, ObjectId, Role, Severity, Span};

use crate::{JsonSchemas, validate_client, validate_set};

/// What [`validate_manifests`] is told beside the texts and the schemas.
pub struct ValidateOptions<'a> {
    /// Kinds that are passed over: `Secret`, `apps/v1/Deployment`.
    pub skip: &'a [String],
    /// Kinds that are errors by themselves.
    pub reject: &'a [String],
    /// Whether objects without a schema are passed over without a word.
    pub ignore_missing_schemas: bool,
    /// Schemas of kinds that the validator does not know.
    pub schemas: Option<&'a JsonSchemas<'a>>,
    /// Whether all files are applied together, so that no object may stand in two of them.
    pub together: bool,
    /// What a place in a manifest was made from, the most useful place first.
    pub origins: &'a dyn Fn(&Document, Span) -> Vec<Location>,
}

/// What there is to say about one object, or about a text that holds none.
#[derive(Clone, Debug, Default)]
pub struct Validated {
    /// The file as the user knows it.
    pub file: String,
    /// The line where the document begins, from 1.
    pub line: u32,
    /// What it is; `None` where the text does not decode or holds no object.
    pub object: Option<ObjectId>,
    /// Passed over.
    pub skipped: bool,
    /// Whether a server would take it.
    pub valid: bool,
    /// What the server would say, and what we have to say beside.
    pub findings: Vec<Finding>,
}

impl Validated {
    /// The row as reports write it; `kube_version` is empty where there is only one.
    pub fn row<'a>(&'a self, kube_version: &'a str) -> Row<'a> {
        Row {
            file: &self.file,
            line: self.line,
            object: self.object.as_ref(),
            skipped: self.skipped,
            valid: self.valid,
            findings: &self.findings,
            kube_version,
        }
    }

    /// Adds a warning about the whole object.
    pub(crate) fn add_warning(&mut self, rule: &'static str, message: String) {
        self.findings.push(Finding {
            rule,
            severity: Severity::Warning,
            message,
            object: self.object.clone(),
            path: String::new(),
            locations: vec![Location {
                role: Role::Manifest,
                file: self.file.clone(),
                line: self.line,
                column: 1,
            }],
            help: String::new(),
            fix: None,
        });
    }
}

/// Takes in every CustomResourceDefinition that the texts hold.
pub fn add_crds(validator: &mut Validator, documents: &[Document]) {
    add(validator, &objects(documents), &|_, _| true);
}

/// The same where nothing but these documents will be judged.
pub fn add_own_crds(validator: &mut Validator, documents: &[Document]) {
    let all = objects(documents);
    let mut kinds: Vec<(&str, &str)> = all.iter().map(|one| (one.api_version, one.kind)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    add(validator, &all, &|version, kind| kinds.binary_search(&(version, kind)).is_ok());
}

fn add(validator: &mut Validator, all: &[Object<'_>], wanted: &dyn Fn(&str, &str) -> bool) {
    for object in all.iter().filter(|one| one.kind == "CustomResourceDefinition") {
        validator.add_crd_of(object.node, wanted);
    }
}

/// The documents of all files, read once.
pub fn documents(files: &Files, manifests: &[FileId]) -> Vec<Document> {
    let texts = manifests.iter().filter_map(|&id| Some((id, files.get(id)?)));
    texts.flat_map(|(id, file)| read_documents(&file.text, id)).collect()
}

/// Judges each object, in the order of files and texts; every file has at least one row. Wants a
/// large stack where nesting may be deep.
pub fn validate_manifests(
    files: &Files,
    manifests: &[FileId],
    documents: &[Document],
    validator: &Validator,
    options: &ValidateOptions<'_>,
) -> Vec<Validated> {
    let mut rows = Vec::new();
    let mut references = References::default();
    let mut rest = documents;
    for &id in manifests {
        let before = rows.len();
        let own = rest.iter().take_while(|document| document.file == id).count();
        let (documents, others) = rest.split_at(own);
        rest = others;
        for document in documents {
            of_document((&mut rows, &mut references), files, document, validator, options);
        }
        if rows.len() == before {
            rows.push(Validated { line: 1, valid: true, ..row(files, id, 0) });
        }
        if !options.together {
            validate_set::duplicates(&mut rows, before);
        }
    }
    if options.together {
        validate_set::duplicates(&mut rows, 0);
    }
    validate_set::say_once(&mut rows);
    of_set(&mut rows, files, documents, &references, options);
    rows
}

/// What objects say of each other: all files together, as they are applied.
fn of_set(
    rows: &mut [Validated],
    files: &Files,
    documents: &[Document],
    references: &References<'_>,
    options: &ValidateOptions<'_>,
) {
    let objects = objects(documents);
    // Of one object by itself there is nothing to say.
    if objects.len() < 2 && !options.together {
        return;
    }
    let mut rows: Vec<&mut Validated> =
        rows.iter_mut().filter(|row| row.object.is_some()).collect();
    for (at, problem) in check_set(&objects, references) {
        let Some(row) = rows.get_mut(at).filter(|row| !row.skipped) else { continue };
        let found = finding(problem, row.object.clone(), files, objects[at].document, options);
        row.findings.push(found);
    }
}

fn row(files: &Files, id: FileId, offset: usize) -> Validated {
    let (file, at) = files
        .locate(Span::new(id, offset as u32, offset as u32))
        .map_or_else(|| (String::new(), 1), |(file, at)| (file.to_owned(), at.line));
    Validated { file, line: at, ..Validated::default() }
}

fn of_document<'d>(
    (rows, references): (&mut Vec<Validated>, &mut References<'d>),
    files: &Files,
    document: &'d Document,
    validator: &Validator,
    options: &ValidateOptions<'_>,
) {
    let start = document.range.start + leading(files, document);
    let framing = validate_client::of_framing(document);
    let repeated = validate_client::of_repeated(document);
    let held = objects(std::slice::from_ref(document));
    let strays = strays(document);
    if held.is_empty() && strays.is_empty() {
        let mut one = row(files, document.file, start);
        let problems = match (framing, repeated, &document.content) {
            // What kubectl does not read at all need not be anything.
            (Some(framing), ..) if document.framing == Framing::Unread => vec![framing],
            (Some(framing), _, Err(_)) if framing.severity == Severity::Error => vec![framing],
            (framing, Some(repeated), _) => framing.into_iter().chain([repeated]).collect(),
            (framing, None, Ok(node)) if is_empty_list(node) => framing.into_iter().collect(),
            (framing, None, Ok(node)) => framing.into_iter().chain(validator.check(node)).collect(),
            (framing, None, Err(error)) => framing.into_iter().chain([unreadable(error)]).collect(),
        };
        finish(&mut one, problems, files, document, options);
        rows.push(one);
        return;
    }
    for object in held {
        references.add(&object);
        let offset = if object.node.span.start == 0 {
            start
        } else {
            document.range.start + object.node.span.start as usize
        };
        let alone = document.content.as_ref().is_ok_and(|node| std::ptr::eq(node, object.node));
        let mut one = row(files, document.file, if alone { start } else { offset });
        one.object = Some(object.id());
        if is_named(&object, options.skip) {
            one.skipped = true;
            one.valid = true;
            rows.push(one);
            continue;
        }
        let mut problems: Vec<Problem> = framing.iter().chain(&repeated).cloned().collect();
        if is_named(&object, options.reject) {
            problems.push(rejected(&object));
        }
        // What is too large is refused before anything is looked at.
        problems.extend(validate_set::of_size(document, object.node));
        if problems.iter().all(|problem| problem.severity != Severity::Error) {
            problems.extend(validator.check_as(object.node, object.api_version, object.kind));
            elsewhere(&mut problems, &object, options);
        }
        problems.extend(validate_client::of_name(&object));
        if options.ignore_missing_schemas {
            problems.retain(|problem| problem.rule != "no-schema");
        }
        finish(&mut one, problems, files, document, options);
        rows.push(one);
    }
    for (node, why) in strays {
        let offset = document.range.start + node.span.start as usize;
        let mut one = row(files, document.file, offset);
        finish(&mut one, vec![validate_client::of_stray(node, why)], files, document, options);
        rows.push(one);
    }
}

/// Where nobody here knows the kind, the user's own schemas have the word.
fn elsewhere(problems: &mut Vec<Problem>, object: &Object<'_>, options: &ValidateOptions<'_>) {
    let unknown = |problem: &Problem| matches!(problem.rule, "no-schema" | "unknown-kind");
    let Some(schemas) = options.schemas.filter(|_| problems.iter().any(unknown)) else { return };
    if let Some(found) = schemas.check(object.node, object.api_version, object.kind) {
        problems.retain(|problem| !unknown(problem));
        problems.splice(0..0, found);
    }
}

fn is_empty_list(node: &plimsoll_kube::Node) -> bool {
    let kind = node.get("kind").and_then(plimsoll_kube::Node::as_str).unwrap_or_default();
    kind.ends_with("List") && node.get("items").is_some()
}

/// How far comments and markers reach before the first field.
fn leading(files: &Files, document: &Document) -> usize {
    let Some(file) = files.get(document.file) else { return 0 };
    let Some(text) = file.text.get(document.range.clone()) else { return 0 };
    let mut at = 0;
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        let content = line.trim_ascii();
        if !(content.is_empty() || content.starts_with(b"#") || content.starts_with(b"---")) {
            break;
        }
        at += line.len();
    }
    if at == text.len() { 0 } else { at }
}

/// `Secret`, `v1/Secret`, `apps/v1/Deployment`.
fn is_named(object: &Object<'_>, names: &[String]) -> bool {
    names.iter().any(|name| match name.rsplit_once('/') {
        Some((version, kind)) => version == object.api_version && kind == object.kind,
        None => name == object.kind,
    })
}

fn rejected(object: &Object<'_>) -> Problem {
    Problem {
        rule: "rejected-kind",
        severity: Severity::Error,
        path: "kind".to_owned(),
        message: format!("`{}` is a kind that `--reject` names", object.kind),
        span: object.node.span,
        help: String::new(),
    }
}

fn finish(
    row: &mut Validated,
    problems: Vec<Problem>,
    files: &Files,
    document: &Document,
    options: &ValidateOptions<'_>,
) {
    row.valid = problems.iter().all(|problem| problem.severity != Severity::Error);
    row.findings = problems
        .into_iter()
        .map(|problem| finding(problem, row.object.clone(), files, document, options))
        .collect();
}

fn finding(
    problem: Problem,
    object: Option<ObjectId>,
    files: &Files,
    document: &Document,
    options: &ValidateOptions<'_>,
) -> Finding {
    // What stands nowhere is told where its document begins.
    let span = if problem.span.file == FileId::NONE {
        let start = (document.range.start + leading(files, document)) as u32;
        Span::new(document.file, start, start)
    } else {
        document.span(problem.span)
    };
    let mut locations = (options.origins)(document, span);
    locations.extend(files.locate(span).map(|(file, at)| Location {
        role: Role::Manifest,
        file: file.to_owned(),
        line: at.line,
        column: at.column,
    }));
    Finding {
        rule: problem.rule,
        severity: problem.severity,
        message: problem.message,
        object,
        path: problem.path,
        locations,
        help: problem.help,
        fix: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &[(&str, u32, bool, &[&str])]) {
        let mut files = Files::new();
        let id = files.add("a.yaml", text.as_bytes());
        let documents = documents(&files, &[id]);
        let mut validator = Validator::default();
        add_crds(&mut validator, &documents);
        let options = ValidateOptions {
            skip: &["Secret".to_owned()],
            reject: &[],
            ignore_missing_schemas: false,
            schemas: None,
            together: false,
            origins: &|_, _| Vec::new(),
        };
        let rows = validate_manifests(&files, &[id], &documents, &validator, &options);
        let got: Vec<(&str, u32, bool, Vec<&str>)> = rows
            .iter()
            .map(|row| {
                let kind = row.object.as_ref().map_or("", |object| object.kind.as_str());
                let paths = row.findings.iter().map(|finding| finding.path.as_str()).collect();
                (kind, row.line, row.valid, paths)
            })
            .collect();
        let want: Vec<(&str, u32, bool, Vec<&str>)> = want
            .iter()
            .map(|(kind, line, valid, paths)| (*kind, *line, *valid, paths.to_vec()))
            .collect();
        assert_eq!(got, want);
    }

    const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";

    #[test]
    fn each_object_has_a_row_with_its_line() {
        let text = format!("# top\n{MAP}---\n{}", MAP.replace("name: a", "name: A"));
        check(&text, &[("ConfigMap", 2, true, &[]), ("ConfigMap", 7, false, &["metadata.name"])]);
    }

    #[test]
    fn what_is_no_object_is_told() {
        check("", &[("", 1, true, &[])]);
        check("a: 1\n", &[("", 1, false, &["kind"])]);
        check("a: [\n", &[("", 1, false, &[""])]);
        check("kind: Secret\napiVersion: v1\n", &[("Secret", 1, true, &[])]);
    }

    #[test]
    fn lists_are_judged_by_their_items() {
        let text = "kind: List\napiVersion: v1\nitems:\n- kind: ConfigMap\n  apiVersion: v1\n  metadata: {name: a}\n- kind: ConfigMap\n  apiVersion: v1\n";
        check(text, &[("ConfigMap", 4, true, &[]), ("ConfigMap", 7, false, &["metadata.name"])]);
    }

    #[test]
    fn however_many_warnings_there_are_an_error_is_told() {
        let containers = "{name: A, image: b}, ".repeat(700);
        let text = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{containers: [{containers}]}}\n"
        );
        let mut files = Files::new();
        let id = files.add("a.yaml", text.as_bytes());
        let options = ValidateOptions {
            skip: &[],
            reject: &[],
            ignore_missing_schemas: false,
            schemas: None,
            together: false,
            origins: &|_, _| Vec::new(),
        };
        let documents = documents(&files, &[id]);
        let rows = validate_manifests(&files, &[id], &documents, &Validator::default(), &options);
        let errors = rows[0].findings.iter().filter(|one| one.severity == Severity::Error);
        assert!(!rows[0].valid);
        assert_eq!((errors.count(), rows[0].findings.len()), (500, 1000));
    }

    #[test]
    fn an_object_that_stands_twice_is_told() {
        let text = format!("{MAP}---\n{MAP}");
        check(&text, &[("ConfigMap", 1, true, &[]), ("ConfigMap", 6, true, &[""])]);
    }

    #[test]
    fn definitions_among_the_texts_are_used() {
        let crd = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: as.x.io}\nspec:\n  group: x.io\n  scope: Namespaced\n  names: {plural: as, kind: A, singular: a, listKind: AList}\n  versions:\n  - name: v1\n    served: true\n    storage: true\n    schema:\n      openAPIV3Schema: {type: object, properties: {size: {type: integer}}}\n";
        let text =
            format!("{crd}---\napiVersion: x.io/v1\nkind: A\nmetadata: {{name: a}}\nsize: x\n");
        check(&text, &[("CustomResourceDefinition", 1, true, &[]), ("A", 15, false, &["size"])]);
    }
}
