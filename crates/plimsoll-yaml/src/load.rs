//! YAML as Helm asks for it: sigs.k8s.io/yaml's entry points and errors.

use std::borrow::Cow;
use std::ops::Range;

use plimsoll_source::FileId;

use crate::compose::{Composed, compose};
use crate::error::YamlError;
use crate::input::Input;
use crate::items::Items;
use crate::lines::{NodeSink, RootEntries};
use crate::node::{Entry, Kind, Node};
use crate::parse::parse;
use crate::{input, lines};

/// Reads the first document of a text; a text without one is `null`. The error has go-yaml's words
/// (`yaml: line 3: …`), without what callers put before.
pub fn read(text: &[u8], file: FileId) -> Result<Node, YamlError> {
    let place = Place { file, offset: 0 };
    match read_by_lines(text, place) {
        Ok(composed) => Ok(composed.node),
        Err(input) => Ok(read_fully(text, &input, place, false)?.node),
    }
}

/// The same, but a key that stands twice in a map is an error.
pub fn read_strict(text: &[u8], file: FileId) -> Result<Node, YamlError> {
    let place = Place { file, offset: 0 };
    writable(read_fully(text, &input::read(text), place, true)?.node)
}

/// Reads a text as sigs.k8s.io/yaml's `YAMLToJSON` does: numbers that JSON cannot write are errors.
pub fn read_json(text: &[u8], file: FileId) -> Result<Node, YamlError> {
    Ok(read_json_at(text, Place { file, offset: 0 })?.node)
}

/// Where a text begins.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) file: FileId,
    pub(crate) offset: u32,
}

pub(crate) fn read_json_at(text: &[u8], place: Place) -> Result<Composed, YamlError> {
    match read_by_lines(text, place) {
        Ok(composed) => Ok(composed),
        Err(input) => {
            let Composed { node, duplicates } = read_fully(text, &input, place, false)?;
            Ok(Composed { node: writable(node)?, duplicates })
        }
    }
}

/// Reads a text as [`read_json`] does; of a map the entries are kept whose keys are among `keys`,
/// in any case of their letters, and maybe others. The whole text is judged all the same.
pub fn read_root_entries(text: &[u8], file: FileId, keys: &[&str]) -> Result<Node, YamlError> {
    let input = input::read(text);
    if input.is_simple {
        let mut entries = RootEntries::new(NodeSink::new(file, bom_width(text)), keys);
        if lines::read(&input.text, &mut entries).is_ok()
            && let Some(node) = entries.finish()
        {
            return Ok(node);
        }
    }
    writable(read_fully(text, &input, Place { file, offset: 0 }, false)?.node)
}

/// What the quick reader takes, with finite numbers alone; else the text for the full one.
fn read_by_lines(text: &[u8], place: Place) -> Result<Composed, Input<'_>> {
    let input = input::read(text);
    let mut nodes = NodeSink::new(place.file, place.offset + bom_width(text));
    if !input.is_simple || lines::read(&input.text, &mut nodes).is_err() {
        return Err(input);
    }
    nodes.finish().ok_or(input)
}

fn read_fully(
    text: &[u8],
    input: &Input<'_>,
    place: Place,
    strict: bool,
) -> Result<Composed, YamlError> {
    let shift = place.offset + bom_width(text);
    compose(&parse(&input.text, place.file, shift, input.bad)?, strict)
}

fn bom_width(text: &[u8]) -> u32 {
    if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 }
}

fn writable(node: Node) -> Result<Node, YamlError> {
    match find_unwritable(&node) {
        Some(name) => Err(YamlError::new(format!("json: unsupported value: {name}"))),
        None => Ok(node),
    }
}

fn find_unwritable(node: &Node) -> Option<&'static str> {
    node.walk().find_map(|node| match node.kind {
        Kind::Float(value) if value.is_nan() => Some("NaN"),
        Kind::Float(value) if value == f64::INFINITY => Some("+Inf"),
        Kind::Float(value) if value == f64::NEG_INFINITY => Some("-Inf"),
        _ => None,
    })
}

/// What a text is decoded into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// `map[string]interface {}`; `null` is the empty map.
    Map,
    /// `[]interface {}`; `null` is the empty slice.
    List,
}

/// helm: sigs.k8s.io/yaml `Unmarshal` into a map or a slice, with its whole error text.
pub fn unmarshal(text: &[u8], file: FileId, target: Target) -> Result<Node, YamlError> {
    unmarshal_at(text, Place { file, offset: 0 }, target)
}

fn unmarshal_at(text: &[u8], place: Place, target: Target) -> Result<Node, YamlError> {
    let read = read_json_at(text, place).map_err(|error| YamlError {
        message: format!("error converting YAML to JSON: {error}"),
        ..error
    });
    let node = read?.node;
    let name = match (target, &node.kind) {
        (Target::Map, Kind::Map(_)) | (Target::List, Kind::List(_)) => return Ok(node),
        (Target::Map, Kind::Null) => {
            return Ok(Node { kind: Kind::Map(Vec::new().into()), ..node });
        }
        (Target::List, Kind::Null) => {
            return Ok(Node { kind: Kind::List(Vec::new().into()), ..node });
        }
        (Target::Map, _) => "map[string]interface {}",
        (Target::List, _) => "[]interface {}",
    };
    let message = format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {} into Go value of type {name}",
        node.json_kind()
    );
    Err(YamlError { message, span: Some(node.span) })
}

/// helm 4: loader.go `LoadValues`: every document is a map, later ones are merged over earlier.
pub fn load_values(text: &[u8], file: FileId) -> Result<Node, YamlError> {
    let mut merged: Option<Node> = None;
    let text = with_last_break(text);
    let (parts, broken) = split_documents(&text);
    for part in parts {
        let place = Place { file, offset: part.start as u32 };
        let node = unmarshal_at(&text[part], place, Target::Map).map_err(|error| YamlError {
            message: format!("cannot unmarshal yaml document: {error}"),
            ..error
        })?;
        merged = Some(match merged {
            None => node,
            Some(before) => merge(before, node),
        });
    }
    if let Some(broken) = broken {
        return Err(broken.error);
    }
    let empty =
        Node { kind: Kind::Map(Vec::new().into()), span: plimsoll_source::Span::new(file, 0, 0) };
    Ok(merged.unwrap_or(empty))
}

/// helm 4: loader.go ends the last line.
fn with_last_break(text: &[u8]) -> Cow<'_, [u8]> {
    if text.is_empty() || text.ends_with(b"\n") {
        Cow::Borrowed(text)
    } else {
        Cow::Owned([text, b"\n"].concat())
    }
}

/// A map into which others are merged.
struct Merging {
    entries: Vec<Entry>,
    over: std::vec::IntoIter<Entry>,
    /// Which entry of the map around it its result becomes.
    at: usize,
}

impl Merging {
    fn new(old: Items<Entry>, over: Items<Entry>, at: usize) -> Merging {
        Merging { entries: old.into_vec(), over: over.into_iter(), at }
    }

    /// Takes over one more entry; where both have a map they are to be merged in their turn.
    fn take(&mut self, entry: Entry) -> Option<Merging> {
        let at = match self.entries.binary_search_by(|known| known.key.cmp(&entry.key)) {
            Err(at) => {
                self.entries.insert(at, entry);
                return None;
            }
            Ok(at) => at,
        };
        let known = &mut self.entries[at];
        known.key_span = entry.key_span;
        match (std::mem::replace(&mut known.value.kind, Kind::Null), entry.value.kind) {
            (Kind::Map(old), Kind::Map(over)) => return Some(Merging::new(old, over, at)),
            (_, kind) => known.value = Node { kind, span: entry.value.span },
        }
        None
    }
}

/// helm 4: loader.go `MergeMaps`: what comes later wins, maps are merged.
fn merge(before: Node, over: Node) -> Node {
    let (Kind::Map(old), Kind::Map(new)) = (before.kind, over.kind) else {
        return Node { kind: Kind::Map(Vec::new().into()), span: over.span };
    };
    let mut open = vec![Merging::new(old, new, 0)];
    let mut done: Option<(usize, Vec<Entry>)> = None;
    while let Some(top) = open.last_mut() {
        if let Some((at, entries)) = done.take() {
            top.entries[at].value.kind = Kind::Map(entries.into());
        }
        match top.over.next() {
            Some(entry) => {
                let inner = top.take(entry);
                open.extend(inner);
            }
            None => done = open.pop().map(|merged| (merged.at, merged.entries)),
        }
    }
    let entries = done.map(|(_, entries)| entries).unwrap_or_default();
    Node { kind: Kind::Map(entries.into()), span: before.span }
}

/// k8s.io/apimachinery: `YAMLReader`: a line that begins with `---` parts two documents. A bad
/// separator is an error behind the documents before it. Gives the ranges of the documents.
pub(crate) fn split_documents(text: &[u8]) -> (Vec<Range<usize>>, Option<BadSeparator>) {
    let mut parts = Vec::new();
    let mut start = 0;
    for at in separators(text) {
        let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length + 1);
        let rest = text[at + 3..end].trim_ascii();
        if !rest.is_empty() && !rest.starts_with(b"#") {
            let shown = String::from_utf8_lossy(rest);
            let message =
                format!("error reading yaml document: invalid Yaml document separator: {shown}");
            let error = YamlError::new(message);
            return (parts, Some(BadSeparator { before: start..at, at: at..end, error }));
        }
        // Where nothing stands before it, a separator is a part of the document behind it.
        if start < at {
            parts.push(start..at);
            start = end;
        }
    }
    parts.extend((start < text.len()).then_some(start..text.len()));
    (parts, None)
}

/// A line that begins as a separator and is none.
pub(crate) struct BadSeparator {
    /// The document before it, which Helm does not look at.
    pub(crate) before: Range<usize>,
    /// The line.
    pub(crate) at: Range<usize>,
    pub(crate) error: YamlError,
}

/// Where lines begin with three dashes.
fn separators(text: &[u8]) -> impl Iterator<Item = usize> {
    let first = text.starts_with(b"---").then_some(0);
    first.into_iter().chain(memchr::memmem::find_iter(text, b"\n---").map(|at| at + 1))
}
