use crate::{Severity, Span};

/// A problem with an input, told with the places that it concerns: what a report draws with source
/// excerpts. (A [`crate::Finding`] is what a rule says of an object; a diagnostic is why something
/// could not be done.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A short stable name in kebab-case: `nil-value`, `parse-error`.
    pub code: &'static str,
    /// What is the case: lower case, no full stop.
    pub message: String,
    /// The places, the most useful first.
    pub labels: Vec<Label>,
    /// What to do about it; empty where there is nothing to say.
    pub help: String,
    /// Helm's or Go's own text, where the user would search for it; empty where there is none.
    pub original: String,
}

/// A place in a file and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there: `set here`, `through this template`.
    pub text: String,
}
