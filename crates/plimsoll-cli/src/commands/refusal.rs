//! Why a command cannot be done.

use plimsoll::report::diagnostics::as_findings;
use plimsoll::source::{Diagnostic, Files, Finding, Severity};

/// Errors and the files that they speak of.
#[derive(Debug)]
pub(crate) struct Refused(Box<(Vec<Diagnostic>, Files)>);

impl Refused {
    /// At least one error.
    pub(crate) fn new(problems: Vec<Diagnostic>, files: Files) -> Refused {
        Refused(Box::new((problems, files)))
    }

    /// The errors, in the order in which they are told.
    pub(crate) fn problems(&self) -> &[Diagnostic] {
        &self.0.0
    }

    /// The errors as programs read them.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        as_findings(self.problems(), self.files())
    }

    /// The texts that the errors' places lie in.
    pub(crate) fn files(&self) -> &Files {
        &self.0.1
    }
}

/// Why a command line comes to nothing.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// A line: what was asked for makes no sense.
    Said(String),
    /// Something in a file, which is drawn.
    Drawn(Refused),
}

impl From<String> for Refusal {
    fn from(message: String) -> Refusal {
        Refusal::Said(message)
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Refusal {
        Refusal::Drawn(refused)
    }
}

impl Refusal {
    /// As one line.
    pub(crate) fn message(&self) -> String {
        match self {
            Refusal::Said(message) => message.clone(),
            Refusal::Drawn(refused) => {
                let messages = refused.problems().iter().map(|one| one.message.as_str());
                messages.collect::<Vec<_>>().join("; ")
            }
        }
    }

    /// As a diagnostic, which `code` names where it is a line.
    pub(crate) fn drawn(self, code: &'static str) -> Refused {
        match self {
            Refusal::Said(message) => refused(code, message),
            Refusal::Drawn(refused) => refused,
        }
    }
}

/// A diagnostic that speaks of no file.
pub(crate) fn refused(code: &'static str, message: impl Into<String>) -> Refused {
    Refused::new(vec![plain(code, message)], Files::new())
}

/// An error without places.
pub(crate) fn plain(code: &'static str, message: impl Into<String>) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        code,
        message: message.into(),
        labels: Vec::new(),
        help: String::new(),
        original: String::new(),
    }
}
