//! Go's `unicode.IsSpace` on bytes that need not be UTF-8.

/// The bytes without white space in front.
pub(crate) fn trim_start(mut text: &[u8]) -> &[u8] {
    loop {
        match text {
            [b'\t'..=b'\r' | b' ', rest @ ..] => text = rest,
            [0x80..=0xff, ..] => match wide(&text[..text.len().min(3)]) {
                Some(length) => text = &text[length..],
                None => return text,
            },
            _ => return text,
        }
    }
}

/// The bytes without white space behind.
pub(crate) fn trim_end(mut text: &[u8]) -> &[u8] {
    loop {
        match text {
            [rest @ .., b'\t'..=b'\r' | b' '] => text = rest,
            [.., 0x80..=0xff] => {
                let ends = |length: &usize| {
                    let from = text.len().checked_sub(*length);
                    from.is_some_and(|from| wide(&text[from..]) == Some(*length))
                };
                match [2, 3].iter().find(|length| ends(length)) {
                    Some(length) => text = &text[..text.len() - length],
                    None => return text,
                }
            }
            _ => return text,
        }
    }
}

/// The bytes without white space around.
pub(crate) fn trim(text: &[u8]) -> &[u8] {
    trim_start(trim_end(text))
}

/// The length of the white space character of two or three bytes that stands in front.
fn wide(text: &[u8]) -> Option<usize> {
    [2, 3].into_iter().find(|&length| {
        let c = text.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok());
        c.and_then(|text| text.chars().next()).is_some_and(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_spaces_are_spaces_and_broken_bytes_are_not() {
        assert_eq!(trim("\u{a0}\u{2003} x\u{3000}\n".as_bytes()), b"x");
        assert_eq!(trim(b" \xff \xc2"), b"\xff \xc2");
        assert_eq!(trim(b" \r\n"), b"");
    }
}
