use std::ops::Range;

use plimsoll_gotmpl::Value;

use super::cursor::{Cursor, Fault, is_break, quoted};
use super::number::{datetime, float, integer};
use plimsoll_source::strconv;

/// How a value begins.
pub(super) enum Start {
    Scalar(Value, Range<usize>),
    Array,
    Inline,
}

/// Reads a scalar, or the bracket that opens something larger.
pub(super) fn read_start(cursor: &mut Cursor<'_>) -> Result<Start, Fault> {
    cursor.skip_blanks()?;
    let start = cursor.at;
    let value = match cursor.next()? {
        Some('[') => return Ok(Start::Array),
        Some('{') => return Ok(Start::Inline),
        Some('"') => Value::text(quoted_value(cursor, '"')?),
        Some('\'') => Value::text(quoted_value(cursor, '\'')?),
        Some('.') => return Err(cursor.fault("floats must start with a digit, not '.'")),
        Some('0') => based_number(cursor, start)?,
        Some('1'..='9') => number_or_date(cursor, start)?,
        Some('-' | '+') => signed_number(cursor, start)?,
        Some('i' | 'n') => word_or_float(cursor, start)?,
        Some(c) if c.is_alphabetic() => word(cursor, start)?,
        None => return Err(cursor.fault_at(None, "unexpected EOF; expected value")),
        Some('\n') => return Err(cursor.fault_before("expected value but found '\\n' instead")),
        other => {
            let message = format!("expected value but found {} instead", quoted(other));
            return Err(cursor.fault(message));
        }
    };
    Ok(Start::Scalar(value, start..cursor.at))
}

/// Reads the rest of a basic string behind its quote.
pub(super) fn read_basic(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, Fault> {
    let start = cursor.at;
    let mut escaped = false;
    loop {
        match cursor.next()? {
            None => return Err(cursor.fault_at(None, "unexpected EOF; expected '\"'")),
            Some(c) if is_break(c) => {
                return Err(cursor.fault_before("strings cannot contain newlines"));
            }
            Some('\\') => {
                escaped = true;
                check_escape(cursor, start)?;
            }
            Some('"') => break,
            Some(_) => {}
        }
    }
    let raw = inside(cursor, start, 1);
    if escaped { resolve_escapes(cursor, raw) } else { Ok(raw.to_vec()) }
}

/// Reads the rest of a literal string behind its quote.
pub(super) fn read_literal(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, Fault> {
    let start = cursor.at;
    loop {
        match cursor.next()? {
            None => return Err(cursor.fault_at(None, "unexpected EOF; expected \"'\"")),
            Some(c) if is_break(c) => {
                return Err(cursor.fault_before("strings cannot contain newlines"));
            }
            Some('\'') => return Ok(inside(cursor, start, 1).to_vec()),
            Some(_) => {}
        }
    }
}

fn inside<'a>(cursor: &Cursor<'a>, start: usize, quotes: usize) -> &'a [u8] {
    let text = cursor.since(start);
    &text[..text.len() - quotes]
}

fn quoted_value(cursor: &mut Cursor<'_>, quote: char) -> Result<Vec<u8>, Fault> {
    if cursor.accept(quote)? {
        if !cursor.accept(quote)? {
            return Ok(Vec::new());
        }
        let start = cursor.at;
        return read_lines(cursor, start, quote);
    }
    if quote == '"' { read_basic(cursor) } else { read_literal(cursor) }
}

/// Reads the rest of a string of several lines behind its three quotes.
fn read_lines(cursor: &mut Cursor<'_>, start: usize, quote: char) -> Result<Vec<u8>, Fault> {
    let basic = quote == '"';
    loop {
        match cursor.next()? {
            None => {
                let expected = if basic { "'\"\"\"'" } else { "\"'''\"" };
                let message = format!("unexpected EOF; expected {expected}");
                return Err(cursor.fault_at(None, message));
            }
            Some('\\') if basic => match cursor.peek()? {
                Some(c) if is_break(c) => {
                    cursor.next()?;
                }
                _ => check_escape(cursor, start)?,
            },
            Some(c) if c == quote && closes(cursor, start, quote)? => break,
            Some(_) => {}
        }
    }
    let raw = strip_first_break(inside(cursor, start, 3));
    if basic { resolve_escapes(cursor, &join_lines(raw)) } else { Ok(raw.to_vec()) }
}

/// Whether the quote that was just read begins the closing three; up to two may stand before them.
fn closes(cursor: &mut Cursor<'_>, start: usize, quote: char) -> Result<bool, Fault> {
    let (at, line) = (cursor.at, cursor.line);
    if !(cursor.accept(quote)? && cursor.accept(quote)?) {
        (cursor.at, cursor.line) = (at, line);
        return Ok(false);
    }
    if cursor.peek()? != Some(quote) {
        return Ok(true);
    }
    let five = [quote as u8; 5];
    let text = cursor.since(start);
    let escaped =
        quote == '"' && text.strip_suffix(&five).is_some_and(|rest| rest.ends_with(b"\\"));
    if text.ends_with(&five) && !escaped {
        let shown = if quote == '"' { "'\"\"\"\"\"\"'" } else { "\"''''''\"" };
        return Err(cursor.fault(format!("unexpected {shown}")));
    }
    (cursor.at, cursor.line) = (at, line);
    Ok(false)
}

fn strip_first_break(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\n").or_else(|| text.strip_prefix(b"\r\n")).unwrap_or(text)
}

/// Takes out each backslash that ends its line, with the blanks and breaks behind it.
fn join_lines(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if text[at] != b'\\' {
            out.push(text[at]);
            at += 1;
            continue;
        }
        if text.get(at + 1) == Some(&b'\\') {
            out.extend_from_slice(b"\\\\");
            at += 2;
            continue;
        }
        let space = text[at + 1..]
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
            .count();
        if text[at + 1..at + 1 + space].contains(&b'\n') {
            at += 1 + space;
        } else {
            out.push(b'\\');
            at += 1;
        }
    }
    out
}

/// Reads what follows a backslash.
fn check_escape(cursor: &mut Cursor<'_>, start: usize) -> Result<(), Fault> {
    let (digits, shown) = match cursor.next()? {
        Some('e' | 'b' | 't' | 'n' | 'f' | 'r' | '"' | ' ' | '\t' | '\\') => return Ok(()),
        Some('x') => (2, "two hexadecimal digits after '\\x'"),
        Some('u') => (4, "four hexadecimal digits after '\\u'"),
        Some('U') => (8, "eight hexadecimal digits after '\\U'"),
        other => {
            let message = format!("invalid escape in string '\\{}'", other.unwrap_or('\0'));
            return Err(if other.is_none() {
                cursor.fault_before(message)
            } else {
                cursor.fault(message)
            });
        }
    };
    for _ in 0..digits {
        let read = cursor.next()?;
        if !read.is_some_and(|c| c.is_ascii_hexdigit()) {
            let so_far = strconv::quote(cursor.since(start));
            let message = format!("expected {shown}, but got {so_far} instead");
            return Err(cursor.fault_at(read, message));
        }
    }
    Ok(())
}

/// Replaces the escapes of a string whose syntax has been checked.
fn resolve_escapes(cursor: &Cursor<'_>, text: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if text[at] != b'\\' {
            out.push(text[at]);
            at += 1;
            continue;
        }
        let escape = text.get(at + 1).copied().unwrap_or(b' ');
        let digits = match escape {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        let plain = match escape {
            b'b' => 8,
            b't' => b'\t',
            b'n' => b'\n',
            b'f' => 12,
            b'r' => b'\r',
            b'e' => 0x1b,
            b'"' | b'\\' => escape,
            b'x' | b'u' | b'U' => {
                push_code(cursor, &mut out, &text[at + 2..at + 2 + digits])?;
                at += 2 + digits;
                continue;
            }
            _ => {
                return Err(cursor.fault(format!("invalid escape: '\\{}'", escape as char)));
            }
        };
        out.push(plain);
        at += 2;
    }
    Ok(out)
}

fn push_code(cursor: &Cursor<'_>, out: &mut Vec<u8>, digits: &[u8]) -> Result<(), Fault> {
    let digits = String::from_utf8_lossy(digits);
    let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
    let c = code.ok_or_else(|| {
        cursor.fault(format!("Escaped character '\\u{digits}' is not valid UTF-8."))
    })?;
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(())
}

/// Goes on behind a `0`.
fn based_number(cursor: &mut Cursor<'_>, start: usize) -> Result<Value, Fault> {
    let (name, radix) = match cursor.peek()? {
        Some('b') => ("a binary", 2),
        Some('o') => ("an octal", 8),
        Some('x') => ("a hexadecimal", 16),
        // toml: lex.go takes no date from here.
        Some('-' | ':') => return integer(cursor, cursor.since(start)),
        _ => return number_or_date(cursor, start),
    };
    cursor.next()?;
    let next = cursor.peek()?;
    if !next.is_some_and(|c| c.is_digit(radix)) {
        let so_far = String::from_utf8_lossy(cursor.since(start));
        let message = format!("not {name} number: '{so_far}{}'", next.unwrap_or('\0'));
        return Err(cursor.fault(message));
    }
    cursor.skip(|c| c.is_digit(radix) || c == '_')?;
    integer(cursor, cursor.since(start))
}

/// Goes on behind a digit.
fn number_or_date(cursor: &mut Cursor<'_>, start: usize) -> Result<Value, Fault> {
    cursor.skip(|c| c.is_ascii_digit())?;
    match cursor.peek()? {
        Some('-' | ':') => {
            cursor.skip(|c| c.is_ascii_digit() || "-:Tt .Zz+".contains(c))?;
            datetime(cursor, cursor.since(start).trim_ascii_end())
        }
        Some('_' | '.' | 'e' | 'E') => decimal(cursor, start),
        _ => integer(cursor, cursor.since(start)),
    }
}

fn decimal(cursor: &mut Cursor<'_>, start: usize) -> Result<Value, Fault> {
    cursor.skip(|c| c.is_ascii_digit() || c == '_')?;
    if !matches!(cursor.peek()?, Some('.' | 'e' | 'E')) {
        return integer(cursor, cursor.since(start));
    }
    cursor.skip(|c| c.is_ascii_digit() || "_.-+eE".contains(c))?;
    float(cursor, cursor.since(start))
}

/// Goes on behind a sign.
fn signed_number(cursor: &mut Cursor<'_>, start: usize) -> Result<Value, Fault> {
    let so_far = |cursor: &Cursor<'_>| String::from_utf8_lossy(cursor.since(start)).into_owned();
    match cursor.next()? {
        Some(c @ ('i' | 'n')) => {
            let (second, third) = if c == 'i' { ('n', 'f') } else { ('a', 'n') };
            if !(cursor.accept(second)? && cursor.accept(third)?) {
                return Err(cursor.fault(format!("invalid float: '{}'", so_far(cursor))));
            }
            float(cursor, cursor.since(start))
        }
        Some('0') if matches!(cursor.peek()?, Some('b' | 'o' | 'x')) => {
            let base = cursor.peek()?.unwrap_or('x');
            let shown = so_far(cursor);
            let message = format!("cannot use sign with non-decimal numbers: '{shown}{base}'");
            Err(cursor.fault(message))
        }
        Some('.') => Err(cursor.fault("floats must start with a digit, not '.'")),
        Some('0'..='9') => decimal(cursor, start),
        other => {
            let message = format!("expected a digit but got {}", quoted(other));
            Err(cursor.fault_at(other, message))
        }
    }
}

/// Goes on behind an `i` or `n`: `inf`, `nan`, and what the library takes for them.
fn word_or_float(cursor: &mut Cursor<'_>, start: usize) -> Result<Value, Fault> {
    if (cursor.accept('n')? && cursor.accept('f')?)
        || (cursor.accept('a')? && cursor.accept('n')?)
    {
        return float(cursor, cursor.since(start));
    }
    // toml: lex.go goes back by one character only.
    cursor.at -= 1;
    let start = cursor.at;
    word(cursor, start)
}

fn word(cursor: &mut Cursor<'_>, start: usize) -> Result<Value, Fault> {
    cursor.skip(char::is_alphabetic)?;
    match cursor.since(start) {
        b"true" => Ok(Value::bool(true)),
        b"false" => Ok(Value::bool(false)),
        other => {
            let message = format!("expected value but found {} instead", strconv::quote(other));
            let end = if other.is_empty() { None } else { Some('x') };
            Err(cursor.fault_at(end, message))
        }
    }
}
