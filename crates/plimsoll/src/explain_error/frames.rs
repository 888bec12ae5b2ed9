//! The levels of a template error.

use plimsoll_gotmpl::{Cause, ExecError};

/// A level of a template error.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Frame<'a> {
    /// `c/templates/a.yaml`
    pub(super) file: &'a str,
    /// From 1.
    pub(super) line: usize,
    /// From 0, in bytes; `None` where only the line is known.
    pub(super) column: Option<usize>,
    /// The expression, as Go prints it.
    pub(super) context: &'a str,
}

/// The levels, the outermost first, and what was wrong at the last one.
pub(super) fn frames(error: &ExecError) -> (Vec<Frame<'_>>, &Cause) {
    let frames = error.frames().map(frame).collect();
    (frames, error.frames().last().map_or(&error.cause, |last| &last.cause))
}

fn frame(error: &ExecError) -> Frame<'_> {
    Frame {
        file: &error.file,
        line: error.line as usize,
        column: Some(error.column as usize),
        context: &error.context,
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_gotmpl::CallError;

    use super::*;

    fn error(file: &str, line: u32, cause: Cause) -> ExecError {
        ExecError {
            file: file.to_owned(),
            line,
            column: 4,
            template: "x".to_owned(),
            context: "y".to_owned(),
            cause,
        }
    }

    #[test]
    fn levels_go_from_the_file_to_what_failed() {
        let inner = error("_d.tpl", 2, Cause::Nil { field: "b".to_owned() });
        let inner = CallError::Template { prefix: String::new(), error: Box::new(inner) };
        let include = Cause::Call { function: "include".to_owned(), error: inner };
        let error = error("a.yaml", 5, include);
        let (frames, cause) = frames(&error);
        let places: Vec<_> = frames.iter().map(|frame| (frame.file, frame.line)).collect();
        assert_eq!(places, [("a.yaml", 5), ("_d.tpl", 2)]);
        assert_eq!(cause.to_string(), "nil pointer evaluating interface {}.b");
    }
}
