/// What a file looks like, in the words of Go's `http.DetectContentType`, as far as charts that
/// are no archives come to it.
pub(super) fn detect(start: &[u8; 512]) -> &'static str {
    let text = start.trim_ascii_start();
    if let Some(mime) = markup(text) {
        return mime;
    }
    let magic = MAGIC.iter().find(|(magic, _)| start.starts_with(magic));
    if let Some((_, mime)) = magic {
        return mime;
    }
    if start.iter().any(|byte| matches!(byte, 0..=8 | 0xB | 0xE..=0x1A | 0x1C..=0x1F)) {
        "application/octet-stream"
    } else {
        "text/plain; charset=utf-8"
    }
}

const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF-", "application/pdf"),
    (b"%!PS-Adobe-", "application/postscript"),
    (b"\xFE\xFF\0\0", "text/plain; charset=utf-16be"),
    (b"\xFF\xFE\0\0", "text/plain; charset=utf-16le"),
    (b"\xEF\xBB\xBF\0", "text/plain; charset=utf-8"),
    (b"\x89PNG\x0D\x0A\x1A\x0A", "image/png"),
    (b"\xFF\xD8\xFF", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\0\0\x01\0", "image/x-icon"),
    (b"\0\0\x02\0", "image/x-icon"),
    (b"PK\x03\x04", "application/zip"),
    (b"Rar!\x1A\x07\0", "application/x-rar-compressed"),
    (b"Rar!\x1A\x07\x01\0", "application/x-rar-compressed"),
    (b"\0asm", "application/wasm"),
    (b"OggS\0", "application/ogg"),
    (b"MThd\0\0\0\x06", "audio/midi"),
    (b"ID3", "audio/mpeg"),
    (b"\x1A\x45\xDF\xA3", "video/webm"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"OTTO", "font/otf"),
    (b"ttcf", "font/collection"),
    (b"\0\x01\0\0", "font/ttf"),
];

fn markup(text: &[u8]) -> Option<&'static str> {
    const TAGS: &[&str] = &[
        "<!DOCTYPE HTML",
        "<HTML",
        "<HEAD",
        "<SCRIPT",
        "<IFRAME",
        "<H1",
        "<DIV",
        "<FONT",
        "<TABLE",
        "<A",
        "<STYLE",
        "<TITLE",
        "<B",
        "<BODY",
        "<BR",
        "<P",
        "<!--",
    ];
    if text.starts_with(b"<?xml") {
        return Some("text/xml; charset=utf-8");
    }
    let html = TAGS.iter().any(|tag| {
        let start = text.get(..tag.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
            && matches!(text.get(tag.len()), Some(b' ' | b'>'))
    });
    html.then_some("text/html; charset=utf-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &[u8], expected: &str) {
        let mut start = [b' '; 512];
        start[..text.len()].copy_from_slice(text);
        assert_eq!(detect(&start), expected);
    }

    #[test]
    fn files_are_told_by_their_first_bytes() {
        check(b"PK\x03\x04", "application/zip");
        check(b"hello", "text/plain; charset=utf-8");
        check(b"hello\0", "application/octet-stream");
        check(b" <html>", "text/html; charset=utf-8");
    }
}
