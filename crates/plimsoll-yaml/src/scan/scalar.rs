use std::borrow::Cow;

use super::escape::unescape;
use super::{Result, Scanner, Style, Token, TokenKind};
use crate::error::Mark;

/// The blanks and line breaks between two pieces of a plain or quoted scalar.
#[derive(Default)]
struct Gap {
    /// Blanks on the piece's own line.
    blanks: Vec<u8>,
    first_break: Vec<u8>,
    more_breaks: Vec<u8>,
    breaks: bool,
}

impl Gap {
    /// What the gap reads as: a single line break is a space, more lose the first.
    fn fold(&mut self, text: &mut Vec<u8>) {
        if !self.breaks {
            text.append(&mut self.blanks);
        } else if self.first_break != b"\n" {
            text.append(&mut self.first_break);
            text.append(&mut self.more_breaks);
        } else if self.more_breaks.is_empty() {
            text.push(b' ');
        } else {
            text.append(&mut self.more_breaks);
        }
        *self = Gap::default();
    }
}

impl<'a> Scanner<'a> {
    /// Passes a line break and says what it reads as.
    fn read_break(&mut self, into: &mut Vec<u8>) {
        let width = self.break_width(0);
        if width == 3 {
            into.extend_from_slice(&self.text[self.mark.offset..self.mark.offset + 3]);
        } else if width > 0 {
            into.push(b'\n');
        }
        if width > 0 {
            self.skip_break();
        }
    }

    fn at_document_indicator(&self) -> bool {
        self.mark.column == 0 && self.document_indicator().is_some()
    }

    pub(super) fn scan_plain(&mut self) -> Result<Token<'a>> {
        let start = self.mark;
        let indent = self.indent + 1;
        let mut end = self.mark;
        let mut owned: Option<Vec<u8>> = None;
        let mut gap = Gap::default();
        let mut broke = false;
        while !self.at_document_indicator() && self.at(0) != b'#' {
            let from = self.mark.offset;
            self.skip_plain_piece();
            if self.mark.offset > from {
                if gap.breaks {
                    let text =
                        owned.get_or_insert_with(|| self.text[start.offset..end.offset].to_vec());
                    gap.fold(text);
                    broke = false;
                } else if let Some(text) = &mut owned {
                    text.append(&mut gap.blanks);
                }
                gap = Gap::default();
                if let Some(text) = &mut owned {
                    text.extend_from_slice(&self.text[from..self.mark.offset]);
                }
                end = self.mark;
            }
            if !(self.is_blank(0) || self.break_width(0) > 0) {
                break;
            }
            self.read_gap(&mut gap, Some((start, indent)))?;
            broke |= gap.breaks;
            if self.flow == 0 && (self.mark.column as isize) < indent {
                break;
            }
            if self.at_end(0) {
                break;
            }
        }
        if broke || gap.breaks {
            self.key_allowed = true;
        }
        let text = match owned {
            Some(text) => Cow::Owned(text),
            None => Cow::Borrowed(&self.text[start.offset..end.offset]),
        };
        Ok(Token { kind: TokenKind::Scalar(text, Style::Plain), start, end })
    }

    fn skip_plain_piece(&mut self) {
        let text = self.text;
        let from = self.mark.offset;
        let mut at = from;
        let flow = self.flow > 0;
        while let Some(&byte) = text.get(at) {
            let stop = match byte {
                b' ' | b'\t' | b'\n' | b'\r' => true,
                b':' => {
                    let ahead = at + 1 - from;
                    self.is_blank_or_end(ahead)
                }
                b',' | b'?' | b'[' | b']' | b'{' | b'}' => flow,
                0xc2 | 0xe2 => self.break_width(at - from) > 0,
                _ => false,
            };
            if stop {
                break;
            }
            at += 1;
        }
        self.skip(at - from);
    }

    /// Passes blanks and line breaks. In a plain scalar a tab may not stand for indentation.
    fn read_gap(&mut self, gap: &mut Gap, plain: Option<(Mark, isize)>) -> Result<()> {
        while self.is_blank(0) || self.break_width(0) > 0 {
            if self.is_blank(0) {
                if let Some((start, indent)) = plain {
                    let violates =
                        gap.breaks && (self.mark.column as isize) < indent && self.at(0) == b'\t';
                    if violates {
                        let problem = "found a tab character that violates indentation";
                        return Err(self.error(start, problem));
                    }
                }
                if !gap.breaks {
                    gap.blanks.push(self.at(0));
                }
                self.skip(1);
            } else if gap.breaks {
                self.read_break(&mut gap.more_breaks);
            } else {
                gap.blanks.clear();
                self.read_break(&mut gap.first_break);
                gap.breaks = true;
            }
        }
        Ok(())
    }

    pub(super) fn scan_quoted(&mut self, single: bool) -> Result<Token<'a>> {
        let start = self.mark;
        let style = if single { Style::Single } else { Style::Double };
        self.skip(1);
        if let Some(width) = self.simple_quoted(single) {
            let from = self.mark.offset;
            self.skip(width + 1);
            let text = Cow::Borrowed(&self.text[from..from + width]);
            return Ok(Token { kind: TokenKind::Scalar(text, style), start, end: self.mark });
        }
        let mut text = Vec::new();
        loop {
            if self.at_document_indicator() {
                return Err(self.error(start, "found unexpected document indicator"));
            }
            if self.at_end(0) {
                return Err(self.error(start, "found unexpected end of stream"));
            }
            let mut gap = Gap::default();
            while !self.is_blank_or_end(0) {
                match self.at(0) {
                    b'\'' if single && self.at(1) == b'\'' => {
                        text.push(b'\'');
                        self.skip(2);
                    }
                    b'\'' if single => break,
                    b'"' if !single => break,
                    b'\\' if !single && self.break_width(1) > 0 => {
                        self.skip(1);
                        self.skip_break();
                        gap.breaks = true;
                        break;
                    }
                    b'\\' if !single => self.scan_escape(start, &mut text)?,
                    _ => {
                        let from = self.mark.offset;
                        self.skip_char();
                        text.extend_from_slice(&self.text[from..self.mark.offset]);
                    }
                }
            }
            let quote = if single { b'\'' } else { b'"' };
            if !gap.breaks && self.at(0) == quote && !self.at_end(0) {
                break;
            }
            self.read_gap(&mut gap, None)?;
            gap.fold(&mut text);
        }
        self.skip(1);
        let kind = TokenKind::Scalar(Cow::Owned(text), style);
        Ok(Token { kind, start, end: self.mark })
    }

    /// The width of a quoted text that ends on this line and holds nothing special.
    fn simple_quoted(&self, single: bool) -> Option<usize> {
        let rest = &self.text[self.mark.offset..];
        let quote = if single { b'\'' } else { b'"' };
        let special = |byte: &u8| {
            *byte == quote || !(0x20..0x7f).contains(byte) || (!single && *byte == b'\\')
        };
        let width = rest.iter().position(special)?;
        (rest[width] == quote && !(single && rest.get(width + 1) == Some(&b'\''))).then_some(width)
    }

    fn scan_escape(&mut self, start: Mark, text: &mut Vec<u8>) -> Result<()> {
        match unescape(&self.text[self.mark.offset..], text) {
            Ok(width) => {
                self.skip(width);
                Ok(())
            }
            Err((width, problem)) => {
                self.skip(width);
                Err(self.error(start, problem))
            }
        }
    }

    pub(super) fn scan_block(&mut self, literal: bool) -> Result<Token<'a>> {
        let start = self.mark;
        self.skip(1);
        let (chomp, increment) = self.block_header(start)?;
        let mut indent = match increment {
            0 => 0,
            more if self.indent >= 0 => self.indent as usize + more,
            more => more,
        };
        let mut text = Vec::new();
        let mut line_break = Vec::new();
        let mut breaks = Vec::new();
        let mut end = self.block_breaks(start, &mut indent, &mut breaks)?;
        let mut was_blank = false;
        while self.mark.column == indent && !self.at_end(0) {
            let is_blank = self.is_blank(0);
            if !literal && line_break == b"\n" && !was_blank && !is_blank {
                if breaks.is_empty() {
                    text.push(b' ');
                }
                line_break.clear();
            } else {
                text.append(&mut line_break);
            }
            text.append(&mut breaks);
            was_blank = is_blank;
            let from = self.mark.offset;
            self.skip_line_content();
            text.extend_from_slice(&self.text[from..self.mark.offset]);
            self.read_break(&mut line_break);
            end = self.block_breaks(start, &mut indent, &mut breaks)?;
        }
        if chomp != Chomp::Strip {
            text.append(&mut line_break);
        }
        if chomp == Chomp::Keep {
            text.append(&mut breaks);
        }
        let style = if literal { Style::Literal } else { Style::Folded };
        Ok(Token { kind: TokenKind::Scalar(Cow::Owned(text), style), start, end })
    }

    fn skip_line_content(&mut self) {
        let rest = &self.text[self.mark.offset..];
        let line = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        if rest[..line].is_ascii() {
            self.mark.offset += line;
            self.mark.column += line;
            return;
        }
        while !self.is_break_or_end(0) {
            self.skip_char();
        }
    }

    fn block_header(&mut self, start: Mark) -> Result<(Chomp, usize)> {
        let mut chomp = Chomp::Clip;
        let mut increment = 0;
        for _ in 0..2 {
            match self.at(0) {
                b'+' if chomp == Chomp::Clip => chomp = Chomp::Keep,
                b'-' if chomp == Chomp::Clip => chomp = Chomp::Strip,
                b'0' if increment == 0 => {
                    let problem = "found an indentation indicator equal to 0";
                    return Err(self.error(start, problem));
                }
                digit @ b'1'..=b'9' if increment == 0 => increment = usize::from(digit - b'0'),
                _ => break,
            }
            self.skip(1);
        }
        while self.is_blank(0) {
            self.skip(1);
        }
        if self.at(0) == b'#' {
            self.skip_comment();
        }
        if !self.is_break_or_end(0) {
            return Err(self.error(start, "did not find expected comment or line break"));
        }
        if self.break_width(0) > 0 {
            self.skip_break();
        }
        Ok((chomp, increment))
    }

    fn block_breaks(
        &mut self,
        start: Mark,
        indent: &mut usize,
        breaks: &mut Vec<u8>,
    ) -> Result<Mark> {
        let mut most = 0;
        let mut end = self.mark;
        loop {
            while (*indent == 0 || self.mark.column < *indent) && self.at(0) == b' ' {
                self.skip(1);
            }
            most = most.max(self.mark.column);
            if (*indent == 0 || self.mark.column < *indent) && self.at(0) == b'\t' {
                let problem = "found a tab character where an indentation space is expected";
                return Err(self.error(start, problem));
            }
            if self.break_width(0) == 0 {
                break;
            }
            self.read_break(breaks);
            end = self.mark;
        }
        if *indent == 0 {
            *indent = most.max((self.indent + 1).max(1) as usize);
        }
        Ok(end)
    }
}

/// What becomes of the line breaks at a block scalar's end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomp {
    Strip,
    Clip,
    Keep,
}
