use plimsoll_gotmpl::{Function, Map, Text, Value, function};
use plimsoll_yaml::{Node, parse_json};

pub(crate) const FROM_YAML: &[Function] =
    &[function!("fromYaml", from_yaml), function!("fromYamlArray", from_yaml_array)];

fn from_yaml(text: Text) -> Map {
    let failed = |error: String| Map::from_entries(vec![("Error".into(), Value::text(error))]);
    match parse_json(&text) {
        Err(error) => failed(error),
        Ok(Node::Null) => Map::new(),
        Ok(node @ Node::Map(_)) => match value(&node) {
            Value::Map(_, map) => map,
            _ => Map::new(),
        },
        Ok(other) => failed(mismatch(&other, "map[string]interface {}")),
    }
}

fn from_yaml_array(text: Text) -> Vec<Value> {
    match parse_json(&text) {
        Err(error) => vec![Value::text(error)],
        Ok(Node::Null) => Vec::new(),
        Ok(Node::List(items)) => items.iter().map(value).collect(),
        Ok(other) => vec![Value::text(mismatch(&other, "[]interface {}"))],
    }
}

fn mismatch(node: &Node, ty: &str) -> String {
    let kind = node.json_kind();
    format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into Go value of type {ty}"
    )
}

fn value(node: &Node) -> Value {
    match node {
        Node::Null => Value::Nil,
        Node::Bool(value) => Value::bool(*value),
        Node::Int(value) => Value::float(*value as f64),
        Node::Uint(value) => Value::float(*value as f64),
        Node::Float(value) => Value::float(*value),
        Node::Text(text) => Value::text(text.as_str()),
        Node::List(items) => Value::list(items.iter().map(value).collect()),
        Node::Map(entries) => {
            let entry = |(key, node): &(String, Node)| (Text::from(key.as_str()), value(node));
            Value::map(Map::from_entries(entries.iter().map(entry).collect()))
        }
    }
}
