//! YAML as charts are read: the reader's tree with texts for keys, in Helm's error words.

use plimsoll_source::FileId;
use plimsoll_yaml as yaml;

/// Reads the first document of a text; the error is Helm's, `error converting YAML to JSON: …`.
pub(crate) fn parse(text: &[u8]) -> Result<Node, String> {
    let node = yaml::read_json(text, FileId::NONE);
    node.map(Node::from).map_err(|error| format!("error converting YAML to JSON: {error}"))
}

/// A node of a YAML document whose scalars are resolved and whose keys are texts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// Where it stands in the text, in bytes.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    /// Sorted by key, each key once.
    Map(Vec<(String, Node)>),
}

impl From<yaml::Node> for Node {
    fn from(node: yaml::Node) -> Node {
        let kind = match node.kind {
            yaml::Kind::Null => Kind::Null,
            yaml::Kind::Bool(value) => Kind::Bool(value),
            yaml::Kind::Int(value) => Kind::Int(value),
            yaml::Kind::Uint(value) => Kind::Uint(value),
            yaml::Kind::Float(value) => Kind::Float(value),
            yaml::Kind::Text(text) => Kind::Text(to_string(text)),
            yaml::Kind::List(items) => Kind::List(items.into_iter().map(Node::from).collect()),
            yaml::Kind::Map(entries) => Kind::Map(
                entries
                    .into_iter()
                    .map(|entry| (to_string(entry.key), Node::from(entry.value)))
                    .collect(),
            ),
        };
        Node { kind, start: node.span.start as usize, end: node.span.end as usize }
    }
}

/// encoding/json makes U+FFFD of what is not UTF-8.
fn to_string(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

impl Node {
    /// Whether it is `null`.
    pub(crate) fn is_null(&self) -> bool {
        self.kind == Kind::Null
    }

    /// Go's name for the JSON of the node.
    pub(crate) fn json_kind(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "bool",
            Kind::Int(_) | Kind::Uint(_) | Kind::Float(_) => "number",
            Kind::Text(_) => "string",
            Kind::List(_) => "array",
            Kind::Map(_) => "object",
        }
    }

    /// The node as JSON; every number is a float, as Go decodes them.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.kind {
            Kind::Null => Json::Null,
            Kind::Bool(value) => (*value).into(),
            Kind::Int(value) => (*value as f64).into(),
            Kind::Uint(value) => (*value as f64).into(),
            Kind::Float(value) => (*value).into(),
            Kind::Text(text) => text.as_str().into(),
            Kind::List(items) => items.iter().map(Node::to_json).collect(),
            Kind::Map(entries) => {
                entries.iter().map(|(key, node)| (key.clone(), node.to_json())).collect()
            }
        }
    }
}
