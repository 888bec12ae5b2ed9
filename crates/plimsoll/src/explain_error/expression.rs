//! Expressions in the text of a template.

use super::names::is_of_chain;

/// The chain of fields around a byte of a line, else everything up to the end of the action.
pub(super) fn expression(line: &[u8], at: usize) -> std::ops::Range<usize> {
    let of_chain = |byte: &u8| !byte.is_ascii() || is_of_chain(char::from(*byte));
    if line.get(at) == Some(&b'.') {
        let before = line[..at].iter().rev().take_while(|byte| of_chain(byte)).count();
        let after = line[at..].iter().take_while(|byte| of_chain(byte)).count();
        return at - before..at + after;
    }
    let rest = &line[at.min(line.len())..];
    let rest = &rest[..action_end(rest)];
    at..at + rest.strip_suffix(b"-").unwrap_or(rest).trim_ascii_end().len()
}

/// Where `}}` ends an action, that within texts left out.
pub(super) fn action_end(rest: &[u8]) -> usize {
    let mut quote = None;
    let mut at = 0;
    while at < rest.len() {
        match (quote, rest[at]) {
            (Some(b'"'), b'\\') => at += 1,
            (Some(open), byte) if byte == open => quote = None,
            (None, byte @ (b'"' | b'`')) => quote = Some(byte),
            (None, b'}') if rest[at..].starts_with(b"}}") => return at,
            _ => {}
        }
        at += 1;
    }
    rest.len()
}

/// What is piped into the function at a byte of a line: the text between the `|` before it and what
/// that stands behind.
pub(super) fn piped_into(line: &str, at: usize) -> Option<&str> {
    let before = line.get(..at)?.trim_end().strip_suffix('|')?.trim_end();
    let start = before.rfind(['|', '(', '{']).map_or(0, |at| at + 1);
    let text = before[start..].trim_start_matches(['-', ' ']);
    let text = text.split_once(":=").map_or(text, |(_, text)| text).trim();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, at: usize, want: &str) {
        assert_eq!(&line[expression(line.as_bytes(), at)], want);
    }

    #[test]
    fn a_chain_is_taken_whole_and_a_call_to_its_end() {
        check("image: {{ .Values.image.tag }}", 17, ".Values.image.tag");
        check("x: {{- include \"a\" . -}}", 7, "include \"a\" .");
        check("x: {{ div 1 0", 6, "div 1 0");
        check(r#"x: {{ tpl "{{ .a \" }}" . }}"#, 6, r#"tpl "{{ .a \" }}" ."#);
        check("", 0, "");
    }

    #[test]
    fn what_is_piped_stands_before() {
        let check = |line: &str, want| {
            assert_eq!(piped_into(line, line.find("upper").unwrap()), want, "{line}");
        };
        check("a: {{ .Values.a | upper }}", Some(".Values.a"));
        check("a: {{- .Values.a | trim | upper }}", Some("trim"));
        check("a: {{ $x := (.Values.a | upper) }}", Some(".Values.a"));
        check("a: {{ $x := .Values.a | upper }}", Some(".Values.a"));
        check("a: {{ upper .Values.a }}", None);
    }
}
