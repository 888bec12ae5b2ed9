use crate::Edit;

/// How much a finding matters. Ordered: `Info < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Style, or something that could not be known.
    Info,
    /// Unsafe or unreliable.
    Warning,
    /// Will be rejected or cannot work.
    Error,
}

impl Severity {
    /// `info`, `warning` or `error`, as JSON and flags write it.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Which text a location lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A values file: what the author of a service writes.
    Values,
    /// A template of a chart.
    Template,
    /// The rendered manifest, or a plain one.
    Manifest,
}

impl Role {
    /// `values`, `template` or `manifest`, as JSON writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Values => "values",
            Role::Template => "template",
            Role::Manifest => "manifest",
        }
    }
}

/// A place that a finding speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// What kind of text it is.
    pub role: Role,
    /// The file as the user knows it, relative to the working directory, with `/`.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in Unicode scalar values.
    pub column: u32,
}

/// Which Kubernetes object a finding speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ObjectId {
    /// `apps/v1`.
    pub api_version: String,
    /// `Deployment`.
    pub kind: String,
    /// Empty where the manifest names none.
    pub namespace: String,
    /// `metadata.name`.
    pub name: String,
}

/// Something to tell the user, as data: nobody below the reports formats it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's kebab-case name.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, names in backquotes.
    pub message: String,
    /// The object; `None` for a finding on a whole file.
    pub object: Option<ObjectId>,
    /// The field as the API server writes it: `spec.template.spec.containers[0].image`.
    pub path: String,
    /// The most useful place first.
    pub locations: Vec<Location>,
    /// What to do, as a sentence.
    pub help: String,
    /// The change that mends it, where one is known.
    pub fix: Option<Edit>,
}
