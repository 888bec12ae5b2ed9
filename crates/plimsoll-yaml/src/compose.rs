//! A document as go-yaml v2 and sigs.k8s.io/yaml understand it.

use std::collections::HashMap;
use std::rc::Rc;

use libyaml_safer::{Error, ErrorKind, EventData, Parser, ScalarStyle};
use plimsoll_source::strconv;

use crate::resolve::{Scalar, resolve};

/// A node of a document; keys are texts, in byte order, each once.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// null
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number beyond those.
    Uint(u64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping.
    Map(Vec<(String, Node)>),
}

/// Reads the first document of a text as sigs.k8s.io/yaml makes JSON of it; the error is its text,
/// `error converting YAML to JSON: …`.
pub fn parse_json(text: &[u8]) -> Result<Node, String> {
    let failed = |error| format!("error converting YAML to JSON: {error}");
    let node = parse(text).map_err(failed)?;
    match node.not_finite() {
        None => Ok(node),
        Some(float) => {
            let shown = strconv::format_float(float, b'g', -1, 64);
            Err(failed(format!("json: unsupported value: {shown}")))
        }
    }
}

impl Node {
    fn not_finite(&self) -> Option<f64> {
        match self {
            Node::Float(value) if !value.is_finite() => Some(*value),
            Node::List(items) => items.iter().find_map(Node::not_finite),
            Node::Map(entries) => entries.iter().find_map(|(_, node)| node.not_finite()),
            _ => None,
        }
    }

    /// The name that encoding/json gives to what the node is in JSON.
    pub fn json_kind(&self) -> &'static str {
        match self {
            Node::Null => "null",
            Node::Bool(_) => "bool",
            Node::Int(_) | Node::Uint(_) | Node::Float(_) => "number",
            Node::Text(_) => "string",
            Node::List(_) => "array",
            Node::Map(_) => "object",
        }
    }
}

/// Reads the first document of a text; the error is go-yaml's.
pub fn parse(text: &[u8]) -> Result<Node, String> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    check_utf8(text)?;
    if text.is_empty() {
        return Ok(Node::Null);
    }
    // The scanner wants to see a line break at the end.
    let closed = text.ends_with(b"\n");
    let padded = if closed { Vec::new() } else { [text, b"\n"].concat() };
    let mut input = if closed { text } else { &padded };
    let mut parser = Parser::new();
    parser.set_input_string(&mut input);
    let open_end = (!closed).then_some(text.len() as u64);
    let mut composer = Composer { parser, anchors: HashMap::new(), open_end };
    loop {
        match composer.next()? {
            EventData::DocumentStart { .. } => break,
            EventData::StreamEnd => return Ok(Node::Null),
            _ => {}
        }
    }
    let node = composer.next().and_then(|event| composer.node(event))?;
    Ok(node)
}

fn check_utf8(text: &[u8]) -> Result<(), String> {
    let Err(error) = std::str::from_utf8(text) else { return Ok(()) };
    let rest = &text[error.valid_up_to()..];
    let reason = match (rest[0], error.error_len()) {
        (0x80..=0xbf | 0xf8..=0xff, _) => "invalid leading UTF-8 octet",
        (_, None) => "incomplete UTF-8 octet sequence",
        _ => "invalid trailing UTF-8 octet",
    };
    Err(format!("yaml: {reason}"))
}

struct Composer<'r, 'b> {
    parser: Parser<&'b mut &'r [u8]>,
    anchors: HashMap<String, Option<Rc<Node>>>,
    /// The length of a text that does not end in a line break.
    open_end: Option<u64>,
}

impl Composer<'_, '_> {
    fn next(&mut self) -> Result<EventData, String> {
        match self.parser.parse() {
            Ok(mut event) => {
                // A block scalar that the end of the text cuts off has no last line break.
                if let EventData::Scalar {
                    value,
                    style: ScalarStyle::Literal | ScalarStyle::Folded,
                    ..
                } = &mut event.data
                    && self.open_end.is_some_and(|end| event.end_mark.index > end)
                    && value.ends_with('\n')
                {
                    value.pop();
                }
                Ok(event.data)
            }
            Err(error) => Err(said(&error)),
        }
    }

    fn node(&mut self, event: EventData) -> Result<Node, String> {
        match event {
            EventData::Alias { anchor } => match self.anchors.get(&anchor) {
                None => Err(format!("yaml: unknown anchor '{anchor}' referenced")),
                Some(None) => Err(format!("yaml: anchor '{anchor}' value contains itself")),
                Some(Some(node)) => Ok((**node).clone()),
            },
            EventData::Scalar { anchor, tag, value, style, .. } => {
                let node = scalar(tag.as_deref(), value, style == ScalarStyle::Plain)?;
                self.keep(anchor, &node);
                Ok(node)
            }
            EventData::SequenceStart { anchor, .. } => {
                self.open(anchor.as_deref());
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        EventData::SequenceEnd => break,
                        event => items.push(self.node(event)?),
                    }
                }
                let node = Node::List(items);
                self.keep(anchor, &node);
                Ok(node)
            }
            EventData::MappingStart { anchor, .. } => {
                self.open(anchor.as_deref());
                let node = self.map()?;
                self.keep(anchor, &node);
                Ok(node)
            }
            _ => Ok(Node::Null),
        }
    }

    fn open(&mut self, anchor: Option<&str>) {
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor.to_owned(), None);
        }
    }

    fn keep(&mut self, anchor: Option<String>, node: &Node) {
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, Some(Rc::new(node.clone())));
        }
    }

    fn map(&mut self) -> Result<Node, String> {
        let mut entries: Vec<(String, Node)> = Vec::new();
        loop {
            let event = match self.next()? {
                EventData::MappingEnd => break,
                event => event,
            };
            let merges = matches!(&event, EventData::Scalar { value, style: ScalarStyle::Plain, tag: None, .. } if value == "<<");
            let key = self.node(event)?;
            let value = self.next().and_then(|event| self.node(event))?;
            if merges {
                merge(&mut entries, value)?;
            } else {
                entries.push((key_text(key, &value)?, value));
            }
        }
        // Of equal keys the last one stays, which a stable sort keeps behind.
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.reverse();
        entries.dedup_by(|next, kept| next.0 == kept.0);
        entries.reverse();
        Ok(Node::Map(entries))
    }
}

fn merge(entries: &mut Vec<(String, Node)>, value: Node) -> Result<(), String> {
    match value {
        Node::Map(merged) => entries.extend(merged),
        Node::List(items) => {
            for item in items.into_iter().rev() {
                let Node::Map(merged) = item else { return Err(merge_error()) };
                entries.extend(merged);
            }
        }
        _ => return Err(merge_error()),
    }
    Ok(())
}

fn merge_error() -> String {
    "yaml: map merge requires map or sequence of maps as the value".to_owned()
}

fn key_text(key: Node, value: &Node) -> Result<String, String> {
    Ok(match key {
        Node::Text(text) => text,
        Node::Bool(value) => value.to_string(),
        Node::Int(value) => value.to_string(),
        Node::Float(value) => match strconv::format_float(value, b'g', -1, 32).as_str() {
            "+Inf" => ".inf".to_owned(),
            "-Inf" => "-.inf".to_owned(),
            "NaN" => ".nan".to_owned(),
            text => text.to_owned(),
        },
        Node::Null => {
            return Err(format!(
                "unsupported map key of type: %!s(<nil>), key: <nil>, value: {}",
                go_syntax(value)
            ));
        }
        Node::Uint(key) => {
            return Err(format!(
                "unsupported map key of type: uint64, key: {key:#x}, value: {}",
                go_syntax(value)
            ));
        }
        other => return Err(format!("yaml: invalid map key: {}", go_syntax(&other))),
    })
}

/// Go's `%#v`.
fn go_syntax(node: &Node) -> String {
    match node {
        Node::Null => "interface {}(nil)".to_owned(),
        Node::Bool(value) => value.to_string(),
        Node::Int(value) => value.to_string(),
        Node::Uint(value) => format!("{value:#x}"),
        Node::Float(value) => strconv::format_float(*value, b'g', -1, 64),
        Node::Text(text) => strconv::quote(text.as_bytes()),
        Node::List(items) => {
            let items: Vec<String> = items.iter().map(go_syntax).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        Node::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| {
                    format!("{}:{}", strconv::quote(key.as_bytes()), go_syntax(value))
                })
                .collect();
            format!("map[interface {{}}]interface {{}}{{{}}}", entries.join(", "))
        }
    }
}

fn scalar(tag: Option<&str>, text: String, is_plain: bool) -> Result<Node, String> {
    let resolved = || match resolve(&text) {
        Scalar::Null => Node::Null,
        Scalar::Bool(value) => Node::Bool(value),
        Scalar::Int(value) => Node::Int(value),
        Scalar::Uint(value) => Node::Uint(value),
        Scalar::Float(value) => Node::Float(value),
        Scalar::Timestamp | Scalar::Text => Node::Text(text.clone()),
    };
    let Some(tag) = tag else {
        return Ok(if is_plain { resolved() } else { Node::Text(text) });
    };
    let short = tag.strip_prefix("tag:yaml.org,2002:").unwrap_or("");
    let wrong = |node: &Node| {
        let found = match node {
            Node::Null => "null",
            Node::Bool(_) => "bool",
            Node::Int(_) | Node::Uint(_) => "int",
            Node::Float(_) => "float",
            _ => "str",
        };
        Err(format!("yaml: cannot decode !!{found} `{text}` as a !!{short}"))
    };
    match short {
        "binary" => {
            let bytes = base64(&text).ok_or("yaml: !!binary value contains invalid base64 data")?;
            Ok(Node::Text(String::from_utf8_lossy(&bytes).into_owned()))
        }
        "float" => match resolved() {
            Node::Int(value) => Ok(Node::Float(value as f64)),
            Node::Uint(value) => Ok(Node::Float(value as f64)),
            node @ Node::Float(_) => Ok(node),
            other => wrong(&other),
        },
        "int" => match resolved() {
            node @ (Node::Int(_) | Node::Uint(_)) => Ok(node),
            other => wrong(&other),
        },
        "bool" => match resolved() {
            node @ Node::Bool(_) => Ok(node),
            other => wrong(&other),
        },
        "null" => match resolved() {
            node @ Node::Null => Ok(node),
            other => wrong(&other),
        },
        _ => Ok(Node::Text(text)),
    }
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut count, mut out, mut pads) = (0_u32, 0, Vec::new(), 0);
    for byte in text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                pads += 1;
                continue;
            }
            _ => return None,
        };
        if pads > 0 {
            return None;
        }
        bits = bits << 6 | u32::from(value);
        count += 1;
        if count % 4 == 0 {
            out.extend_from_slice(&bits.to_be_bytes()[1..]);
            bits = 0;
        }
    }
    match (count % 4, pads) {
        (0, 0) => {}
        (2, 2) => out.push((bits >> 4) as u8),
        (3, 1) => out.extend_from_slice(&[(bits >> 10) as u8, (bits >> 2) as u8]),
        _ => return None,
    }
    Some(out)
}

/// go-yaml: decode.go fail: lines are one too small for the parser's own errors.
fn said(error: &Error) -> String {
    let line_of = |mark: Option<libyaml_safer::Mark>| mark.map_or(0, |mark| mark.line);
    let mut line = line_of(error.problem_mark());
    if line != 0 {
        line += u64::from(error.kind() == ErrorKind::Scanner);
    } else {
        line = line_of(error.context_mark());
    }
    let problem = error.problem();
    if line == 0 { format!("yaml: {problem}") } else { format!("yaml: line {line}: {problem}") }
}
