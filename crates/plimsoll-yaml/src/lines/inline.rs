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
            | b'"' | b'%' | b'@' | b'`' | b'?' | b':' | b'\t' => false,
            b'-' => !matches!(self.byte(at + 1), b' ' | b'\n' | b'\t'),
            _ => true,
        };
        if !starts {
            return Err(Unusual);
        }
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
                Class::Hash if self.text[stop - 1] == b' ' => break false,
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
            _ => {
                let plain = self.plain(at)?;
                let text = &self.text[at..plain.end];
                if plain.is_key || is_not_finite(text) {
                    return Err(Unusual);
                }
                self.sink.plain(text, at);
                self.at = match self.byte(plain.stop) {
                    b'\n' => plain.stop + 1,
                    _ => self.line_end(plain.stop) + 1,
                };
                Ok(())
            }
        }
    }

    /// A quoted scalar on one line and where it ends.
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
            let passed = match rest[length] {
                b'\n' => return Err(Unusual),
                b'\\' => {
                    let text = owned.get_or_insert_default();
                    text.extend_from_slice(piece);
                    unescape(&rest[length..], text).map_err(|_| Unusual)?
                }
                b'\'' if rest.get(length + 1) == Some(&b'\'') => {
                    let text = owned.get_or_insert_default();
                    text.extend_from_slice(&rest[..=length]);
                    2
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
            from += length + passed;
        }
    }
}
