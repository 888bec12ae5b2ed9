//! Printing as Go's `fmt` does it: every case of `fixtures/fmt/cases.jsonl`, which Go made itself
//! (`crates/xtask/oracle/fmt`).

use plimsoll_gotmpl::value::Complex;
use plimsoll_gotmpl::{
    Elem, IntType, List, Map, MapType, Text, UintType, Value, sprint, sprintf, sprintln,
};
use plimsoll_source::Origin;
use serde_json::Value as Json;

const CASES: &str = include_str!("../../../fixtures/fmt/cases.jsonl");

#[test]
fn everything_prints_as_go_prints_it() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in CASES.lines() {
        let case: Json = serde_json::from_str(line).expect("a case is JSON");
        let args: Vec<Value> = items(&case["args"]).iter().map(value).collect();
        let got = match case["call"].as_str() {
            Some("print") => sprint(&args),
            Some("println") => sprintln(&args),
            _ => sprintf(&text(&case["format"]), &args),
        };
        count += 1;
        if got != text(&case["out"]) {
            wrong.push(format!("{line}\n  {got:?}"));
        }
    }
    assert!(count > 3000, "{count} cases");
    let shown = wrong.iter().step_by(wrong.len() / 40 + 1).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {count}:\n{shown}", wrong.len());
}

fn items(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

fn text(json: &Json) -> Text {
    let Some(hex) = json.get("hex").and_then(Json::as_str) else {
        return json.as_str().expect("a text").into();
    };
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    (0..hex.len()).step_by(2).map(byte).collect::<Vec<u8>>().into()
}

fn value(json: &Json) -> Value {
    let Some(name) = json[0].as_str() else { return Value::Nil };
    let inner = &json[1];
    let signed = |ty| Value::Int(ty, Origin::NONE, number(inner));
    let unsigned = |ty| Value::Uint(ty, Origin::NONE, number(inner));
    match name {
        "bool" => Value::bool(inner == true),
        "string" => Value::text(text(inner)),
        "int" => signed(IntType::Int),
        "int64" => signed(IntType::Int64),
        "time.Duration" => signed(IntType::Duration),
        "time.Month" => signed(IntType::Month),
        "time.Weekday" => signed(IntType::Weekday),
        "uint8" => unsigned(UintType::Uint8),
        "uint64" => unsigned(UintType::Uint64),
        "float64" => Value::float(f64::from_bits(number(inner))),
        "complex128" => Value::object(Complex { re: float(&json[1]), im: float(&json[2]) }),
        "[]uint8" => list(Elem::Bytes, inner),
        "[]interface {}" => list(Elem::Any, inner),
        "[]string" => list(Elem::String, inner),
        "[]int" => list(Elem::Int, inner),
        "map[string]string" => map(MapType::STRINGS, inner),
        _ => map(MapType::ANY, inner),
    }
}

fn number<T: std::str::FromStr>(json: &Json) -> T {
    json.as_str().and_then(|text| text.parse().ok()).expect("a number in a string")
}

fn float(json: &Json) -> f64 {
    f64::from_bits(number(&json[1]))
}

fn list(elem: Elem, json: &Json) -> Value {
    if json.is_null() {
        return List::nil(elem).into();
    }
    List::new(elem, items(json).iter().map(value).collect()).into()
}

fn map(ty: &'static MapType, json: &Json) -> Value {
    let Some(entries) = json.as_object() else { return Map::nil(ty).into() };
    Map::of(ty, entries.iter().map(|(key, json)| (key.as_str().into(), value(json))).collect())
        .into()
}
