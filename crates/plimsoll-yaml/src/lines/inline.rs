use std::borrow::Cow;

use super::{Key, LONGEST_KEY, Reader, Result, Sink, Unusual};
use crate::resolve::{is_not_finite, is_string_key};
use crate::scan::unescape;

/// What a byte means within a plain scalar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Text,
    Colon,
    Hash,
    /// A line feed or a tab.
    Stop,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Text; 256];
    classes[b':' as usize] = Class::Colon;
    classes[b'#' as usize] = Class::Hash;
    classes[b'\n' as usize] = Class::Stop;
    classes[b'\t' as usize] = Class::Stop;
    classes
};

/// Where a plain scalar ends and what ends it.
struct Plain {
    /// Behind its last character that is no space.
    end: usize,
    /// Where the colon, the comment or the line's end is.
    stop: usize,
    is_key: bool,
}

impl<'a, S: Sink> Reader<'a, '_, S> {
    /// The key that begins at `at`, if what begins there is one.
    pub(super) fn key(&self, at: usize) -> Result<Option<Key<'a>>> {
        let key = match self.byte(at) {
            quote @ (b'"' | b'\'') => {
                let (text, end) = self.quoted(at, quote)?;
                if self.byte(end) != b':' || !matches!(self.byte(end + 1), b' ' | b'\n') {
                    return Ok(None);
                }
                if self.text[at..end].contains(&b'\n') {
                    return Err(Unusual);
                }
                Key { text, start: at, end, colon: end }
            }
            b'[' | b'{' | b'|' | b'>' => return Ok(None),
            _ => {
                let plain = self.plain(at)?;
                if !plain.is_key {
                    return Ok(None);
                }
                let text = &self.text[at..plain.end];
                if plain.end != plain.stop || !is_string_key(text) {
                    return Err(Unusual);
                }
                Key { text: Cow::Borrowed(text), start: at, end: plain.end, colon: plain.stop }
            }
        };
        if key.end - key.start > LONGEST_KEY { Err(Unusual) } else { Ok(Some(key)) }
    }

    /// Finds the end of a plain scalar.
    fn plain(&self, at: usize) -> Result<Plain> {
        let starts = match self.byte(at) {
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
            | b'"' | b'%' | b'@' | b'`' | b'\t' => false,
            b'-' | b'?' | b':' => !matches!(self.byte(at + 1), b' ' | b'\n' | b'\t'),
            _ => true,
        };
        if !starts {
            return Err(Unusual);
        }
        self.plain_piece(at)
    }

    /// Finds the end of what a line holds of a plain scalar.
    fn plain_piece(&self, at: usize) -> Result<Plain> {
        let mut stop = at;
        let is_key = loop {
            let Some(&byte) = self.text.get(stop) else { break false };
            match CLASSES[usize::from(byte)] {
                Class::Text => {}
                Class::Colon => match self.byte(stop + 1) {
                    b' ' | b'\n' => break true,
                    b'\t' => return Err(Unusual),
                    _ => {}
                },
                Class::Hash if stop == at || self.text[stop - 1] == b' ' => break false,
                Class::Hash => {}
                Class::Stop if byte == b'\n' => break false,
                Class::Stop => return Err(Unusual),
            }
            stop += 1;
        };
        let spaces = self.text[at..stop].iter().rev().take_while(|&&byte| byte == b' ').count();
        Ok(Plain { end: stop - spaces, stop, is_key })
    }

    /// A value on the rest of the line, or a block scalar that begins there.
    pub(super) fn value(&mut self, at: usize) -> Result<()> {
        match self.byte(at) {
            quote @ (b'"' | b'\'') => {
                let (text, end) = self.quoted(at, quote)?;
                self.sink.text(text, at, end);
                self.end_line(end)
            }
            b'[' | b'{' => {
                let end = self.flow(at)?;
                self.end_line(end)
            }
            b'|' => self.block_scalar(at, true),
            b'>' => self.block_scalar(at, false),
            _ => self.plain_value(at),
        }
    }

    fn plain_value(&mut self, at: usize) -> Result<()> {
        let plain = self.plain(at)?;
        let first = &self.text[at..plain.end];
        if plain.is_key || is_not_finite(first) {
            return Err(Unusual);
        }
        if self.byte(plain.stop) != b'\n' {
            self.sink.plain(first, at, plain.end);
            self.at = self.line_end(plain.stop) + 1;
            return Ok(());
        }
        self.at = plain.stop + 1;
        let least = self.frames.last().ok_or(Unusual)?.indent + 1;
        let Some(more) = self.continuation(least)? else {
            self.sink.plain(first, at, plain.end);
            return Ok(());
        };
        let (text, end) = self.plain_lines(first, least, more)?;
        self.sink.plain(&text, at, end);
        Ok(())
    }

    /// The line that goes on with a plain scalar: how many line breaks are in between, and where
    /// its text begins.
    fn continuation(&self, least: usize) -> Result<Option<(usize, usize)>> {
        let mut line = self.at;
        let mut breaks = 1;
        while line < self.text.len() {
            let spaces = self.spaces(line);
            match self.byte(line + spaces) {
                b'\t' => return Err(Unusual),
                b'\n' => {
                    line += spaces + 1;
                    breaks += 1;
                }
                b'#' => return Ok(None),
                _ => return Ok((spaces >= least).then_some((breaks, line + spaces))),
            }
        }
        Ok(None)
    }

    fn plain_lines(
        &mut self,
        first: &[u8],
        least: usize,
        mut more: (usize, usize),
    ) -> Result<(Vec<u8>, usize)> {
        let mut text = first.to_vec();
        loop {
            let (breaks, at) = more;
            let piece = self.plain_piece(at)?;
            if piece.is_key {
                return Err(Unusual);
            }
            fold(breaks, &mut text);
            text.extend_from_slice(&self.text[at..piece.end]);
            if self.byte(piece.stop) != b'\n' {
                self.at = self.line_end(piece.stop) + 1;
                return Ok((text, piece.end));
            }
            self.at = piece.stop + 1;
            match self.continuation(least)? {
                Some(next) => more = next,
                None => return Ok((text, piece.end)),
            }
        }
    }

    /// A quoted scalar and where it ends.
    pub(super) fn quoted(&self, at: usize, quote: u8) -> Result<(Cow<'a, [u8]>, usize)> {
        let mut owned: Option<Vec<u8>> = None;
        let mut from = at + 1;
        loop {
            let rest = &self.text[from..];
            let length = if quote == b'"' {
                memchr::memchr3(quote, b'\\', b'\n', rest)
            } else {
                memchr::memchr2(quote, b'\n', rest)
            };
            let length = length.ok_or(Unusual)?;
            let piece = &rest[..length];
            from += match rest[length] {
                b'\n' => {
                    let text = owned.get_or_insert_default();
                    let blanks = |byte: &&u8| matches!(byte, b' ' | b'\t');
                    let trailing = piece.iter().rev().take_while(blanks).count();
                    text.extend_from_slice(&piece[..length - trailing]);
                    let (breaks, passed) = self.quoted_breaks(from + length)?;
                    fold(breaks, text);
                    length + passed
                }
                b'\\' if rest.get(length + 1) == Some(&b'\n') => {
                    let text = owned.get_or_insert_default();
                    text.extend_from_slice(piece);
                    let (breaks, passed) = self.quoted_breaks(from + length + 1)?;
                    text.resize(text.len() + breaks - 1, b'\n');
                    length + 1 + passed
                }
                b'\\' => {
                    let text = owned.get_or_insert_default();
                    text.extend_from_slice(piece);
                    length + unescape(&rest[length..], text).map_err(|_| Unusual)?
                }
                b'\'' if rest.get(length + 1) == Some(&b'\'') => {
                    let text = owned.get_or_insert_default();
                    text.extend_from_slice(&rest[..=length]);
                    length + 2
                }
                _ => {
                    let text = match owned {
                        None => Cow::Borrowed(piece),
                        Some(mut text) => {
                            text.extend_from_slice(piece);
                            Cow::Owned(text)
                        }
                    };
                    return Ok((text, from + length + 1));
                }
            };
        }
    }

    /// Counts the line breaks from one on; gives how many bytes they and the blanks between and
    /// behind them take.
    fn quoted_breaks(&self, from: usize) -> Result<(usize, usize)> {
        let (mut at, mut breaks) = (from, 0);
        while self.text.get(at) == Some(&b'\n') {
            breaks += 1;
            at += 1;
            let line = &self.text[at..];
            if line.starts_with(b"---") || line.starts_with(b"...") {
                return Err(Unusual);
            }
            at += line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        }
        Ok((breaks, at - from))
    }
}

/// What line breaks between pieces of a scalar read as: one is a space, more lose the first.
fn fold(breaks: usize, text: &mut Vec<u8>) {
    match breaks {
        1 => text.push(b' '),
        more => text.resize(text.len() + more - 1, b'\n'),
    }
}
