//! The part of YAML that nearly every file keeps to, read line by line: block collections, scalars
//! on one line, block scalars, flow collections on one line. Whatever is doubtful, be it good or
//! bad, is [`Unusual`] and left to the full reader, so that there is one judge of it; what is read
//! here gives the same nodes with the same spans.

mod block;
mod flow;
mod inline;
mod sink;

use std::borrow::Cow;

pub(crate) use sink::{NodeSink, RootEntries, Sink};

/// The text is none of those that are read here.
pub(crate) struct Unusual;

type Result<T> = std::result::Result<T, Unusual>;

/// How deep collections may nest here.
const MOST_DEPTH: usize = 200;
/// A key that is longer may be none: go-yaml counts to 1024.
const LONGEST_KEY: usize = 1000;

/// Tells `sink` of the nodes of a text, which must hold no characters that YAML refuses and no
/// line breaks but line feeds.
pub(crate) fn read(text: &[u8], sink: &mut impl Sink) -> Result<()> {
    let mut reader = Reader { text, at: 0, frames: Vec::new(), sink, began: false };
    while let Some((indent, at)) = reader.next_content()? {
        reader.line(indent, at)?;
    }
    if !reader.began {
        return Err(Unusual);
    }
    while !reader.frames.is_empty() {
        reader.close(text.len());
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Map,
    List,
    /// A list in a map whose dashes stand below the keys.
    FlushList,
}

/// A block collection that is open.
struct Frame {
    shape: Shape,
    indent: usize,
    /// Where the value would stand that a key or dash still waits for.
    pending: Option<usize>,
}

struct Reader<'a, 's, S> {
    text: &'a [u8],
    /// Always the beginning of a line between the steps.
    at: usize,
    frames: Vec<Frame>,
    sink: &'s mut S,
    began: bool,
}

impl<'a, S: Sink> Reader<'a, '_, S> {
    fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(b'\n')
    }

    fn line_end(&self, from: usize) -> usize {
        memchr::memchr(b'\n', &self.text[from..]).map_or(self.text.len(), |length| from + length)
    }

    fn spaces(&self, from: usize) -> usize {
        self.text[from..].iter().take_while(|&&byte| byte == b' ').count()
    }

    /// The indentation and place of the next line that is neither blank nor a comment.
    fn next_content(&mut self) -> Result<Option<(usize, usize)>> {
        while self.at < self.text.len() {
            let indent = self.spaces(self.at);
            let at = self.at + indent;
            match self.byte(at) {
                b'\n' => self.at = at + 1,
                b'#' => self.at = self.line_end(at) + 1,
                b'\t' => return Err(Unusual),
                _ => return Ok(Some((indent, at))),
            }
        }
        Ok(None)
    }

    fn line(&mut self, indent: usize, at: usize) -> Result<()> {
        if indent == 0 && self.is_marker(at)? {
            return Ok(());
        }
        while self.frames.last().is_some_and(|top| top.indent > indent) {
            self.close(at);
        }
        let dash = self.is_dash(at);
        let Some(top) = self.frames.last_mut() else {
            if self.began {
                return Err(Unusual);
            }
            self.began = true;
            return self.nested(indent, at, dash);
        };
        if top.indent < indent {
            top.pending.take().ok_or(Unusual)?;
            return self.nested(indent, at, dash);
        }
        match (top.shape, dash) {
            (Shape::Map, true) => {
                top.pending.take().ok_or(Unusual)?;
                self.open(Shape::FlushList, indent, at)?;
                self.item(indent, at)
            }
            (Shape::List | Shape::FlushList, true) => {
                self.settle();
                self.item(indent, at)
            }
            (Shape::Map, false) => {
                self.settle();
                self.entry(at)
            }
            (Shape::FlushList, false) => {
                self.close(at);
                self.settle();
                self.entry(at)
            }
            (Shape::List, false) => Err(Unusual),
        }
    }

    /// Passes the marker that a document may begin with.
    fn is_marker(&mut self, at: usize) -> Result<bool> {
        let rest = &self.text[at..];
        if rest.starts_with(b"...") || rest[0] == b'%' {
            return Err(Unusual);
        }
        if !rest.starts_with(b"---") {
            return Ok(false);
        }
        if self.began {
            return Err(Unusual);
        }
        let blanks = self.spaces(at + 3);
        let after = self.byte(at + 3 + blanks);
        if after != b'\n' && !(after == b'#' && blanks > 0) {
            return Err(Unusual);
        }
        self.at = self.line_end(at) + 1;
        // A second marker would end the document.
        let next = self.next_content()?;
        match next {
            Some((0, at)) if self.text[at..].starts_with(b"---") => Err(Unusual),
            Some((indent, at)) => self.line(indent, at).map(|()| true),
            None => Err(Unusual),
        }
    }

    fn is_dash(&self, at: usize) -> bool {
        self.byte(at) == b'-' && matches!(self.byte(at + 1), b' ' | b'\n')
    }

    /// What begins a line of its own, deeper than what is around it.
    fn nested(&mut self, indent: usize, at: usize, dash: bool) -> Result<()> {
        if dash {
            self.open(Shape::List, indent, at)?;
            return self.item(indent, at);
        }
        match self.key(at)? {
            Some(key) => {
                self.open(Shape::Map, indent, at)?;
                self.entry_of(key)
            }
            None if self.frames.is_empty() => Err(Unusual),
            None => self.value(at),
        }
    }

    fn open(&mut self, shape: Shape, indent: usize, at: usize) -> Result<()> {
        if self.frames.len() == MOST_DEPTH {
            return Err(Unusual);
        }
        self.frames.push(Frame { shape, indent, pending: None });
        self.sink.open(shape == Shape::Map, at);
        Ok(())
    }

    fn close(&mut self, end: usize) {
        self.settle();
        self.frames.pop();
        self.sink.close(end);
    }

    /// What is still waited for is null.
    fn settle(&mut self) {
        let pending = self.frames.last_mut().and_then(|top| top.pending.take());
        if let Some(at) = pending {
            self.sink.null(at);
        }
    }

    /// What follows a dash, which may begin a collection in its turn.
    fn item(&mut self, mut indent: usize, mut at: usize) -> Result<()> {
        loop {
            let blanks = self.spaces(at + 1);
            let content = at + 1 + blanks;
            if self.ends_line(content, blanks > 0) {
                return self.wait(at + 1, content);
            }
            indent += 1 + blanks;
            at = content;
            if !self.is_dash(at) {
                break;
            }
            self.open(Shape::List, indent, at)?;
        }
        match self.key(at)? {
            Some(key) => {
                self.open(Shape::Map, indent, at)?;
                self.entry_of(key)
            }
            None => self.value(at),
        }
    }

    fn entry(&mut self, at: usize) -> Result<()> {
        let key = self.key(at)?.ok_or(Unusual)?;
        self.entry_of(key)
    }

    fn entry_of(&mut self, key: Key<'a>) -> Result<()> {
        self.sink.key(&key.text, key.start, key.end);
        let blanks = self.spaces(key.colon + 1);
        let at = key.colon + 1 + blanks;
        if self.ends_line(at, blanks > 0) {
            return self.wait(key.colon + 1, at);
        }
        self.value(at)
    }

    /// Whether nothing but a comment stands on the line any more.
    fn ends_line(&self, at: usize, after_space: bool) -> bool {
        match self.byte(at) {
            b'\n' => true,
            b'#' => after_space,
            _ => false,
        }
    }

    fn wait(&mut self, place: usize, rest: usize) -> Result<()> {
        self.frames.last_mut().ok_or(Unusual)?.pending = Some(place);
        self.at = self.line_end(rest) + 1;
        Ok(())
    }

    /// Passes the rest of a line behind a value.
    fn end_line(&mut self, at: usize) -> Result<()> {
        let blanks = self.spaces(at);
        if !self.ends_line(at + blanks, blanks > 0) {
            return Err(Unusual);
        }
        self.at = self.line_end(at + blanks) + 1;
        Ok(())
    }
}

/// A key and the place of its colon.
struct Key<'a> {
    text: Cow<'a, [u8]>,
    start: usize,
    end: usize,
    colon: usize,
}

#[cfg(test)]
mod tests;
