/// helm: metadata.go `sanitizeString`: every blank becomes a space, what does not print goes.
pub(super) fn sanitize(text: &mut String) {
    let fine = |byte: u8| (b' '..=b'~').contains(&byte);
    if text.bytes().all(fine) {
        return;
    }
    let kept = text.chars().filter_map(|c| match c {
        _ if is_space(c) => Some(' '),
        _ if crate::text::is_print(c) => Some(c),
        _ => None,
    });
    *text = kept.collect();
}

/// Go's `unicode.IsSpace`, which is Unicode's White_Space.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}
