/// Appends a key: bare where it can be, else in quotes.
pub(super) fn append_key(out: &mut Vec<u8>, key: &[u8]) {
    if !key.is_empty() && key.iter().all(|byte| is_bare(*byte)) {
        out.extend_from_slice(key);
        return;
    }
    out.push(b'"');
    append_quoted(out, key);
    out.push(b'"');
}

/// Whether a byte may stand in a key without quotes.
pub(super) fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// Whether a string needs no escapes.
pub(super) fn is_plain(text: &[u8]) -> bool {
    !text.iter().any(|byte| matches!(byte, 0..=0x1f | 0x7f | b'"' | b'\\'))
}

/// Appends the inside of a quoted string.
pub(super) fn append_quoted(out: &mut Vec<u8>, text: &[u8]) {
    for &byte in text {
        let short = match byte {
            b'"' | b'\\' => byte,
            8 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            12 => b'f',
            b'\r' => b'r',
            0..=0x1f | 0x7f => {
                out.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
                continue;
            }
            _ => {
                out.push(byte);
                continue;
            }
        };
        out.extend([b'\\', short]);
    }
}
