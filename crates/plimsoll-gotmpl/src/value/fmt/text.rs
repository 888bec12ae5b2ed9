use plimsoll_source::strconv;

use super::Spec;
use super::pad::{pad, truncate};

/// Appends bytes under one of the verbs that strings have; false for another verb.
pub(super) fn append_text(out: &mut Vec<u8>, spec: &Spec, text: &[u8], verb: char) -> bool {
    match verb {
        'v' if spec.sharp_v => append_quoted(out, spec, text),
        'v' | 's' => pad(out, spec, truncate(spec, text)),
        'x' => append_hex(out, spec, text, b'x'),
        'X' => append_hex(out, spec, text, b'X'),
        'q' => append_quoted(out, spec, text),
        _ => return false,
    }
    true
}

/// The verb `%q`.
pub(super) fn append_quoted(out: &mut Vec<u8>, spec: &Spec, text: &[u8]) {
    let text = truncate(spec, text);
    if spec.sharp && strconv::can_backquote(text) {
        return pad(out, spec, &[b"`", text, b"`"].concat());
    }
    match (spec.width, spec.plus) {
        (None, false) => strconv::quote_into(out, text),
        (None, true) => strconv::quote_to_ascii_into(out, text),
        (_, false) => pad(out, spec, strconv::quote(text).as_bytes()),
        (_, true) => pad(out, spec, strconv::quote_to_ascii(text).as_bytes()),
    }
}

/// The verbs `%x` and `%X`: the precision counts bytes; with the space flag the bytes stand apart,
/// and then `#` puts `0x` before each.
fn append_hex(out: &mut Vec<u8>, spec: &Spec, text: &[u8], x: u8) {
    let text = &text[..text.len().min(spec.precision.unwrap_or(usize::MAX))];
    let digits = if x == b'X' { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
    let mut hex = Vec::with_capacity(text.len() * 2 + 2);
    // What is left is too long to be printed all the same.
    let text = &text[..text.len().min(crate::engine::MOST_TEXT / 2 + 1)];
    for (at, byte) in text.iter().enumerate() {
        if spec.space && at > 0 {
            hex.push(b' ');
        }
        if spec.sharp && (spec.space || at == 0) {
            hex.extend_from_slice(&[b'0', x]);
        }
        hex.extend_from_slice(&[digits[(byte >> 4) as usize], digits[(byte & 15) as usize]]);
    }
    pad(out, spec, &hex);
}
