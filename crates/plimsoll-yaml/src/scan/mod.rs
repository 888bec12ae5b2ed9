//! Text to tokens. What a token is, and where a key may stand, follows go-yaml (YAML 1.1 with its
//! own deviations); the tokens borrow from the text.

mod escape;
mod scalar;
mod tag;
mod token;

use std::collections::VecDeque;
use std::ops::Range;

pub(crate) use escape::unescape;
pub use token::Style;
pub(crate) use token::{Token, TokenKind};

use crate::error::{Mark, SyntaxError};

type Result<T> = std::result::Result<T, SyntaxError>;

/// go-yaml: `max_flow_level`, `max_indents`.
const MOST_DEPTH: usize = 10_000;
/// go-yaml fills its buffer by so many bytes; a bad character is noticed when its block is read.
const BLOCK: usize = 512;

/// A place where a key without `?` may have begun.
#[derive(Clone, Copy, Debug, Default)]
struct SimpleKey {
    possible: bool,
    required: bool,
    token: usize,
    mark: Mark,
}

/// Turns a text into tokens, one at a time.
pub(crate) struct Scanner<'a> {
    text: &'a [u8],
    bad: Option<(usize, &'static str)>,
    mark: Mark,
    tokens: VecDeque<Token<'a>>,
    taken: usize,
    ended: bool,
    flow: usize,
    indent: isize,
    indents: Vec<isize>,
    key_allowed: bool,
    keys: Vec<SimpleKey>,
    /// The tokens that may turn out to begin a key, in rising order. (go-yaml's
    /// `simple_keys_by_tok`, whose losses are visible: `[]: v` is read as `[]`.)
    key_tokens: Vec<usize>,
    /// The comments that were passed, where they are asked for.
    comments: Option<Vec<Range<usize>>>,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a [u8], bad: Option<(usize, &'static str)>) -> Scanner<'a> {
        Scanner {
            text,
            bad,
            mark: Mark::default(),
            tokens: VecDeque::new(),
            taken: 0,
            ended: false,
            flow: 0,
            indent: -1,
            indents: Vec::new(),
            key_allowed: true,
            keys: vec![SimpleKey::default()],
            key_tokens: Vec::new(),
            comments: None,
        }
    }

    /// Where the comments of a text stand, as far as it can be read.
    pub(crate) fn comments(
        text: &'a [u8],
        bad: Option<(usize, &'static str)>,
    ) -> Vec<Range<usize>> {
        let mut scanner = Scanner::new(text, bad);
        scanner.comments = Some(Vec::new());
        while scanner.take().is_ok_and(|token| token.kind != TokenKind::StreamEnd) {}
        scanner.comments.unwrap_or_default()
    }

    /// The next token, left in place.
    pub(crate) fn peek(&mut self) -> Result<&Token<'a>> {
        self.fill()?;
        Ok(self.tokens.front().expect("filling leaves a token"))
    }

    /// Takes the next token.
    pub(crate) fn take(&mut self) -> Result<Token<'a>> {
        self.fill()?;
        self.taken += 1;
        Ok(self.tokens.pop_front().expect("filling leaves a token"))
    }

    fn fill(&mut self) -> Result<()> {
        while self.tokens.is_empty() || self.head_may_be_key()? {
            if self.ended {
                let end = Token { kind: TokenKind::StreamEnd, start: self.mark, end: self.mark };
                self.tokens.push_back(end);
                return Ok(());
            }
            self.fetch()?;
        }
        Ok(())
    }

    fn head_may_be_key(&mut self) -> Result<bool> {
        if self.key_tokens.binary_search(&self.taken).is_err() {
            return Ok(false);
        }
        // The tokens of deeper levels come later.
        let first = self.keys.partition_point(|key| key.token < self.taken);
        let mut same = self.keys[first..].iter().take_while(|key| key.token == self.taken);
        match same.position(|key| key.possible) {
            Some(behind) => self.is_valid(first + behind),
            None => Ok(false),
        }
    }

    fn is_valid(&mut self, level: usize) -> Result<bool> {
        let key = self.keys[level];
        if !key.possible {
            return Ok(false);
        }
        let stale = key.mark.line < self.mark.line || key.mark.column + 1024 < self.mark.column;
        if stale && key.required {
            return Err(self.error(key.mark, "could not find expected ':'"));
        }
        if stale {
            self.keys[level].possible = false;
        }
        Ok(!stale)
    }

    fn error(&self, context: Mark, problem: impl Into<String>) -> SyntaxError {
        SyntaxError { problem: problem.into(), at: self.mark, context, from_scanner: true }
    }

    fn at(&self, ahead: usize) -> u8 {
        self.text.get(self.mark.offset + ahead).copied().unwrap_or(0)
    }

    fn at_end(&self, ahead: usize) -> bool {
        self.mark.offset + ahead >= self.text.len()
    }

    /// How many bytes the line break at `ahead` has: LF, CR, CRLF, NEL, LS, PS.
    fn break_width(&self, ahead: usize) -> usize {
        match self.at(ahead) {
            b'\r' if self.at(ahead + 1) == b'\n' => 2,
            b'\r' | b'\n' => 1,
            0xc2 if self.at(ahead + 1) == 0x85 => 2,
            0xe2 if self.at(ahead + 1) == 0x80 && matches!(self.at(ahead + 2), 0xa8 | 0xa9) => 3,
            _ => 0,
        }
    }

    fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.at(ahead), b' ' | b'\t') && !self.at_end(ahead)
    }

    fn is_break_or_end(&self, ahead: usize) -> bool {
        self.at_end(ahead) || self.break_width(ahead) > 0
    }

    fn is_blank_or_end(&self, ahead: usize) -> bool {
        self.is_blank(ahead) || self.is_break_or_end(ahead)
    }

    /// Passes `bytes` bytes that hold no line break.
    fn skip(&mut self, bytes: usize) {
        let from = self.mark.offset;
        let passed = &self.text[from..(from + bytes).min(self.text.len())];
        self.mark.offset += passed.len();
        self.mark.column += passed.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
    }

    fn skip_break(&mut self) {
        self.mark.offset += self.break_width(0);
        self.mark.line += 1;
        self.mark.column = 0;
    }

    /// Passes one character that is no line break.
    fn skip_char(&mut self) {
        let width = match self.at(0) {
            0..=0x7f => 1,
            0x80..=0xdf => 2,
            0xe0..=0xef => 3,
            _ => 4,
        };
        self.skip(width);
    }

    fn check_readable(&self) -> Result<()> {
        // Only the end of the input shows that a character is incomplete.
        let noticed = |offset: usize, problem: &str| match problem {
            "incomplete UTF-8 octet sequence" => offset,
            _ => offset / BLOCK * BLOCK,
        };
        match self.bad {
            Some((offset, problem)) if self.mark.offset + 4 > noticed(offset, problem) => {
                let nowhere = Mark { offset, ..Mark::default() };
                let problem = problem.to_owned();
                Err(SyntaxError { problem, at: nowhere, context: nowhere, from_scanner: false })
            }
            _ => Ok(()),
        }
    }

    fn push(&mut self, kind: TokenKind<'a>, start: Mark) {
        self.tokens.push_back(Token { kind, start, end: self.mark });
    }

    fn fetch(&mut self) -> Result<()> {
        let fetched = self.fetch_token();
        if fetched.is_err() {
            // What cannot be read is met before what is wrong with it.
            self.check_readable()?;
        }
        fetched
    }

    fn fetch_token(&mut self) -> Result<()> {
        self.check_readable()?;
        self.skip_to_token()?;
        self.check_readable()?;
        self.unroll(self.mark.column as isize);
        if self.at_end(0) {
            return self.fetch_end();
        }
        if self.mark.column == 0 {
            if self.at(0) == b'%' {
                return self.fetch_directive();
            }
            if let Some(kind) = self.document_indicator() {
                self.unroll(-1);
                self.remove_key()?;
                self.key_allowed = false;
                return self.indicator(kind, 3);
            }
        }
        self.fetch_in_line()
    }

    fn document_indicator(&self) -> Option<TokenKind<'a>> {
        let three = [self.at(0), self.at(1), self.at(2)];
        match &three {
            b"---" if self.is_blank_or_end(3) => Some(TokenKind::DocumentStart),
            b"..." if self.is_blank_or_end(3) => Some(TokenKind::DocumentEnd),
            _ => None,
        }
    }

    fn indicator(&mut self, kind: TokenKind<'a>, width: usize) -> Result<()> {
        let start = self.mark;
        self.skip(width);
        self.push(kind, start);
        Ok(())
    }

    fn fetch_in_line(&mut self) -> Result<()> {
        let flow = self.flow > 0;
        let blank_next = self.is_blank_or_end(1);
        match self.at(0) {
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => {
                self.remove_key()?;
                self.key_allowed = true;
                self.indicator(TokenKind::FlowEntry, 1)
            }
            b'-' if blank_next => self.fetch_block_entry(),
            b'?' if flow || blank_next => self.fetch_key(),
            b':' if flow || blank_next => self.fetch_value(),
            b'*' => self.fetch_anchor(true),
            b'&' => self.fetch_anchor(false),
            b'!' => {
                self.save_key()?;
                self.key_allowed = false;
                let token = self.scan_tag()?;
                self.tokens.push_back(token);
                Ok(())
            }
            b'|' if !flow => self.fetch_block_scalar(true),
            b'>' if !flow => self.fetch_block_scalar(false),
            quote @ (b'\'' | b'"') => {
                self.save_key()?;
                self.key_allowed = false;
                let token = self.scan_quoted(quote == b'\'')?;
                self.tokens.push_back(token);
                Ok(())
            }
            _ if self.starts_plain() => {
                self.save_key()?;
                self.key_allowed = false;
                let token = self.scan_plain()?;
                self.tokens.push_back(token);
                Ok(())
            }
            _ => Err(self.error(self.mark, "found character that cannot start any token")),
        }
    }

    fn starts_plain(&self) -> bool {
        match self.at(0) {
            b'-' => !self.is_blank(1),
            b'?' | b':' => self.flow == 0 && !self.is_blank_or_end(1),
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
            | b'"' | b'%' | b'@' | b'`' => false,
            _ => !self.is_blank_or_end(0),
        }
    }

    /// Passes blanks, comments and line breaks. Tabs separate only where no key may begin.
    fn skip_to_token(&mut self) -> Result<()> {
        loop {
            if self.mark.offset == 0 && self.text.starts_with(b"\xef\xbb\xbf") {
                self.mark.offset = 3;
            }
            let rest = &self.text[self.mark.offset..];
            let tabs = self.flow > 0 || !self.key_allowed;
            let blanks =
                rest.iter().take_while(|&&byte| byte == b' ' || (tabs && byte == b'\t')).count();
            self.mark.offset += blanks;
            self.mark.column += blanks;
            if self.at(0) == b'#' {
                self.skip_comment();
            }
            if self.break_width(0) == 0 {
                return Ok(());
            }
            self.skip_break();
            if self.flow == 0 {
                self.key_allowed = true;
            }
        }
    }

    fn skip_comment(&mut self) {
        let start = self.mark.offset;
        let rest = &self.text[start..];
        let line = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        if rest[..line].is_ascii() {
            self.mark.offset += line;
            self.mark.column += line;
        } else {
            while !self.is_break_or_end(0) {
                self.skip_char();
            }
        }
        if let Some(comments) = &mut self.comments {
            comments.push(start..self.mark.offset);
        }
    }

    fn fetch_end(&mut self) -> Result<()> {
        if self.mark.column != 0 {
            self.mark.column = 0;
            self.mark.line += 1;
        }
        self.unroll(-1);
        self.remove_key()?;
        self.key_allowed = false;
        self.push(TokenKind::StreamEnd, self.mark);
        self.ended = true;
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind<'a>) -> Result<()> {
        self.save_key()?;
        let token = self.taken + self.tokens.len();
        self.keys.push(SimpleKey { token, mark: self.mark, ..SimpleKey::default() });
        self.flow += 1;
        if self.flow > MOST_DEPTH {
            return Err(self.error(self.mark, format!("exceeded max depth of {MOST_DEPTH}")));
        }
        self.key_allowed = true;
        self.indicator(kind, 1)
    }

    fn fetch_flow_end(&mut self, kind: TokenKind<'a>) -> Result<()> {
        self.remove_key()?;
        if self.flow > 0 {
            self.flow -= 1;
            if let Some(key) = self.keys.pop() {
                self.forget_key(key.token);
            }
        }
        self.key_allowed = false;
        self.indicator(kind, 1)
    }

    fn fetch_block_entry(&mut self) -> Result<()> {
        if self.flow == 0 {
            if !self.key_allowed {
                let problem = "block sequence entries are not allowed in this context";
                return Err(self.error(self.mark, problem));
            }
            self.roll(self.mark.column, None, TokenKind::BlockSequenceStart, self.mark)?;
        }
        self.remove_key()?;
        self.key_allowed = true;
        self.indicator(TokenKind::BlockEntry, 1)
    }

    fn fetch_key(&mut self) -> Result<()> {
        if self.flow == 0 {
            if !self.key_allowed {
                let problem = "mapping keys are not allowed in this context";
                return Err(self.error(self.mark, problem));
            }
            self.roll(self.mark.column, None, TokenKind::BlockMappingStart, self.mark)?;
        }
        self.remove_key()?;
        self.key_allowed = self.flow == 0;
        self.indicator(TokenKind::Key, 1)
    }

    fn fetch_value(&mut self) -> Result<()> {
        let level = self.keys.len() - 1;
        if self.is_valid(level)? {
            let key = self.keys[level];
            let token = Token { kind: TokenKind::Key, start: key.mark, end: key.mark };
            self.insert(key.token, token);
            self.roll(key.mark.column, Some(key.token), TokenKind::BlockMappingStart, key.mark)?;
            self.keys[level].possible = false;
            self.forget_key(key.token);
            self.key_allowed = false;
        } else {
            if self.flow == 0 {
                if !self.key_allowed {
                    let problem = "mapping values are not allowed in this context";
                    return Err(self.error(self.mark, problem));
                }
                self.roll(self.mark.column, None, TokenKind::BlockMappingStart, self.mark)?;
            }
            self.key_allowed = self.flow == 0;
        }
        self.indicator(TokenKind::Value, 1)
    }

    fn fetch_anchor(&mut self, alias: bool) -> Result<()> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.mark;
        self.skip(1);
        let from = self.mark.offset;
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let width = self.text[from..].iter().take_while(|byte| is_name(byte)).count();
        self.skip(width);
        let ends = self.is_blank_or_end(0)
            || matches!(self.at(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if width == 0 || !ends {
            let problem = "did not find expected alphabetic or numeric character";
            return Err(self.error(start, problem));
        }
        let name = &self.text[from..from + width];
        self.push(if alias { TokenKind::Alias(name) } else { TokenKind::Anchor(name) }, start);
        Ok(())
    }

    fn fetch_block_scalar(&mut self, literal: bool) -> Result<()> {
        self.remove_key()?;
        self.key_allowed = true;
        let token = self.scan_block(literal)?;
        self.tokens.push_back(token);
        Ok(())
    }

    fn save_key(&mut self) -> Result<()> {
        if !self.key_allowed {
            return Ok(());
        }
        let required = self.flow == 0 && self.indent == self.mark.column as isize;
        let token = self.taken + self.tokens.len();
        self.remove_key()?;
        let key = SimpleKey { possible: true, required, token, mark: self.mark };
        *self.keys.last_mut().expect("there is a key for every level") = key;
        self.key_tokens.push(token);
        Ok(())
    }

    fn remove_key(&mut self) -> Result<()> {
        let key = *self.keys.last().expect("there is a key for every level");
        if key.possible {
            if key.required {
                return Err(self.error(key.mark, "could not find expected ':'"));
            }
            self.keys.last_mut().expect("there is a key for every level").possible = false;
            self.forget_key(key.token);
        }
        Ok(())
    }

    /// The token begins no key any more.
    fn forget_key(&mut self, token: usize) {
        if let Ok(at) = self.key_tokens.binary_search(&token) {
            self.key_tokens.remove(at);
        }
    }

    fn insert(&mut self, number: usize, token: Token<'a>) {
        match number.checked_sub(self.taken) {
            Some(at) => self.tokens.insert(at.min(self.tokens.len()), token),
            None => self.tokens.push_back(token),
        }
    }

    fn roll(
        &mut self,
        column: usize,
        number: Option<usize>,
        kind: TokenKind<'a>,
        mark: Mark,
    ) -> Result<()> {
        if self.flow > 0 || self.indent >= column as isize {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column as isize;
        if self.indents.len() > MOST_DEPTH {
            return Err(self.error(mark, format!("exceeded max depth of {MOST_DEPTH}")));
        }
        let token = Token { kind, start: mark, end: mark };
        match number {
            Some(number) => self.insert(number, token),
            None => self.tokens.push_back(token),
        }
        Ok(())
    }

    fn unroll(&mut self, column: isize) {
        if self.flow > 0 {
            return;
        }
        while self.indent > column {
            self.push(TokenKind::BlockEnd, self.mark);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }
}
