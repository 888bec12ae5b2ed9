//! YAML as Helm asks for it: sigs.k8s.io/yaml's entry points and errors.

use std::borrow::Cow;
use std::ops::Range;

use plimsoll_source::FileId;

use crate::compose::compose;
use crate::error::YamlError;
use crate::input::Input;
use crate::lines::{NodeSink, RootEntries};
use crate::node::{Entry, Kind, Node};
use crate::parse::parse;
use crate::{input, lines};

/// Reads the first document of a text; a text without one is `null`. The error has go-yaml's words
/// (`yaml: line 3: …`), without what callers put before.
pub fn read(text: &[u8], file: FileId) -> Result<Node, YamlError> {
    match read_by_lines(text, file) {
        Ok(node) => Ok(node),
        Err(input) => read_fully(&input, file, bom_width(text), false),
    }
}

/// The same, but a key that stands twice in a map is an error.
pub fn read_strict(text: &[u8], file: FileId) -> Result<Node, YamlError> {
    writable(read_fully(&input::read(text), file, bom_width(text), true)?)
}

/// Reads a text as sigs.k8s.io/yaml's `YAMLToJSON` does: numbers that JSON cannot write are errors.
pub fn read_json(text: &[u8], file: FileId) -> Result<Node, YamlError> {
    match read_by_lines(text, file) {
        Ok(node) => Ok(node),
        Err(input) => writable(read_fully(&input, file, bom_width(text), false)?),
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
    writable(read_fully(&input, file, bom_width(text), false)?)
}

/// What the quick reader takes, with finite numbers alone; else the text for the full one.
fn read_by_lines(text: &[u8], file: FileId) -> Result<Node, Input<'_>> {
    let input = input::read(text);
    let mut nodes = NodeSink::new(file, bom_width(text));
    if !input.is_simple || lines::read(&input.text, &mut nodes).is_err() {
        return Err(input);
    }
    nodes.finish().ok_or(input)
}

fn read_fully(
    input: &Input<'_>,
    file: FileId,
    shift: u32,
    strict: bool,
) -> Result<Node, YamlError> {
    compose(&parse(&input.text, file, shift, input.bad)?, strict)
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
    match &node.kind {
        Kind::Float(value) if value.is_nan() => Some("NaN"),
        Kind::Float(value) if *value == f64::INFINITY => Some("+Inf"),
        Kind::Float(value) if *value == f64::NEG_INFINITY => Some("-Inf"),
        Kind::List(items) => items.iter().find_map(find_unwritable),
        Kind::Map(entries) => entries.iter().find_map(|entry| find_unwritable(&entry.value)),
        _ => None,
    }
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
    let node = read_json(text, file).map_err(|error| YamlError {
        message: format!("error converting YAML to JSON: {error}"),
        ..error
    })?;
    let name = match (target, &node.kind) {
        (Target::Map, Kind::Map(_)) | (Target::List, Kind::List(_)) => return Ok(node),
        (Target::Map, Kind::Null) => return Ok(Node { kind: Kind::Map(Vec::new()), ..node }),
        (Target::List, Kind::Null) => return Ok(Node { kind: Kind::List(Vec::new()), ..node }),
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
        let start = part.start;
        let node = unmarshal(&text[part], file, Target::Map).map_err(|error| YamlError {
            message: format!("cannot unmarshal yaml document: {error}"),
            span: error.span.map(|span| shifted(span, start)),
        })?;
        let node = shift(node, start);
        merged = Some(match merged {
            None => node,
            Some(before) => merge(before, node),
        });
    }
    if let Some(error) = broken {
        return Err(error);
    }
    let empty = Node { kind: Kind::Map(Vec::new()), span: plimsoll_source::Span::new(file, 0, 0) };
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

fn shifted(span: plimsoll_source::Span, by: usize) -> plimsoll_source::Span {
    let by = by as u32;
    plimsoll_source::Span { start: span.start + by, end: span.end + by, ..span }
}

fn shift(mut node: Node, by: usize) -> Node {
    if by > 0 {
        shift_in_place(&mut node, by);
    }
    node
}

fn shift_in_place(node: &mut Node, by: usize) {
    node.span = shifted(node.span, by);
    match &mut node.kind {
        Kind::List(items) => items.iter_mut().for_each(|item| shift_in_place(item, by)),
        Kind::Map(entries) => {
            for entry in entries {
                entry.key_span = shifted(entry.key_span, by);
                shift_in_place(&mut entry.value, by);
            }
        }
        _ => {}
    }
}

fn merge(before: Node, over: Node) -> Node {
    match (before.kind, over.kind) {
        (Kind::Map(old), Kind::Map(new)) => {
            let mut entries: Vec<Entry> = old;
            for entry in new {
                match entries.binary_search_by(|known| known.key.cmp(&entry.key)) {
                    Err(at) => entries.insert(at, entry),
                    Ok(at) => {
                        let known = entries[at].clone();
                        let value = merge(known.value, entry.value);
                        entries[at] = Entry { value, ..entry };
                    }
                }
            }
            Node { kind: Kind::Map(entries), span: before.span }
        }
        (_, kind) => Node { kind, span: over.span },
    }
}

/// k8s.io/apimachinery: `YAMLReader`: a line that begins with `---` parts two documents. A bad
/// separator is an error behind the documents before it. Gives the ranges of the documents.
fn split_documents(text: &[u8]) -> (Vec<Range<usize>>, Option<YamlError>) {
    let mut parts = Vec::new();
    let mut start = 0;
    for at in separators(text) {
        let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length + 1);
        let rest = text[at + 3..end].trim_ascii();
        if !rest.is_empty() && !rest.starts_with(b"#") {
            let shown = String::from_utf8_lossy(rest);
            let message =
                format!("error reading yaml document: invalid Yaml document separator: {shown}");
            return (parts, Some(YamlError::new(message)));
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

/// Where lines begin with three dashes.
fn separators(text: &[u8]) -> impl Iterator<Item = usize> {
    let first = text.starts_with(b"---").then_some(0);
    first.into_iter().chain(memchr::memmem::find_iter(text, b"\n---").map(|at| at + 1))
}
