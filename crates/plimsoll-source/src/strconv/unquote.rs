use super::decode_rune;

/// One unescaped piece of a quoted literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unescaped {
    /// A character.
    Char(char),
    /// A byte given by `\x` or an octal escape, or one that was not UTF-8: it may be part of no
    /// character.
    Byte(u8),
}

/// Go's `strconv.Unquote` of a literal in double quotes, backquotes or (one character) single
/// quotes; `None` where Go says `invalid syntax`.
pub fn unquote(literal: &[u8]) -> Option<Vec<u8>> {
    let [quote, body @ .., last] = literal else { return None };
    if quote != last {
        return None;
    }
    match quote {
        b'`' if body.contains(&b'`') => None,
        b'`' if !body.contains(&b'\r') => Some(body.to_vec()),
        b'`' => Some(body.iter().copied().filter(|c| *c != b'\r').collect()),
        b'"' => unescape(body),
        b'\'' => unescape_one(body),
        _ => None,
    }
}

/// Go's `strconv.UnquoteChar`: the first character of what stands between `quote`s, and how many
/// bytes it takes; `None` where Go says `invalid syntax`, such as at the quote itself.
pub fn unquote_char(text: &[u8], quote: u8) -> Option<(Unescaped, usize)> {
    match text {
        [b'\\', c, rest @ ..] => escape(*c, rest, quote).map(|(piece, width)| (piece, width + 2)),
        [] | [b'\\'] => None,
        [c, ..] if *c == quote && matches!(quote, b'"' | b'\'') => None,
        [c, ..] => Some(match decode_rune(text) {
            (Some(rune), width) => (Unescaped::Char(rune), width),
            (None, width) => (Unescaped::Byte(*c), width),
        }),
    }
}

fn unescape(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    while !body.is_empty() {
        let plain = body
            .iter()
            .take_while(|c| matches!(c, b' '..=b'~') && !matches!(c, b'"' | b'\\'))
            .count();
        out.extend_from_slice(&body[..plain]);
        body = &body[plain..];
        if body.is_empty() {
            break;
        }
        let (piece, width) = unquote_char(body, b'"').filter(|_| body[0] != b'\n')?;
        append(&mut out, piece, body[0] == b'\\');
        body = &body[width..];
    }
    Some(out)
}

fn unescape_one(body: &[u8]) -> Option<Vec<u8>> {
    if body.is_empty() {
        // Go: `''` passes the check that a single character is valid.
        return Some(Vec::new());
    }
    let (piece, width) = unquote_char(body, b'\'').filter(|_| body[0] != b'\n')?;
    let mut out = Vec::new();
    append(&mut out, piece, body[0] == b'\\');
    (width == body.len()).then_some(out)
}

/// Bytes that were not UTF-8 come out as U+FFFD, escaped bytes as they are.
fn append(out: &mut Vec<u8>, piece: Unescaped, escaped: bool) {
    match piece {
        Unescaped::Byte(byte) if escaped => out.push(byte),
        Unescaped::Byte(_) => out.extend_from_slice("\u{fffd}".as_bytes()),
        Unescaped::Char(rune) => out.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

fn escape(c: u8, rest: &[u8], quote: u8) -> Option<(Unescaped, usize)> {
    let rune = match c {
        b'a' => '\x07',
        b'b' => '\x08',
        b'f' => '\x0c',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'v' => '\x0b',
        b'\\' => '\\',
        b'\'' | b'"' if c == quote => char::from(c),
        b'x' => return Some((Unescaped::Byte(number(rest, 2, 16)? as u8), 2)),
        b'u' => return Some((Unescaped::Char(char::from_u32(number(rest, 4, 16)?)?), 4)),
        b'U' => return Some((Unescaped::Char(char::from_u32(number(rest, 8, 16)?)?), 8)),
        b'0'..=b'7' => {
            let value = u32::from(c - b'0') << 6 | number(rest, 2, 8)?;
            return Some((Unescaped::Byte(u8::try_from(value).ok()?), 2));
        }
        _ => return None,
    };
    Some((Unescaped::Char(rune), 0))
}

fn number(text: &[u8], digits: usize, radix: u32) -> Option<u32> {
    text.get(..digits)?.iter().try_fold(0_u32, |value, c| {
        let digit = char::from(*c).to_digit(radix)?;
        Some(value.wrapping_mul(radix) | digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(literal: &str, want: Option<&[u8]>) {
        assert_eq!(unquote(literal.as_bytes()).as_deref(), want, "{literal}");
    }

    #[test]
    fn escapes_are_resolved() {
        check(r#""a\tb\"\\\x41\101\u00e9\U0001F600""#, Some("a\tb\"\\AAé😀".as_bytes()));
        check(r#""\xff""#, Some(b"\xff"));
        check(r"'\''", Some(b"'"));
        check(r"'é'", Some("é".as_bytes()));
        check("`a\\n\r\nb`", Some(b"a\\n\nb"));
    }

    #[test]
    fn wrong_literals_are_refused() {
        for literal in
            ["", "\"", "a", "\"a", "\"a\"b\"", r#""\'""#, r#""\q""#, r#""\400""#, r#""\ud800""#]
        {
            check(literal, None);
        }
        check("'ab'", None);
        check("\"a\nb\"", None);
        check("`a`b`", None);
        check("''", Some(b""));
    }
}
