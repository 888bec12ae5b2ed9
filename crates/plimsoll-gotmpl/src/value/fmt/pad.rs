use plimsoll_source::strconv;

use super::Spec;

/// Appends text filled up to the width: with spaces, or on the left with zeros if asked.
pub(super) fn pad(out: &mut Vec<u8>, spec: &Spec, text: &[u8]) {
    let fill = missing(spec, text);
    if spec.minus {
        out.extend_from_slice(text);
        out.resize(out.len() + fill, b' ');
    } else {
        out.resize(out.len() + fill, if spec.zero { b'0' } else { b' ' });
        out.extend_from_slice(text);
    }
}

/// Appends text filled up to the width with spaces, whatever the zero flag says.
pub(super) fn pad_with_spaces(out: &mut Vec<u8>, spec: &Spec, text: &[u8]) {
    pad(out, &Spec { zero: false, ..*spec }, text);
}

/// How many characters the text lacks to the width.
pub(super) fn missing(spec: &Spec, text: &[u8]) -> usize {
    match spec.width {
        None | Some(0) => 0,
        Some(width) => width.saturating_sub(strconv::rune_count(text)),
    }
}

/// The part of a text that the precision allows.
pub(super) fn truncate<'a>(spec: &Spec, text: &'a [u8]) -> &'a [u8] {
    match spec.precision {
        None => text,
        Some(count) => strconv::truncate_runes(text, count),
    }
}
