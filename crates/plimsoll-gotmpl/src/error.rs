use std::fmt;

use crate::runtime::CallError;

/// Why a template stopped, as Go's `text/template` would say it: displays as
/// `template: FILE:LINE:COLUMN: executing "NAME" at <CONTEXT>: CAUSE`.
#[derive(Debug, Clone)]
pub struct ExecError {
    /// The file that the template's body was parsed from.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The byte offset in the line, from 0.
    pub column: u32,
    /// The template that was executing.
    pub template: String,
    /// The node at fault, printed in full as Go prints nodes; empty where Go has none.
    pub context: String,
    /// What was wrong.
    pub cause: Cause,
}

impl ExecError {
    /// This error, then the one of the template that it came out of, and so on: the innermost last.
    pub fn frames(&self) -> impl Iterator<Item = &ExecError> {
        std::iter::successors(Some(self), |error| match &error.cause {
            Cause::Call { error: CallError::Template { error, .. }, .. } => Some(&**error),
            _ => None,
        })
    }
}

/// What was wrong with a template node.
#[derive(Debug, Clone)]
pub enum Cause {
    /// The engine's own check, in Go's words.
    Check(String),
    /// A field was asked of a nil value.
    Nil {
        /// The field.
        field: String,
    },
    /// A field was asked of something that has none of that name.
    NoField {
        /// The field.
        field: String,
        /// The Go type of what was asked.
        of: String,
    },
    /// An argument is of another type than the parameter.
    WrongType {
        /// The parameter's Go type.
        expected: String,
        /// The argument's.
        got: String,
    },
    /// A function failed: `error calling FUNCTION: …`.
    Call {
        /// The function's name.
        function: String,
        /// Its error.
        error: CallError,
    },
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Check(message) => f.write_str(message),
            Cause::Nil { field } => write!(f, "nil pointer evaluating interface {{}}.{field}"),
            Cause::NoField { field, of } => {
                write!(f, "can't evaluate field {field} in type {of}")
            }
            Cause::WrongType { expected, got } => {
                write!(f, "wrong type for value; expected {expected}; got {got}")
            }
            Cause::Call { function, error } => write!(f, "error calling {function}: {error}"),
        }
    }
}

impl fmt::Display for ExecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "template: {}:{}:{}: executing {:?}",
            self.file, self.line, self.column, self.template
        )?;
        if !self.context.is_empty() {
            write!(f, " at <{}>", self.context)?;
        }
        write!(f, ": {}", self.cause)
    }
}

impl std::error::Error for ExecError {}
