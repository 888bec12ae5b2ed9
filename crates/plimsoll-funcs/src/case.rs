//! Upper and lower case, and the cases of names.

use plimsoll_gotmpl::{Function, Text, function};

use crate::unicode::{
    is_digit, is_letter, is_lower, is_space, is_title, is_upper, map_runes, push_rune, runes,
    to_lower, to_title, to_upper,
};
use crate::words;

pub(crate) const CASE: &[Function] = &[
    function!("upper", upper),
    function!("lower", lower),
    function!("title", title),
    function!("untitle", untitle),
    function!("swapcase", swapcase),
    function!("camelcase", camelcase),
    function!("snakecase", snakecase),
    function!("kebabcase", kebabcase),
];

/// `upper "é"` → `É`. Go leaves ASCII text without a lower case letter alone, and any other text
/// gets U+FFFD for its invalid bytes, which comes to the same.
fn upper(text: Text) -> Text {
    if text.is_ascii() {
        return text.to_ascii_uppercase().into();
    }
    map_runes(&text, to_upper).into()
}

fn lower(text: Text) -> Text {
    if text.is_ascii() {
        return text.to_ascii_lowercase().into();
    }
    map_runes(&text, to_lower).into()
}

/// `title "hello foo-bar"` → `Hello Foo-Bar`: title case behind everything but letters, digits and
/// underscores; beyond ASCII only spaces divide words. (go: strings.Title)
fn title(text: Text) -> Text {
    let mut before = ' ';
    let raise = |rune| {
        let starts = is_separator(std::mem::replace(&mut before, rune));
        if starts { to_title(rune) } else { rune }
    };
    map_runes(&text, raise).into()
}

fn is_separator(rune: char) -> bool {
    if rune.is_ascii() {
        return !rune.is_ascii_alphanumeric() && rune != '_';
    }
    !is_letter(rune) && !is_digit(rune) && is_space(rune)
}

/// `untitle "Hello World"` → `hello world`
fn untitle(text: Text) -> Text {
    let mut after_space = true;
    let sink = |rune| {
        let starts = std::mem::replace(&mut after_space, is_space(rune));
        if starts { to_lower(rune) } else { rune }
    };
    map_runes(&text, sink).into()
}

/// `swapcase "This Is"` → `tHIS iS`; lower case behind a space or at the start becomes title case.
/// (goutils: SwapCase, whose spaces count until the next letter with case)
fn swapcase(text: Text) -> Text {
    let mut after_space = true;
    let swap = |rune| {
        if is_upper(rune) || is_title(rune) {
            after_space = false;
            to_lower(rune)
        } else if is_lower(rune) {
            let starts = std::mem::replace(&mut after_space, false);
            if starts { to_title(rune) } else { to_upper(rune) }
        } else {
            after_space = is_space(rune);
            rune
        }
    };
    map_runes(&text, swap).into()
}

/// `camelcase "http_server"` → `HttpServer`. Connectors are `-`, `_` and spaces: leading ones stay,
/// of several in a row all but the last stay, one before a word is dropped, a trailing one stays;
/// of a text of connectors alone the last one comes twice. A word that starts upper case is lowered
/// until its first other letter.
/// (xstrings: ToPascalCase)
fn camelcase(text: Text) -> Text {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = runes(&text).peekable();
    let mut leading = None;
    while let Some(connector) = rest.next_if(|rune| words::is_connector(*rune)) {
        push_rune(&mut out, connector);
        leading = Some(connector);
    }
    let Some(first) = rest.next() else {
        if let Some(connector) = leading {
            push_rune(&mut out, connector);
        }
        return out.into();
    };
    let mut lowering = is_upper(first);
    let mut before = to_upper(first);
    for rune in rest {
        let divided = words::is_connector(before);
        if divided && words::is_connector(rune) {
            push_rune(&mut out, before);
            before = rune;
        } else if divided {
            lowering = is_upper(rune);
            before = to_upper(rune);
        } else {
            lowering &= is_upper(rune);
            push_rune(&mut out, before);
            before = if lowering { to_lower(rune) } else { rune };
        }
    }
    push_rune(&mut out, before);
    out.into()
}

/// `snakecase "FirstName"` → `first_name`
fn snakecase(text: Text) -> Text {
    words::joined(&text, '_').into()
}

/// `kebabcase "FirstName"` → `first-name`
fn kebabcase(text: Text) -> Text {
    words::joined(&text, '-').into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(function: fn(Text) -> Text, text: &str, want: &str) {
        assert_eq!(function(text.into()).to_str_lossy(), want);
    }

    #[test]
    fn title_case_starts_words() {
        check(title, "hello wORLD foo-bar it's a_b", "Hello WORLD Foo-Bar It'S A_b");
        check(title, "éa ßb ǆx 日b", "Éa ßb ǅx 日b");
        check(untitle, "Hello World\u{a0}X", "hello world\u{a0}x");
    }

    #[test]
    fn swapping_gives_title_case_to_words() {
        check(swapcase, "This Is a.tEst", "tHIS iS A.TeST");
        check(swapcase, " ǆ 1a", " ǅ 1A");
    }

    #[test]
    fn invalid_bytes_are_replaced() {
        assert_eq!(upper(Text::from(&b"a\xff"[..])).to_str_lossy(), "A\u{fffd}");
    }

    #[test]
    fn camel_case_keeps_odd_connectors() {
        check(camelcase, "http_server", "HttpServer");
        check(camelcase, "_complex__case_", "_Complex_Case_");
        check(camelcase, "GOLANG_IS_GREAT", "GolangIsGreat");
        check(camelcase, "fooBAR", "FooBAR");
        check(camelcase, "_-", "_--");
        check(camelcase, "a", "A");
    }
}
