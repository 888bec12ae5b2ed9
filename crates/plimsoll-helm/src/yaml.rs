//! YAML as Helm reads it: go-yaml's tree with every key a text.

/// A node of a YAML document after go-yaml resolved its scalars and sigs.k8s.io/yaml its keys.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
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
    /// The first document of a text; the error is Helm's, `error converting YAML to JSON: …`.
    pub(crate) fn parse(text: &[u8]) -> Result<Node, String> {
        let node = plimsoll_yaml::parse(text)
            .map_err(|error| format!("error converting YAML to JSON: {error}"))?;
        let node = from(node);
        match node.not_finite() {
            None => Ok(node),
            Some(float) => {
                let shown = plimsoll_source::strconv::format_float(float, b'g', -1, 64);
                Err(format!("error converting YAML to JSON: json: unsupported value: {shown}"))
            }
        }
    }

    fn not_finite(&self) -> Option<f64> {
        match self {
            Node::Float(value) if !value.is_finite() => Some(*value),
            Node::List(items) => items.iter().find_map(Node::not_finite),
            Node::Map(entries) => entries.iter().find_map(|(_, node)| node.not_finite()),
            _ => None,
        }
    }

    /// Go's name for the JSON of the node.
    pub(crate) fn json_kind(&self) -> &'static str {
        match self {
            Node::Null => "null",
            Node::Bool(_) => "bool",
            Node::Int(_) | Node::Uint(_) | Node::Float(_) => "number",
            Node::Text(_) => "string",
            Node::List(_) => "array",
            Node::Map(_) => "object",
        }
    }

    /// The node as JSON.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Node::Null => Json::Null,
            Node::Bool(value) => (*value).into(),
            Node::Int(value) => (*value as f64).into(),
            Node::Uint(value) => (*value as f64).into(),
            Node::Float(value) => (*value).into(),
            Node::Text(text) => text.as_str().into(),
            Node::List(items) => items.iter().map(Node::to_json).collect(),
            Node::Map(entries) => {
                entries.iter().map(|(key, node)| (key.clone(), node.to_json())).collect()
            }
        }
    }
}

fn from(node: plimsoll_yaml::Node) -> Node {
    use plimsoll_yaml::Node as Yaml;
    match node {
        Yaml::Null => Node::Null,
        Yaml::Bool(value) => Node::Bool(value),
        Yaml::Int(value) => Node::Int(value),
        Yaml::Uint(value) => Node::Uint(value),
        Yaml::Float(value) => Node::Float(value),
        Yaml::Text(text) => Node::Text(text),
        Yaml::List(items) => Node::List(items.into_iter().map(from).collect()),
        Yaml::Map(entries) => {
            Node::Map(entries.into_iter().map(|(key, node)| (key, from(node))).collect())
        }
    }
}
