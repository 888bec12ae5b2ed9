//! Functions on texts that move bytes and keep the marks of where they came from.

use memchr::{memchr_iter, memmem};
use plimsoll_gotmpl::{CallError, Function, Marked, Rest, Text, TextBuf, Value, function};
use plimsoll_gotmpl::{quote_go, write_value};
use plimsoll_source::{Origin, strconv};

use crate::limit;
use crate::strval::{part, strslice, strval};
use crate::unicode::is_space;

pub(crate) const STRINGS: &[Function] = &[
    function!("hello", hello),
    function!("trunc", trunc),
    function!("substr", substr),
    function!("trim", trim),
    function!("trimAll", trim_all),
    function!("trimall", trim_all),
    function!("trimPrefix", trim_prefix),
    function!("trimSuffix", trim_suffix),
    function!("repeat", repeat),
    function!("contains", contains),
    function!("hasPrefix", has_prefix),
    function!("hasSuffix", has_suffix),
    function!("quote", quote),
    function!("squote", squote),
    function!("cat", cat),
    function!("indent", indent),
    function!("nindent", nindent),
    function!("replace", replace),
    function!("plural", plural),
    function!("toString", to_string),
    function!("join", join),
];

/// `hello` → `Hello!`
fn hello() -> &'static str {
    "Hello!"
}

/// `trunc 5 "hello world"` → `hello`; a negative length keeps the end. Counts bytes.
fn trunc(length: i64, text: Marked) -> Marked {
    let len = text.text.len();
    if length >= 0 {
        return part(&text, 0..len.min(usize::try_from(length).unwrap_or(usize::MAX)));
    }
    let keep = usize::try_from(length.unsigned_abs()).unwrap_or(usize::MAX);
    // sprig: the whole text also where the length equals its own.
    part(&text, len.saturating_sub(keep)..len)
}

/// `substr 0 5 "hello world"` → `hello`; a negative start is 0, a negative end the end.
fn substr(start: i64, end: i64, text: Marked) -> Result<Marked, CallError> {
    let len = text.text.len() as i64;
    let range = if start < 0 {
        check_slice(None, end, len)?;
        0..end
    } else if end < 0 || end > len {
        check_slice(Some(start), len, len)?;
        start..len
    } else {
        check_slice(Some(start), end, len)?;
        start..end
    };
    Ok(part(&text, range.start as usize..range.end as usize))
}

/// Go's bounds of `text[start:end]` and how it panics.
fn check_slice(start: Option<i64>, end: i64, len: i64) -> Result<(), CallError> {
    let at = match start {
        _ if end < 0 => format!(":{end}]"),
        _ if end > len => format!(":{end}] with length {len}"),
        Some(start) if start > end => format!("{start}:{end}]"),
        _ => return Ok(()),
    };
    Err(CallError::Message(format!("runtime error: slice bounds out of range [{at}")))
}

/// `trim "  a "` → `a`
fn trim(text: Marked) -> Marked {
    trim_where(&text, is_space)
}

/// `trimAll "$" "$5.00$"` → `5.00`; the first argument is a set of characters.
fn trim_all(set: Text, text: Marked) -> Marked {
    let set: Vec<char> = crate::unicode::runes(&set).collect();
    trim_where(&text, |rune| set.contains(&rune))
}

fn trim_where(text: &Marked, drop: impl Fn(char) -> bool) -> Marked {
    let bytes = text.text.as_bytes();
    let mut start = 0;
    while start < bytes.len() {
        let (rune, width) = strconv::decode_rune(&bytes[start..]);
        if !drop(rune.unwrap_or(char::REPLACEMENT_CHARACTER)) {
            break;
        }
        start += width;
    }
    let mut end = bytes.len();
    while end > start {
        let (rune, width) = last_rune(&bytes[start..end]);
        if !drop(rune) {
            break;
        }
        end -= width;
    }
    part(text, start..end)
}

/// The last rune and its width; an invalid byte is U+FFFD of width 1.
fn last_rune(bytes: &[u8]) -> (char, usize) {
    let starts = 1..=bytes.len().min(4);
    starts
        .filter_map(|width| {
            let (rune, got) = strconv::decode_rune(&bytes[bytes.len() - width..]);
            rune.filter(|_| got == width).map(|rune| (rune, width))
        })
        .next_back()
        .unwrap_or((char::REPLACEMENT_CHARACTER, 1))
}

fn trim_prefix(prefix: Text, text: Marked) -> Marked {
    let start = if text.text.starts_with(&prefix) { prefix.len() } else { 0 };
    part(&text, start..text.text.len())
}

fn trim_suffix(suffix: Text, text: Marked) -> Marked {
    let cut = if text.text.ends_with(&suffix) { suffix.len() } else { 0 };
    part(&text, 0..text.text.len() - cut)
}

/// `repeat 3 "ab"` → `ababab`
fn repeat(count: i64, text: Marked) -> Result<Text, CallError> {
    let count = usize::try_from(count).map_err(|_| NEGATIVE_COUNT)?;
    let length = limit::bytes("repeat", count.checked_mul(text.text.len()))?;
    let mut out = TextBuf::with_capacity(length);
    if length > 0 {
        (0..count).for_each(|_| out.push_from(&text.text, text.origin));
    }
    Ok(out.finish())
}

const NEGATIVE_COUNT: &str = "strings: negative Repeat count";

/// `contains "an" "banana"` → `true`
fn contains(part: Text, text: Text) -> bool {
    memmem::find(&text, &part).is_some()
}

fn has_prefix(prefix: Text, text: Text) -> bool {
    text.starts_with(&prefix)
}

fn has_suffix(suffix: Text, text: Text) -> bool {
    text.ends_with(&suffix)
}

/// `quote "a" nil 1` → `"a" "1"`, quoted as Go's `%q` does.
fn quote(values: Rest<Value>) -> Text {
    spaced(&values.0, |out, value| push_quoted(out, &strval(value)))
}

/// `squote "a" nil 1` → `'a' '1'`; nothing is escaped.
fn squote(values: Rest<Value>) -> Text {
    spaced(&values.0, |out, value| {
        out.push_bytes(b"'");
        write_value(out, value);
        out.push_bytes(b"'");
    })
}

/// `cat "a" nil 1` → `a 1`
fn cat(values: Rest<Value>) -> Text {
    spaced(&values.0, write_value)
}

fn spaced(values: &[Value], write: impl Fn(&mut TextBuf, &Value)) -> Text {
    let mut out = TextBuf::new();
    for (at, value) in values.iter().filter(|value| !value.is_nil()).enumerate() {
        if at > 0 {
            out.push_bytes(b" ");
        }
        write(&mut out, value);
    }
    out.finish()
}

fn push_quoted(out: &mut TextBuf, value: &Marked) {
    let text = &value.text;
    if text.iter().all(|byte| is_plain(*byte)) {
        out.push_bytes(b"\"");
        out.push_from(text, value.origin);
        out.push_bytes(b"\"");
    } else if text.map().is_none() {
        let start = out.len();
        strconv::quote_into(out.bytes_mut(), text);
        out.mark(start, value.origin);
    } else {
        push_quoted_pieces(out, value);
    }
}

/// Quotes piece by piece: stretches that stay as they are keep their marks, what is escaped is
/// said to come from the first of its marks. Pieces end at ASCII, so no rune is cut.
fn push_quoted_pieces(out: &mut TextBuf, value: &Marked) {
    out.push_bytes(b"\"");
    let text = &value.text;
    let mut start = 0;
    while start < text.len() {
        let plain = is_plain(text[start]);
        let piece = text[start..].iter().take_while(|byte| is_plain(**byte) == plain).count();
        let end = start + piece;
        if plain {
            out.push_range(text, start..end, value.origin);
        } else {
            let quoted = quote_go(&text[start..end]);
            let at = out.len();
            out.push_bytes(&quoted.as_bytes()[1..quoted.len() - 1]);
            out.mark(at, origin_in(text, start..end));
        }
        start = end;
    }
    out.push_bytes(b"\"");
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}

fn origin_in(text: &Text, range: std::ops::Range<usize>) -> Origin {
    let mark = |map: &plimsoll_source::TextMap| {
        map.overlapping(range.start as u32, range.end as u32).next().map(|mark| mark.origin)
    };
    text.map().and_then(mark).unwrap_or_default()
}

/// `indent 2 "a\nb"` → `  a\n  b`; empty lines are indented too.
fn indent(spaces: i64, text: Marked) -> Result<Text, CallError> {
    indented("indent", b"", spaces, &text)
}

/// `indent` behind a line break.
fn nindent(spaces: i64, text: Marked) -> Result<Text, CallError> {
    indented("nindent", b"\n", spaces, &text)
}

fn indented(name: &str, head: &[u8], spaces: i64, marked: &Marked) -> Result<Text, CallError> {
    let spaces = usize::try_from(spaces).map_err(|_| NEGATIVE_COUNT)?;
    let text = &marked.text;
    let lines = memchr_iter(b'\n', text).count() + 1;
    let pads = spaces.checked_mul(lines);
    let length = limit::bytes(name, pads.and_then(|pads| pads.checked_add(text.len() + 1)))?;
    let mut out = TextBuf::with_capacity(length);
    out.push_bytes(head);
    let mut start = 0;
    for end in memchr_iter(b'\n', text).map(|at| at + 1).chain([text.len()]) {
        let padded = out.len() + spaces;
        out.bytes_mut().resize(padded, b' ');
        out.push_range(text, start..end, marked.origin);
        start = end;
    }
    Ok(out.finish())
}

/// `replace "a" "b" "banana"` → `bbnbnb`; an empty first argument stands before every character
/// and at the end.
fn replace(old: Marked, new: Marked, text: Marked) -> Result<Marked, CallError> {
    if old.text == new.text {
        return Ok(text);
    }
    let found = places(&old.text, &text.text).count();
    if found == 0 {
        return Ok(text);
    }
    let (old, added) = (old.text, found.checked_mul(new.text.len()));
    let kept = text.text.len() - found * old.len();
    let length = limit::bytes("replace", added.and_then(|added| added.checked_add(kept)))?;
    let mut out = TextBuf::with_capacity(length);
    let mut start = 0;
    for at in places(&old, &text.text) {
        out.push_range(&text.text, start..at, text.origin);
        out.push_from(&new.text, new.origin);
        start = at + old.len();
    }
    out.push_range(&text.text, start..text.text.len(), text.origin);
    Ok(Marked { text: out.finish(), origin: text.origin })
}

/// Where a part stands in a text, without overlaps; an empty one before every rune and at the end.
fn places<'a>(part: &'a [u8], text: &'a [u8]) -> Box<dyn Iterator<Item = usize> + 'a> {
    if !part.is_empty() {
        return Box::new(memmem::find_iter(text, part));
    }
    let after = |at: &usize| {
        text.get(*at..)
            .filter(|rest| !rest.is_empty())
            .map(|rest| at + strconv::decode_rune(rest).1)
    };
    Box::new(std::iter::successors(Some(0), after))
}

/// `plural "one" "many" 2` → `many`
fn plural(one: Marked, many: Marked, count: i64) -> Marked {
    if count == 1 { one } else { many }
}

/// `toString 1` → `1`
fn to_string(value: Value) -> Marked {
    strval(&value)
}

/// `join "-" (list 1 nil "a")` → `1-a`
fn join(separator: Marked, value: Value) -> Result<Text, CallError> {
    let parts = strslice(&value);
    let separators = parts.len().saturating_sub(1).checked_mul(separator.text.len());
    let texts: usize = parts.iter().map(|part| part.text.len()).sum();
    let length = limit::bytes("join", separators.and_then(|bytes| bytes.checked_add(texts)))?;
    let mut out = TextBuf::with_capacity(length);
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            out.push_from(&separator.text, separator.origin);
        }
        out.push_from(&part.text, part.origin);
    }
    Ok(out.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: impl Into<Text>) -> Marked {
        Marked { text: text.into(), origin: Origin::NONE }
    }

    fn check(got: impl Into<Text>, want: &str) {
        assert_eq!(got.into().to_str_lossy(), want);
    }

    #[test]
    fn trunc_keeps_either_end() {
        check(trunc(5, marked("hello world")).text, "hello");
        check(trunc(-5, marked("hello world")).text, "world");
        check(trunc(-50, marked("hello")).text, "hello");
        check(trunc(i64::MIN, marked("hello")).text, "hello");
    }

    #[test]
    fn substr_panics_as_go_slices_do() {
        check(substr(-1, 5, marked("Hello World")).unwrap().text, "Hello");
        check(substr(2, -1, marked("Hello")).unwrap().text, "llo");
        let error = |start, end| substr(start, end, marked("abc")).unwrap_err().to_string();
        assert_eq!(error(2, 1), "runtime error: slice bounds out of range [2:1]");
        assert_eq!(error(5, -1), "runtime error: slice bounds out of range [5:3]");
        assert_eq!(error(-1, 9), "runtime error: slice bounds out of range [:9] with length 3");
        assert_eq!(error(-1, -9), "runtime error: slice bounds out of range [:-9]");
    }

    #[test]
    fn trimming_knows_unicode_and_invalid_bytes() {
        check(trim(marked("\u{85}\u{3000} a\u{a0}\t")).text, "a");
        check(trim_all("é$".into(), marked("é$5é")).text, "5");
        check(trim_all("\u{fffd}".into(), marked(&b"\xffa\xe2\x82"[..])).text, "a");
    }

    #[test]
    fn quoting_escapes_as_go_does() {
        let values = Rest(vec![Value::from("a\"b\n"), Value::Nil, Value::int(1)]);
        check(quote(values.clone()), r#""a\"b\n" "1""#);
        check(squote(values.clone()), "'a\"b\n' '1'");
        check(cat(values), "a\"b\n 1");
    }

    #[test]
    fn quoting_keeps_marks_around_escapes() {
        let mut buf = TextBuf::new();
        buf.push_from(&"ab\"".into(), Origin(3));
        let value = Value::text(buf.finish());
        let text = quote(Rest(vec![value]));
        check(text.clone(), r#""ab\"""#);
        let marks: Vec<_> = text.map().unwrap().marks().iter().map(|m| (m.start, m.end)).collect();
        assert_eq!(marks, [(1, 3), (3, 5)]);
    }

    #[test]
    fn indent_pads_every_line() {
        check(indent(2, marked("a\n\nb\n")).unwrap(), "  a\n  \n  b\n  ");
        check(nindent(1, marked("")).unwrap(), "\n ");
        assert_eq!(indent(-1, marked("")).unwrap_err().to_string(), NEGATIVE_COUNT);
    }

    #[test]
    fn replace_of_nothing_stands_between_runes() {
        let got = |old: &str, new: &str, text: &str| {
            replace(marked(old), marked(new), marked(text)).unwrap().text
        };
        check(got("", "-", "aé"), "-a-é-");
        check(got("a", "", "banana"), "bnn");
        check(got("", "-", ""), "-");
    }

    #[test]
    fn too_much_is_an_error() {
        let error = repeat(i64::MAX, marked("ab")).unwrap_err().to_string();
        assert_eq!(error, "`repeat` would make a text of more than 33554432 bytes");
        check(repeat(i64::MAX, marked("")).unwrap(), "");
        assert!(indent(i64::MAX, marked("a\nb")).is_err());
    }
}
