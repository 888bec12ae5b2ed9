//! In which style a string is written.

use super::Version;
use crate::resolve::reads_as_string;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum ScalarStyle {
    Plain,
    Single,
    Double,
    Literal,
    Binary,
}

/// What the characters of a text allow.
struct Analysis {
    multiline: bool,
    plain: bool,
    single: bool,
    block: bool,
}

/// go-yaml: `is_printable`: what need not be escaped. Emoji and everything beyond U+FFFF is not.
pub(super) fn is_printable(rest: &[u8]) -> bool {
    let next = |ahead: usize| rest.get(ahead).copied().unwrap_or(0);
    match rest[0] {
        b'\n' | 0x20..=0x7e | 0xc3..=0xec | 0xee => true,
        0xc2 => next(1) >= 0xa0,
        0xed => next(1) < 0xa0,
        0xef => !matches!((next(1), next(2)), (0xbb, 0xbf) | (0xbf, 0xbe..)),
        _ => false,
    }
}

fn break_width(rest: &[u8]) -> usize {
    match rest {
        [b'\n' | b'\r', ..] => 1,
        [0xc2, 0x85, ..] => 2,
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => 3,
        _ => 0,
    }
}

fn is_blank_or_end(rest: &[u8]) -> bool {
    rest.is_empty() || matches!(rest[0], b' ' | b'\t' | 0) || break_width(rest) > 0
}

/// Whether a text has a line break of any kind.
pub(super) fn is_multiline(text: &[u8]) -> bool {
    if text.is_ascii() {
        return memchr::memchr2(b'\n', b'\r', text).is_some();
    }
    (0..text.len()).any(|at| break_width(&text[at..]) > 0)
}

/// Whether a text is printable ASCII on one line that means nothing but itself to YAML.
fn is_harmless(text: &[u8]) -> bool {
    let (Some(&first), Some(&last)) = (text.first(), text.last()) else { return true };
    if first == b' ' || last == b' ' || is_indicator(first, true, is_blank_or_end(&text[1..]), true)
    {
        return false;
    }
    if text.starts_with(b"---") || text.starts_with(b"...") {
        return false;
    }
    let mut before = first;
    for (at, &byte) in text.iter().enumerate() {
        match byte {
            b':' if matches!(text.get(at + 1), None | Some(b' ')) => return false,
            b'#' if before == b' ' => return false,
            b' '..=b'~' => {}
            _ => return false,
        }
        before = byte;
    }
    true
}

fn analyze(text: &[u8], version: Version) -> Analysis {
    if is_harmless(text) {
        return Analysis { multiline: false, plain: true, single: true, block: !text.is_empty() };
    }
    let mut indicators = text.starts_with(b"---") || text.starts_with(b"...");
    let (mut special, mut tab, mut multiline) = (false, false, false);
    let (mut break_space, mut space_break) = (false, false);
    let (mut after_space, mut after_break, mut after_blank) = (false, false, true);
    let (mut edge, mut trailing_space) = (false, false);
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let width = match rest[0] {
            0..=0x7f => 1,
            0x80..=0xdf => 2,
            0xe0..=0xef => 3,
            _ => 4,
        }
        .min(rest.len());
        let last = at + width == text.len();
        let before_blank = is_blank_or_end(&rest[width..]);
        indicators |= is_indicator(rest[0], at == 0, before_blank, after_blank);
        if !is_printable(rest) {
            if version == Version::V3 && rest[0] == b'\t' {
                tab = true;
            } else {
                special = true;
            }
        }
        if rest[0] == b' ' {
            edge |= at == 0 || last;
            trailing_space |= last;
            break_space |= after_break;
            (after_space, after_break) = (true, false);
        } else if break_width(rest) > 0 {
            multiline = true;
            edge |= at == 0 || last;
            space_break |= after_space;
            (after_space, after_break) = (false, true);
        } else {
            (after_space, after_break) = (false, false);
        }
        after_blank = is_blank_or_end(rest);
        at += width;
    }
    let hard = space_break || special;
    Analysis {
        multiline,
        plain: !(edge || break_space || hard || tab || multiline || indicators),
        single: !(break_space || hard || tab),
        block: !(trailing_space || hard),
    }
}

fn is_indicator(byte: u8, first: bool, before_blank: bool, after_blank: bool) -> bool {
    match byte {
        b'#' => first || after_blank,
        b':' => before_blank,
        b'?' | b'-' => first && before_blank,
        b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"'
        | b'%' | b'@' | b'`' => first,
        _ => false,
    }
}

/// The style of a string; `simple_key` for a key on one line.
pub(super) fn choose(text: &[u8], version: Version, simple_key: bool) -> ScalarStyle {
    if version == Version::V3 && std::str::from_utf8(text).is_err() {
        return ScalarStyle::Binary;
    }
    let analysis = analyze(text, version);
    if simple_key && analysis.multiline {
        return ScalarStyle::Double;
    }
    if text.contains(&b'\n') {
        let literal = analysis.block && !simple_key;
        return if literal { ScalarStyle::Literal } else { ScalarStyle::Double };
    }
    if !reads_as_string(text) || is_base_60(text) {
        return ScalarStyle::Double;
    }
    match (analysis.plain, analysis.single) {
        (true, _) => ScalarStyle::Plain,
        (false, true) => ScalarStyle::Single,
        _ => ScalarStyle::Double,
    }
}

/// go-yaml: `isBase60Float`: `1:30` and the like, which other readers take for numbers.
fn is_base_60(text: &[u8]) -> bool {
    let text = match text {
        [b'+' | b'-', rest @ ..] => rest,
        _ => text,
    };
    if !text.first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let mut parts = text.split(|&byte| byte == b':');
    let whole = parts.next().unwrap_or_default();
    let digits = |part: &[u8]| part.iter().all(|byte| byte.is_ascii_digit() || *byte == b'_');
    if !digits(whole) {
        return false;
    }
    let rest: Vec<&[u8]> = parts.collect();
    let Some((last, middle)) = rest.split_last() else { return false };
    let (last, fraction) = match last.iter().position(|&byte| byte == b'.') {
        Some(dot) => (&last[..dot], &last[dot + 1..]),
        None => (*last, &[][..]),
    };
    let sixty = |part: &[u8]| match part {
        [low] => low.is_ascii_digit(),
        [high, low] => (b'0'..=b'5').contains(high) && low.is_ascii_digit(),
        _ => false,
    };
    middle.iter().all(|part| sixty(part)) && sixty(last) && digits(fraction)
}
