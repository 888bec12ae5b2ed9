/// The first rune of a text and how many bytes it takes; `None` for a byte that is not part of
/// valid UTF-8, which Go takes one at a time. The text must not be empty.
pub fn decode_rune(bytes: &[u8]) -> (Option<char>, usize) {
    let width = match bytes.first() {
        Some(first @ 0..=0x7f) => return (Some(char::from(*first)), 1),
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => return (None, 1),
    };
    let rune = bytes.get(..width).and_then(|rune| std::str::from_utf8(rune).ok());
    match rune.and_then(|rune| rune.chars().next()) {
        Some(rune) => (Some(rune), width),
        None => (None, 1),
    }
}

/// How many runes there are; every invalid byte counts as one.
pub fn rune_count(bytes: &[u8]) -> usize {
    bytes.utf8_chunks().map(|chunk| chunk.valid().chars().count() + chunk.invalid().len()).sum()
}

/// The text's first `count` runes.
pub fn truncate_runes(bytes: &[u8], count: usize) -> &[u8] {
    if bytes.len() <= count {
        return bytes;
    }
    let mut end = 0;
    for _ in 0..count {
        if end == bytes.len() {
            break;
        }
        end += decode_rune(&bytes[end..]).1;
    }
    &bytes[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_bytes_count_one_each() {
        assert_eq!(decode_rune(b"\xe2\x82x"), (None, 1));
        assert_eq!(decode_rune("€".as_bytes()), (Some('€'), 3));
        assert_eq!(rune_count(b"a\xe2\x82\xff\xc3\xa9"), 5);
        assert_eq!(truncate_runes(b"\xe2\x82\xc3\xa9z", 3), b"\xe2\x82\xc3\xa9");
    }
}
