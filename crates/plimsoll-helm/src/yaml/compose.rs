use std::borrow::Cow;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, Span, Tag};
use plimsoll_source::strconv;

use super::{Kind, Node, resolve};

/// Reads the first document of a text; the error is Helm's, `error converting YAML to JSON: …`.
///
/// Where the reader with places gives up, go-yaml's own rules decide: they have the words for what
/// is wrong, and take some texts that it refuses; those have no places.
pub(crate) fn parse(text: &[u8]) -> Result<Node, String> {
    compose(text).or_else(|_| plimsoll_yaml::parse_json(text).map(placeless))
}

fn placeless(node: plimsoll_yaml::Node) -> Node {
    use plimsoll_yaml::Node as Plain;
    let kind = match node {
        Plain::Null => Kind::Null,
        Plain::Bool(value) => Kind::Bool(value),
        Plain::Int(value) => Kind::Int(value),
        Plain::Uint(value) => Kind::Uint(value),
        Plain::Float(value) => Kind::Float(value),
        Plain::Text(text) => Kind::Text(text),
        Plain::List(items) => Kind::List(items.into_iter().map(placeless).collect()),
        Plain::Map(entries) => {
            Kind::Map(entries.into_iter().map(|(key, node)| (key, placeless(node))).collect())
        }
    };
    Node { kind, start: 0, end: 0 }
}

fn compose(text: &[u8]) -> Result<Node, String> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let text = std::str::from_utf8(text)
        .map_err(|error| format!("yaml: {}", utf8_problem(text, error.valid_up_to())))?;
    let mut parser = Parser::new_from_str(text);
    let mut composer = Composer::default();
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            let line = error.marker().line();
            let at = if line > 1 { format!("line {line}: ") } else { String::new() };
            format!("yaml: {at}{}", error.info())
        })?;
        if let Some(root) = composer.take(event, &span)? {
            return Ok(root);
        }
    }
    Ok(Node { kind: Kind::Null, start: 0, end: 0 })
}

fn utf8_problem(text: &[u8], at: usize) -> &'static str {
    let rest = &text[at..];
    let length = match rest.first() {
        Some(0xC0..=0xDF) => 2,
        Some(0xE0..=0xEF) => 3,
        Some(0xF0..=0xF7) => 4,
        _ => return "invalid leading UTF-8 octet",
    };
    match rest.get(1..length) {
        None => "incomplete UTF-8 octet sequence",
        Some(trail) if trail.iter().any(|byte| byte & 0xC0 != 0x80) => {
            "invalid trailing UTF-8 octet"
        }
        Some(_) => "invalid Unicode character",
    }
}

#[derive(Default)]
struct Composer {
    open: Vec<Open>,
    anchors: Vec<Option<Arc<Node>>>,
    /// How many nodes were read, and how many of them through aliases.
    nodes: u64,
    aliased: u64,
}

/// A list or map that is being read.
struct Open {
    anchor: usize,
    start: usize,
    body: Body,
}

enum Body {
    List(Vec<Node>),
    Map { entries: Vec<(String, Node)>, key: Option<Key> },
}

enum Key {
    Text(String),
    Merge,
}

impl Composer {
    /// Takes an event; gives the document once it is whole.
    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<Option<Node>, String> {
        let range = span.byte_range().unwrap_or_default();
        self.nodes += 1;
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_merge = text == "<<" && style == ScalarStyle::Plain && tag.is_none();
                let kind = scalar(text, style, tag.as_deref())?;
                self.done(Node { kind, start: range.start, end: range.end }, anchor, is_merge)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open(anchor, range.start, Body::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, _) => {
                self.open(anchor, range.start, Body::Map { entries: Vec::new(), key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
            Event::Alias(anchor) => {
                let node = self.anchors.get(anchor).cloned().flatten();
                let node = node.ok_or("yaml: anchor value contains itself")?;
                self.count(&node)?;
                self.done(Node::clone(&node), 0, false)
            }
            _ => Ok(None),
        }
    }

    fn open(&mut self, anchor: usize, start: usize, body: Body) -> Result<Option<Node>, String> {
        if self.open.len() >= 10_000 {
            return Err("yaml: exceeded max depth of 10000".to_owned());
        }
        self.open.push(Open { anchor, start, body });
        Ok(None)
    }

    fn close(&mut self, end: usize) -> Result<Option<Node>, String> {
        let Some(Open { anchor, start, body }) = self.open.pop() else { return Ok(None) };
        let kind = match body {
            Body::List(items) => Kind::List(items),
            Body::Map { entries, .. } => Kind::Map(entries),
        };
        self.done(Node { kind, start, end }, anchor, false)
    }

    fn done(&mut self, node: Node, anchor: usize, is_merge: bool) -> Result<Option<Node>, String> {
        if anchor > 0 {
            if self.anchors.len() <= anchor {
                self.anchors.resize(anchor + 1, None);
            }
            self.anchors[anchor] = Some(Arc::new(node.clone()));
        }
        match self.open.last_mut().map(|open| &mut open.body) {
            None => return Ok(Some(node)),
            Some(Body::List(items)) => items.push(node),
            Some(Body::Map { entries, key }) => match key.take() {
                None if is_merge => *key = Some(Key::Merge),
                None => *key = Some(Key::Text(key_text(node)?)),
                Some(Key::Text(name)) => set(entries, name, node),
                Some(Key::Merge) => merge(entries, node)?,
            },
        }
        Ok(None)
    }

    /// go-yaml: decode.go gives up where aliases make most of a large document.
    fn count(&mut self, node: &Node) -> Result<(), String> {
        let size = size(node);
        self.nodes += size;
        self.aliased += size;
        let allowed = match self.nodes {
            0..=400_000 => 0.99,
            4_000_000.. => 0.10,
            nodes => 0.99 - 0.89 * (nodes - 400_000) as f64 / 3_600_000.0,
        };
        let ratio = self.aliased as f64 / self.nodes as f64;
        if self.aliased > 100 && self.nodes > 1000 && ratio > allowed {
            return Err("yaml: document contains excessive aliasing".to_owned());
        }
        Ok(())
    }
}

fn size(node: &Node) -> u64 {
    let (mut todo, mut count) = (vec![node], 0);
    while let Some(node) = todo.pop() {
        count += 1;
        match &node.kind {
            Kind::List(items) => todo.extend(items),
            Kind::Map(entries) => todo.extend(entries.iter().map(|(_, node)| node)),
            _ => {}
        }
    }
    count
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Result<Kind, String> {
    let is_plain = style == ScalarStyle::Plain;
    let name = tag.and_then(|tag| tag.suffix_in_namespace("tag:yaml.org,2002:"));
    let kind = match name.as_deref() {
        None if tag.is_none() && is_plain => resolve::plain(&text),
        Some("int" | "bool" | "null") => resolve::plain(&text),
        Some("float") => match resolve::plain(&text) {
            Kind::Int(value) => Kind::Float(value as f64),
            other => other,
        },
        Some("binary") => Kind::Text(binary(&text)?),
        _ => Kind::Text(text.into_owned()),
    };
    match kind {
        Kind::Float(value) if !value.is_finite() => {
            let shown = strconv::format_float(value, b'g', -1, 64);
            Err(format!("json: unsupported value: {shown}"))
        }
        kind => Ok(kind),
    }
}

fn binary(text: &str) -> Result<String, String> {
    let mut bits = 0_u32;
    let mut count = 0;
    let mut out = Vec::new();
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return Err("yaml: !!binary value contains invalid base64 data".to_owned()),
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// sigs.k8s.io/yaml: every key becomes a text.
fn key_text(node: Node) -> Result<String, String> {
    Ok(match node.kind {
        Kind::Text(text) => text,
        Kind::Bool(value) => value.to_string(),
        Kind::Int(value) => value.to_string(),
        Kind::Uint(value) => value.to_string(),
        Kind::Float(value) => strconv::format_float(value, b'g', -1, 32),
        Kind::Null => {
            return Err("unsupported map key of type: %!s(<nil>), key: <nil>".to_owned());
        }
        Kind::List(_) | Kind::Map(_) => {
            return Err("yaml: invalid map key".to_owned());
        }
    })
}

/// Sets an entry; the last one of a key stays.
fn set(entries: &mut Vec<(String, Node)>, key: String, node: Node) {
    match entries.binary_search_by(|entry| entry.0.as_str().cmp(&key)) {
        Ok(at) => entries[at].1 = node,
        Err(at) => entries.insert(at, (key, node)),
    }
}

/// go-yaml: what is merged overwrites what stands before the merge key.
fn merge(entries: &mut Vec<(String, Node)>, node: Node) -> Result<(), String> {
    match node.kind {
        Kind::Map(merged) => {
            for (key, node) in merged {
                set(entries, key, node);
            }
            Ok(())
        }
        Kind::List(maps) if maps.iter().all(|map| matches!(map.kind, Kind::Map(_))) => {
            maps.into_iter().rev().try_for_each(|map| merge(entries, map))
        }
        _ => Err("yaml: map merge requires map or sequence of maps as the value".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let got = parse(text.as_bytes()).map(|node| node.to_json().to_string());
        assert_eq!(got.as_deref().unwrap_or_else(|error| error), expected, "{text}");
    }

    #[test]
    fn keys_are_texts_and_the_last_one_stays() {
        check(
            "on: 1\n0x10: 2\n1e3: 3\na: 4\na: 5\n",
            r#"{"1000":3.0,"16":2.0,"a":5.0,"true":1.0}"#,
        );
    }

    #[test]
    fn merge_keys_act_where_they_stand() {
        check(
            "b: &b {x: 1, z: 1}\na: {x: 0, <<: *b, z: 2}\n",
            r#"{"a":{"x":1.0,"z":2.0},"b":{"x":1.0,"z":1.0}}"#,
        );
        check("a: {<<: [{x: 1}, {x: 2}]}", r#"{"a":{"x":1.0}}"#);
        check(
            "<<: 5",
            "error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value",
        );
    }

    #[test]
    fn only_the_first_document_is_read() {
        check("a: 1\n---\nb: 2\n", r#"{"a":1.0}"#);
        check("# nothing\n", "null");
    }

    #[test]
    fn what_json_cannot_hold_is_refused() {
        check("a: .inf", "error converting YAML to JSON: json: unsupported value: +Inf");
    }
}
