use std::borrow::Cow;
use std::ops::Range;

use plimsoll_source::strconv;

/// A piece of a JSON text.
pub(super) enum Token<'a> {
    OpenList,
    OpenMap,
    Close,
    Key(Cow<'a, [u8]>),
    /// A scalar and the bytes where it stands.
    Scalar(Scalar<'a>, Range<usize>),
    End,
}

pub(super) enum Scalar<'a> {
    Null,
    Bool(bool),
    Number(&'a [u8]),
    Text(Cow<'a, [u8]>),
}

/// Splits a JSON text into tokens and complains as `encoding/json` does (its scanner.go).
pub(super) struct Scanner<'a> {
    source: &'a [u8],
    at: usize,
    /// The open containers: true for an object.
    open: Vec<bool>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// A value must follow.
    Value,
    /// A value or the end of the list.
    ValueOrEnd,
    /// A key must follow.
    Key,
    /// A key or the end of the object.
    KeyOrEnd,
    /// A value has ended.
    AfterValue,
}

/// encoding/json: `maxNestingDepth`.
const MAX_DEPTH: usize = 10_000;

impl<'a> Scanner<'a> {
    pub(super) fn new(source: &'a [u8]) -> Scanner<'a> {
        Scanner { source, at: 0, open: Vec::new(), state: State::Value }
    }

    pub(super) fn next(&mut self) -> Result<Token<'a>, String> {
        loop {
            self.skip_space();
            match self.state {
                State::AfterValue => {
                    if let Some(token) = self.after_value()? {
                        return Ok(token);
                    }
                }
                State::KeyOrEnd if self.peek() == Some(b'}') => return Ok(self.close()),
                State::ValueOrEnd if self.peek() == Some(b']') => return Ok(self.close()),
                State::Key | State::KeyOrEnd => return self.key(),
                State::Value | State::ValueOrEnd => return self.value(),
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.source.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn close(&mut self) -> Token<'a> {
        self.at += 1;
        self.open.pop();
        self.state = State::AfterValue;
        Token::Close
    }

    fn after_value(&mut self) -> Result<Option<Token<'a>>, String> {
        let byte = self.peek();
        match (self.open.last(), byte) {
            (None, None) => Ok(Some(Token::End)),
            (None, _) => Err(self.invalid("after top-level value")),
            (_, None) => Err(END.to_owned()),
            (Some(false), Some(b']')) | (Some(true), Some(b'}')) => Ok(Some(self.close())),
            (Some(is_map), Some(b',')) => {
                self.state = if *is_map { State::Key } else { State::Value };
                self.at += 1;
                Ok(None)
            }
            (Some(false), _) => Err(self.invalid("after array element")),
            (Some(true), _) => Err(self.invalid("after object key:value pair")),
        }
    }

    fn key(&mut self) -> Result<Token<'a>, String> {
        match self.peek() {
            None => return Err(END.to_owned()),
            Some(b'"') => {}
            Some(_) => return Err(self.invalid("looking for beginning of object key string")),
        }
        let key = self.string()?;
        self.skip_space();
        match self.peek() {
            None => return Err(END.to_owned()),
            Some(b':') => self.at += 1,
            Some(_) => return Err(self.invalid("after object key")),
        }
        self.state = State::Value;
        Ok(Token::Key(key))
    }

    fn value(&mut self) -> Result<Token<'a>, String> {
        let start = self.at;
        let scalar = match self.peek() {
            None => return Err(END.to_owned()),
            Some(b'{') => return self.open(true),
            Some(b'[') => return self.open(false),
            Some(b'"') => Scalar::Text(self.string()?),
            Some(b't') => self.literal("true", Scalar::Bool(true))?,
            Some(b'f') => self.literal("false", Scalar::Bool(false))?,
            Some(b'n') => self.literal("null", Scalar::Null)?,
            Some(b'-' | b'0'..=b'9') => Scalar::Number(self.number()?),
            Some(_) => return Err(self.invalid("looking for beginning of value")),
        };
        self.state = State::AfterValue;
        Ok(Token::Scalar(scalar, start..self.at))
    }

    fn open(&mut self, is_map: bool) -> Result<Token<'a>, String> {
        if self.open.len() == MAX_DEPTH {
            return Err(self.invalid("exceeded max depth"));
        }
        self.at += 1;
        self.open.push(is_map);
        self.state = if is_map { State::KeyOrEnd } else { State::ValueOrEnd };
        Ok(if is_map { Token::OpenMap } else { Token::OpenList })
    }

    fn literal(&mut self, word: &str, scalar: Scalar<'a>) -> Result<Scalar<'a>, String> {
        for byte in word.bytes() {
            if self.peek() != Some(byte) {
                let expecting = byte as char;
                return Err(self.invalid(&format!("in literal {word} (expecting '{expecting}')")));
            }
            self.at += 1;
        }
        Ok(scalar)
    }

    fn number(&mut self) -> Result<&'a [u8], String> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits("in numeric literal")?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        Ok(&self.source[start..self.at])
    }

    fn digits(&mut self, context: &str) -> Result<(), String> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.invalid(context)) } else { Ok(()) }
    }

    /// Reads a string: borrowed where it has neither escapes nor bytes that are no UTF-8.
    fn string(&mut self) -> Result<Cow<'a, [u8]>, String> {
        self.at += 1;
        let start = self.at;
        let mut escaped = false;
        loop {
            match self.peek() {
                None => return Err(END.to_owned()),
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(0..=0x1f) => return Err(self.invalid("in string literal")),
                Some(_) => self.at += 1,
            }
        }
        let raw = &self.source[start..self.at];
        self.at += 1;
        if !escaped && std::str::from_utf8(raw).is_ok() {
            return Ok(Cow::Borrowed(raw));
        }
        Ok(Cow::Owned(unquote(raw)))
    }

    fn escape(&mut self) -> Result<(), String> {
        self.at += 1;
        match self.peek() {
            Some(b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"') => self.at += 1,
            Some(b'u') => {
                self.at += 1;
                for _ in 0..4 {
                    if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                        return Err(self.invalid("in \\u hexadecimal character escape"));
                    }
                    self.at += 1;
                }
            }
            _ => return Err(self.invalid("in string escape code")),
        }
        Ok(())
    }

    /// encoding/json: at the end of the text the scanner is asked about a space.
    fn invalid(&self, context: &str) -> String {
        let byte = self.peek().unwrap_or(b' ');
        let shown = match byte {
            b'\'' => "\\'".to_owned(),
            b'"' => "\"".to_owned(),
            _ => {
                let quoted = strconv::quote((byte as char).encode_utf8(&mut [0; 4]).as_bytes());
                quoted[1..quoted.len() - 1].to_owned()
            }
        };
        format!("invalid character '{shown}' {context}")
    }
}

const END: &str = "unexpected end of JSON input";

/// Resolves the escapes of a string whose syntax has been checked.
fn unquote(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while !rest.is_empty() {
        let plain = rest.iter().position(|&byte| byte == b'\\').unwrap_or(rest.len());
        push_utf8(&mut out, &rest[..plain]);
        rest = &rest[plain..];
        if !rest.is_empty() {
            let taken = push_escape(&mut out, rest);
            rest = &rest[taken..];
        }
    }
    out
}

fn push_utf8(out: &mut Vec<u8>, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        for _ in chunk.invalid() {
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }
}

fn push_escape(out: &mut Vec<u8>, escape: &[u8]) -> usize {
    let plain = match escape[1] {
        b'u' => {
            let (c, taken) = unicode_escape(escape);
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            return taken;
        }
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        other => other,
    };
    out.push(plain);
    2
}

/// The character of `\uXXXX`, or of two that make a surrogate pair; half a pair is U+FFFD.
fn unicode_escape(escape: &[u8]) -> (char, usize) {
    let first = hex(&escape[2..6]);
    if let Some(c) = char::from_u32(first) {
        return (c, 6);
    }
    if let Some([b'\\', b'u', digits @ ..]) = escape.get(6..12) {
        let second = hex(digits);
        if first < 0xdc00 && (0xdc00..0xe000).contains(&second) {
            let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12);
        }
    }
    (char::REPLACEMENT_CHARACTER, 6)
}

fn hex(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |sum, digit| sum * 16 + (*digit as char).to_digit(16).unwrap_or(0))
}
