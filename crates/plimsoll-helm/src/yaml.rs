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
        let text = std::str::from_utf8(text).map_err(|e| e.to_string())?;
        let value: serde_yaml::Value = serde_yaml::from_str(text)
            .map_err(|error| format!("error converting YAML to JSON: yaml: {error}"))?;
        Ok(from(value))
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

fn from(value: serde_yaml::Value) -> Node {
    use serde_yaml::Value as Yaml;
    match value {
        Yaml::Null => Node::Null,
        Yaml::Bool(b) => Node::Bool(b),
        Yaml::Number(n) => n
            .as_i64()
            .map(Node::Int)
            .or(n.as_u64().map(Node::Uint))
            .unwrap_or(Node::Float(n.as_f64().unwrap_or(0.0))),
        Yaml::String(s) => Node::Text(s),
        Yaml::Sequence(s) => Node::List(s.into_iter().map(from).collect()),
        Yaml::Mapping(m) => {
            let mut entries: Vec<(String, Node)> = m
                .into_iter()
                .map(|(k, v)| {
                    (
                        match from(k) {
                            Node::Text(t) => t,
                            n => n.to_json().to_string(),
                        },
                        from(v),
                    )
                })
                .collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Node::Map(entries)
        }
        Yaml::Tagged(t) => from(t.value),
    }
}
