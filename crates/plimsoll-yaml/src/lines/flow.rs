use std::borrow::Cow;

use super::{LONGEST_KEY, MOST_DEPTH, Reader, Result, Sink, Unusual};
use crate::resolve::{is_not_finite, is_string_key};

/// What may come next within a flow collection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// An item, or the end of what is still empty.
    First,
    /// An item.
    Item,
    /// A comma or the end.
    Comma,
}

impl<'a, S: Sink> Reader<'a, '_, S> {
    /// Reads a flow collection on one line, made of simple scalars; gives where it ends.
    pub(super) fn flow(&mut self, start: usize) -> Result<usize> {
        let mut at = start;
        let mut open: Vec<u8> = Vec::new();
        let mut next = Next::Item;
        loop {
            at += self.spaces(at);
            match (self.byte(at), next) {
                (bracket @ (b']' | b'}'), Next::First | Next::Comma) => {
                    if open.pop() != Some(bracket - 2) {
                        return Err(Unusual);
                    }
                    at += 1;
                    self.sink.close(at);
                    if open.is_empty() {
                        return Ok(at);
                    }
                    next = Next::Comma;
                }
                (b',', Next::Comma) => {
                    at += 1;
                    next = Next::Item;
                }
                (_, Next::First | Next::Item) => {
                    if open.last() == Some(&b'{') {
                        at = self.flow_key(at)?;
                    }
                    if matches!(self.byte(at), b'[' | b'{') {
                        let bracket = self.byte(at);
                        if open.len() == MOST_DEPTH {
                            return Err(Unusual);
                        }
                        open.push(bracket);
                        self.sink.open(bracket == b'{', at);
                        at += 1;
                        next = Next::First;
                    } else {
                        at = self.flow_scalar(at)?;
                        next = Next::Comma;
                    }
                }
                _ => return Err(Unusual),
            }
        }
    }

    /// Reads a key and its colon; gives where the value begins.
    fn flow_key(&mut self, at: usize) -> Result<usize> {
        let colon = if let quote @ (b'"' | b'\'') = self.byte(at) {
            let (text, end) = self.quoted_on_line(at, quote)?;
            self.sink.key(&text, at, end);
            end
        } else {
            let end = self.flow_plain(at);
            let text = &self.text[at..end];
            if text.is_empty() || !is_string_key(text) {
                return Err(Unusual);
            }
            self.sink.key(text, at, end);
            end
        };
        let blanks = self.spaces(colon + 1);
        if self.byte(colon) != b':' || blanks == 0 || colon - at > LONGEST_KEY {
            return Err(Unusual);
        }
        Ok(colon + 1 + blanks)
    }

    fn flow_scalar(&mut self, at: usize) -> Result<usize> {
        if let quote @ (b'"' | b'\'') = self.byte(at) {
            let (text, end) = self.quoted_on_line(at, quote)?;
            self.sink.text(text, at, end);
            return Ok(end);
        }
        let end = self.flow_plain(at);
        let text = &self.text[at..end];
        if text.is_empty() || is_not_finite(text) {
            return Err(Unusual);
        }
        self.sink.plain(text, at, end);
        Ok(end)
    }

    fn quoted_on_line(&self, at: usize, quote: u8) -> Result<(Cow<'a, [u8]>, usize)> {
        let (text, end) = self.quoted(at, quote)?;
        if self.text[at..end].contains(&b'\n') { Err(Unusual) } else { Ok((text, end)) }
    }

    /// Where a plain scalar of harmless characters ends. What follows it must be a bracket, a
    /// comma, a colon or a space, which is for the caller to see.
    fn flow_plain(&self, at: usize) -> usize {
        let starts = self.byte(at).is_ascii_alphanumeric() || matches!(self.byte(at), b'_' | b'/');
        let harmless =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/' | b'.' | b'-');
        let length = self.text[at..].iter().take_while(|byte| harmless(byte)).count();
        if starts { at + length } else { at }
    }
}
