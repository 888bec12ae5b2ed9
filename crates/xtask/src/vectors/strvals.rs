use std::path::Path;

use anyhow::Context;
use plimsoll_gotmpl::{Compat, Map, Value};
use plimsoll_helm::values::strvals::{Mode, Parser, decode_prefix, parse_into};
use plimsoll_helm::values::{Layer, Origins};
use serde_json::Value as Json;

/// Runs strvals.jsonl: how many vectors hold, and how many there are. Says which do not.
pub(super) fn run(file: &Path) -> anyhow::Result<(usize, usize)> {
    let text = std::fs::read_to_string(file)?;
    let mut base = String::new();
    let (mut passed, mut total) = (0, 0);
    for line in text.lines() {
        let vector: Json = serde_json::from_str(line)?;
        if vector["kind"] == "_base" {
            base = vector["base_json"].as_str().context("the base is text")?.to_owned();
            continue;
        }
        total += 1;
        match check(&vector, &base)? {
            None => passed += 1,
            Some(got) => println!("{line:.300}\n  got {got:.300}"),
        }
    }
    Ok((passed, total))
}

/// What we got instead, if it differs.
fn check(vector: &Json, base: &str) -> anyhow::Result<Option<String>> {
    let argument = vector["in"].as_str().context("the argument is text")?;
    let start = if vector["base"] == true { base } else { "{}" };
    let (start, _) = decode_prefix(start.as_bytes()).map_err(anyhow::Error::msg)?;
    let map = start.as_map().context("the base is a map")?.clone();
    let mut origins = Origins::off();
    let source = origins.add_source(Layer::Flag, "", b"");
    let parser = Parser {
        mode: mode(vector["kind"].as_str().unwrap_or_default())?,
        compat: Compat::Helm4,
        read: &mut |path| Ok(format!("file:{path}").into_bytes()),
        origins: &mut origins,
        source,
    };
    let error = parse_into(argument, &map, parser).err();
    let same_out = match vector["out_len"].as_u64() {
        Some(length) => json(&map).to_string().len() as u64 == length,
        None => {
            let expected: Json = serde_json::from_str(vector["out"].as_str().unwrap_or("{}"))?;
            numbers(&json(&map)) == numbers(&expected)
        }
    };
    let same = same_out
        && types(&Value::map(map.clone())) == vector["types"]
        && error.as_deref() == vector["err"].as_str();
    Ok((!same).then(|| format!("{} {error:?}", json(&map))))
}

fn mode(kind: &str) -> anyhow::Result<Mode> {
    Ok(match kind {
        "set" => Mode::Typed,
        "set-string" => Mode::String,
        "set-file" => Mode::File,
        "set-json" => Mode::Json,
        "set-literal" => Mode::Literal,
        _ => anyhow::bail!("no such kind of vector: `{kind}`"),
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
