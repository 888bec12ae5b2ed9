use super::{Emitter, Output, Version};

/// The digits of base 64.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// go-yaml 2 breaks lines behind this column.
pub(super) const BEST_WIDTH: usize = 80;

fn width_of(byte: u8) -> usize {
    match byte {
        0..=0x7f => 1,
        0x80..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    }
}

pub(super) fn width_in_characters(text: &[u8]) -> usize {
    text.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

fn is_break(rest: &[u8]) -> bool {
    matches!(rest, [b'\n' | b'\r', ..] | [0xc2, 0x85, ..] | [0xe2, 0x80, 0xa8 | 0xa9, ..])
}

impl<O: Output> Emitter<O> {
    pub(super) fn put(&mut self, bytes: &[u8]) {
        self.out.bytes().extend_from_slice(bytes);
        self.column += width_in_characters(bytes);
    }

    fn put_break(&mut self) {
        self.out.bytes().push(b'\n');
        self.column = 0;
    }

    /// A line break of the text itself: `\n` as such, others as they are.
    fn write_break(&mut self, bytes: &[u8]) {
        if bytes == b"\n" {
            self.put_break();
        } else {
            self.out.bytes().extend_from_slice(bytes);
            self.column = 0;
        }
    }

    pub(super) fn write_indent(&mut self) {
        let indent = self.indent.max(0) as usize;
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.put_break();
        }
        if self.column < indent {
            let out = self.out.bytes();
            out.resize(out.len() + indent - self.column, b' ');
            self.column = indent;
        }
        self.whitespace = true;
        self.indention = true;
    }

    pub(super) fn indicator(
        &mut self,
        text: &[u8],
        need_whitespace: bool,
        is_whitespace: bool,
        is_indention: bool,
    ) {
        if need_whitespace && !self.whitespace {
            self.put(b" ");
        }
        self.put(text);
        self.whitespace = is_whitespace;
        self.indention = self.indention && is_indention;
    }

    fn is_wide(&self) -> bool {
        self.version == Version::V2 && self.column > BEST_WIDTH
    }

    pub(super) fn write_plain(&mut self, text: &[u8], simple_key: bool) {
        if !self.whitespace {
            self.put(b" ");
        }
        if simple_key || !self.may_fold(text) {
            self.put(text);
        } else {
            self.write_folded(text, simple_key, false);
        }
        self.whitespace = false;
        self.indention = false;
    }

    pub(super) fn write_single(&mut self, text: &[u8], simple_key: bool) {
        self.indicator(b"'", true, false, false);
        self.write_folded(text, simple_key, true);
        self.indicator(b"'", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn write_folded(&mut self, text: &[u8], simple_key: bool, quoted: bool) {
        let (mut spaces, mut breaks) = (false, false);
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let width = width_of(rest[0]).min(rest.len());
            if rest[0] == b' ' {
                let inside = !quoted || (at > 0 && at + 1 < text.len());
                let fold = !simple_key && !spaces && self.is_wide() && inside;
                if fold && rest.get(1) != Some(&b' ') {
                    self.write_indent();
                } else {
                    self.put(b" ");
                }
                spaces = true;
            } else if is_break(rest) {
                if !breaks && rest[0] == b'\n' {
                    self.put_break();
                }
                self.write_break(&rest[..width]);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent();
                }
                if quoted && rest[0] == b'\'' {
                    self.put(b"'");
                }
                self.put(&rest[..width]);
                self.indention = false;
                (spaces, breaks) = (false, false);
            }
            at += width;
        }
    }

    pub(super) fn write_double(&mut self, text: &[u8], simple_key: bool) {
        self.indicator(b"\"", true, false, false);
        // go-yaml: `is_bom` looks at the text's beginning whatever the place.
        let escape_all = text.starts_with(b"\xef\xbb\xbf");
        let mut spaces = false;
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let width = width_of(rest[0]).min(rest.len());
            let special = !super::analysis::is_printable(rest)
                || escape_all
                || is_break(rest)
                || matches!(rest[0], b'"' | b'\\');
            if special {
                self.write_escape(&rest[..width]);
                spaces = false;
            } else if rest[0] == b' ' {
                let inside = at > 0 && at + 1 < text.len();
                if !simple_key && !spaces && self.is_wide() && inside {
                    self.write_indent();
                    if rest.get(1) == Some(&b' ') {
                        self.put(b"\\");
                    }
                } else {
                    self.put(b" ");
                }
                spaces = true;
            } else {
                self.put(&rest[..width]);
                spaces = false;
            }
            at += width;
        }
        self.indicator(b"\"", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn write_escape(&mut self, bytes: &[u8]) {
        let c = std::str::from_utf8(bytes).ok().and_then(|text| text.chars().next());
        let value = c.map_or(0xfffd, u32::from);
        let short: &[u8] = match value {
            0x00 => b"\\0",
            0x07 => b"\\a",
            0x08 => b"\\b",
            0x09 => b"\\t",
            0x0a => b"\\n",
            0x0b => b"\\v",
            0x0c => b"\\f",
            0x0d => b"\\r",
            0x1b => b"\\e",
            0x22 => b"\\\"",
            0x5c => b"\\\\",
            0x85 => b"\\N",
            0xa0 => b"\\_",
            0x2028 => b"\\L",
            0x2029 => b"\\P",
            _ => b"",
        };
        let text = match value {
            _ if !short.is_empty() => short.to_vec(),
            0..=0xff => format!("\\x{value:02X}").into_bytes(),
            0x100..=0xffff => format!("\\u{value:04X}").into_bytes(),
            _ => format!("\\U{value:08X}").into_bytes(),
        };
        self.put(&text);
    }

    pub(super) fn write_literal(&mut self, text: &[u8]) {
        self.indicator(b"|", true, false, false);
        if text.starts_with(b" ") || is_break(text) {
            self.indicator(b"2", false, false, false);
        }
        self.write_chomping(text);
        self.put_break();
        self.indention = true;
        self.whitespace = true;
        let mut breaks = true;
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let width = width_of(rest[0]).min(rest.len());
            if is_break(rest) {
                self.write_break(&rest[..width]);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent();
                }
                self.put(&rest[..width]);
                self.indention = false;
                breaks = false;
            }
            at += width;
        }
    }

    fn write_chomping(&mut self, text: &[u8]) {
        let starts: Vec<usize> =
            (0..text.len()).rev().filter(|&at| text[at] & 0xc0 != 0x80).take(2).collect();
        let breaks_at = |at: Option<&usize>| at.is_some_and(|&at| is_break(&text[at..]));
        if !breaks_at(starts.first()) {
            self.indicator(b"-", false, false, false);
        } else if starts.len() == 1 || breaks_at(starts.get(1)) {
            self.indicator(b"+", false, false, false);
        }
    }

    /// go-yaml 3 writes what is not UTF-8 as `!!binary`, broken every seventy columns.
    pub(super) fn write_binary(&mut self, text: &[u8]) {
        self.indicator(b"!!binary", true, false, false);
        let mut encoded = Vec::with_capacity(text.len() * 4 / 3 + 4);
        for group in text.chunks(3) {
            let mut bytes = [0; 3];
            bytes[..group.len()].copy_from_slice(group);
            let value = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
            for place in 0..4 {
                let digit = DIGITS[(value >> (18 - 6 * place) & 63) as usize];
                encoded.push(if place <= group.len() { digit } else { b'=' });
            }
        }
        if encoded.len() <= 70 {
            self.write_plain(&encoded, false);
            return;
        }
        let mut lines = Vec::with_capacity(encoded.len() + encoded.len() / 70 + 1);
        for line in encoded.chunks(70) {
            lines.extend_from_slice(line);
            lines.push(b'\n');
        }
        self.write_literal(&lines);
    }
}
