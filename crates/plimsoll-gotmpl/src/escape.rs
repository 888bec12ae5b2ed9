use plimsoll_source::strconv;

use crate::value::fmt::sprint;
use crate::value::{Text, Value};

/// Go's `template.HTMLEscape`.
pub fn html_escape(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 16);
    for &c in bytes {
        match c {
            b'\0' => out.extend_from_slice("\u{fffd}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            _ => out.push(c),
        }
    }
    out
}

/// Go's `template.JSEscape`.
pub fn js_escape(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 16);
    let mut rest = bytes;
    while !rest.is_empty() {
        let (rune, width) = strconv::decode_rune(rest);
        match rune {
            Some('\\') => out.extend_from_slice(b"\\\\"),
            Some('\'') => out.extend_from_slice(b"\\'"),
            Some('"') => out.extend_from_slice(b"\\\""),
            Some('\x7f') => out.push(0x7f),
            Some(c @ ('<' | '>' | '&' | '=')) => append_code(&mut out, c),
            Some(c) if !strconv::is_print(c) => append_code(&mut out, c),
            _ => out.extend_from_slice(&rest[..width]),
        }
        rest = &rest[width..];
    }
    out
}

fn append_code(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes());
}

/// Go's `url.QueryEscape`: a space becomes `+`.
pub fn url_query_escape(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 16);
    for &c in bytes {
        match c {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(c),
            b' ' => out.push(b'+'),
            _ => out.extend_from_slice(format!("%{c:02X}").as_bytes()),
        }
    }
    out
}

/// The text that the builtins `html`, `js` and `urlquery` escape: their arguments printed as by
/// `print`, where nil shows as `<no value>`.
pub fn text_to_escape(args: &[Value]) -> Text {
    if let [Value::Text(_, text)] = args {
        return text.clone();
    }
    let shown: Vec<Value> = args
        .iter()
        .map(|arg| if arg.is_nil() { Value::text("<no value>") } else { arg.clone() })
        .collect();
    sprint(&shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(escape: fn(&[u8]) -> Vec<u8>, bytes: &[u8], want: &str) {
        assert_eq!(String::from_utf8_lossy(&escape(bytes)), want);
    }

    #[test]
    fn html_is_escaped_as_go_does() {
        check(html_escape, b"a\"b'c<d>&\0", "a&#34;b&#39;c&lt;d&gt;&amp;\u{fffd}");
    }

    #[test]
    fn javascript_is_escaped_as_go_does() {
        check(
            js_escape,
            "a\"b'c<d>&=\\\n\x7fé\u{200b}\u{e0001}".as_bytes(),
            "a\\\"b\\'c\\u003Cd\\u003E\\u0026\\u003D\\\\\\u000A\x7fé\\u200B\\uE0001",
        );
        assert_eq!(js_escape(b"a\xff\xe2\x82"), b"a\xff\xe2\x82");
    }

    #[test]
    fn queries_are_escaped_as_go_does() {
        check(url_query_escape, "a b/é?&=~-_.".as_bytes(), "a+b%2F%C3%A9%3F%26%3D~-_.");
    }

    #[test]
    fn nil_shows_as_no_value() {
        assert_eq!(&*text_to_escape(&[Value::Nil, Value::int(1)]), b"<no value>1");
    }
}
