use plimsoll_gotmpl::Compat;

use crate::text::quote;

/// Takes the lines that Helm would log to standard error, each without its newline.
pub type Log<'a> = &'a mut dyn FnMut(String);

/// The level of a line of Helm 4's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are slog's own")]
pub enum Level {
    Info,
    Warn,
    Error,
}

impl Level {
    const fn name(self) -> &'static str {
        match self {
            Level::Info => "INFO",
            Level::Warn => "WARN",
            Level::Error => "ERROR",
        }
    }
}

/// A key and its value in a line of Helm 4's log.
pub type Attribute<'a> = (&'a str, &'a str);

/// A line of Helm 4's log as Go's `slog.TextHandler` writes it, the time left out.
pub fn slog(level: Level, message: &str, attributes: &[Attribute<'_>]) -> String {
    let mut line = format!("level={} msg={}", level.name(), plain_or_quoted(message));
    for (key, value) in attributes {
        line.push(' ');
        line.push_str(&plain_or_quoted(key));
        line.push('=');
        line.push_str(&plain_or_quoted(value));
    }
    line
}

/// A line of Go's plain `log` package: Helm 3 shows where it was called (`coalesce.go:237`), Helm 4
/// sends it on to its own log.
pub fn go_log(compat: Compat, place: &str, message: &str) -> String {
    match compat {
        Compat::Helm3 => format!("{place}: {message}"),
        Compat::Helm4 => slog(Level::Info, message, &[]),
    }
}

/// Go: log/slog/text_handler.go quotes the empty text, spaces, `"`, `=` and what does not print.
fn plain_or_quoted(text: &str) -> String {
    let plain = |c: char| c > ' ' && c != '"' && c != '=' && crate::text::is_print(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { quote(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_where_they_must_be() {
        let line =
            slog(Level::Warn, "a b", &[("path", "x.act"), ("error", "\"q\" is not a table")]);
        assert_eq!(line, r#"level=WARN msg="a b" path=x.act error="\"q\" is not a table""#);
    }

    #[test]
    fn helm_3_names_the_place() {
        let check = |compat| go_log(compat, "coalesce.go:237", "x y");
        assert_eq!(check(Compat::Helm3), "coalesce.go:237: x y");
        assert_eq!(check(Compat::Helm4), "level=INFO msg=\"x y\"");
    }
}
