//! YAML as Helm reads it: go-yaml's scalars and merge keys, sigs.k8s.io/yaml's keys and errors.

mod compose;
mod resolve;

pub(crate) use compose::parse;

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
