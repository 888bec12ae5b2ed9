use plimsoll_gotmpl::{Function, Map, Text, Value, function};
use plimsoll_source::FileId;
use plimsoll_yaml::{Entry, Kind, Node, Target, unmarshal};

pub(crate) const FROM_YAML: &[Function] =
    &[function!("fromYaml", from_yaml), function!("fromYamlArray", from_yaml_array)];

fn from_yaml(text: Text) -> Map {
    match unmarshal(&text, FileId::NONE, Target::Map).map(value) {
        Ok(Value::Map(_, map)) => map,
        Ok(_) => Map::new(),
        Err(error) => Map::from_entries(vec![("Error".into(), Value::text(error.message))]),
    }
}

fn from_yaml_array(text: Text) -> Vec<Value> {
    match unmarshal(&text, FileId::NONE, Target::List) {
        Ok(Node { kind: Kind::List(items), .. }) => items.into_iter().map(value).collect(),
        Ok(_) => Vec::new(),
        Err(error) => vec![Value::text(error.message)],
    }
}

/// As encoding/json decodes it: every number is a float.
fn value(node: Node) -> Value {
    match node.kind {
        Kind::Null => Value::Nil,
        Kind::Bool(value) => Value::bool(value),
        Kind::Int(value) => Value::float(value as f64),
        Kind::Uint(value) => Value::float(value as f64),
        Kind::Float(value) => Value::float(value),
        Kind::Text(text) => Value::text(text),
        Kind::List(items) => Value::list(items.into_iter().map(value).collect()),
        Kind::Map(entries) => {
            let entry = |entry: Entry| (Text::from(entry.key), value(entry.value));
            Value::map(Map::from_entries(entries.into_iter().map(entry).collect()))
        }
    }
}
