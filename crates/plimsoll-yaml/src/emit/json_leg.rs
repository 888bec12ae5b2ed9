//! What a string suffers on its way through JSON: `toYaml` writes JSON, reads that as YAML and
//! writes it again.

use std::borrow::Cow;

use crate::compose::go_utf8;

/// Why a string does not come through.
pub(super) enum Refused {
    /// go-yaml's words for what no YAML may hold.
    Text(String),
    /// As a key go-yaml takes it for none.
    Key,
}

/// The string that comes out, NELs folded as line breaks.
pub(super) fn through_json(text: &[u8], key: bool) -> Result<Cow<'_, [u8]>, Refused> {
    if text.is_ascii() && !text.contains(&0x7f) && !(key && text.len() > 160) {
        return Ok(Cow::Borrowed(text));
    }
    let valid = match std::str::from_utf8(text) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(go_utf8(text)),
    };
    if valid.chars().any(is_refused) {
        return Err(Refused::Text("yaml: control characters are not allowed".to_owned()));
    }
    let next_line = valid.contains('\u{85}');
    if key && (next_line || encoded_length(&valid) > 1024) {
        return Err(Refused::Key);
    }
    if next_line {
        return Ok(Cow::Owned(fold(&valid).into_bytes()));
    }
    Ok(match valid {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    })
}

/// Characters that JSON leaves as they are and YAML refuses.
fn is_refused(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

fn encoded_length(text: &str) -> usize {
    let length = |c: char| match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
        _ => 1,
    };
    2 + text.chars().map(length).sum::<usize>()
}

/// A NEL is a line break to YAML: inside of quotes one becomes a space, more lose one, and the
/// spaces around them go.
fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split('\u{85}').peekable();
    let mut first = true;
    let mut pending = 0;
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        let mut part = if first { part } else { part.trim_start_matches(' ') };
        if !last {
            part = part.trim_end_matches(' ');
        }
        if !first {
            pending += 1;
        }
        if !part.is_empty() || last {
            match pending {
                0 => {}
                1 => out.push(' '),
                more => out.extend(std::iter::repeat_n('\n', more - 1)),
            }
            pending = 0;
            out.push_str(part);
        }
        first = false;
    }
    out
}
