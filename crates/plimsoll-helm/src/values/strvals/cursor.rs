/// Reads an argument character by character.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

/// A name or value, where it stands, and the character that ended it; `None` at the end.
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) stop: Option<char>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Cursor<'a> {
        Cursor { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn offset(&self) -> usize {
        self.at
    }

    pub(super) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.rest().chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Takes `wanted` if it comes next.
    pub(super) fn take(&mut self, wanted: char) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    /// Everything up to a character of `stops`, which is read too. With `escapes` a `\` takes the
    /// next character for what it is.
    pub(super) fn until(&mut self, stops: &[char], escapes: bool) -> Piece {
        let start = self.at;
        let mut text = String::new();
        loop {
            let end = self.at;
            match self.next() {
                None => return Piece { text, start, end, stop: None },
                Some(c) if stops.contains(&c) => return Piece { text, start, end, stop: Some(c) },
                Some('\\') if escapes => text.extend(self.next()),
                Some(c) => text.push(c),
            }
        }
    }

    /// Blanks and at most one comma behind them; whether a comma or the end was there.
    pub(super) fn skip_blank_value(&mut self) -> bool {
        loop {
            match self.rest().chars().next() {
                None => return true,
                Some(c) if c == ',' || is_space(c) => {
                    self.at += c.len_utf8();
                    if c == ',' {
                        return true;
                    }
                }
                Some(_) => return false,
            }
        }
    }
}

/// Go: `unicode.IsSpace`.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}
