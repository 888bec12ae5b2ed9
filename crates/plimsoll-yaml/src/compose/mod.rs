//! The syntax tree to what Helm sees: aliases, merges, keys, in go-yaml's and sigs' words. Nothing
//! here calls itself along the document: go-yaml takes nesting of ten thousand.

mod key;
mod scalar;

use std::collections::{BTreeSet, HashSet};

use plimsoll_source::Span;

pub(crate) use key::go_utf8;

use crate::error::YamlError;
use crate::items::Items;
use crate::node::{Duplicate, Entry, Kind, Node};
use crate::parse::{Document, NONE, NodeId, Syntax};
use crate::scan::Style;
use key::{Key, go_syntax, key_of, unsupported_key};

/// Aliases may nest deeper than syntax; beyond this the text is refused.
const MOST_DEPTH: usize = 30_000;

/// How many bytes of strings may come by aliases.
const MOST_ALIASED_BYTES: usize = 64 << 20;

struct Composer<'d, 'a> {
    document: &'d Document<'a>,
    decoded: u64,
    aliased: u64,
    /// The bytes of strings that came by aliases.
    aliased_bytes: usize,
    open_aliases: Vec<NodeId>,
    /// The same as a set.
    is_open: HashSet<NodeId>,
    frames: Vec<Frame>,
    maps: Vec<OpenMap>,
    strict: Option<Vec<String>>,
    duplicates: Vec<Duplicate>,
    /// sigs.k8s.io/yaml's error on a key, which comes after everything that go-yaml finds.
    late: Option<YamlError>,
}

/// Something that is being composed.
enum Frame {
    List {
        next: NodeId,
        items: Vec<Node>,
        span: Span,
    },
    Map {
        next: NodeId,
        key: Option<PendingKey>,
        span: Span,
    },
    /// A map whose pairs belong to the map around it.
    Merged {
        next: NodeId,
        key: Option<PendingKey>,
    },
    /// Maps that are still to be merged, the first last.
    MergeList(Vec<NodeId>),
    /// What an alias names; its place is that of the alias.
    Alias(Span),
}

/// A key that waits for its value.
struct PendingKey {
    key: Key,
    span: Span,
    /// The number of its value.
    value: NodeId,
    /// As strict errors show it.
    shown: Option<String>,
}

/// A map whose pairs come one by one.
#[derive(Default)]
struct OpenMap {
    pairs: Vec<Pair>,
    /// The keys so far, where they are asked for.
    keys: BTreeSet<Vec<u8>>,
}

struct Pair {
    key: Key,
    entry: Entry,
    is_merged: bool,
}

/// What comes of a document.
pub(crate) struct Composed {
    pub(crate) node: Node,
    pub(crate) duplicates: Vec<Duplicate>,
}

/// Composes a document; of a text without one comes `null`.
pub(crate) fn compose(document: &Document<'_>, strict: bool) -> Result<Composed, YamlError> {
    let mut composer = Composer {
        document,
        decoded: 0,
        aliased: 0,
        aliased_bytes: 0,
        open_aliases: Vec::new(),
        is_open: HashSet::new(),
        frames: Vec::new(),
        maps: Vec::new(),
        strict: strict.then(Vec::new),
        duplicates: Vec::new(),
        late: None,
    };
    let node = match document.root {
        Some(root) => composer.run(root)?,
        None => Node { kind: Kind::Null, span: Span::new(plimsoll_source::FileId::NONE, 0, 0) },
    };
    let duplicates = composer.duplicates;
    match composer.strict {
        Some(errors) if !errors.is_empty() => {
            Err(YamlError::new(format!("yaml: unmarshal errors:\n  {}", errors.join("\n  "))))
        }
        _ => composer.late.map_or(Ok(Composed { node, duplicates }), Err),
    }
}

/// Sorts by key; of equal keys the last one stays.
pub(crate) fn sorted_entries(
    mut entries: Vec<Entry>,
    duplicates: &mut Vec<Duplicate>,
) -> Items<Entry> {
    if !entries.is_sorted_by(|a, b| a.key < b.key) {
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        entries.reverse();
        entries.dedup_by(|earlier, kept| {
            let is_same = earlier.key == kept.key;
            if is_same {
                let (first, again) = (earlier.key_span, kept.key_span);
                duplicates.push(Duplicate { key: kept.key.clone(), first, again });
            }
            is_same
        });
        entries.reverse();
    }
    entries.into()
}

fn allowed_alias_ratio(decoded: u64) -> f64 {
    match decoded {
        0..=400_000 => 0.99,
        4_000_000.. => 0.10,
        _ => 0.99 - 0.89 * ((decoded - 400_000) as f64 / 3_600_000.0),
    }
}

impl Composer<'_, '_> {
    fn fail<T>(&self, at: NodeId, message: impl Into<String>) -> Result<T, YamlError> {
        Err(YamlError { message: message.into(), span: Some(self.document.node(at).span) })
    }

    fn count(&mut self, id: NodeId) -> Result<(), YamlError> {
        self.decoded += 1;
        self.aliased += u64::from(!self.open_aliases.is_empty());
        let excessive = self.aliased > 100
            && self.decoded > 1000
            && self.aliased as f64 / self.decoded as f64 > allowed_alias_ratio(self.decoded);
        if excessive {
            return self.fail(id, "yaml: document contains excessive aliasing");
        }
        Ok(())
    }

    /// Composes a node with all that is below it.
    fn run(&mut self, id: NodeId) -> Result<Node, YamlError> {
        let outer = self.frames.len();
        let mut done = self.start(id)?;
        loop {
            if let Some(node) = done.take() {
                if self.frames.len() == outer {
                    return Ok(node);
                }
                done = self.deliver(node);
            } else {
                done = self.advance()?;
            }
        }
    }

    /// Gives a node to what waits for it; an alias gives it on.
    fn deliver(&mut self, mut node: Node) -> Option<Node> {
        match self.frames.last_mut() {
            Some(Frame::List { items, .. }) => items.push(node),
            Some(Frame::Map { key, .. }) => {
                let key = key.take();
                self.add_pair(key, node, false);
            }
            Some(Frame::Merged { key, .. }) => {
                let key = key.take();
                self.add_pair(key, node, true);
            }
            Some(Frame::Alias(span)) => {
                node.span = *span;
                self.frames.pop();
                self.leave_alias();
                return Some(node);
            }
            Some(Frame::MergeList(_)) | None => {}
        }
        None
    }

    /// Begins a node; a scalar is done with it.
    fn start(&mut self, mut id: NodeId) -> Result<Option<Node>, YamlError> {
        loop {
            self.count(id)?;
            if self.frames.len() > MOST_DEPTH {
                return self.fail(id, "yaml: document is nested too deep");
            }
            let node = self.document.node(id);
            let span = node.span;
            match &node.syntax {
                Syntax::Scalar(text, style) => {
                    self.count_bytes(id, text.len())?;
                    return Ok(Some(Node { kind: self.scalar(id, text, *style)?, span }));
                }
                Syntax::Sequence => {
                    let next = node.first;
                    self.frames.push(Frame::List { next, items: Vec::new(), span });
                    return Ok(None);
                }
                Syntax::Mapping => {
                    self.maps.push(OpenMap::default());
                    self.frames.push(Frame::Map { next: node.first, key: None, span });
                    return Ok(None);
                }
                Syntax::Alias(..) => {
                    id = self.enter_alias(id)?;
                    self.frames.push(Frame::Alias(span));
                }
            }
        }
    }

    /// Goes on with the innermost collection.
    fn advance(&mut self) -> Result<Option<Node>, YamlError> {
        match self.frames.last_mut() {
            Some(Frame::List { next, items, span }) => {
                let id = *next;
                if id == NONE {
                    let kind = Kind::List(std::mem::take(items).into());
                    let node = Node { kind, span: *span };
                    self.frames.pop();
                    return Ok(Some(node));
                }
                *next = self.document.node(id).next;
                self.start(id)
            }
            Some(Frame::Map { next, span, .. }) => {
                let span = *span;
                let Some((key, value)) = self.document.take_pair(next) else {
                    self.frames.pop();
                    let pairs = self.maps.pop().unwrap_or_default().pairs;
                    return Ok(Some(Node { kind: Kind::Map(self.entries(pairs)), span }));
                };
                self.pair(key, value)
            }
            Some(Frame::Merged { next, .. }) => {
                let Some((key, value)) = self.document.take_pair(next) else {
                    self.frames.pop();
                    return Ok(None);
                };
                self.pair(key, value)
            }
            Some(Frame::MergeList(left)) => {
                match left.pop() {
                    None => drop(self.frames.pop()),
                    Some(id) => self.merge_one(id)?,
                }
                Ok(None)
            }
            Some(Frame::Alias(_)) => {
                self.frames.pop();
                self.leave_alias();
                Ok(None)
            }
            None => Ok(None),
        }
    }

    /// The node that an alias names, which from now on is open.
    fn enter_alias(&mut self, id: NodeId) -> Result<NodeId, YamlError> {
        let alias = self.document.node(id);
        let Syntax::Alias(name, target) = &alias.syntax else { return Ok(id) };
        let node = self.document.node(*target);
        let inside = *target < id
            && node.span.start <= alias.span.start
            && alias.span.end <= node.span.end
            && !matches!(node.syntax, Syntax::Scalar(..));
        if inside || self.is_open.contains(target) {
            let name = String::from_utf8_lossy(name);
            return self.fail(id, format!("yaml: anchor '{name}' value contains itself"));
        }
        self.open_aliases.push(*target);
        self.is_open.insert(*target);
        Ok(*target)
    }

    fn leave_alias(&mut self) {
        if let Some(target) = self.open_aliases.pop() {
            self.is_open.remove(&target);
        }
    }

    /// go-yaml shares strings that come by aliases; here each is a string of its own, which must
    /// not fill the memory.
    fn count_bytes(&mut self, id: NodeId, bytes: usize) -> Result<(), YamlError> {
        if !self.open_aliases.is_empty() {
            self.aliased_bytes += bytes;
            if self.aliased_bytes > MOST_ALIASED_BYTES {
                return self.fail(id, "yaml: document contains excessive aliasing");
            }
        }
        Ok(())
    }

    fn is_merge(&self, id: NodeId) -> bool {
        let node = self.document.node(id);
        match &node.syntax {
            Syntax::Scalar(text, style) => {
                text.as_ref() == b"<<"
                    && (node.tag == b"!!merge"
                        || node.tag == b"!"
                        || (*style == Style::Plain && node.tag.is_empty()))
            }
            _ => false,
        }
    }

    /// Begins a pair of a map.
    fn pair(&mut self, key: NodeId, value: NodeId) -> Result<Option<Node>, YamlError> {
        if self.is_merge(key) {
            self.merge(value)?;
            return Ok(None);
        }
        if self.is_collection(key) {
            let shown = self.key_syntax(key, 0)?;
            return self.fail(key, format!("yaml: invalid map key: {shown}"));
        }
        let composed = self.run(key)?;
        let shown = self.strict.is_some().then(|| go_syntax(&composed, 0));
        let span = self.document.node(key).span;
        let waiting = PendingKey { key: key_of(composed.kind), span, value, shown };
        if let Some(Frame::Map { key, .. } | Frame::Merged { key, .. }) = self.frames.last_mut() {
            *key = Some(waiting);
        }
        self.start(value)
    }

    fn add_pair(&mut self, waiting: Option<PendingKey>, value: Node, is_merged: bool) {
        let (Some(waiting), Some(map)) = (waiting, self.maps.last_mut()) else { return };
        let key = match &waiting.key {
            Key::Text(text) => text.clone(),
            Key::Unsupported(_) => Vec::new(),
        };
        if let (Some(shown), Some(errors)) = (waiting.shown, &mut self.strict)
            && !map.keys.insert(key.clone())
        {
            let line = self.document.node(waiting.value).line + 1;
            errors.push(format!("line {line}: key {shown} already set in map"));
        }
        let entry = Entry { key, key_span: waiting.span, value };
        map.pairs.push(Pair { key: waiting.key, entry, is_merged });
    }

    /// The entries of a map whose pairs are all known.
    fn entries(&mut self, pairs: Vec<Pair>) -> Items<Entry> {
        let mut entries = Vec::with_capacity(pairs.len());
        let has_merged = pairs.iter().any(|pair| pair.is_merged);
        for pair in pairs {
            match pair.key {
                Key::Text(_) => entries.push(pair.entry),
                Key::Unsupported(kind) if self.late.is_none() => {
                    self.late = Some(unsupported_key(&kind, &pair.entry));
                }
                Key::Unsupported(_) => {}
            }
        }
        // A key that also comes by a merge is no mistake.
        let mut ignored = Vec::new();
        let duplicates = if has_merged { &mut ignored } else { &mut self.duplicates };
        sorted_entries(entries, duplicates)
    }

    fn is_collection(&self, id: NodeId) -> bool {
        match &self.document.node(id).syntax {
            Syntax::Scalar(..) => false,
            Syntax::Alias(_, target) => {
                !matches!(self.document.node(*target).syntax, Syntax::Scalar(..))
            }
            _ => true,
        }
    }

    fn is_map(&self, id: NodeId) -> bool {
        match &self.document.node(id).syntax {
            Syntax::Mapping => true,
            Syntax::Alias(_, target) => {
                matches!(self.document.node(*target).syntax, Syntax::Mapping)
            }
            _ => false,
        }
    }

    fn merge(&mut self, id: NodeId) -> Result<(), YamlError> {
        if matches!(self.document.node(id).syntax, Syntax::Sequence) {
            let items = self.document.children(id).collect();
            self.frames.push(Frame::MergeList(items));
            return Ok(());
        }
        self.merge_one(id)
    }

    fn merge_one(&mut self, id: NodeId) -> Result<(), YamlError> {
        if !self.is_map(id) {
            let message = "yaml: map merge requires map or sequence of maps as the value";
            return self.fail(id, message);
        }
        self.count(id)?;
        let mut map = id;
        if matches!(self.document.node(id).syntax, Syntax::Alias(..)) {
            map = self.enter_alias(id)?;
            self.frames.push(Frame::Alias(self.document.node(id).span));
            self.count(map)?;
        }
        let next = self.document.node(map).first;
        self.frames.push(Frame::Merged { next, key: None });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    #[track_caller]
    fn check(text: &[u8], error: &str) {
        let got = crate::read_json(text, FileId::NONE).map_err(|error| error.to_string());
        assert_eq!(got.err().as_deref(), Some(error), "{}", String::from_utf8_lossy(text));
    }

    #[test]
    fn keys_within_a_key_keep_their_types() {
        check(b"? true: a", "yaml: invalid map key: map[interface {}]interface {}{true:\"a\"}");
        check(b"? - 0b-1\n", "yaml: invalid map key: []interface {}{-1}");
    }

    #[test]
    fn go_yaml_errors_come_before_those_of_keys_without_a_text() {
        check(b"~: a", "unsupported map key of type: %!s(<nil>), key: <nil>, value: \"a\"");
        check(b"~: a\nb: !!int c", "yaml: cannot decode !!str `c` as a !!int");
    }

    #[test]
    fn a_time_stamp_is_a_string_to_other_tags() {
        check(b"!!int 2001-01-01", "yaml: cannot decode !!str `2001-01-01` as a !!int");
    }

    #[test]
    fn unreadable_bytes_win_over_what_is_wrong_with_them() {
        check(b"\" 0x1F\xc3", "yaml: incomplete UTF-8 octet sequence");
    }

    #[test]
    fn changed_documents_are_read_without_a_panic() {
        let seeds: &[&[u8]] =
            &[b"a: &x [1, {b: c}]\n<<: *x\n", b"? |2-\n  x\n: \"\\x41\n  y\" # z\n"];
        let pieces: &[&[u8]] =
            &[b"\n", b"- ", b": ", b"{", b"]", b"'", b"\t", b"!!int ", b"\xe2", b"? "];
        let mut state: u32 = 7;
        let mut next = |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        };
        for round in 0..5000 {
            let mut text = seeds[round % seeds.len()].to_vec();
            for _ in 0..=next(4) {
                let at = next(text.len() + 1);
                text.splice(at..at, pieces[next(pieces.len())].iter().copied());
            }
            let strict = crate::read_strict(&text, FileId::NONE).is_ok();
            let lax = crate::read_json(&text, FileId::NONE).is_ok();
            assert!(lax || !strict, "{}", String::from_utf8_lossy(&text));
        }
    }
}
