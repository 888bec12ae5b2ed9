use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, Range};
use std::rc::Rc;

use plimsoll_source::{Mark, Origin, Site, TextMap};

/// A Go `string`: shared bytes, mostly but not always UTF-8, with an optional map of where they
/// came from. Equality, order and hash look at the bytes alone.
#[derive(Clone)]
pub struct Text(Rc<TextData>);

struct TextData {
    bytes: Bytes,
    map: Option<Box<TextMap>>,
}

/// The first eight bytes of a text with zeros behind them, in whose order texts are.
pub(super) fn head(bytes: &[u8]) -> u64 {
    if let Some(head) = bytes.first_chunk() {
        return u64::from_be_bytes(*head);
    }
    let head = bytes.iter().fold(0, |head, byte| head << 8 | u64::from(*byte));
    head << (8 * (8 - bytes.len()) as u32 % 64)
}

/// Most texts are short: they stand where the count of their holders stands.
enum Bytes {
    Short(u8, [u8; SHORT]),
    Long(Vec<u8>),
}

const SHORT: usize = 30;

impl Bytes {
    fn short(bytes: &[u8]) -> Option<Bytes> {
        let mut short = [0; SHORT];
        short.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Bytes::Short(bytes.len() as u8, short))
    }

    fn copied(bytes: &[u8]) -> Bytes {
        Bytes::short(bytes).unwrap_or_else(|| Bytes::Long(bytes.to_vec()))
    }

    fn owned(bytes: Vec<u8>) -> Bytes {
        Bytes::short(&bytes).unwrap_or(Bytes::Long(bytes))
    }
}

impl Text {
    /// Bytes together with the map of where they came from.
    pub fn with_map(bytes: Vec<u8>, map: TextMap) -> Text {
        let map = (!map.marks().is_empty()).then(|| Box::new(map));
        Text(Rc::new(TextData { bytes: Bytes::owned(bytes), map }))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0.bytes {
            Bytes::Short(length, bytes) => &bytes[..usize::from(*length)],
            Bytes::Long(bytes) => bytes,
        }
    }

    /// See [`head`].
    pub(super) fn head(&self) -> u64 {
        match &self.0.bytes {
            Bytes::Short(_, bytes) => {
                bytes.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
            }
            Bytes::Long(bytes) => head(bytes),
        }
    }

    /// The text with every invalid byte sequence shown as U+FFFD.
    pub fn to_str_lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.as_bytes())
    }

    /// The text, if it is UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(self.as_bytes()).ok()
    }

    /// Where the bytes came from; `None` where nothing was traced.
    pub fn map(&self) -> Option<&TextMap> {
        self.0.map.as_deref()
    }

    /// The part `range`, its marks kept; the whole text is shared, not copied.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Text {
        if range == (0..self.len()) {
            return self.clone();
        }
        let map = self.map().map(|map| Box::new(map.slice(range.start as u32, range.end as u32)));
        Text(Rc::new(TextData { bytes: Bytes::copied(&self.as_bytes()[range]), map }))
    }
}

impl Deref for Text {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Text {
        Text(Rc::new(TextData { bytes: Bytes::owned(bytes), map: None }))
    }
}

impl From<&[u8]> for Text {
    fn from(bytes: &[u8]) -> Text {
        Text(Rc::new(TextData { bytes: Bytes::copied(bytes), map: None }))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        text.into_bytes().into()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        text.as_bytes().into()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Text) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Text) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_str_lossy(), f)
    }
}

/// Builds a [`Text`] from pieces and keeps their marks: what functions that only move text
/// (`indent`, `quote`, `trim`, `join`, the output itself) are written with.
#[derive(Debug, Default)]
pub struct TextBuf {
    bytes: Vec<u8>,
    marks: Vec<Mark>,
}

impl TextBuf {
    /// Nothing yet.
    pub fn new() -> TextBuf {
        TextBuf::default()
    }

    /// Nothing yet, with room for `bytes`.
    pub fn with_capacity(bytes: usize) -> TextBuf {
        TextBuf { bytes: Vec::with_capacity(bytes), marks: Vec::new() }
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes so far.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes, for writers that append without marks. Only append.
    pub fn bytes_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Appends literal bytes.
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends a text with its marks.
    pub fn push_text(&mut self, text: &Text) {
        self.push_from(text, Origin::NONE);
    }

    /// Appends a text that came from `origin`: its own marks where it has them, else one mark.
    pub fn push_from(&mut self, text: &Text, origin: Origin) {
        self.push_range(text, 0..text.len(), origin);
    }

    /// Appends the part `range` of a text that came from `origin`.
    pub fn push_range(&mut self, text: &Text, range: Range<usize>, origin: Origin) {
        let base = self.bytes.len() as u32;
        self.bytes.extend_from_slice(&text.as_bytes()[range.clone()]);
        if let Some(map) = text.map() {
            let (start, end) = (range.start as u32, range.end as u32);
            self.marks.extend(map.overlapping(start, end).map(|mark| Mark {
                start: mark.start.max(start) - start + base,
                end: mark.end.min(end) - start + base,
                ..*mark
            }));
        } else if origin.is_some() {
            self.mark(base as usize, origin);
        }
    }

    /// Marks everything from byte `start` on as coming from `origin`; what is marked there already
    /// knows better.
    pub fn mark(&mut self, start: usize, origin: Origin) {
        let first = self.marks.partition_point(|mark| (mark.start as usize) < start);
        if !origin.is_some() {
            return;
        }
        if first == self.marks.len() {
            let end = self.bytes.len() as u32;
            self.marks.push(Mark { start: start as u32, end, origin, site: Site::NONE });
        }
        for mark in self.marks[first..].iter_mut().filter(|mark| !mark.origin.is_some()) {
            mark.origin = origin;
        }
    }

    /// Marks what stands from byte `start` on, which is `text` with quotes around it or blanks
    /// before its lines, as `text` is marked; all of it by `origin` where `text` is not marked or
    /// not to be found in it.
    pub fn mark_as(&mut self, start: usize, text: &Text, origin: Origin) {
        let Some(map) = text.map() else { return self.mark(start, origin) };
        let (mut from, mut at) = (0, start);
        for line in text.split_inclusive(|&byte| byte == b'\n') {
            let words = line.strip_suffix(b"\n").unwrap_or(line);
            let found = memchr::memmem::find(&self.bytes[at..], words).map(|found| at + found);
            let Some(found) = found else {
                let first = map.marks().iter().find(|mark| mark.origin.is_some());
                return self.mark(at, first.map_or(origin, |mark| mark.origin));
            };
            let (base, end) = (found as u32, from + words.len() as u32);
            if !words.is_empty() {
                self.marks.extend(map.overlapping(from, end).map(|mark| Mark {
                    start: mark.start.max(from) - from + base,
                    end: mark.end.min(end) - from + base,
                    ..*mark
                }));
            }
            (from, at) = (from + line.len() as u32, found + words.len());
        }
    }

    /// Says that `site` wrote everything from byte `start` on: marks that have no site get it, and
    /// what is not marked is marked.
    pub fn sign(&mut self, start: usize, site: Site) {
        let first = self.marks.partition_point(|mark| (mark.start as usize) < start);
        let (mut at, end) = (start as u32, self.bytes.len() as u32);
        let gap = |start, end| Mark { start, end, origin: Origin::NONE, site };
        if first == self.marks.len() {
            self.marks.extend((at < end).then(|| gap(at, end)));
            return;
        }
        let mut whole = true;
        for mark in &mut self.marks[first..] {
            if !mark.site.is_some() {
                mark.site = site;
            }
            whole &= mark.start <= at;
            at = at.max(mark.end);
        }
        if whole && at == end {
            return;
        }
        at = start as u32;
        for mark in self.marks.split_off(first) {
            if at < mark.start {
                self.marks.push(gap(at, mark.start));
            }
            at = at.max(mark.end);
            self.marks.push(mark);
        }
        self.marks.extend((at < end).then(|| gap(at, end)));
    }

    /// Drops everything from byte `len` on.
    pub fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
        self.marks.retain_mut(|mark| {
            mark.end = mark.end.min(len as u32);
            mark.start < len as u32
        });
    }

    /// The text; what it was built in stays, empty, for the next one.
    pub fn take(&mut self) -> Text {
        let marks = std::mem::take(&mut self.marks);
        let map = (!marks.is_empty()).then(|| Box::new(TextMap::new(marks)));
        let text = Text(Rc::new(TextData { bytes: Bytes::copied(&self.bytes), map }));
        self.bytes.clear();
        text
    }

    /// The text.
    pub fn finish(self) -> Text {
        Text::with_map(self.bytes, TextMap::new(self.marks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_move_with_their_text() {
        let mut inner = TextBuf::new();
        inner.push_bytes(b"a: ");
        inner.push_from(&Text::from("latest"), Origin(7));
        let inner = inner.finish();
        let mut outer = TextBuf::new();
        outer.push_bytes(b"  ");
        outer.push_range(&inner, 1..6, Origin::NONE);
        let outer = outer.finish();
        assert_eq!(outer.as_bytes(), b"  : lat");
        let mark = outer.map().expect("the text is marked").marks()[0];
        assert_eq!((mark.start, mark.end, mark.origin), (4, 7, Origin(7)));
    }

    #[test]
    fn lines_that_moved_keep_their_marks() {
        let marks = [(0, 1, 5), (2, 4, 6)].map(|(start, end, origin)| Mark {
            start,
            end,
            origin: Origin(origin),
            site: Site::NONE,
        });
        let text = Text::with_map(b"a\nbc".to_vec(), TextMap::new(marks.to_vec()));
        let mut out = TextBuf::new();
        out.push_bytes(b"|-\n  a\n  bc");
        out.mark_as(0, &text, Origin::NONE);
        let out = out.finish();
        let got: Vec<_> = out.map().unwrap().marks().iter().map(|m| (m.start, m.end)).collect();
        assert_eq!(got, [(5, 6), (9, 11)]);
    }

    #[test]
    fn signing_fills_in_the_site() {
        let mut buf = TextBuf::new();
        buf.push_bytes(b"x: ");
        let start = buf.len();
        buf.push_from(&Text::from("v"), Origin(1));
        buf.sign(start, Site(5));
        let text = buf.finish();
        assert_eq!(text.map().expect("the text is marked").marks()[0].site, Site(5));
    }
}
