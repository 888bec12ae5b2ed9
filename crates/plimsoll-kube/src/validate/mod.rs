//! What an API server says of an object, without a server: types, names, values, and what goes
//! together. Start with [`Validator`].

mod checks;
mod custom;
mod cx;
mod decode;
mod der;
mod embedded;
mod list_keys;
mod names;
mod net;
mod node;
mod pair;
mod path;
mod place;
mod problem;
mod quota;
mod set;
mod suggest;
mod value;

pub use problem::Problem;
pub use set::{References, check_set};

pub(crate) use cx::shown;

use plimsoll_source::{FileId, Severity, Span};
use plimsoll_yaml::{Kind, Node, YamlError};

use crate::crd::{CustomKind, read_crd_of};
use crate::schema::{self, KindRow, LAST_MINOR};
use cx::Cx;
use node::Fields as _;

/// What the objects are checked against.
#[derive(Debug)]
pub struct Validator {
    /// The minor version of the server, 27 to 37.
    pub minor: u16,
    /// An object without a schema is an error.
    pub strict_schemas: bool,
    /// The kinds of CustomResourceDefinitions, in order of apiVersion and kind.
    custom: Vec<CustomKind>,
}

impl Default for Validator {
    fn default() -> Validator {
        Validator { minor: LAST_MINOR, strict_schemas: false, custom: Vec::new() }
    }
}

/// Why there is no validator for a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidateError {
    /// The text is no version.
    NoVersion,
    /// The table holds only the minors from `first` to `last`.
    OutOfRange {
        /// The oldest minor.
        first: u16,
        /// The newest minor.
        last: u16,
    },
}

impl Validator {
    /// A validator for `1.34`, `v1.34.2` or, where the text is empty or `master`, the newest minor.
    pub fn for_version(text: &str) -> Result<Validator, ValidateError> {
        if matches!(text, "" | "master") {
            return Ok(Validator::default());
        }
        let mut parts = text.trim_start_matches('v').split('.');
        let (major, minor) = (parts.next(), parts.next());
        let minor: u16 =
            minor.and_then(|minor| minor.parse().ok()).ok_or(ValidateError::NoVersion)?;
        if major != Some("1") {
            return Err(ValidateError::NoVersion);
        }
        if !(schema::FIRST_MINOR..=LAST_MINOR).contains(&minor) {
            return Err(ValidateError::OutOfRange { first: schema::FIRST_MINOR, last: LAST_MINOR });
        }
        Ok(Validator { minor, ..Validator::default() })
    }

    /// What the server would say of one object; nothing, if it takes it without a word.
    pub fn check(&self, object: &Node) -> Vec<Problem> {
        let (version, kind) = match identity(object) {
            Ok(identity) => identity,
            Err(problem) => return vec![problem],
        };
        self.check_as(object, version, kind)
    }

    /// The same for an item of a list that leaves its type to the list.
    pub fn check_as(&self, object: &Node, version: &str, kind: &str) -> Vec<Problem> {
        if version.is_empty() {
            return self.check(object);
        }
        match schema::find_kind(version, kind) {
            Some(row) if row.from > 0 && row.from <= self.minor && self.minor <= row.to => {
                self.built_in(object, row)
            }
            Some(row) => vec![not_served(object, row, self.minor)],
            None => self.foreign(object, version, kind),
        }
    }

    /// What the server would say of a text that holds one object.
    pub fn check_text(&self, text: &[u8], file: FileId) -> Vec<Problem> {
        match plimsoll_yaml::read_strict(text, file) {
            Ok(object) => self.check(&object),
            Err(error) => vec![unreadable(&error)],
        }
    }

    /// Takes in the schemas of a CustomResourceDefinition.
    pub fn add_crd(&mut self, crd: &Node) {
        self.add_crd_of(crd, &|_, _| true);
    }

    /// The same where only objects of some apiVersions and kinds will be judged: the schemas of others
    /// are not read, their kinds are known all the same.
    pub fn add_crd_of(&mut self, crd: &Node, wanted: &dyn Fn(&str, &str) -> bool) {
        for kind in read_crd_of(crd, wanted) {
            let key = (&kind.api_version, &kind.kind);
            match self.custom.binary_search_by(|known| (&known.api_version, &known.kind).cmp(&key))
            {
                Ok(at) => self.custom[at] = kind,
                Err(at) => self.custom.insert(at, kind),
            }
        }
    }

    /// The schema of a custom resource, if a definition of it was taken in.
    pub fn custom(&self, api_version: &str, kind: &str) -> Option<&CustomKind> {
        let key = (api_version, kind);
        let at = self
            .custom
            .binary_search_by(|known| (known.api_version.as_str(), known.kind.as_str()).cmp(&key));
        at.ok().map(|at| &self.custom[at])
    }

    fn built_in(&self, object: &Node, row: KindRow) -> Vec<Problem> {
        let mut cx = Cx::new(object, row.root, self.minor);
        let Some(root) = row.root else { return Vec::new() };
        decode::decode(&mut cx, root);
        if !cx.failed() {
            if checks::has_name(root.name()) {
                checks::object_meta(
                    &mut cx,
                    checks::meta_rules(root.name(), row.namespaced, self.minor),
                );
            }
            checks::run(&mut cx, root.name());
        }
        if !cx.failed() {
            checks::warn(&mut cx, root.name());
        }
        if !row.deprecated.is_empty() {
            cx.warn(object, "", row.deprecated.to_owned());
        }
        cx.problems
    }

    fn custom_object(&self, object: &Node, custom: &CustomKind) -> Vec<Problem> {
        let mut cx = Cx::new(object, None, self.minor);
        custom::check(&mut cx, custom);
        if !custom.deprecated.is_empty() {
            cx.warn(object, "", custom.deprecated.clone());
        }
        if !cx.failed() {
            cx.problems.extend(embedded::check(object, self.minor));
        }
        cx.problems
    }

    /// An object of a kind that Kubernetes itself does not know.
    fn foreign(&self, object: &Node, version: &str, kind: &str) -> Vec<Problem> {
        if let Some(custom) = self.custom(version, kind) {
            return self.custom_object(object, custom);
        }
        let mut found = vec![self.unknown(object, version, kind)];
        if found[0].severity != Severity::Error {
            found.extend(embedded::check(object, self.minor));
        }
        found
    }

    fn unknown(&self, object: &Node, version: &str, kind: &str) -> Problem {
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let message = format!("no matches for kind {kind:?} in version {version:?}");
        let could_be = group.contains('.') && names::subdomain(group).is_empty();
        let served =
            self.custom.iter().any(|known| known.api_version.starts_with(&format!("{group}/")));
        if schema::has_group(group) || served || !could_be {
            return problem(
                "unknown-kind",
                Severity::Error,
                "apiVersion",
                message,
                object.of("apiVersion").span,
            );
        }
        let severity = if self.strict_schemas { Severity::Error } else { Severity::Info };
        let message = format!("no schema for `{version}` `{kind}` is known");
        problem("no-schema", severity, "", message, object.span)
    }
}

/// The error of a text that does not decode.
pub fn unreadable(error: &YamlError) -> Problem {
    let span = error.span.unwrap_or(Span::new(FileId::NONE, 0, 0));
    let twice = error.message.contains("already set in map");
    let (rule, message) = if twice {
        ("duplicate-key", format!("strict decoding error: {error}"))
    } else {
        ("unreadable", error.to_string())
    };
    problem(rule, Severity::Error, "", message, span)
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

fn problem(
    rule: &'static str,
    severity: Severity,
    path: &str,
    message: String,
    span: Span,
) -> Problem {
    Problem { rule, severity, path: path.to_owned(), message, span, help: String::new() }
}

/// Whether a text is a time of RFC 3339.
pub(crate) fn is_time(text: &str) -> bool {
    value::time(text, false).is_ok()
}

/// Whether a text is base 64.
pub(crate) fn is_base64(text: &str) -> bool {
    from_base64(text).is_some()
}

/// What a text in base 64 holds, unless it is none.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    plimsoll_source::encoding::decode_base64(text.as_bytes()).ok()
}

/// The billionths of a quantity, unless it is none.
pub(crate) fn billionths(text: &str) -> Option<i128> {
    value::quantity(text).ok()
}

/// What is wrong with a text as one of the formats that names have; `None` for no known format.
pub(crate) fn name_faults(format: &str, text: &str) -> Option<Vec<String>> {
    let form: fn(&str) -> Vec<String> = match format {
        "dns1123Label" => names::label,
        "dns1123Subdomain" => names::subdomain,
        "dns1035Label" => names::label_1035,
        "qualifiedName" => names::qualified,
        "labelValue" => names::label_value,
        "dns1123LabelPrefix" => return Some(names::as_prefix(text, names::label)),
        "dns1123SubdomainPrefix" => return Some(names::as_prefix(text, names::subdomain)),
        "dns1035LabelPrefix" => return Some(names::as_prefix(text, names::label_1035)),
        _ => return None,
    };
    Some(form(text))
}

/// Whether Go reads a text as a duration.
pub(crate) fn is_go_duration(text: &str) -> bool {
    checks::is_duration(text)
}
