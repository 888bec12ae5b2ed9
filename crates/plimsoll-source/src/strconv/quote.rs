use super::{decode_rune, is_print};

/// Go's `strconv.Quote`: double quotes, Go's escapes, `\xHH` for bytes that are not UTF-8.
pub fn quote(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len() + 2);
    quote_into(&mut out, bytes);
    String::from_utf8(out).expect("invalid bytes are escaped")
}

/// Go's `strconv.QuoteToASCII`.
pub fn quote_to_ascii(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len() + 2);
    quote_to_ascii_into(&mut out, bytes);
    String::from_utf8(out).expect("invalid bytes are escaped")
}

/// Appends what [`quote()`] gives.
pub fn quote_into(out: &mut Vec<u8>, bytes: &[u8]) {
    append_quoted(out, bytes, b'"', false);
}

/// Appends what [`quote_to_ascii`] gives.
pub fn quote_to_ascii_into(out: &mut Vec<u8>, bytes: &[u8]) {
    append_quoted(out, bytes, b'"', true);
}

/// Go's `strconv.QuoteRune`; numbers that are no characters show as U+FFFD.
pub fn quote_char(rune: u32) -> String {
    quoted_char(rune, false)
}

/// Go's `strconv.QuoteRuneToASCII`.
pub fn quote_char_to_ascii(rune: u32) -> String {
    quoted_char(rune, true)
}

/// Go's `strconv.CanBackquote`: whether the text can stand unchanged between backquotes.
pub fn can_backquote(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| {
        !text.contains(|c: char| c < ' ' && c != '\t' || matches!(c, '`' | '\x7f' | '\u{feff}'))
    })
}

fn quoted_char(rune: u32, ascii: bool) -> String {
    let rune = char::from_u32(rune).unwrap_or(char::REPLACEMENT_CHARACTER);
    let mut out = Vec::new();
    append_quoted(&mut out, rune.encode_utf8(&mut [0; 4]).as_bytes(), b'\'', ascii);
    String::from_utf8(out).expect("one character in quotes is UTF-8")
}

fn append_quoted(out: &mut Vec<u8>, bytes: &[u8], quote: u8, ascii: bool) {
    out.push(quote);
    let mut rest = bytes;
    while !rest.is_empty() {
        let plain = rest.iter().position(|&c| !is_plain(c, quote)).unwrap_or(rest.len());
        out.extend_from_slice(&rest[..plain]);
        rest = &rest[plain..];
        if rest.is_empty() {
            break;
        }
        let (rune, width) = decode_rune(rest);
        match rune {
            Some(rune) => append_escaped(out, rune, quote, ascii),
            None => append_hex(out, b'x', rest[0].into(), 2),
        }
        rest = &rest[width..];
    }
    out.push(quote);
}

const fn is_plain(c: u8, quote: u8) -> bool {
    matches!(c, b' '..=b'~') && c != quote && c != b'\\'
}

fn append_escaped(out: &mut Vec<u8>, rune: char, quote: u8, ascii: bool) {
    let letter = match rune {
        '\x07' => b'a',
        '\x08' => b'b',
        '\x0c' => b'f',
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        '\x0b' => b'v',
        '\\' => b'\\',
        _ if rune == char::from(quote) => quote,
        '\0'..='\x7f' => return append_hex(out, b'x', rune.into(), 2),
        _ if !ascii && is_print(rune) => {
            return out.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes());
        }
        ..='\u{ffff}' => return append_hex(out, b'u', rune.into(), 4),
        _ => return append_hex(out, b'U', rune.into(), 8),
    };
    out.extend_from_slice(&[b'\\', letter]);
}

fn append_hex(out: &mut Vec<u8>, letter: u8, value: u32, digits: u32) {
    out.extend_from_slice(&[b'\\', letter]);
    out.extend((0..digits).rev().map(|at| b"0123456789abcdef"[(value >> (4 * at) & 15) as usize]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_as_go_does() {
        assert_eq!(
            quote("a\"b\\\n\x01\x7fé\u{200b}\u{1f600}\u{10ffff}".as_bytes()),
            r#""a\"b\\\n\x01\x7fé\u200b😀\U0010ffff""#
        );
        assert_eq!(quote(b"\xff\xe2\x82'"), r#""\xff\xe2\x82'""#);
        assert_eq!(quote_to_ascii("é😀\u{fffd}".as_bytes()), r#""\u00e9\U0001f600\ufffd""#);
    }

    #[test]
    fn characters_stand_in_single_quotes() {
        assert_eq!(quote_char('"'.into()), "'\"'");
        assert_eq!(quote_char('\''.into()), r"'\''");
        assert_eq!(quote_char(0xd800), "'\u{fffd}'");
        assert_eq!(quote_char_to_ascii(0x3b1), r"'\u03b1'");
    }

    #[test]
    fn backquotes_need_plain_text() {
        assert!(can_backquote("a\tü\"".as_bytes()));
        assert!(!can_backquote(b"a`"));
        assert!(!can_backquote(b"a\n"));
        assert!(!can_backquote(b"\xff"));
    }
}
