use std::borrow::Cow;

/// The text as UTF-8 without its byte order mark, and where it stops being readable.
pub(crate) struct Input<'a> {
    pub(crate) text: Cow<'a, [u8]>,
    /// Offset of the first character that YAML refuses and go-yaml's words for it.
    pub(crate) bad: Option<(usize, &'static str)>,
    /// Whether nothing is bad and there are no line breaks but line feeds, and no marks that are
    /// passed over.
    pub(crate) is_simple: bool,
}

/// Decodes UTF-16, drops the mark, finds what cannot be read.
pub(crate) fn read(bytes: &[u8]) -> Input<'_> {
    if let [0xff, 0xfe, rest @ ..] | [0xfe, 0xff, rest @ ..] = bytes {
        let unit = if bytes[0] == 0xff { u16::from_le_bytes } else { u16::from_be_bytes };
        return utf16(rest, unit);
    }
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => Cow::Borrowed(rest),
        _ => Cow::Borrowed(bytes),
    };
    let (bad, is_simple) = check(&text);
    Input { text, bad, is_simple }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Input<'_> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut text = String::new();
    let mut broken = (!bytes.len().is_multiple_of(2)).then_some("incomplete UTF-16 character");
    for c in char::decode_utf16(units) {
        match c {
            Ok(c) => text.push(c),
            Err(error) => {
                let low = (0xdc00..0xe000).contains(&error.unpaired_surrogate());
                broken = Some(if low {
                    "unexpected low surrogate area"
                } else {
                    "expected low surrogate area"
                });
                break;
            }
        }
    }
    let text = text.into_bytes();
    let bad = check(&text).0.or(broken.map(|problem| (text.len(), problem)));
    Input { text: Cow::Owned(text), bad, is_simple: false }
}

/// What is bad, and whether the rest is simple.
fn check(text: &[u8]) -> (Option<(usize, &'static str)>, bool) {
    let mut is_simple = true;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if byte.is_ascii() {
            let chunk = text[at..].first_chunk::<32>();
            if chunk.is_some_and(is_plain) {
                at += 32;
                continue;
            }
            match byte {
                b'\r' => is_simple = false,
                b' '..0x7f | b'\n' | b'\t' => {}
                _ => return (Some((at, CONTROL)), false),
            }
            at += 1;
            continue;
        }
        match decode(&text[at..]) {
            Err(problem) => return (Some((at, problem)), false),
            Ok((c, _)) if !allowed(c) => return (Some((at, CONTROL)), false),
            Ok((c, width)) => {
                is_simple &= !matches!(c, 0x85 | 0x2028 | 0x2029 | 0xfeff);
                at += width;
            }
        }
    }
    (None, is_simple)
}

const CONTROL: &str = "control characters are not allowed";

/// Whether all bytes are ASCII, printable or line feeds.
fn is_plain(chunk: &[u8; 32]) -> bool {
    chunk
        .iter()
        .fold(true, |plain, byte| plain & (byte.wrapping_sub(b' ') < 0x5f || *byte == b'\n'))
}

fn allowed(c: u32) -> bool {
    matches!(c, 0x09 | 0x0a | 0x0d | 0x20..=0x7e | 0x85 | 0xa0..=0xd7ff | 0xe000..=0xfffd | 0x1_0000..=0x10_ffff)
}

fn decode(bytes: &[u8]) -> Result<(u32, usize), &'static str> {
    let first = bytes[0];
    let (width, mut value) = match first {
        0..=0x7f => (1, u32::from(first)),
        _ if first & 0xe0 == 0xc0 => (2, u32::from(first & 0x1f)),
        _ if first & 0xf0 == 0xe0 => (3, u32::from(first & 0x0f)),
        _ if first & 0xf8 == 0xf0 => (4, u32::from(first & 0x07)),
        _ => return Err("invalid leading UTF-8 octet"),
    };
    if bytes.len() < width {
        return Err("incomplete UTF-8 octet sequence");
    }
    for &next in &bytes[1..width] {
        if next & 0xc0 != 0x80 {
            return Err("invalid trailing UTF-8 octet");
        }
        value = value << 6 | u32::from(next & 0x3f);
    }
    let least = [0, 0, 0x80, 0x800, 0x1_0000][width];
    if value < least {
        return Err("invalid length of a UTF-8 sequence");
    }
    if (0xd800..=0xdfff).contains(&value) || value > 0x10_ffff {
        return Err("invalid Unicode character");
    }
    Ok((value, width))
}
