//! YAML as Helm asks for it: sigs.k8s.io/yaml's entry points and errors.

use plimsoll_source::FileId;

use crate::compose::compose;
use crate::error::YamlError;
use crate::node::{Entry, Kind, Node};
use crate::parse::{parse, with_input};

/// Reads the first document of a text; a text without one is `null`. The error has go-yaml's words
/// (`yaml: line 3: …`), without what callers put before.
pub fn read(text: &[u8], file: FileId) -> Result<Node, YamlError> {
    read_with(text, file, false)
}

/// The same, but a key that stands twice in a map is an error.
pub fn read_strict(text: &[u8], file: FileId) -> Result<Node, YamlError> {
    writable(read_with(text, file, true)?)
}

fn read_with(text: &[u8], file: FileId, strict: bool) -> Result<Node, YamlError> {
    with_input(text, |text, shift, bad| compose(&parse(text, file, shift, bad)?, strict))
}

/// Reads a text as sigs.k8s.io/yaml's `YAMLToJSON` does: numbers that JSON cannot write are errors.
pub fn read_json(text: &[u8], file: FileId) -> Result<Node, YamlError> {
    writable(read(text, file)?)
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
    let (parts, broken) = split_documents(text);
    for (start, part) in parts {
        let node = unmarshal(&part, file, Target::Map).map_err(|error| YamlError {
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
/// separator is an error behind the documents before it.
fn split_documents(text: &[u8]) -> (Vec<(usize, Vec<u8>)>, Option<YamlError>) {
    let mut parts = Vec::new();
    let mut current: Vec<u8> = Vec::new();
    let mut start = 0;
    let mut offset = 0;
    let mut text = text.to_vec();
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        offset += line.len();
        if let Some(rest) = line.strip_prefix(b"---") {
            let trimmed = rest.trim_ascii();
            if !trimmed.is_empty() && !trimmed.starts_with(b"#") {
                let shown = String::from_utf8_lossy(trim_end(line)).into_owned();
                let message = format!(
                    "error reading yaml document: invalid Yaml document separator: {shown}"
                );
                return (parts, Some(YamlError::new(message)));
            }
            if !current.is_empty() {
                parts.push((start, std::mem::take(&mut current)));
                start = offset;
                continue;
            }
        }
        if current.is_empty() {
            start = offset - line.len();
        }
        current.extend_from_slice(line);
    }
    if !current.is_empty() {
        parts.push((start, current));
    }
    (parts, None)
}

fn trim_end(line: &[u8]) -> &[u8] {
    line.strip_prefix(b"---").unwrap_or(line).trim_ascii()
}
