//! What an error knows of places.

use plimsoll_gotmpl::{CallError, Cause, ExecError};
use plimsoll_helm::HelmCause;

/// A level of a template error.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Frame<'a> {
    /// `c/templates/a.yaml`
    pub(super) file: &'a str,
    /// From 1.
    pub(super) line: usize,
    /// From 0, in bytes; `None` where only the line is known.
    pub(super) column: Option<usize>,
    /// The template that was running.
    pub(super) template: &'a str,
    /// The expression, as Go prints it.
    pub(super) context: &'a str,
}

/// What kind of failure it is.
#[derive(Debug)]
pub(super) enum Told<'a> {
    /// A template failed: its levels, the outermost first, and what was wrong at the last one.
    Exec { frames: Vec<Frame<'a>>, cause: &'a Cause },
    /// `required` or `fail`, and the outermost level.
    Abort { frame: Frame<'a>, message: String },
    /// A template that cannot be read.
    Parse { frame: Frame<'a>, message: &'a str },
    /// A rendered text that is not YAML.
    Yaml { path: &'a str, message: &'a str },
    /// A file of values that cannot be read.
    Values { path: &'a str, message: &'a str },
    /// Anything else.
    Other,
}

/// What is known of a failure.
pub(super) fn told(cause: &HelmCause) -> Told<'_> {
    match cause {
        HelmCause::Exec(error) => exec(error),
        HelmCause::Parse(error) => {
            let (file, line) = (error.name.as_str(), error.line as usize);
            Told::Parse { frame: Frame { file, line, ..Frame::default() }, message: &error.message }
        }
        HelmCause::NotManifest { path, why } => Told::Yaml { path, message: why },
        HelmCause::Values { path, why } => Told::Values { path, message: why },
        _ => Told::Other,
    }
}

fn exec(error: &ExecError) -> Told<'_> {
    let frames: Vec<Frame<'_>> = error.frames().map(frame).collect();
    let cause = error.frames().last().map_or(&error.cause, |last| &last.cause);
    match cause {
        Cause::Call { error: CallError::Abort(message), .. } => {
            let message = String::from_utf8_lossy(message).into_owned();
            Told::Abort { frame: frame(error), message }
        }
        _ => Told::Exec { frames, cause },
    }
}

fn frame(error: &ExecError) -> Frame<'_> {
    Frame {
        file: &error.file,
        line: error.line as usize,
        column: Some(error.column as usize),
        template: &error.template,
        context: &error.context,
    }
}

/// What was wrong, without the call that it came out of.
pub(super) fn message(cause: &Cause) -> String {
    match cause {
        Cause::Call { error, .. } => {
            let text = error.to_string();
            text.strip_prefix("template: ").unwrap_or(&text).to_owned()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
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

    fn include(inner: ExecError) -> Cause {
        let error = CallError::Template { prefix: String::new(), error: Box::new(inner) };
        Cause::Call { function: "include".to_owned(), error }
    }

    #[test]
    fn levels_go_from_the_file_to_what_failed() {
        let inner = error("_d.tpl", 2, Cause::Nil { field: "b".to_owned() });
        let cause = HelmCause::Exec(Box::new(error("a.yaml", 5, include(inner))));
        let Told::Exec { frames, cause } = told(&cause) else { panic!("a template failed") };
        let places: Vec<_> = frames.iter().map(|frame| (frame.file, frame.line)).collect();
        assert_eq!(places, [("a.yaml", 5), ("_d.tpl", 2)]);
        assert_eq!(message(cause), "nil pointer evaluating interface {}.b");
    }

    #[test]
    fn required_has_the_outermost_place() {
        let call = |error| Cause::Call { function: "required".to_owned(), error };
        let inner = error("_d.tpl", 2, call(CallError::Abort("need x".into())));
        let cause = HelmCause::Exec(Box::new(error("a.yaml", 5, include(inner))));
        let Told::Abort { frame, message } = told(&cause) else { panic!("an abort") };
        assert_eq!((frame.file, frame.line, message.as_str()), ("a.yaml", 5, "need x"));
    }

    #[test]
    fn what_is_only_a_text_stays_one() {
        assert!(matches!(told(&HelmCause::Other), Told::Other));
    }
}
