//! Cuts a template into tokens, with Go's words for what it cannot read.

mod chars;

use memchr::memmem::Finder;

pub(super) use self::chars::head;
use self::chars::{END, LETTER, SPACE, WORD, decode, is, word};
use super::table::{FunctionTable, Word};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Error,
    Bool,
    Char,
    CharConstant,
    Assign,
    Declare,
    Eof,
    /// `.a.b`: all fields in a row.
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    String,
    Text,
    Variable,
    // Keywords, from here on.
    Block,
    Break,
    Continue,
    Dot,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

impl Kind {
    const fn is_keyword(self) -> bool {
        self as u8 >= Kind::Block as u8
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Whether space stands before it.
    pub(super) spaced: bool,
    /// Of an identifier the function's index or [`FunctionTable::NONE`]; of a string whether it has
    /// to be unquoted; of a number whether it is a small decimal one.
    pub(super) detail: u16,
    pub(super) pos: u32,
    pub(super) end: u32,
}

impl Token {
    /// The token's text.
    pub(super) fn of(self, source: &[u8]) -> &[u8] {
        &source[self.pos as usize..self.end as usize]
    }

    /// Go prints tokens other than errors in messages so.
    pub(super) fn show(self, source: &[u8]) -> String {
        let mut text = self.of(source);
        if self.kind == Kind::Field {
            // For Go each field is a token.
            text = &text[..memchr::memchr(b'.', &text[1..]).map_or(text.len(), |at| at + 1)];
        }
        match self.kind {
            Kind::Eof => "EOF".to_owned(),
            kind if kind.is_keyword() => format!("<{}>", String::from_utf8_lossy(text)),
            _ if text.len() > 10 => {
                let shown: String = String::from_utf8_lossy(text).chars().take(10).collect();
                format!("{}...", crate::quote_go(shown.as_bytes()))
            }
            _ => crate::quote_go(text),
        }
    }
}

pub(super) struct Lexer<'a> {
    source: &'a [u8],
    functions: &'a FunctionTable,
    at: usize,
    parens: u32,
    /// The token read last.
    pub(super) token: Token,
    /// The message of an error.
    pub(super) failed: Option<String>,
    open: Finder<'static>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(source: &'a [u8], functions: &'a FunctionTable) -> Lexer<'a> {
        Lexer {
            source,
            functions,
            at: 0,
            parens: 0,
            token: Token { kind: Kind::Eof, spaced: false, detail: 0, pos: 0, end: 0 },
            failed: None,
            open: Finder::new(b"{{"),
        }
    }

    fn put(&mut self, kind: Kind, start: usize, end: usize) {
        self.token.kind = kind;
        self.token.detail = 0;
        self.token.pos = start as u32;
        self.token.end = end as u32;
    }

    /// A token that ends at `end`, where the next one begins.
    fn until(&mut self, kind: Kind, start: usize, end: usize) {
        self.at = end;
        self.put(kind, start, end);
    }

    /// The same with a detail.
    fn detailed(&mut self, kind: Kind, start: usize, end: usize, detail: u16) {
        self.until(kind, start, end);
        self.token.detail = detail;
    }

    #[cold]
    fn error(&mut self, start: usize, end: usize, error: impl Into<String>) {
        self.failed = Some(error.into());
        self.until(Kind::Error, start, end);
    }

    /// The byte there, 0 at the end.
    fn byte(&self, at: usize) -> u8 {
        self.source.get(at).copied().unwrap_or_default()
    }

    fn from(&self, at: usize) -> &'a [u8] {
        self.source.get(at..).unwrap_or_default()
    }

    /// Reads a token outside of actions.
    pub(super) fn text(&mut self) {
        self.token.spaced = false;
        loop {
            let start = self.at;
            let Some(open) = self.open(start) else {
                let end = self.source.len();
                let kind = if start == end { Kind::Eof } else { Kind::Text };
                return self.until(kind, start, end);
            };
            let trims = self.byte(open + 2) == b'-' && is(self.byte(open + 3), SPACE);
            if open > start {
                self.at = open;
                let text = &self.source[start..open];
                let kept = if trims { chars::trim_end(text) } else { text.len() };
                if kept > 0 {
                    return self.put(Kind::Text, start, start + kept);
                }
            }
            let after = open + 2 + if trims { 2 } else { 0 };
            if self.byte(after) == b'/' && self.byte(after + 1) == b'*' {
                if self.comment(open, after) {
                    continue;
                }
                return;
            }
            self.at = after;
            self.parens = 0;
            return self.put(Kind::LeftDelim, open, open + 2);
        }
    }

    /// Where the next action opens.
    fn open(&self, start: usize) -> Option<usize> {
        let mut from = start;
        // Most texts are short, and have no other brace.
        for _ in 0..3 {
            from += memchr::memchr(b'{', self.from(from))?;
            if self.byte(from + 1) == b'{' {
                return Some(from);
            }
            from += 1;
        }
        self.open.find(self.from(from)).map(|at| from + at)
    }

    /// Skips a comment, unless it has an error: whether it has none.
    #[inline(never)]
    fn comment(&mut self, start: usize, open: usize) -> bool {
        let Some(length) = memchr::memmem::find(self.from(open), b"*/") else {
            self.error(start, start, "unclosed comment");
            return false;
        };
        let close = open + length + 2;
        let trims = is(self.byte(close), SPACE) && self.byte(close + 1) == b'-';
        let delim = close + if trims { 2 } else { 0 };
        if !self.from(delim).starts_with(b"}}") {
            self.error(start, close, "comment ends before closing delimiter");
            return false;
        }
        self.at = delim + 2;
        if trims {
            self.skip_space();
        }
        true
    }

    fn skip_space(&mut self) {
        self.at += chars::space(self.from(self.at));
    }

    /// Reads a token of an action.
    pub(super) fn action(&mut self) {
        let mut start = self.at;
        self.token.spaced = is(self.byte(start), SPACE);
        if self.token.spaced {
            start += 1;
            if is(self.byte(start), SPACE) {
                start += chars::space(self.from(start));
            }
            if self.byte(start) == b'-' && self.from(start + 1).starts_with(b"}}") {
                return self.right_trim(start);
            }
        }
        let (first, second) = (self.byte(start), self.byte(start + 1));
        match first {
            _ if is(first, LETTER) => self.word(start),
            b'.' if !second.is_ascii_digit() && start + 1 < self.source.len() => self.field(start),
            b'"' => self.quote(start),
            b'}' if second == b'}' => self.right_delim(start),
            b'(' => {
                self.parens += 1;
                self.until(Kind::LeftParen, start, start + 1);
            }
            b')' if self.parens == 0 => self.error(start, start + 1, "unexpected right paren"),
            b')' => {
                self.parens -= 1;
                self.until(Kind::RightParen, start, start + 1);
            }
            b'|' => self.until(Kind::Pipe, start, start + 1),
            b'$' => self.variable(start),
            b':' if second == b'=' => self.until(Kind::Declare, start, start + 2),
            b':' => self.error(start, start + 1, "expected :="),
            b'=' => self.until(Kind::Assign, start, start + 1),
            b'`' => self.raw_quote(start),
            b'\'' => self.char_constant(start),
            b'0'..=b'9' => self.decimal(start),
            b'.' | b'+' | b'-' => self.number(start),
            _ if start >= self.source.len() => self.error(start, start, "unclosed action"),
            _ if !first.is_ascii() && word(self.from(start)) > 0 => self.word(start),
            _ => self.char(start),
        }
    }

    fn right_delim(&mut self, start: usize) {
        if self.parens > 0 {
            return self.error(start, start, "unclosed left paren");
        }
        self.until(Kind::RightDelim, start, start + 2);
    }

    /// ` -}}` from its dash.
    fn right_trim(&mut self, dash: usize) {
        // Go: lex.go lexSpace leaves the blank before the dash to the delimiter.
        self.token.spaced = dash > self.at + 1;
        if self.parens > 0 {
            return self.error(dash - 1, dash - 1, "unclosed left paren");
        }
        self.until(Kind::RightDelim, dash + 1, dash + 3);
        self.skip_space();
    }

    fn quote(&mut self, start: usize) {
        let inner = self.from(start + 1);
        let length = chars::plain(inner);
        if inner.get(length) == Some(&b'"') {
            return self.until(Kind::String, start, start + length + 2);
        }
        match self.close(start + 1 + length, b'"') {
            Ok(end) => self.detailed(Kind::String, start, end, 1),
            Err(at) => self.error(start, at, "unterminated quoted string"),
        }
    }

    #[inline(never)]
    fn char_constant(&mut self, start: usize) {
        match self.close(start + 1, b'\'') {
            Ok(end) => self.until(Kind::CharConstant, start, end),
            Err(at) => self.error(start, at, "unterminated character constant"),
        }
    }

    /// The end of a literal, or where it has none.
    fn close(&self, mut at: usize, quote: u8) -> Result<usize, usize> {
        loop {
            match self.source.get(at) {
                Some(b'\\') if self.source.get(at + 1).is_some_and(|&byte| byte != b'\n') => {
                    at += 2;
                }
                None | Some(b'\n' | b'\\') => return Err(at),
                Some(&byte) if byte == quote => return Ok(at + 1),
                Some(_) => at += 1,
            }
        }
    }

    #[inline(never)]
    fn raw_quote(&mut self, start: usize) {
        match memchr::memchr(b'`', self.from(start + 1)) {
            None => self.error(start, start, "unterminated raw quoted string"),
            Some(length) => self.detailed(Kind::RawString, start, start + length + 2, 1),
        }
    }

    fn variable(&mut self, start: usize) {
        let end = start + 1 + word(self.from(start + 1));
        if !self.terminates(end) {
            return self.bad_character(start, end);
        }
        self.until(Kind::Variable, start, end);
    }

    /// Fields in a row; what cannot be one is left for the next token.
    fn field(&mut self, start: usize) {
        if let Some(length) = chars::fields(self.from(start))
            && self.terminates(start + length)
        {
            return self.until(Kind::Field, start, start + length);
        }
        let mut end = start + 1 + word(self.from(start + 1));
        if !self.terminates(end) {
            return self.bad_character(start, end);
        }
        if end == start + 1 {
            return self.until(Kind::Dot, start, end);
        }
        while self.byte(end) == b'.' {
            let length = word(self.from(end + 1));
            let after = end + 1 + length;
            if length == 0 || self.byte(end + 1).is_ascii_digit() || !self.terminates(after) {
                break;
            }
            end = after;
        }
        self.until(Kind::Field, start, end);
    }

    #[cold]
    fn bad_character(&mut self, start: usize, at: usize) {
        let (c, _) = decode(self.from(at));
        let shown = format!("bad character U+{:04X}", c as u32);
        let shown = if c.is_control() { shown } else { format!("{shown} '{c}'") };
        self.error(start, at, shown);
    }

    /// Go: lex.go atTerminator: whether a word may end there.
    fn terminates(&self, at: usize) -> bool {
        let byte = self.byte(at);
        is(byte, END)
            || (byte == b'}' && self.byte(at + 1) == b'}')
            || (byte == 0 && at >= self.source.len())
    }

    /// The number of a few digits that most are.
    fn decimal(&mut self, start: usize) {
        let mut end = start + 1;
        while self.byte(end).is_ascii_digit() {
            end += 1;
        }
        let next = self.byte(end);
        let goes_on = is(next, WORD) || matches!(next, b'.' | b'+' | b'-') || !next.is_ascii();
        let is_octal = self.byte(start) == b'0' && end > start + 1;
        if goes_on || is_octal || end - start > 9 {
            return self.number(start);
        }
        self.detailed(Kind::Number, start, end, 1);
    }

    #[inline(never)]
    fn number(&mut self, start: usize) {
        let mut at = start;
        let mut is_good = chars::scan_number(self.source, &mut at);
        if is_good && let b'+' | b'-' = self.byte(at) {
            // A complex constant, which must end in `i`.
            is_good = chars::scan_number(self.source, &mut at) && self.source[at - 1] == b'i';
        }
        if is_good {
            return self.until(Kind::Number, start, at);
        }
        let text = crate::quote_go(&self.source[start..at]);
        self.error(start, at, format!("bad number syntax: {text}"));
    }

    #[inline(never)]
    fn char(&mut self, start: usize) {
        let (c, length) = decode(self.from(start));
        let end = start + length;
        if (c as u32) < 0x80 && !c.is_control() {
            return self.until(Kind::Char, start, end);
        }
        let shown = format!("unrecognized character in action: U+{:04X}", c as u32);
        let shown = if c.is_control() { shown } else { format!("{shown} '{c}'") };
        self.error(start, end, shown);
    }

    fn word(&mut self, start: usize) {
        let text = self.from(start);
        let length = word(text);
        let end = start + length;
        if !self.terminates(end) {
            return self.bad_character(start, end);
        }
        match self.functions.word(chars::head_of(text, length), &text[..length]) {
            Word::Keyword(kind) => self.until(kind, start, end),
            Word::Function(index) => self.detailed(Kind::Identifier, start, end, index),
        }
    }
}
