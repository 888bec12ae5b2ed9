//! What an API server says of an object, without a server: types, names, values, and what goes
//! together. Start with [`Validator`].

mod checks;
mod cx;
mod decode;
mod json_text;
mod names;
mod net;
mod node;
mod path;
mod problem;
mod suggest;
mod value;

pub use problem::Problem;

use plimsoll_source::{FileId, Severity, Span};
use plimsoll_yaml::{Kind, Node, YamlError};

use crate::schema::{self, KindRow, LAST_MINOR};
use cx::Cx;
use node::Fields as _;

/// What the objects are checked against.
#[derive(Clone, Debug)]
pub struct Validator {
    /// The minor version of the server, 27 to 37.
    pub minor: u16,
    /// An object without a schema is an error.
    pub strict_schemas: bool,
}

impl Default for Validator {
    fn default() -> Validator {
        Validator { minor: LAST_MINOR, strict_schemas: false }
    }
}

impl Validator {
    /// What the server would say of one object; nothing, if it takes it without a word.
    pub fn check(&self, object: &Node) -> Vec<Problem> {
        let (version, kind) = match identity(object) {
            Ok(identity) => identity,
            Err(problem) => return vec![problem],
        };
        match schema::find_kind(version, kind) {
            Some(row) if row.from > 0 && row.from <= self.minor && self.minor <= row.to => {
                self.built_in(object, row)
            }
            Some(row) => vec![not_served(object, row, self.minor)],
            None => vec![self.unknown(object, version, kind)],
        }
    }

    /// What the server would say of a text that holds one object.
    pub fn check_text(&self, text: &[u8], file: FileId) -> Vec<Problem> {
        let object = match plimsoll_yaml::read_strict(text, file) {
            Ok(object) => object,
            Err(error) => return self.unreadable(text, file, &error),
        };
        self.check(&object)
    }

    /// A text with a key twice can still be judged; any other error is the only one.
    fn unreadable(&self, text: &[u8], file: FileId, error: &YamlError) -> Vec<Problem> {
        let span = error.span.unwrap_or(Span::new(file, 0, 0));
        let twice = error.message.contains("already set in map");
        let message = if twice { format!("strict decoding error: {error}") } else { error.to_string() };
        vec![problem("decode", Severity::Error, "", message, span)]
    }

    /// Takes in the schemas of a CustomResourceDefinition.
    pub fn add_crd(&mut self, crd: &Node) {
        let _ = crd;
    }

    fn built_in(&self, object: &Node, row: KindRow) -> Vec<Problem> {
        let mut cx = Cx::new(object, row.root, self.minor);
        let Some(root) = row.root else { return Vec::new() };
        decode::decode(&mut cx, root);
        if !cx.failed() {
            checks::object_meta(&mut cx, checks::meta_rules(root.name(), row.namespaced, self.minor));
            checks::run(&mut cx, root.name());
        }
        if !row.deprecated.is_empty() {
            cx.warn(object, "", row.deprecated.to_owned());
        }
        cx.problems
    }

    fn unknown(&self, object: &Node, version: &str, kind: &str) -> Problem {
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let message = format!("no matches for kind {kind:?} in version {version:?}");
        if schema::has_group(group) || !group.contains('.') && group.is_empty() {
            return problem("unknown-kind", Severity::Error, "apiVersion", message, object.of("apiVersion").span);
        }
        let severity = if self.strict_schemas { Severity::Error } else { Severity::Info };
        let message = format!("no schema for `{version}` `{kind}` is known");
        problem("no-schema", severity, "", message, object.span)
    }
}

/// apiVersion and kind, or what kubectl says where they are missing.
fn identity(object: &Node) -> Result<(&str, &str), Problem> {
    let wrong = |path: &str, message: &str| {
        Err(problem("decode", Severity::Error, path, message.to_owned(), object.span))
    };
    if !matches!(object.kind, Kind::Map(_)) {
        let message = format!("json: cannot unmarshal {} into an object", object.json_kind());
        return wrong("", &message);
    }
    match (object.text("apiVersion"), object.text("kind")) {
        (_, "") => wrong("kind", "Object 'Kind' is missing"),
        ("", _) => wrong("apiVersion", "Object 'apiVersion' is missing"),
        found => Ok(found),
    }
}

fn not_served(object: &Node, row: KindRow, minor: u16) -> Problem {
    let (version, kind) = (row.api_version, row.kind);
    let mut found = problem(
        "removed-version",
        Severity::Error,
        "apiVersion",
        format!("no matches for kind {kind:?} in version {version:?}"),
        object.of("apiVersion").span,
    );
    found.help = if row.from > minor {
        format!("1.{minor} does not serve it yet, 1.{} does", row.from)
    } else if row.replacement.is_empty() {
        format!("1.{} was the last to serve it", row.to)
    } else {
        format!("1.{} was the last to serve it: write `{}`", row.to, row.replacement)
    };
    found
}

fn problem(rule: &'static str, severity: Severity, path: &str, message: String, span: Span) -> Problem {
    Problem { rule, severity, path: path.to_owned(), message, span, help: String::new() }
}
