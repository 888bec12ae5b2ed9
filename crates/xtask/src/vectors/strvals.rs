use plimsoll_gotmpl::{Compat, Map, Value};
use plimsoll_helm::values::strvals::{Mode, Parser, decode_prefix, parse_into};
use plimsoll_helm::values::{Layer, Origins};
use serde_json::Value as Json;

use super::Outcome;

/// What half of the vectors are set over, as the file's first line has it.
const BASE: &str = concat!(
    r#"{"base":"v","l":["x","y"],"lm":[{"a":1},{"b":2}],"m":{"j":{"z":1},"k":"v"},"#,
    r#""nil":null,"s":"str"}"#
);

/// Runs a line of strvals.jsonl.
pub(super) fn check(vector: &Json) -> Vec<Outcome> {
    if vector["kind"] == "_base" {
        let same = vector["base_json"] == BASE;
        return if same { Vec::new() } else { vec![Some(format!("another base: {vector}"))] };
    }
    let Some(mode) = mode(vector["kind"].as_str().unwrap_or_default()) else {
        return vec![Some(format!("no such kind: {vector}"))];
    };
    vec![run(vector, mode).map(|got| format!("{vector:.300}\n  got {got:.300}"))]
}

/// What we got instead, if it differs.
fn run(vector: &Json, mode: Mode) -> Outcome {
    let start = if vector["base"] == true { BASE } else { "{}" };
    let (start, _) = decode_prefix(start.as_bytes()).ok()?;
    let map = start.as_map()?.clone();
    let mut origins = Origins::off();
    let source = origins.add_source(Layer::Flag, "", b"");
    let parser = Parser {
        mode,
        compat: Compat::Helm4,
        read: &mut |path| Ok(format!("file:{path}").into_bytes()),
        origins: &mut origins,
        source,
    };
    let argument = vector["in"].as_str().unwrap_or_default();
    let error = parse_into(argument, &map, parser).err();
    let same_out = if let Some(length) = vector["out_len"].as_u64() {
        json(&map).to_string().len() as u64 == length
    } else {
        let out = vector["out"].as_str().unwrap_or("{}");
        let expected: Option<Json> = serde_json::from_str(out).ok();
        Some(numbers(&json(&map))) == expected.map(|json| numbers(&json))
    };
    let same = same_out
        && types(&Value::map(map.clone())) == vector["types"]
        && error.as_deref() == vector["err"].as_str();
    (!same).then(|| format!("{} {error:?}", json(&map)))
}

fn mode(kind: &str) -> Option<Mode> {
    Some(match kind {
        "set" => Mode::Typed,
        "set-string" => Mode::String,
        "set-file" => Mode::File,
        "set-json" => Mode::Json,
        "set-literal" => Mode::Literal,
        _ => return None,
    })
}

fn json(map: &Map) -> Json {
    let entries = map.entries();
    entries.iter().map(|(key, value)| (key.to_str_lossy().into_owned(), leaf(value))).collect()
}

fn leaf(value: &Value) -> Json {
    match value {
        Value::Bool(_, value) => (*value).into(),
        Value::Int(_, _, value) => (*value).into(),
        Value::Float(_, value) => (*value).into(),
        Value::Text(_, text) => text.to_str_lossy().into(),
        Value::List(_, list) => list.iter().map(leaf).collect(),
        Value::Map(_, map) => json(map),
        _ => Json::Null,
    }
}

/// The same with every number a float: what JSON tells apart the types tell better.
fn numbers(json: &Json) -> Json {
    match json {
        Json::Number(number) => number.as_f64().into(),
        Json::Array(items) => items.iter().map(numbers).collect(),
        Json::Object(map) => map.iter().map(|(key, one)| (key.clone(), numbers(one))).collect(),
        _ => json.clone(),
    }
}

fn types(value: &Value) -> Json {
    match value {
        // The vectors leave out what long lists hold.
        Value::List(_, list) if list.len() > 1000 => format!("[]any len {}", list.len()).into(),
        Value::List(_, list) => list.iter().map(types).collect(),
        Value::Map(_, map) => {
            let entries = map.entries();
            let named =
                entries.iter().map(|(key, one)| (key.to_str_lossy().into_owned(), types(one)));
            named.collect()
        }
        _ => value.type_name().into(),
    }
}
