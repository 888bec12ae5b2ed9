use plimsoll_gotmpl::{Text, TextBuf};
use plimsoll_source::Origin;

use super::Dialect;
use super::scalar::{ScalarStyle, append_escape, is_break, is_printable, style_of};

/// Writes tokens as libyaml's emitter does, which decides about breaks by where it stands.
pub(super) struct Writer {
    pub(super) out: TextBuf,
    dialect: Dialect,
    column: usize,
    /// Whether the last token was blank.
    whitespace: bool,
    /// Whether the line holds nothing but blanks and `-`, `?`, `:` so far.
    pub(super) indention: bool,
}

/// go-yaml v2: `best_width`; the newer dialect never breaks lines.
const WIDTH: usize = 80;

impl Writer {
    pub(super) fn new(dialect: Dialect) -> Writer {
        Writer {
            out: TextBuf::with_capacity(256),
            dialect,
            column: 0,
            whitespace: true,
            indention: true,
        }
    }

    pub(super) fn indicator(&mut self, text: &str, spaced: bool, blank: bool, indention: bool) {
        self.space_if(spaced);
        self.raw(text);
        self.whitespace = blank;
        self.indention &= indention;
    }

    /// Goes to the next line, unless this one is blank that far, and to the column.
    pub(super) fn indent(&mut self, indent: usize) {
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.line_break();
        }
        while self.column < indent {
            self.put(b' ');
        }
        self.whitespace = true;
        self.indention = true;
    }

    fn space_if(&mut self, spaced: bool) {
        if spaced && !self.whitespace {
            self.put(b' ');
        }
    }

    fn line_break(&mut self) {
        self.out.push_bytes(b"\n");
        self.column = 0;
    }

    fn put(&mut self, byte: u8) {
        self.out.bytes_mut().push(byte);
        self.column += 1;
    }

    /// Writes text without line breaks.
    fn raw(&mut self, text: &str) {
        self.out.push_bytes(text.as_bytes());
        self.column += if text.is_ascii() { text.len() } else { text.chars().count() };
    }

    fn char(&mut self, c: char) {
        self.out.push_bytes(c.encode_utf8(&mut [0; 4]).as_bytes());
        self.column += 1;
    }

    /// Writes something that is no string: it needs no quotes.
    pub(super) fn plain_token(&mut self, text: &[u8], origin: Origin) {
        self.space_if(true);
        let start = self.out.len();
        self.out.push_bytes(text);
        self.column += text.len();
        self.out.mark(start, origin);
        self.whitespace = false;
        self.indention = false;
    }

    /// Writes a string. `source` is the text that it is, for its marks; `indent` is that of its
    /// further lines; `in_key` where it stands before a colon.
    pub(super) fn string(
        &mut self,
        text: &str,
        source: &Text,
        origin: Origin,
        indent: usize,
        in_key: bool,
    ) {
        let start = self.out.len();
        match style_of(text, self.dialect, in_key) {
            ScalarStyle::Plain => {
                let unbroken = in_key || self.column + text.len() < WIDTH || !text.contains(' ');
                if unbroken && text.as_bytes() == source.as_bytes() {
                    self.space_if(true);
                    self.out.push_from(source, origin);
                    self.column += text.chars().count();
                    self.whitespace = false;
                    self.indention = false;
                    return;
                }
                self.plain(text, indent, in_key);
            }
            ScalarStyle::Single => self.single(text, indent, in_key),
            ScalarStyle::Double => self.double(text, indent, in_key),
            ScalarStyle::Literal => self.literal(text, indent),
        }
        self.out.mark_as(start, source, origin);
    }

    fn may_break(&self, in_key: bool) -> bool {
        !in_key && self.dialect == Dialect::V2 && self.column > WIDTH
    }

    fn plain(&mut self, text: &str, indent: usize, in_key: bool) {
        self.space_if(true);
        self.whitespace = false;
        self.indention = false;
        let mut spaces = false;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c == ' ' && !spaces && chars.peek() != Some(&' ') && self.may_break(in_key) {
                self.indent(indent);
            } else {
                self.char(c);
                self.indention = false;
            }
            spaces = c == ' ';
        }
        self.whitespace = false;
        self.indention = false;
    }

    fn single(&mut self, text: &str, indent: usize, in_key: bool) {
        self.indicator("'", true, false, false);
        let (mut spaces, mut breaks, mut first) = (false, false, true);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c == ' ' {
                let inside = !first && chars.peek().is_some_and(|next| *next != ' ');
                if inside && !spaces && self.may_break(in_key) {
                    self.indent(indent);
                } else {
                    self.char(c);
                }
                spaces = true;
            } else if is_break(c) {
                if !breaks && c == '\n' {
                    self.line_break();
                }
                self.break_char(c);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.indent(indent);
                }
                if c == '\'' {
                    self.put(b'\'');
                }
                self.char(c);
                self.indention = false;
                spaces = false;
                breaks = false;
            }
            first = false;
        }
        self.indicator("'", false, false, false);
    }

    fn break_char(&mut self, c: char) {
        self.char(c);
        self.column = 0;
    }

    fn double(&mut self, text: &str, indent: usize, in_key: bool) {
        self.indicator("\"", true, false, false);
        // go-yaml: is_bom looks at the first character whatever the index.
        let all = text.starts_with('\u{feff}');
        let (mut spaces, mut first) = (false, true);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if all || !is_printable(c) || is_break(c) || c == '"' || c == '\\' {
                let start = self.out.len();
                append_escape(self.out.bytes_mut(), c);
                self.column += self.out.len() - start;
                spaces = false;
            } else if c == ' ' {
                let inside = !first && chars.peek().is_some();
                if inside && !spaces && self.may_break(in_key) {
                    self.indent(indent);
                    if chars.peek() == Some(&' ') {
                        self.put(b'\\');
                    }
                } else {
                    self.char(c);
                }
                spaces = true;
            } else {
                self.char(c);
                spaces = false;
            }
            first = false;
        }
        self.indicator("\"", false, false, false);
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.indicator("|", true, false, false);
        let first = text.chars().next();
        if first.is_some_and(|c| c == ' ' || is_break(c)) {
            self.raw("2");
        }
        let mut from_end = text.chars().rev();
        match (from_end.next().is_some_and(is_break), from_end.next()) {
            (false, _) => self.raw("-"),
            (true, None) => self.raw("+"),
            (true, Some(c)) if is_break(c) => self.raw("+"),
            (true, Some(_)) => {}
        }
        self.line_break();
        self.indention = true;
        self.whitespace = true;
        let mut breaks = true;
        for c in text.chars() {
            if is_break(c) {
                if c == '\n' {
                    self.line_break();
                } else {
                    self.break_char(c);
                }
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.indent(indent);
                }
                self.char(c);
                self.indention = false;
                breaks = false;
            }
        }
    }
}
