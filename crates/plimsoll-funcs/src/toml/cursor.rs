use plimsoll_source::strconv;

/// A place in a TOML text. What it refuses and the lines it tells are those of the library's
/// lexer, which counts a line when it has read its break and sometimes takes it back.
pub(super) struct Cursor<'a> {
    source: &'a [u8],
    pub(super) at: usize,
    pub(super) line: i64,
}

/// What was wrong, and the line that is told.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) line: i64,
    pub(super) message: String,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(source: &'a [u8]) -> Cursor<'a> {
        Cursor { source, at: 0, line: 1 }
    }

    /// The bytes from `start` to here.
    pub(super) fn since(&self, start: usize) -> &'a [u8] {
        &self.source[start..self.at]
    }

    /// The next character, `None` at the end. Control characters and bytes that are no UTF-8 are
    /// errors as soon as they are looked at.
    pub(super) fn peek(&self) -> Result<Option<char>, Fault> {
        let Some(&byte) = self.source.get(self.at) else { return Ok(None) };
        let allowed = match byte {
            b'\t' | b'\n' => true,
            b'\r' => self.source.get(self.at + 1) == Some(&b'\n'),
            _ => byte > 0x1f && byte != 0x7f,
        };
        if !allowed {
            let message = format!("TOML files cannot contain control characters: '0x{byte:02x}'");
            return Err(self.fault(message));
        }
        if byte.is_ascii() {
            return Ok(Some(byte as char));
        }
        match strconv::decode_rune(&self.source[self.at..]) {
            (Some(c), _) => Ok(Some(c)),
            (None, _) => Err(self.fault(format!("invalid UTF-8 byte: 0x{byte:02x}"))),
        }
    }

    /// Reads the next character.
    pub(super) fn next(&mut self) -> Result<Option<char>, Fault> {
        let next = self.peek()?;
        if let Some(c) = next {
            self.at += c.len_utf8();
            self.line += i64::from(c == '\n');
        }
        Ok(next)
    }

    /// Reads the next character if it is `wanted`.
    pub(super) fn accept(&mut self, wanted: char) -> Result<bool, Fault> {
        let found = self.peek()? == Some(wanted);
        if found {
            self.next()?;
        }
        Ok(found)
    }

    /// Reads all characters that fit, and looks at the first that does not.
    pub(super) fn skip(&mut self, fits: impl Fn(char) -> bool) -> Result<(), Fault> {
        while self.peek()?.is_some_and(&fits) {
            self.next()?;
        }
        Ok(())
    }

    pub(super) fn skip_blanks(&mut self) -> Result<(), Fault> {
        self.skip(is_blank)
    }

    /// Reads the rest of a comment; its line break stays.
    pub(super) fn skip_comment(&mut self) -> Result<(), Fault> {
        self.skip(|c| !is_break(c))
    }

    /// A fault at this line.
    pub(super) fn fault(&self, message: impl Into<String>) -> Fault {
        Fault { line: self.line, message: message.into() }
    }

    /// A fault at the line before, which is told where a line break was read.
    pub(super) fn fault_before(&self, message: impl Into<String>) -> Fault {
        Fault { line: self.line - 1, message: message.into() }
    }

    /// A fault at what was just read; behind the end the line is that of the last character.
    pub(super) fn fault_at(&self, read: Option<char>, message: impl Into<String>) -> Fault {
        let ended = self.at > 0 && self.source[self.at - 1] == b'\n';
        if read.is_none() && ended { self.fault_before(message) } else { self.fault(message) }
    }
}

pub(super) fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t'
}

pub(super) fn is_break(c: char) -> bool {
    c == '\n' || c == '\r'
}

/// `%q` of a character; the end of the text is shown as NUL.
pub(super) fn quoted(c: Option<char>) -> String {
    strconv::quote_char(c.map_or(0, u32::from))
}

/// A character in quotes, or that there was none.
pub(super) fn char_or_end(c: Option<char>) -> String {
    c.map_or("end of file".to_owned(), |c| format!("'{c}'"))
}
