/// Appends what the escape means that `rest` begins with, its backslash included, and gives its
/// width. The error is how far go-yaml gets with it, and its words.
pub(crate) fn unescape(rest: &[u8], into: &mut Vec<u8>) -> Result<usize, (usize, &'static str)> {
    let digits = match rest.get(1) {
        Some(b'x') => 2,
        Some(b'u') => 4,
        Some(b'U') => 8,
        other => {
            let plain = other.and_then(|&byte| named(byte));
            into.extend_from_slice(plain.ok_or((0, "found unknown escape character"))?);
            return Ok(2);
        }
    };
    let mut value = 0u32;
    for at in 2..2 + digits {
        let digit = rest.get(at).and_then(|&byte| char::from(byte).to_digit(16));
        let digit = digit.ok_or((2, "did not find expected hexdecimal number"))?;
        value = value.wrapping_shl(4) | digit;
    }
    let c = char::from_u32(value).ok_or((2, "found invalid Unicode character escape code"))?;
    into.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(2 + digits)
}

fn named(byte: u8) -> Option<&'static [u8]> {
    Some(match byte {
        b'0' => b"\0",
        b'a' => b"\x07",
        b'b' => b"\x08",
        b't' | b'\t' => b"\t",
        b'n' => b"\n",
        b'v' => b"\x0b",
        b'f' => b"\x0c",
        b'r' => b"\r",
        b'e' => b"\x1b",
        b' ' => b" ",
        b'"' => b"\"",
        b'\'' => b"'",
        b'\\' => b"\\",
        b'N' => "\u{85}".as_bytes(),
        b'_' => "\u{a0}".as_bytes(),
        b'L' => "\u{2028}".as_bytes(),
        b'P' => "\u{2029}".as_bytes(),
        _ => return None,
    })
}
