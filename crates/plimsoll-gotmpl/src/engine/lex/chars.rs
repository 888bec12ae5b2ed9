//! What characters are for the lexer.

/// ASCII letters and the underscore.
pub(super) const LETTER: u8 = 1;
/// These and digits.
pub(super) const WORD: u8 = 2;
pub(super) const SPACE: u8 = 4;
/// What may follow a word, but for the closing braces.
pub(super) const END: u8 = 8;

/// Whether a byte is of one of the classes.
pub(super) const fn is(byte: u8, classes: u8) -> bool {
    CLASSES[byte as usize] & classes != 0
}

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut at = 0;
    while at < 128 {
        let byte = at as u8;
        let letter = if byte.is_ascii_alphabetic() || byte == b'_' { LETTER | WORD } else { 0 };
        let digit = if byte.is_ascii_digit() { WORD } else { 0 };
        let space = if matches!(byte, b' ' | b'\t' | b'\r' | b'\n') { SPACE | END } else { 0 };
        let end = if matches!(byte, b'.' | b',' | b'|' | b':' | b'(' | b')') { END } else { 0 };
        classes[at] = letter | digit | space | end;
        at += 1;
    }
    classes
};

/// The length of the letters, digits and underscores in front.
pub(super) fn word(text: &[u8]) -> usize {
    let mut length = 0;
    while let Some(bytes) = text[length..].first_chunk() {
        let others = no_word(u64::from_le_bytes(*bytes));
        if others != 0 {
            length += others.trailing_zeros() as usize / 8;
            return if text[length].is_ascii() { length } else { wide_word(text, length) };
        }
        length += 8;
    }
    wide_word(text, length)
}

/// A byte in each of eight bytes.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of each of eight bytes below 128 that is not less than `least`.
const fn from(bytes: u64, least: u8) -> u64 {
    bytes + each(128 - least)
}

/// The highest bit of each of eight bytes that is no ASCII letter, digit or underscore.
const fn no_word(bytes: u64) -> u64 {
    let ascii = bytes & each(127);
    let lower = ascii | each(32);
    let letter = from(lower, b'a') & !from(lower, b'z' + 1);
    let digit = from(ascii, b'0') & !from(ascii, b'9' + 1);
    let underscore = from(ascii, b'_') & !from(ascii, b'_' + 1);
    (!(letter | digit | underscore) | bytes) & each(128)
}

/// The length of what is printable ASCII in front, but for quotes and backslashes.
pub(super) fn plain(text: &[u8]) -> usize {
    let mut length = 0;
    while let Some(bytes) = text[length..].first_chunk() {
        let bytes = u64::from_le_bytes(*bytes);
        let ascii = bytes & each(127);
        let quote = from(ascii ^ each(b'"'), 1);
        let backslash = from(ascii ^ each(b'\\'), 1);
        let printable = from(ascii, b' ') & !from(ascii, 127);
        let others = (!(quote & backslash & printable) | bytes) & each(128);
        if others != 0 {
            return length + others.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && *byte != b'"' && *byte != b'\\';
    length + text[length..].iter().take_while(|byte| is_plain(byte)).count()
}

/// The same from `at` on, where letters beyond ASCII may follow.
#[cold]
fn wide_word(text: &[u8], mut at: usize) -> usize {
    loop {
        match text.get(at) {
            Some(byte) if is(*byte, WORD) => at += 1,
            Some(0x80..=0xff) => match decode(&text[at..]) {
                (c, length) if length > 1 && is_word(c) => at += length,
                _ => return at,
            },
            _ => return at,
        }
    }
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The highest bit of each of eight bytes that is no space.
const fn no_space(bytes: u64) -> u64 {
    let ascii = bytes & each(127);
    let blank = from(ascii ^ each(b' '), 1);
    // Tab and newline, and the return.
    let control = !from(ascii, b'\t') | (from(ascii, b'\n' + 1) & from(ascii ^ each(b'\r'), 1));
    ((blank & control) | bytes) & each(128)
}

/// The length of the space in front.
pub(super) fn space(text: &[u8]) -> usize {
    let mut length = 0;
    while let Some(bytes) = text[length..].first_chunk() {
        let others = no_space(u64::from_le_bytes(*bytes));
        if others != 0 {
            return length + others.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    length + text[length..].iter().take_while(|byte| is(**byte, SPACE)).count()
}

/// The first character and its length; what is no UTF-8 is U+FFFD of one byte.
pub(super) fn decode(text: &[u8]) -> (char, usize) {
    let head = &text[..text.len().min(4)];
    let valid = match std::str::from_utf8(head) {
        Ok(valid) => valid,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
    };
    match valid.chars().next() {
        Some(c) => (c, c.len_utf8()),
        None => (char::REPLACEMENT_CHARACTER, usize::from(!text.is_empty())),
    }
}

/// The length without the space behind.
pub(super) fn trim_end(mut text: &[u8]) -> usize {
    while let Some((rest, bytes)) = text.split_last_chunk() {
        let others = no_space(u64::from_le_bytes(*bytes));
        if others != 0 {
            return text.len() - others.leading_zeros() as usize / 8;
        }
        text = rest;
    }
    text.iter().rposition(|byte| !is(*byte, SPACE)).map_or(0, |last| last + 1)
}

/// Go: lex.go scanNumber; whether what was scanned is followed by no letter or digit.
pub(super) fn scan_number(source: &[u8], at: &mut usize) -> bool {
    let accept_run = |at: &mut usize, set: &[u8]| {
        while source.get(*at).is_some_and(|byte| set.contains(byte)) {
            *at += 1;
        }
    };
    let accept = |at: &mut usize, set: &[u8]| {
        let found = source.get(*at).is_some_and(|byte| set.contains(byte));
        *at += usize::from(found);
        found
    };
    accept(at, b"+-");
    let mut digits: &[u8] = b"0123456789_";
    if accept(at, b"0") {
        if accept(at, b"xX") {
            digits = b"0123456789abcdefABCDEF_";
        } else if accept(at, b"oO") {
            digits = b"01234567_";
        } else if accept(at, b"bB") {
            digits = b"01_";
        }
    }
    accept_run(at, digits);
    if accept(at, b".") {
        accept_run(at, digits);
    }
    if digits.len() == 11 && accept(at, b"eE") {
        accept(at, b"+-");
        accept_run(at, b"0123456789_");
    }
    if digits.len() == 23 && accept(at, b"pP") {
        accept(at, b"+-");
        accept_run(at, b"0123456789_");
    }
    accept(at, b"i");
    let (c, length) = decode(&source[*at..]);
    if length > 0 && is_word(c) {
        *at += length;
        return false;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bytes_are_seen_as_one_by_one() {
        for byte in 0..=255_u8 {
            for at in 0..9 {
                let mut text = [b'a'; 12];
                text[at] = byte;
                let is_word = byte.is_ascii_alphanumeric() || byte == b'_';
                assert_eq!(word(&text), if is_word { 12 } else { at }, "{byte} at {at}");
                let is_plain = matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
                let is_space = matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
                let mut text = [b' '; 12];
                text[at] = byte;
                assert_eq!(space(&text), if is_space { 12 } else { at }, "{byte} at {at}");
                assert_eq!(trim_end(&text), if is_space { 0 } else { at + 1 }, "{byte} at {at}");
                let mut text = [b'a'; 12];
                text[at] = byte;
                assert_eq!(plain(&text), if is_plain { 12 } else { at }, "{byte} at {at}");
            }
        }
        assert_eq!([word("größe:    ".as_bytes()), word("größe".as_bytes())], [7, 7]);
    }
}
