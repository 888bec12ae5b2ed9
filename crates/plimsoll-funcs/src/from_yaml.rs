use plimsoll_gotmpl::{CallError, Elem, Function, Map, Text, Value, function};
use plimsoll_source::strconv;
use plimsoll_yaml::{Manner, Node, Tree, emit, parse};

pub(crate) const YAML: &[Function] = &[
    function!("toYaml", to_yaml_text),
    function!("mustToYaml", must_to_yaml),
    function!("toYamlPretty", to_yaml_pretty),
    function!("fromYaml", from_yaml),
    function!("fromYamlArray", from_yaml_array),
];

/// What `toYaml` gives for a value; empty where it cannot be written.
pub fn to_yaml(value: &Value) -> Text {
    written(value, Manner::V2).unwrap_or_default().into()
}

fn to_yaml_text(value: Value) -> Text {
    to_yaml(&value)
}

fn must_to_yaml(value: Value) -> Result<Text, CallError> {
    Ok(written(&value, Manner::V2)?.into())
}

fn to_yaml_pretty(value: Value) -> Text {
    written(&value, Manner::V3).unwrap_or_default().into()
}

fn written(value: &Value, manner: Manner) -> Result<String, String> {
    let mut text = emit(&tree(value, manner)?, manner);
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}

fn tree(value: &Value, manner: Manner) -> Result<Tree, String> {
    Ok(match value {
        Value::Nil => Tree::Null,
        Value::Bool(_, value) => Tree::Bool(*value),
        Value::Int(_, _, value) => Tree::Number(value.to_string()),
        Value::Uint(_, _, value) => Tree::Number(value.to_string()),
        Value::Float(_, value) => Tree::Number(number(*value, manner)?),
        Value::Text(_, text) => Tree::Text(checked(&text.to_str_lossy(), manner)?),
        Value::List(_, list) if list.is_nil() && manner == Manner::V2 => Tree::Null,
        Value::List(_, list) if list.elem() == Elem::Bytes => {
            let bytes = list.iter().map(|item| match item {
                Value::Uint(_, _, byte) => *byte as u8,
                _ => 0,
            });
            let encoded = crate::json::encode(value, crate::json::Style::Compact);
            match encoded {
                Ok(text) => Tree::Text(text.to_str_lossy().trim_matches('"').to_owned()),
                Err(_) => Tree::List(bytes.map(|byte| Tree::Number(byte.to_string())).collect()),
            }
        }
        Value::List(_, list) => {
            Tree::List(list.iter().map(|item| tree(item, manner)).collect::<Result<_, _>>()?)
        }
        Value::Map(_, map) if map.is_nil() && manner == Manner::V2 => Tree::Null,
        Value::Map(_, map) => {
            let entry = |(key, item): &(Text, Value)| {
                Ok((checked(&key.to_str_lossy(), manner)?, tree(item, manner)?))
            };
            Tree::Map(map.entries().iter().map(entry).collect::<Result<_, String>>()?)
        }
        Value::Object(_, object) => tree(&object.to_json(), manner)?,
    })
}

fn checked(text: &str, manner: Manner) -> Result<String, String> {
    let control = |c: char| matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    if manner == Manner::V2 && text.contains(control) {
        return Err("error converting JSON to YAML: yaml: control characters are not allowed".into());
    }
    Ok(text.to_owned())
}

fn number(value: f64, manner: Manner) -> Result<String, String> {
    if manner == Manner::V2 {
        if !value.is_finite() {
            let shown = strconv::format_float(value, b'g', -1, 64);
            return Err(format!("error marshaling into JSON: json: unsupported value: {shown}"));
        }
        let magnitude = value.abs();
        if magnitude < 1e21 && value.fract() == 0.0 {
            if value >= -9_223_372_036_854_775_808.0 && value < 9_223_372_036_854_775_808.0 {
                return Ok((value as i64).to_string());
            }
            if (0.0..18_446_744_073_709_551_616.0).contains(&value) {
                return Ok((value as u64).to_string());
            }
        }
    }
    Ok(match strconv::format_float(value, b'g', -1, 64).as_str() {
        "+Inf" => ".inf".to_owned(),
        "-Inf" => "-.inf".to_owned(),
        "NaN" => ".nan".to_owned(),
        text => text.to_owned(),
    })
}

fn from_yaml(text: Text) -> Map {
    let failed = |error: String| Map::from_entries(vec![("Error".into(), Value::text(error))]);
    match read(&text) {
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
    match read(&text) {
        Err(error) => vec![Value::text(error)],
        Ok(Node::Null) => Vec::new(),
        Ok(Node::List(items)) => items.iter().map(value).collect(),
        Ok(other) => vec![Value::text(mismatch(&other, "[]interface {}"))],
    }
}

fn read(text: &[u8]) -> Result<Node, String> {
    let node = parse(text).map_err(|error| format!("error converting YAML to JSON: {error}"))?;
    match not_finite(&node) {
        None => Ok(node),
        Some(float) => {
            let shown = strconv::format_float(float, b'g', -1, 64);
            Err(format!("error converting YAML to JSON: json: unsupported value: {shown}"))
        }
    }
}

fn not_finite(node: &Node) -> Option<f64> {
    match node {
        Node::Float(value) if !value.is_finite() => Some(*value),
        Node::List(items) => items.iter().find_map(not_finite),
        Node::Map(entries) => entries.iter().find_map(|(_, node)| not_finite(node)),
        _ => None,
    }
}

fn mismatch(node: &Node, ty: &str) -> String {
    let kind = match node {
        Node::Null => "null",
        Node::Bool(_) => "bool",
        Node::Int(_) | Node::Uint(_) | Node::Float(_) => "number",
        Node::Text(_) => "string",
        Node::List(_) => "array",
        Node::Map(_) => "object",
    };
    format!("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into Go value of type {ty}")
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
