use plimsoll_source::{Severity, Span};

/// Something that the server would say about one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `decode`, `invalid`, `unknown-kind`, `no-schema`, `warning`…: the rule's name.
    pub rule: &'static str,
    /// Errors make the server refuse, warnings it sends along, the rest is ours.
    pub severity: Severity,
    /// The field as the server writes it; empty for the whole object.
    pub path: String,
    /// The server's words.
    pub message: String,
    /// Where in the text; empty where nothing stands.
    pub span: Span,
    /// What to do; empty where there is nothing to say.
    pub help: String,
}
