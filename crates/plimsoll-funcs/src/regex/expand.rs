use std::ops::Range;

use plimsoll_source::strconv;

use crate::unicode::{is_digit, is_letter};

/// A piece of the text that replaces a match.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// As it is, by its place in the template.
    Text(Range<usize>),
    /// What a group matched.
    Group(Name),
}

/// How a group is named.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// By its number; 0 is the whole match.
    Number(usize),
    /// By its name.
    Name(String),
}

/// Takes a template apart: `$1`, `$name`, `${name}`, `$$`; a `$` that begins none of these stays.
/// A name is as long as it can be: `$1x` is the group `1x`. (go: Regexp.expand)
pub(super) fn pieces(template: &[u8]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < template.len() {
        let dollar =
            memchr::memchr(b'$', &template[at..]).map_or(template.len(), |found| at + found);
        if dollar > at {
            pieces.push(Piece::Text(at..dollar));
        }
        if dollar == template.len() {
            break;
        }
        let rest = &template[dollar + 1..];
        let width = if rest.first() == Some(&b'$') {
            pieces.push(Piece::Text(dollar..dollar + 1));
            2
        } else if let Some((name, width)) = name(rest) {
            pieces.push(Piece::Group(name));
            width + 1
        } else {
            pieces.push(Piece::Text(dollar..dollar + 1));
            1
        };
        at = dollar + width;
    }
    pieces
}

/// The name behind a `$` and how many bytes it takes, braces included.
fn name(text: &[u8]) -> Option<(Name, usize)> {
    let braced = text.first() == Some(&b'{');
    let text = if braced { &text[1..] } else { text };
    let mut len = 0;
    while let Some((rune, width)) =
        text.get(len..).filter(|t| !t.is_empty()).map(strconv::decode_rune)
    {
        if !rune.is_some_and(|rune| is_letter(rune) || is_digit(rune) || rune == '_') {
            break;
        }
        len += width;
    }
    if len == 0 || braced && text.get(len) != Some(&b'}') {
        return None;
    }
    let name = String::from_utf8_lossy(&text[..len]).into_owned();
    Some((number(&name).map_or(Name::Name(name), Name::Number), len + if braced { 2 } else { 0 }))
}

/// A number without leading zeros, of at most nine digits.
fn number(name: &str) -> Option<usize> {
    let digits = name.bytes().all(|byte| byte.is_ascii_digit());
    let plain = digits && name.len() <= 9 && (name.len() == 1 || !name.starts_with('0'));
    if plain { name.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, want: &[&str]) {
        let show = |piece: Piece| match piece {
            Piece::Text(range) => template[range].to_owned(),
            Piece::Group(Name::Number(number)) => format!("#{number}"),
            Piece::Group(Name::Name(name)) => format!("@{name}"),
        };
        let got: Vec<String> = pieces(template.as_bytes()).into_iter().map(show).collect();
        assert_eq!(got, want, "{template}");
    }

    #[test]
    fn templates_come_apart() {
        check("a$1b ${2}c", &["a", "@1b", " ", "#2", "c"]);
        check("$$1 $", &["$", "1 ", "$"]);
        check("${1 $é_ $01 ${} $-", &["$", "{1 ", "@é_", " ", "@01", " ", "$", "{} ", "$", "-"]);
        check("$1234567890", &["@1234567890"]);
    }
}
