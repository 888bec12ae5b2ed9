//! How values look in a text.

use plimsoll_source::strconv;

use super::Scalar;
use crate::emit::{Emitter, Version};
use crate::path::Step;

/// The value on one line, with quotes only where it needs some.
pub(super) fn flow_text(value: &Scalar) -> String {
    scalar_in_style(value, None)
}

/// The value on one line; a string in the quotes that `old` is, where it can be.
pub(super) fn scalar_in_style(value: &Scalar, old: Option<u8>) -> String {
    match value {
        Scalar::Null => "null".to_owned(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(value) => value.to_string(),
        Scalar::Float(value) => strconv::format_float(*value, b'g', -1, 64),
        Scalar::Text(text) => match old {
            Some(b'"') => double_quoted(text),
            Some(b'\'') if is_printable(text) => format!("'{}'", text.replace('\'', "''")),
            _ => string(text),
        },
    }
}

fn is_printable(text: &str) -> bool {
    text.chars().all(|c| !c.is_control() && strconv::is_print(c))
}

/// A string without quotes where that says the same, also between the brackets of a list.
pub(super) fn string(text: &str) -> String {
    if !text.contains('\n') && !text.contains([',', '[', ']', '{', '}']) {
        let mut emitter = Emitter::new(Version::V3);
        emitter.string(text.as_bytes());
        if let Ok(written) = emitter.finish()
            && let Ok(written) = String::from_utf8(written)
        {
            return written.trim_end_matches('\n').to_owned();
        }
    }
    double_quoted(text)
}

fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if strconv::is_print(c) => out.push(c),
            c if (c as u32) < 0x100 => out.push_str(&format!("\\x{:02X}", c as u32)),
            c if (c as u32) < 0x1_0000 => out.push_str(&format!("\\u{:04X}", c as u32)),
            c => out.push_str(&format!("\\U{:08X}", c as u32)),
        }
    }
    out.push('"');
    out
}

/// A text of several lines as a literal block scalar; `None` where it has no such form.
pub(super) fn literal_lines(text: &str, indent: usize) -> Option<String> {
    let body = text.trim_end_matches('\n');
    let fits = |c: char| c == '\n' || c == '\t' || strconv::is_print(c);
    if !body.contains('\n') || body.starts_with([' ', '\n', '\t']) || !text.chars().all(fits) {
        return None;
    }
    let mut out = match text.len() - body.len() {
        0 => "|-".to_owned(),
        1 => "|".to_owned(),
        _ => return None,
    };
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&" ".repeat(indent));
            out.push_str(line);
        }
    }
    Some(out)
}

/// The value within what the steps lead through, in flow style: `{a: {b: 1}}`.
pub(super) fn wrapped(steps: &[Step], value: &Scalar) -> String {
    steps.iter().rev().fold(flow_text(value), |inner, step| match step {
        Step::Key(key) => format!("{{{}: {inner}}}", key_text(key)),
        Step::Index(_) => format!("[{inner}]"),
    })
}

pub(super) fn key_text(key: &[u8]) -> String {
    string(&String::from_utf8_lossy(key))
}
