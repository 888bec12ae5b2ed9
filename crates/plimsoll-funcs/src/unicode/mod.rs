//! Runes as Go's `unicode` package knows them: its Unicode version, its simple case mappings.

#[rustfmt::skip]
mod tables;

use plimsoll_source::strconv;
use tables::{ALTERNATE, CASES, DIGIT, LETTER, LOWER, NUMBER, PUNCT, TITLE, UPPER};

/// The runes of a text as Go's `for range` gives them: U+FFFD for every invalid byte.
pub(crate) fn runes(bytes: &[u8]) -> impl Iterator<Item = char> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (rune, width) = strconv::decode_rune(rest);
        rest = &rest[width..];
        Some(rune.unwrap_or(char::REPLACEMENT_CHARACTER))
    })
}

/// Every rune replaced by `map`, invalid bytes by what it makes of U+FFFD.
pub(crate) fn map_runes(bytes: &[u8], mut map: impl FnMut(char) -> char) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    runes(bytes).for_each(|rune| push_rune(&mut out, map(rune)));
    out
}

/// Appends a rune as UTF-8.
pub(crate) fn push_rune(out: &mut Vec<u8>, rune: char) {
    out.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes());
}

/// `unicode.IsSpace`.
pub(crate) fn is_space(rune: char) -> bool {
    rune.is_whitespace()
}

/// `unicode.IsLetter`.
pub(crate) fn is_letter(rune: char) -> bool {
    if rune.is_ascii() { rune.is_ascii_alphabetic() } else { contains(LETTER, rune) }
}

/// `unicode.IsDigit`.
pub(crate) fn is_digit(rune: char) -> bool {
    if rune.is_ascii() { rune.is_ascii_digit() } else { contains(DIGIT, rune) }
}

/// `unicode.IsNumber`.
pub(crate) fn is_number(rune: char) -> bool {
    if rune.is_ascii() { rune.is_ascii_digit() } else { contains(NUMBER, rune) }
}

/// `unicode.IsPunct`.
pub(crate) fn is_punct(rune: char) -> bool {
    contains(PUNCT, rune)
}

/// `unicode.IsUpper`.
pub(crate) fn is_upper(rune: char) -> bool {
    if rune.is_ascii() { rune.is_ascii_uppercase() } else { contains(UPPER, rune) }
}

/// `unicode.IsLower`.
pub(crate) fn is_lower(rune: char) -> bool {
    if rune.is_ascii() { rune.is_ascii_lowercase() } else { contains(LOWER, rune) }
}

/// `unicode.IsTitle`.
pub(crate) fn is_title(rune: char) -> bool {
    contains(TITLE, rune)
}

/// `unicode.ToUpper`: always one rune for one rune.
pub(crate) fn to_upper(rune: char) -> char {
    if rune.is_ascii() { rune.to_ascii_uppercase() } else { mapped(rune, Case::Upper) }
}

/// `unicode.ToLower`.
pub(crate) fn to_lower(rune: char) -> char {
    if rune.is_ascii() { rune.to_ascii_lowercase() } else { mapped(rune, Case::Lower) }
}

/// `unicode.ToTitle`.
pub(crate) fn to_title(rune: char) -> char {
    if rune.is_ascii() { rune.to_ascii_uppercase() } else { mapped(rune, Case::Title) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Upper,
    Lower,
    Title,
}

fn contains(table: &[(u32, u32, u32)], rune: char) -> bool {
    let rune = u32::from(rune);
    let at = table.partition_point(|(_, last, _)| *last < rune);
    table
        .get(at)
        .is_some_and(|(first, _, step)| rune >= *first && (rune - first).is_multiple_of(*step))
}

fn mapped(rune: char, case: Case) -> char {
    let code = u32::from(rune);
    let at = CASES.partition_point(|(_, last, ..)| *last < code);
    let Some((first, _, upper, lower, title)) = CASES.get(at).filter(|run| run.0 <= code) else {
        return rune;
    };
    let add = match case {
        Case::Upper => *upper,
        Case::Lower => *lower,
        Case::Title => *title,
    };
    let new = if add == ALTERNATE {
        first + ((code - first) & !1) + u32::from(case == Case::Lower)
    } else {
        code.wrapping_add_signed(add)
    };
    char::from_u32(new).unwrap_or(rune)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_mappings_are_simple_ones() {
        let cases =
            [('ß', 'ß', 'ß'), ('ǆ', 'Ǆ', 'ǅ'), ('é', 'É', 'É'), ('ā', 'Ā', 'Ā'), ('1', '1', '1')];
        for (rune, upper, title) in cases {
            assert_eq!((to_upper(rune), to_title(rune)), (upper, title), "{rune}");
        }
        assert_eq!((to_lower('Ā'), to_lower('İ')), ('ā', 'i'));
    }

    #[test]
    fn categories_are_those_of_go() {
        assert!(is_upper('É') && !is_upper('Ⅰ') && is_lower('é') && is_title('ǅ'));
        assert!(
            is_letter('日') && is_number('½') && !is_digit('½') && is_punct('_') && !is_punct('+')
        );
    }

    #[test]
    fn invalid_bytes_are_replacement_runes() {
        assert_eq!(runes(b"a\xffb\xe2\x82").collect::<String>(), "a\u{fffd}b\u{fffd}\u{fffd}");
    }
}
