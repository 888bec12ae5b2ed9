use std::borrow::Cow;

use plimsoll_source::{FileId, Span};

use crate::compose::{Composed, sorted_entries};
use crate::node::{Duplicate, Entry, Kind, Node};
use crate::resolve::resolve_plain;

/// Takes the nodes of a document in the order in which they stand. Offsets are bytes of the text.
pub(crate) trait Sink {
    /// A collection begins.
    fn open(&mut self, is_map: bool, start: usize);
    /// The innermost collection ends.
    fn close(&mut self, end: usize);
    /// A key of the innermost collection, which is a map.
    fn key(&mut self, text: &[u8], start: usize, end: usize);
    /// A plain scalar that is not empty.
    fn plain(&mut self, text: &[u8], start: usize, end: usize);
    /// A string.
    fn text(&mut self, text: Cow<'_, [u8]>, start: usize, end: usize);
    /// Nothing, where something could stand.
    fn null(&mut self, at: usize);
    /// Whether the contents of strings matter.
    fn wants_text(&self) -> bool {
        true
    }
}

/// Makes nodes.
pub(crate) struct NodeSink {
    file: FileId,
    shift: u32,
    open: Vec<Open>,
    done: Option<Node>,
    duplicates: Vec<Duplicate>,
}

struct Open {
    start: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    /// The last entry waits for its value if it has a key whose value is not known.
    Map(Vec<Entry>),
}

impl NodeSink {
    /// `shift` is added to every offset.
    pub(crate) fn new(file: FileId, shift: u32) -> NodeSink {
        NodeSink { file, shift, open: Vec::with_capacity(16), done: None, duplicates: Vec::new() }
    }

    /// The root.
    pub(crate) fn finish(self) -> Option<Composed> {
        Some(Composed { node: self.done?, duplicates: self.duplicates })
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start as u32 + self.shift, end as u32 + self.shift)
    }

    fn add(&mut self, kind: Kind, start: usize, end: usize) {
        let node = Node { kind, span: self.span(start, end) };
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.done = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map(entries)) => {
                if let Some(entry) = entries.last_mut() {
                    entry.value = node;
                }
            }
        }
    }
}

impl Sink for NodeSink {
    fn open(&mut self, is_map: bool, start: usize) {
        let content = if is_map { Content::Map(Vec::new()) } else { Content::List(Vec::new()) };
        self.open.push(Open { start, content });
    }

    fn close(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let kind = match open.content {
            Content::List(items) => Kind::List(items.into()),
            Content::Map(entries) => Kind::Map(sorted_entries(entries, &mut self.duplicates)),
        };
        self.add(kind, open.start, end);
    }

    fn key(&mut self, text: &[u8], start: usize, end: usize) {
        let key_span = self.span(start, end);
        if let Some(Content::Map(entries)) = self.open.last_mut().map(|open| &mut open.content) {
            let value = Node { kind: Kind::Null, span: key_span };
            entries.push(Entry { key: text.to_vec(), key_span, value });
        }
    }

    fn plain(&mut self, text: &[u8], start: usize, end: usize) {
        self.add(resolve_plain(text).kind, start, end);
    }

    fn text(&mut self, text: Cow<'_, [u8]>, start: usize, end: usize) {
        self.add(Kind::Text(text.into_owned()), start, end);
    }

    fn null(&mut self, at: usize) {
        self.add(Kind::Null, at, at);
    }
}

/// Makes nodes of some entries of the root alone, if that is a map.
pub(crate) struct RootEntries<'k> {
    nodes: NodeSink,
    /// In any case of their letters.
    keys: &'k [&'k str],
    depth: usize,
    skipping: bool,
}

impl<'k> RootEntries<'k> {
    pub(crate) fn new(nodes: NodeSink, keys: &'k [&'k str]) -> RootEntries<'k> {
        RootEntries { nodes, keys, depth: 0, skipping: false }
    }

    pub(crate) fn finish(self) -> Option<Node> {
        self.nodes.done
    }
}

impl Sink for RootEntries<'_> {
    fn open(&mut self, is_map: bool, start: usize) {
        self.depth += 1;
        if !self.skipping {
            self.nodes.open(is_map, start);
        }
    }

    fn close(&mut self, end: usize) {
        self.depth -= 1;
        if self.depth == 0 {
            self.skipping = false;
        }
        if !self.skipping {
            self.nodes.close(end);
        }
    }

    fn key(&mut self, text: &[u8], start: usize, end: usize) {
        if self.depth == 1 {
            self.skipping = !self.keys.iter().any(|key| text.eq_ignore_ascii_case(key.as_bytes()));
        }
        if !self.skipping {
            self.nodes.key(text, start, end);
        }
    }

    fn plain(&mut self, text: &[u8], start: usize, end: usize) {
        if !self.skipping {
            self.nodes.plain(text, start, end);
        }
    }

    fn text(&mut self, text: Cow<'_, [u8]>, start: usize, end: usize) {
        if !self.skipping {
            self.nodes.text(text, start, end);
        }
    }

    fn null(&mut self, at: usize) {
        if !self.skipping {
            self.nodes.null(at);
        }
    }

    fn wants_text(&self) -> bool {
        !self.skipping
    }
}
