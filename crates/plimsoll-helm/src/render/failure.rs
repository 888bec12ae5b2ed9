//! What Helm makes of the errors of templates.

use std::fmt::Write;

use plimsoll_gotmpl::{CallError, Cause, Compat, ExecError};

/// The text for a template that cannot be parsed, from Go's text.
///
/// helm: engine.go cleanupParseError keeps of Go's message the place and what follows the last
/// `: `.
pub fn parse_failure(file: &str, error: &str) -> String {
    let mut parts = error.split(": ");
    match (parts.nth(1), error.rsplit(": ").next()) {
        (Some(place), Some(last)) => format!("parse error at ({place}): {last}"),
        _ => format!("parse error in ({file}): {error}"),
    }
}

/// The text for a template that failed while it ran: Helm 4's in several lines where every level
/// of the error is the engine's own, else Go's in one line; for `required` and `fail` the message
/// and the outermost place alone.
pub fn exec_failure(error: &ExecError, compat: Compat) -> String {
    let place = format!("{}:{}:{}", error.file, error.line, error.column);
    match end_of(error) {
        End::Abort(message) => format!("execution error at ({place}): {message}"),
        End::Engine(last) if compat == Compat::Helm4 => {
            in_lines(error, last.as_deref()).unwrap_or_else(|| error.to_string())
        }
        _ => error.to_string(),
    }
}

/// What is at the bottom of a chain of errors.
enum End {
    /// `required` or `fail`.
    Abort(String),
    /// Errors of the engine down to the bottom; perhaps a last one that has no place.
    Engine(Option<String>),
    /// A level that is none of the engine's: a function's own error, or `tpl`.
    Other,
}

fn end_of(mut error: &ExecError) -> End {
    let mut in_tpl = false;
    loop {
        let Cause::Call { error: cause, .. } = &error.cause else {
            return if in_tpl { End::Other } else { End::Engine(None) };
        };
        match cause {
            CallError::Abort(message) => {
                return End::Abort(String::from_utf8_lossy(message).into_owned());
            }
            CallError::Template { prefix, error: inner } => {
                in_tpl |= !prefix.is_empty();
                error = inner;
            }
            CallError::NoTemplate(_) if !in_tpl => return End::Engine(Some(cause.to_string())),
            CallError::NoTemplate(_) | CallError::Nested(_) | CallError::Message(_) => {
                return End::Other;
            }
        }
    }
}

#[derive(PartialEq)]
struct Level {
    place: String,
    executing: String,
    message: String,
}

/// helm 4: engine.go reformatExecErrorMsg takes each level's text apart again.
fn in_lines(mut error: &ExecError, last: Option<&str>) -> Option<String> {
    let mut levels = vec![level(&error.to_string())?];
    while let Cause::Call { error: CallError::Template { error: inner, .. }, .. } = &error.cause {
        error = inner;
        levels.push(level(&error.to_string())?);
    }
    if let Some(last) = last {
        levels.push(level(last)?);
    }
    levels.dedup();
    let mut out = String::new();
    for Level { place, executing, message } in levels {
        for (text, indent) in [(place, "\n  "), (executing, "\n    "), (message, "\n")] {
            if !text.is_empty() {
                write!(out, "{text}{indent}").expect("a String takes everything");
            }
        }
    }
    Some(out.trim().to_owned())
}

fn level(text: &str) -> Option<Level> {
    let rest = text.strip_prefix("template: ")?;
    if rest.starts_with("no template ") {
        let (place, executing) = Default::default();
        return Some(Level { place, executing, message: text.to_owned() });
    }
    executing(rest).or_else(|| {
        let (place, message) = rest.rsplit_once(": ")?;
        Some(Level {
            place: place.to_owned(),
            executing: String::new(),
            message: before_next(message).to_owned(),
        })
    })
}

fn executing(rest: &str) -> Option<Level> {
    let (place, rest) = rest.split_once(": executing \"")?;
    let (name, rest) = rest.split_once('"')?;
    let (context, message) = rest.strip_prefix(" at <")?.split_once(">: ")?;
    Some(Level {
        place: place.to_owned(),
        executing: format!("executing \"{name}\" at <{context}>:"),
        message: before_next(message).to_owned(),
    })
}

/// The message up to the next level's text.
fn before_next(message: &str) -> &str {
    message.split(" template:").next().unwrap_or(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(file: &str, cause: Cause) -> ExecError {
        ExecError {
            file: file.to_owned(),
            line: 1,
            column: 5,
            template: file.to_owned(),
            context: "x".to_owned(),
            cause,
        }
    }

    fn call(function: &str, error: CallError) -> Cause {
        Cause::Call { function: function.to_owned(), error }
    }

    fn include(inner: ExecError, prefix: &str) -> CallError {
        CallError::Template { prefix: prefix.to_owned(), error: Box::new(inner) }
    }

    fn check(error: &ExecError, helm_4: &str) {
        assert_eq!(exec_failure(error, Compat::Helm4), helm_4);
    }

    #[test]
    fn the_engines_own_errors_take_lines() {
        let inner = error("b", Cause::Check("nil pointer".to_owned()));
        let outer = error("a", call("include", include(inner, "")));
        check(
            &outer,
            "a:1:5\n  executing \"a\" at <x>:\n    error calling include:\nb:1:5\n  executing \"b\" \
             at <x>:\n    nil pointer",
        );
    }

    #[test]
    fn functions_errors_and_tpl_stay_in_one_line() {
        let plain = error("a", call("div", CallError::message("divide by zero")));
        check(&plain, "template: a:1:5: executing \"a\" at <x>: error calling div: divide by zero");
        let inner = error("gotpl", Cause::Check("nil pointer".to_owned()));
        let tpl = error("a", call("tpl", include(inner, "error during tpl: ")));
        assert!(exec_failure(&tpl, Compat::Helm4).starts_with("template: a:1:5: "));
    }

    #[test]
    fn required_shows_the_outermost_place() {
        let inner = error("b", call("required", CallError::Abort("need x".into())));
        let outer = error("a", call("include", include(inner, "")));
        check(&outer, "execution error at (a:1:5): need x");
    }

    #[test]
    fn unknown_templates_end_the_list() {
        let text = "template: no template \"x\" associated with template \"gotpl\"";
        let outer = error("a", call("include", CallError::NoTemplate("x".to_owned())));
        let want = format!("a:1:5\n  executing \"a\" at <x>:\n    error calling include:\n{text}");
        check(&outer, &want);
    }

    #[test]
    fn parse_errors_keep_place_and_end() {
        let text = "template: c/t/a.yaml:1: bad number syntax: \"1x\"";
        assert_eq!(parse_failure("f", text), "parse error at (c/t/a.yaml:1): \"1x\"");
        assert_eq!(parse_failure("f", "odd"), "parse error in (f): odd");
    }
}
