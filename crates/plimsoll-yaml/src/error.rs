use std::fmt;

use plimsoll_source::Span;

/// Why a text is not YAML, or not YAML that Helm takes. Displays as go-yaml's own words, whose line
/// numbers are often one off; the span is the true place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// go-yaml's text: `yaml: line 3: mapping values are not allowed in this context`.
    pub message: String,
    /// Where the problem lies; `None` where the whole is meant.
    pub span: Option<Span>,
}

impl YamlError {
    pub(crate) fn new(message: impl Into<String>) -> YamlError {
        YamlError { message: message.into(), span: None }
    }
}

impl fmt::Display for YamlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for YamlError {}

/// A position while scanning: byte offset, line and column from 0, the column in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) offset: usize,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// A syntax error as the scanner and the parser raise it.
#[derive(Clone, Debug)]
pub(crate) struct SyntaxError {
    pub(crate) problem: String,
    pub(crate) at: Mark,
    /// Where the construct began that the problem lies in.
    pub(crate) context: Mark,
    /// go-yaml counts lines from 1 only for what its scanner finds.
    pub(crate) from_scanner: bool,
}

impl SyntaxError {
    /// go-yaml: decode.go `fail`: the line of the problem, else of the context, else none.
    pub(crate) fn to_yaml_error(&self, file: plimsoll_source::FileId) -> YamlError {
        let line = match (self.at.line, self.context.line) {
            (0, 0) => 0,
            (0, context) => context + usize::from(self.from_scanner),
            (at, _) => at + usize::from(self.from_scanner),
        };
        let place = if line == 0 { String::new() } else { format!("line {line}: ") };
        let at = self.at.offset as u32;
        YamlError {
            message: format!("yaml: {place}{}", self.problem),
            span: Some(Span::new(file, at, at)),
        }
    }
}
