//! Texts as words: snake and kebab case, initials, wrapping, abbreviation.

use plimsoll_gotmpl::{CallError, Function, Marked, Text, TextBuf, function};
use plimsoll_source::strconv;

use crate::limit;
use crate::unicode::{
    is_letter, is_number, is_punct, is_space, is_upper, push_rune, runes, to_lower,
};

pub(crate) const WORDS: &[Function] = &[
    function!("initials", initials),
    function!("nospace", nospace),
    function!("wrap", wrap),
    function!("wrapWith", wrap_with),
    function!("abbrev", abbrev),
    function!("abbrevboth", abbrevboth),
];

/// `initials "First Try"` → `FT`. goutils takes bytes for characters, so a letter beyond ASCII
/// comes out as the Latin-1 character of its first byte.
fn initials(text: Text) -> Text {
    let mut out = Vec::new();
    let mut gap = true;
    for byte in text.iter().copied().map(char::from) {
        if is_space(byte) {
            gap = true;
        } else if std::mem::take(&mut gap) {
            push_rune(&mut out, byte);
        }
    }
    out.into()
}

/// `nospace " a b"` → `ab`. A text without space stays; in others bytes are taken for characters
/// as in `initials`, and 0x85 and 0xa0 for spaces.
fn nospace(text: Text) -> Text {
    if !text.iter().any(|byte| is_space(char::from(*byte))) {
        return text;
    }
    let mut out = Vec::with_capacity(text.len());
    let kept = text.iter().copied().map(char::from).filter(|byte| !is_space(*byte));
    kept.for_each(|byte| push_rune(&mut out, byte));
    out.into()
}

/// `wrap 5 "Hello World"` → `Hello` and `World` on lines of their own; longer words stay whole.
fn wrap(width: i64, text: Text) -> Result<Text, CallError> {
    wrapped("wrap", &text, width, b"\n", false)
}

/// `wrap` with a line break of one's own; longer words are cut.
fn wrap_with(width: i64, line_break: Text, text: Text) -> Result<Text, CallError> {
    let line_break = if line_break.is_empty() { b"\n" } else { line_break.as_bytes() };
    wrapped("wrapWith", &text, width, line_break, true)
}

/// goutils: WrapCustom. Counts bytes, breaks at the last space within the width and one more,
/// drops leading spaces of a line while more than a line is left.
fn wrapped(
    name: &str,
    text: &[u8],
    width: i64,
    line_break: &[u8],
    cut_words: bool,
) -> Result<Text, CallError> {
    let width = usize::try_from(width.max(1)).unwrap_or(usize::MAX);
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while rest.len() > width {
        if rest[0] == b' ' {
            rest = &rest[1..];
            continue;
        }
        let space = memchr::memrchr(b' ', &rest[..=width]);
        let (line, next) = match space {
            Some(at) => (at, at + 1),
            None if cut_words => (width, width),
            None => match memchr::memchr(b' ', &rest[width..]) {
                Some(at) => (width + at, width + at + 1),
                None => break,
            },
        };
        limit::bytes(name, Some(out.len() + line + line_break.len()))?;
        out.extend_from_slice(&rest[..line]);
        out.extend_from_slice(line_break);
        rest = &rest[next..];
    }
    out.extend_from_slice(rest);
    Ok(out.into())
}

/// `abbrev 5 "hello world"` → `he...`; widths under 4 leave the text alone.
fn abbrev(width: i64, text: Marked) -> Marked {
    if width < 4 { text } else { abbreviated(&text, 0, width) }
}

/// `abbrevboth 5 10 "1234 5678 9123"` → `...5678...`
fn abbrevboth(left: i64, right: i64, text: Marked) -> Marked {
    if right < 4 || left > 0 && right < 7 { text } else { abbreviated(&text, left, right) }
}

/// goutils: AbbreviateFull. At most `width` bytes, with `...` for what is left out; the byte at
/// `offset` is among what is kept.
fn abbreviated(text: &Marked, offset: i64, width: i64) -> Marked {
    let len = text.text.len() as i64;
    if len <= width {
        return text.clone();
    }
    let offset = offset.min(len - (width - 3));
    let kept = if offset <= 4 {
        0..width - 3
    } else if offset + width - 3 < len {
        offset..offset + width - 6
    } else {
        len - (width - 3)..len
    };
    let mut out = TextBuf::with_capacity(width as usize);
    if kept.start > 0 {
        out.push_bytes(b"...");
    }
    out.push_range(&text.text, kept.start as usize..kept.end as usize, text.origin);
    if kept.end < len {
        out.push_bytes(b"...");
    }
    Marked { text: out.finish(), origin: text.origin }
}

/// What divides the words of a name.
pub(crate) fn is_connector(rune: char) -> bool {
    rune == '-' || rune == '_' || is_space(rune)
}

/// The words of a name in lower case, joined by `connector`. (xstrings: ToSnakeCase, ToKebabCase)
pub(crate) fn joined(text: &[u8], connector: char) -> Vec<u8> {
    let mut words = Words { rest: text, out: Vec::with_capacity(text.len() + 8), connector };
    let mut word = words.next();
    while !words.rest.is_empty() {
        if word.class != Class::Connector {
            words.write(word);
        }
        let before = std::mem::replace(&mut word, words.next());
        word = match before.class {
            Class::Number => words.join_run(word),
            Class::Connector => {
                words.write(before);
                word
            }
            Class::Punct => word,
            _ if word.class != Class::Number => {
                words.divide(word.class, &[Class::Connector, Class::Punct]);
                word
            }
            _ if words.rest.is_empty() => word,
            _ => words.number_behind_word(word),
        };
    }
    words.write(word);
    words.out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// No valid rune.
    Invalid,
    Number,
    /// Upper case letters, or one and the small letters behind it.
    Upper,
    Alphabet,
    Connector,
    Punct,
    Other,
}

#[derive(Clone, Copy)]
struct Word<'a> {
    class: Class,
    text: &'a [u8],
}

/// Cuts words off a text and writes them.
struct Words<'a> {
    rest: &'a [u8],
    out: Vec<u8>,
    connector: char,
}

impl<'a> Words<'a> {
    /// A number behind a word belongs to it (`Bld4 Floor`) unless small letters follow it
    /// (`HTTP 2xx`).
    fn number_behind_word(&mut self, number: Word<'a>) -> Word<'a> {
        let word = self.next();
        if word.class == Class::Alphabet {
            push_rune(&mut self.out, self.connector);
            self.write(number);
            return self.join_run(word);
        }
        self.write(number);
        self.divide(word.class, &[Class::Connector, Class::Punct]);
        word
    }

    /// Writes small letters and numbers as one word; gives the word behind them.
    fn join_run(&mut self, mut word: Word<'a>) -> Word<'a> {
        while matches!(word.class, Class::Alphabet | Class::Number) {
            self.write(word);
            word = self.next();
        }
        self.divide(word.class, &[Class::Invalid, Class::Connector, Class::Punct]);
        word
    }

    /// Writes the connector unless a word of one of the classes follows.
    fn divide(&mut self, next: Class, unless: &[Class]) {
        if !unless.contains(&next) {
            push_rune(&mut self.out, self.connector);
        }
    }

    fn write(&mut self, word: Word<'_>) {
        if !matches!(word.class, Class::Upper | Class::Connector) {
            self.out.extend_from_slice(word.text);
            return;
        }
        for rune in runes(word.text) {
            let rune = if is_connector(rune) {
                self.connector
            } else if is_upper(rune) {
                to_lower(rune)
            } else {
                rune
            };
            push_rune(&mut self.out, rune);
        }
    }

    fn next(&mut self) -> Word<'a> {
        let (class, len) = match valid_rune(self.rest) {
            (None, len) => (Class::Invalid, len),
            (Some(rune), width) => {
                let class = class_of(rune);
                (class, width + self.tail(class, width))
            }
        };
        let (text, rest) = self.rest.split_at(len);
        self.rest = rest;
        Word { class, text }
    }

    /// How many bytes behind the first rune belong to the word.
    fn tail(&self, class: Class, first: usize) -> usize {
        let rest = &self.rest[first..];
        match class {
            Class::Upper => upper_tail(rest),
            Class::Alphabet => run(rest, is_small).0,
            // Where punctuation has begun, `-` and `_` are a part of it.
            Class::Punct => run(rest, is_punct).0,
            _ => run(rest, |rune| class_of(rune) == class).0,
        }
    }
}

/// Of upper case letters that small ones follow, the last begins the next word (`HTTP Status`);
/// invalid bytes before a rune count as a part of it.
fn upper_tail(rest: &[u8]) -> usize {
    match valid_rune(rest) {
        (Some(rune), _) if is_upper(rune) => {
            let (len, last, stop) = run(rest, is_upper);
            if stop.is_some_and(is_alphabet) { len - last } else { len }
        }
        (Some(rune), _) if is_alphabet(rune) => run(rest, is_small).0,
        // Only invalid bytes are left: xstrings takes them for more of the same.
        (None, len) => len,
        _ => 0,
    }
}

/// The length of the runes that `take` accepts, the width of the last of them and the rune that
/// ended the run. Invalid bytes belong to the rune behind them, at the end to the run.
fn run(text: &[u8], take: impl Fn(char) -> bool) -> (usize, usize, Option<char>) {
    let (mut len, mut last) = (0, 0);
    while len < text.len() {
        match valid_rune(&text[len..]) {
            (Some(rune), _) if !take(rune) => return (len, last, Some(rune)),
            (_, width) => {
                len += width;
                last = width;
            }
        }
    }
    (len, last, None)
}

/// The first rune that is not U+FFFD and the bytes up to its end; without one all bytes.
fn valid_rune(text: &[u8]) -> (Option<char>, usize) {
    let mut len = 0;
    while len < text.len() {
        let (rune, width) = strconv::decode_rune(&text[len..]);
        len += width;
        if let Some(rune) = rune.filter(|rune| *rune != char::REPLACEMENT_CHARACTER) {
            return (Some(rune), len);
        }
    }
    (None, len)
}

fn class_of(rune: char) -> Class {
    if is_connector(rune) {
        Class::Connector
    } else if is_punct(rune) {
        Class::Punct
    } else if is_upper(rune) {
        Class::Upper
    } else if is_alphabet(rune) {
        Class::Alphabet
    } else if is_number(rune) {
        Class::Number
    } else {
        Class::Other
    }
}

fn is_small(rune: char) -> bool {
    is_alphabet(rune) && !is_upper(rune)
}

/// A letter, but no Chinese character.
fn is_alphabet(rune: char) -> bool {
    let han = matches!(rune, '\u{3400}'..='\u{4d85}' | '\u{4e00}'..='\u{9fcc}' | '\u{20000}'..='\u{2b81d}');
    is_letter(rune) && !han
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: &str) {
        assert_eq!(String::from_utf8_lossy(&joined(text.as_bytes(), '_')), want, "{text}");
    }

    #[test]
    fn names_fall_into_words() {
        check("FirstName", "first_name");
        check("HTTPServer", "http_server");
        check("GO-PATH  x", "go_path__x");
        check("http2xx", "http_2xx");
        check("HTTP20xOK", "http_20x_ok");
        check("Duration2m3s", "duration_2m3s");
        check("Bld4Floor3rd", "bld4_floor_3rd");
        check("a.b/C", "a.b/c");
        check("日本Go", "日本_go");
        check("", "");
    }

    #[test]
    fn lines_break_at_spaces() {
        let got = |width, text: &str| wrap(width, text.into()).unwrap().to_str_lossy().into_owned();
        assert_eq!(got(5, "Hello World"), "Hello\nWorld");
        assert_eq!(got(3, "Hello World a"), "Hello\nWorld\na");
        assert_eq!(got(0, "  ab"), "ab");
        let cut = wrap_with(3, "-".into(), "abcdefgh".into()).unwrap();
        assert_eq!(cut.to_str_lossy(), "abc-def-gh");
    }

    #[test]
    fn abbreviations_keep_the_width() {
        let marked =
            |text: &str| Marked { text: text.into(), origin: plimsoll_source::Origin::NONE };
        let got = |left, right, text| {
            abbrevboth(left, right, marked(text)).text.to_str_lossy().into_owned()
        };
        assert_eq!(got(5, 10, "1234 5678 9123"), "...5678...");
        assert_eq!(got(0, 7, "hello world"), "hell...");
        assert_eq!(got(100, 8, "hello world"), "...world");
        assert_eq!(got(-3, 5, "hello world"), "he...");
        assert_eq!(abbrev(5, marked("hello world")).text.to_str_lossy(), "he...");
    }

    #[test]
    fn bytes_pass_for_characters() {
        assert_eq!(initials("élan vital".into()).to_str_lossy(), "Ãv");
        assert_eq!(nospace("é b".into()).to_str_lossy(), "Ã©b");
        assert_eq!(nospace("éb".into()).to_str_lossy(), "éb");
    }
}
