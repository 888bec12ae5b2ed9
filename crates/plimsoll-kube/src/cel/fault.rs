/// Why an expression could not be read, typed or evaluated.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fault {
    /// The expression is wrong: the server's text, place and all.
    Wrong(String),
    /// An error of evaluation in the server's words, which `||` and `&&` may swallow.
    Error(String),
    /// It spends more than it may.
    Budget,
    /// Something that is not known here: nothing follows from it.
    Unknown(String),
}

impl Fault {
    pub(super) fn error<T>(message: impl Into<String>) -> Result<T, Fault> {
        Err(Fault::Error(message.into()))
    }

    pub(super) fn no_overload<T>() -> Result<T, Fault> {
        Fault::error("no such overload")
    }
}

/// An error at a place of a text, as cel-go draws it.
pub(super) fn drawn(text: &str, at: usize, message: &str) -> String {
    let at = at.min(text.len());
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let line = text[..at].matches('\n').count() + 1;
    let column = text[start..at].chars().count();
    format!(
        "ERROR: <input>:{line}:{}: {message}\n | {}\n | {}^",
        column + 1,
        &text[start..end],
        ".".repeat(column)
    )
}
