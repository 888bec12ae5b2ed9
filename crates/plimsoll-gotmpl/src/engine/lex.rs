//! Cuts a template into tokens, with Go's words for what it cannot read.

use memchr::memmem::Finder;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Error,
    Bool,
    Char,
    CharConstant,
    Assign,
    Declare,
    Eof,
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
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
        let text = self.of(source);
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
    at: usize,
    in_action: bool,
    parens: u32,
    /// The message of an error; nothing but the end follows it.
    pub(super) failed: Option<String>,
    open: Finder<'static>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(source: &'a [u8]) -> Lexer<'a> {
        Lexer { source, at: 0, in_action: false, parens: 0, failed: None, open: Finder::new(b"{{") }
    }

    pub(super) fn next(&mut self) -> Token {
        if self.failed.is_some() {
            return self.token(Kind::Eof, self.at);
        }
        if self.in_action { self.action() } else { self.text() }
    }

    fn token(&mut self, kind: Kind, start: usize) -> Token {
        Token { kind, pos: start as u32, end: self.at as u32 }
    }

    #[cold]
    fn error(&mut self, start: usize, error: impl Into<String>) -> Token {
        self.failed = Some(error.into());
        Token { kind: Kind::Error, pos: start as u32, end: self.at.max(start) as u32 }
    }

    fn rest(&self) -> &'a [u8] {
        &self.source[self.at..]
    }

    fn text(&mut self) -> Token {
        let start = self.at;
        let Some(found) = self.open.find(self.rest()) else {
            if start == self.source.len() {
                return self.token(Kind::Eof, start);
            }
            self.at = self.source.len();
            return self.token(Kind::Text, start);
        };
        let open = start + found;
        if open > start {
            let trims = is_left_trim(&self.source[open + 2..]);
            let kept = if trims { trim_end(&self.source[start..open]) } else { found };
            if kept > 0 {
                self.at = start + kept;
                let token = self.token(Kind::Text, start);
                self.at = open;
                return token;
            }
            self.at = open;
        }
        self.left_delim()
    }

    fn left_delim(&mut self) -> Token {
        let start = self.at;
        let trim = if is_left_trim(&self.source[start + 2..]) { 2 } else { 0 };
        let after = &self.source[start + 2 + trim..];
        if after.starts_with(b"/*") {
            return self.comment(start, start + 2 + trim);
        }
        self.at = start + 2;
        let token = self.token(Kind::LeftDelim, start);
        self.at += trim;
        self.in_action = true;
        self.parens = 0;
        token
    }

    fn comment(&mut self, start: usize, open: usize) -> Token {
        let Some(length) = memchr::memmem::find(&self.source[open..], b"*/") else {
            return self.error(start, "unclosed comment");
        };
        let close = open + length + 2;
        let rest = &self.source[close..];
        let trims = is_right_trim(rest);
        let length = if trims { 2 } else { 0 };
        if !rest[length.min(rest.len())..].starts_with(b"}}") {
            self.at = close;
            return self.error(start, "comment ends before closing delimiter");
        }
        self.at = close + length + 2;
        if trims {
            self.at += leading_space(self.rest());
        }
        self.next()
    }

    fn action(&mut self) -> Token {
        let start = self.at;
        let rest = self.rest();
        let Some(&first) = rest.first() else {
            return self.error(start, "unclosed action");
        };
        if WORD[usize::from(first)] && !first.is_ascii_digit() {
            return self.word_or_char();
        }
        let trims = is_right_trim(rest) && rest[2..].starts_with(b"}}");
        if trims || rest.starts_with(b"}}") {
            if self.parens > 0 {
                return self.error(start, "unclosed left paren");
            }
            return self.right_delim(if trims { 2 } else { 0 }, trims);
        }
        match first {
            b' ' | b'\t' | b'\r' | b'\n' => self.space(),
            b'=' => self.simple(Kind::Assign, 1),
            b':' if rest.get(1) == Some(&b'=') => self.simple(Kind::Declare, 2),
            b':' => {
                self.at += 1;
                self.error(start, "expected :=")
            }
            b'|' => self.simple(Kind::Pipe, 1),
            b'"' => self.quote(),
            b'`' => self.raw_quote(),
            b'\'' => self.char_constant(),
            b'$' => {
                self.at += 1;
                self.field_or_variable(Kind::Variable, start)
            }
            b'.' if rest.get(1).is_some_and(|next| !next.is_ascii_digit()) => {
                self.at += 1;
                self.field_or_variable(Kind::Field, start)
            }
            b'.' | b'+' | b'-' | b'0'..=b'9' => self.number(),
            b'(' => {
                self.parens += 1;
                self.simple(Kind::LeftParen, 1)
            }
            b')' if self.parens == 0 => {
                self.at += 1;
                self.error(start, "unexpected right paren")
            }
            b')' => {
                self.parens -= 1;
                self.simple(Kind::RightParen, 1)
            }
            _ => self.word_or_char(),
        }
    }

    fn simple(&mut self, kind: Kind, length: usize) -> Token {
        let start = self.at;
        self.at += length;
        self.token(kind, start)
    }

    fn right_delim(&mut self, skip: usize, trims: bool) -> Token {
        self.at += skip;
        let start = self.at;
        self.at += 2;
        self.in_action = false;
        let token = self.token(Kind::RightDelim, start);
        if trims {
            self.at += leading_space(self.rest());
        }
        token
    }

    fn space(&mut self) -> Token {
        let start = self.at;
        let mut length = leading_space(self.rest());
        // Go: lex.go lexSpace leaves the blank of ` -}}` to the delimiter.
        let behind = &self.source[start + length - 1..];
        if is_right_trim(behind) && behind[2..].starts_with(b"}}") {
            length -= 1;
            if length == 0 {
                return self.action_at_trim();
            }
        }
        self.at += length;
        self.token(Kind::Space, start)
    }

    fn action_at_trim(&mut self) -> Token {
        if self.parens > 0 {
            return self.error(self.at, "unclosed left paren");
        }
        self.right_delim(2, true)
    }

    fn quote(&mut self) -> Token {
        let start = self.at;
        let mut at = start + 1;
        loop {
            match self.source.get(at) {
                Some(b'\\') if self.source.get(at + 1).is_some_and(|&byte| byte != b'\n') => {
                    at += 2;
                }
                None | Some(b'\n' | b'\\') => {
                    self.at = at;
                    return self.error(start, "unterminated quoted string");
                }
                Some(b'"') => break,
                Some(_) => at += 1,
            }
        }
        self.at = at + 1;
        self.token(Kind::String, start)
    }

    fn raw_quote(&mut self) -> Token {
        let start = self.at;
        match memchr::memchr(b'`', &self.source[start + 1..]) {
            None => self.error(start, "unterminated raw quoted string"),
            Some(length) => {
                self.at = start + length + 2;
                self.token(Kind::RawString, start)
            }
        }
    }

    fn char_constant(&mut self) -> Token {
        let start = self.at;
        let mut at = start + 1;
        loop {
            match self.source.get(at) {
                Some(b'\\') if self.source.get(at + 1).is_some_and(|&byte| byte != b'\n') => {
                    at += 2;
                }
                None | Some(b'\n' | b'\\') => {
                    self.at = at;
                    return self.error(start, "unterminated character constant");
                }
                Some(b'\'') => break,
                Some(_) => at += 1,
            }
        }
        self.at = at + 1;
        self.token(Kind::CharConstant, start)
    }

    /// What follows `.` or `$`.
    fn field_or_variable(&mut self, kind: Kind, start: usize) -> Token {
        let length = word(self.rest());
        if length == 0 && self.at_terminator() {
            let kind = if kind == Kind::Variable { kind } else { Kind::Dot };
            return self.token(kind, start);
        }
        self.at += length;
        if !self.at_terminator() {
            return self.bad_character(start);
        }
        self.token(kind, start)
    }

    fn bad_character(&mut self, start: usize) -> Token {
        let (c, _) = decode(self.rest());
        let shown = format!("bad character U+{:04X}", c as u32);
        let shown = if c.is_control() { shown } else { format!("{shown} '{c}'") };
        self.error(start, shown)
    }

    /// Go: lex.go atTerminator: what may follow a word.
    fn at_terminator(&self) -> bool {
        match self.rest() {
            [] => true,
            [b' ' | b'\t' | b'\r' | b'\n' | b'.' | b',' | b'|' | b':' | b'(' | b')', ..] => true,
            rest => rest.starts_with(b"}}"),
        }
    }

    fn number(&mut self) -> Token {
        let start = self.at;
        if scan_number(self.source, &mut self.at) {
            if let Some(b'+' | b'-') = self.source.get(self.at) {
                // A complex constant, which must end in `i`.
                let tail = scan_number(self.source, &mut self.at);
                if !tail || self.source[self.at - 1] != b'i' {
                    return self.bad_number(start);
                }
            }
            return self.token(Kind::Number, start);
        }
        self.bad_number(start)
    }

    fn bad_number(&mut self, start: usize) -> Token {
        let text = crate::quote_go(&self.source[start..self.at]);
        self.error(start, format!("bad number syntax: {text}"))
    }

    fn word_or_char(&mut self) -> Token {
        let start = self.at;
        let length = word(self.rest());
        if length == 0 {
            let (c, length) = decode(self.rest());
            if (c as u32) < 0x80 && !c.is_control() {
                self.at += length;
                return self.token(Kind::Char, start);
            }
            self.at += length;
            let shown = format!("unrecognized character in action: U+{:04X}", c as u32);
            let shown = if c.is_control() { shown } else { format!("{shown} '{c}'") };
            return self.error(start, shown);
        }
        self.at += length;
        if !self.at_terminator() {
            return self.bad_character(start);
        }
        let kind = keyword(&self.source[start..self.at]);
        self.token(kind, start)
    }
}

/// What a word is.
fn keyword(word: &[u8]) -> Kind {
    match (word.len(), word[0]) {
        (5, b'b') if word == b"block" => Kind::Block,
        (5, b'b') if word == b"break" => Kind::Break,
        (8, b'c') if word == b"continue" => Kind::Continue,
        (6, b'd') if word == b"define" => Kind::Define,
        (4, b'e') if word == b"else" => Kind::Else,
        (3, b'e') if word == b"end" => Kind::End,
        (2, b'i') if word == b"if" => Kind::If,
        (3, b'n') if word == b"nil" => Kind::Nil,
        (5, b'r') if word == b"range" => Kind::Range,
        (8, b't') if word == b"template" => Kind::Template,
        (4, b'w') if word == b"with" => Kind::With,
        (4, b't') if word == b"true" => Kind::Bool,
        (5, b'f') if word == b"false" => Kind::Bool,
        _ => Kind::Identifier,
    }
}

/// Go: lex.go scanNumber; whether what was scanned is followed by no letter or digit.
fn scan_number(source: &[u8], at: &mut usize) -> bool {
    let accept_run = |at: &mut usize, set: &[u8]| {
        while source.get(*at).is_some_and(|byte| set.contains(byte)) {
            *at += 1;
        }
    };
    let accept = |at: &mut usize, set: &[u8]| {
        let found = source.get(*at).is_some_and(|byte| set.contains(byte));
        *at += usize::from(found);
        found
    };
    accept(at, b"+-");
    let mut digits: &[u8] = b"0123456789_";
    if accept(at, b"0") {
        if accept(at, b"xX") {
            digits = b"0123456789abcdefABCDEF_";
        } else if accept(at, b"oO") {
            digits = b"01234567_";
        } else if accept(at, b"bB") {
            digits = b"01_";
        }
    }
    accept_run(at, digits);
    if accept(at, b".") {
        accept_run(at, digits);
    }
    if digits.len() == 11 && accept(at, b"eE") {
        accept(at, b"+-");
        accept_run(at, b"0123456789_");
    }
    if digits.len() == 23 && accept(at, b"pP") {
        accept(at, b"+-");
        accept_run(at, b"0123456789_");
    }
    accept(at, b"i");
    let (c, length) = decode(&source[*at..]);
    if length > 0 && is_word(c) {
        *at += length;
        return false;
    }
    true
}

/// The first character and its length; what is no UTF-8 is U+FFFD of one byte.
fn decode(text: &[u8]) -> (char, usize) {
    let head = &text[..text.len().min(4)];
    let valid = match std::str::from_utf8(head) {
        Ok(valid) => valid,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
    };
    match valid.chars().next() {
        Some(c) => (c, c.len_utf8()),
        None => (char::REPLACEMENT_CHARACTER, usize::from(!text.is_empty())),
    }
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The ASCII bytes that words are made of.
const WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        let c = byte as u8;
        table[byte] = c.is_ascii_alphanumeric() || c == b'_';
        byte += 1;
    }
    table
};

/// The length of the letters, digits and underscores in front.
fn word(text: &[u8]) -> usize {
    let length = text.iter().position(|byte| !WORD[usize::from(*byte)]).unwrap_or(text.len());
    if text.get(length).is_none_or(u8::is_ascii) { length } else { wide_word(text, length) }
}

/// The same where letters beyond ASCII follow.
#[cold]
fn wide_word(text: &[u8], mut at: usize) -> usize {
    loop {
        match text.get(at) {
            Some(byte) if WORD[usize::from(*byte)] => at += 1,
            Some(0x80..=0xff) => match decode(&text[at..]) {
                (c, length) if length > 1 && is_word(c) => at += length,
                _ => return at,
            },
            _ => return at,
        }
    }
}

fn leading_space(text: &[u8]) -> usize {
    text.iter().take_while(|byte| is_space(**byte)).count()
}

fn trim_end(text: &[u8]) -> usize {
    text.iter().rposition(|byte| !is_space(*byte)).map_or(0, |last| last + 1)
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn is_left_trim(after: &[u8]) -> bool {
    matches!(after, [b'-', space, ..] if is_space(*space))
}

fn is_right_trim(text: &[u8]) -> bool {
    matches!(text, [space, b'-', ..] if is_space(*space))
}
