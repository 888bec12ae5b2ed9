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
    let length = text.iter().position(|byte| !is(*byte, WORD)).unwrap_or(text.len());
    if text.get(length).is_none_or(u8::is_ascii) { length } else { wide_word(text, length) }
}

/// The length of ASCII fields in a row, each a dot, a letter and what else belongs to a word; none
/// where they do not all look so, or nothing follows.
pub(super) fn fields(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    while text[at] == b'.' {
        if !is(*text.get(at + 1)?, LETTER) {
            return None;
        }
        at += 2;
        at += text[at..].iter().position(|byte| !is(*byte, WORD))?;
    }
    text[at].is_ascii().then_some(at)
}

/// The length of the bytes in front that belong, which are seen eight at a time: `others` gives the
/// highest bits of those that do not.
#[inline]
fn run(text: &[u8], others: impl Fn(u64) -> u64, belongs: impl Fn(u8) -> bool) -> usize {
    let (chunks, rest) = text.as_chunks();
    for (at, bytes) in chunks.iter().enumerate() {
        let others = others(u64::from_le_bytes(*bytes));
        if others != 0 {
            return at * 8 + others.trailing_zeros() as usize / 8;
        }
    }
    let length = rest.iter().take_while(|byte| belongs(**byte)).count();
    chunks.len() * 8 + length
}

/// The first eight bytes of a name with zeros behind them.
pub(in crate::engine) fn head(name: &[u8]) -> u64 {
    head_of(name, name.len())
}

/// The same of a name of a length with which a text begins: most texts go on for long enough.
pub(in crate::engine) fn head_of(text: &[u8], length: usize) -> u64 {
    if let Some(bytes) = text.first_chunk() {
        let unused = 64 - 8 * length.clamp(1, 8);
        return u64::from_le_bytes(*bytes) & (u64::MAX >> unused);
    }
    text[..length].iter().rev().fold(0, |head, byte| head << 8 | u64::from(*byte))
}

/// A byte in each of eight bytes.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of each of eight bytes below 128 that is not less than `least`.
const fn from(bytes: u64, least: u8) -> u64 {
    bytes + each(128 - least)
}

/// The highest bit of each of eight bytes that is no printable ASCII, or a quote or backslash.
const fn no_plain(bytes: u64) -> u64 {
    let ascii = bytes & each(127);
    let quote = from(ascii ^ each(b'"'), 1);
    let backslash = from(ascii ^ each(b'\\'), 1);
    let printable = from(ascii, b' ') & !from(ascii, 127);
    (!(quote & backslash & printable) | bytes) & each(128)
}

/// The length of what is printable ASCII in front, but for quotes and backslashes.
pub(super) fn plain(text: &[u8]) -> usize {
    run(text, no_plain, |byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\'))
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
    run(text, no_space, |byte| is(byte, SPACE))
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
        let length = |text: &str| fields(format!("{text}        ").as_bytes());
        assert_eq!(length(".Values.image.tag }}  "), Some(17));
        assert_eq!(length(".Values.a1._b_c.tag_9|default"), Some(21));
        assert_eq!([length(".a.1234567"), length(".a..b }}  "), length(".a. }}    ")], [None; 3]);
        assert_eq!([length(".größe.a"), length(".abcdef.1"), length(".")], [None; 3]);
        assert_eq!([length(".abcdef."), length(".abcdef. }}"), fields(b".a")], [None; 3]);
        assert_eq!(head_of(b"toYaml .Values", 6), head(b"toYaml"));
        assert_eq!(head_of(b"trimSuffix .x", 10), head(b"trimSuffix"));
        assert_eq!([word("größe:    ".as_bytes()), word("größe".as_bytes())], [7, 7]);
    }
}
