//! The keywords that look at a value alone.

use plimsoll_gotmpl::{Map, Text, Value};
use plimsoll_source::strconv;

use super::check::Found;

/// The types in the order in which they are told.
const TYPES: [&str; 7] = ["null", "boolean", "number", "integer", "string", "array", "object"];

/// The keywords behind whose failure nothing else is looked at; gives whether they are fulfilled.
pub(super) fn choice(schema: &Map, value: &Value, found: &mut Found<'_>) -> bool {
    let before = found.failures.len();
    let get = |key: &str| schema.get(key.as_bytes());
    if let Some(wanted) = get("type") {
        check_type(&wanted, value, found);
        if found.failures.len() > before {
            return false;
        }
    }
    if let Some(constant) = get("const")
        && !equal(&constant, value)
    {
        found.add(match shown(&constant) {
            Some(shown) => format!("value must be {shown}"),
            None => "'const' failed".to_owned(),
        });
        return false;
    }
    if let Some(Value::List(_, choices)) = get("enum")
        && !choices.iter().any(|choice| equal(choice, value))
    {
        let all: Option<Vec<String>> = choices.iter().map(shown).collect();
        found.add(match all.as_deref() {
            Some([one]) => format!("value must be {one}"),
            Some(all) => format!("value must be one of {}", all.join(", ")),
            None => "'enum' failed".to_owned(),
        });
        return false;
    }
    true
}

pub(super) fn plain(schema: &Map, value: &Value, is_draft_4: bool, found: &mut Found<'_>) {
    match value {
        Value::Map(_, map) => object(schema, map, found),
        Value::List(_, list) => array(schema, list, found),
        Value::Text(_, text) => string(schema, text, found),
        _ => {
            if let Some(number) = number(value) {
                numeric(schema, number, is_draft_4, found);
            }
        }
    }
}

pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Float(_, value) => Some(*value),
        Value::Int(_, _, value) => Some(*value as f64),
        Value::Uint(_, _, value) => Some(*value as f64),
        _ => None,
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Nil => "null",
        Value::Bool(..) => "boolean",
        Value::Text(..) => "string",
        Value::List(..) => "array",
        Value::Map(..) => "object",
        _ => "number",
    }
}

/// Whether a value is of a type of the list, or of the one.
pub(super) fn is_of_type(wanted: &Value, value: &Value) -> bool {
    let fits = |one: &Text| match one.as_bytes() {
        b"integer" => number(value).is_some_and(|number| number.fract() == 0.0),
        name => name == type_of(value).as_bytes(),
    };
    match wanted {
        Value::List(_, list) => list.iter().filter_map(Value::as_text).any(fits),
        Value::Text(_, text) => fits(text),
        _ => true,
    }
}

fn check_type(wanted: &Value, value: &Value, found: &mut Found<'_>) {
    if is_of_type(wanted, value) {
        return;
    }
    let wanted: Vec<String> = match wanted {
        Value::List(_, list) => list
            .iter()
            .filter_map(Value::as_text)
            .map(|text| text.to_str_lossy().into_owned())
            .collect(),
        Value::Text(_, text) => vec![text.to_str_lossy().into_owned()],
        _ => return,
    };
    let got = type_of(value);
    let wanted: Vec<&str> =
        TYPES.into_iter().filter(|ty| wanted.iter().any(|one| one == ty)).collect();
    found.add(format!("got {got}, want {}", wanted.join(" or ")));
}

pub(super) fn limit(schema: &Map, key: &str) -> Option<f64> {
    schema.get(key.as_bytes()).as_ref().and_then(number)
}

fn sizes(schema: &Map, keys: [&str; 2], size: usize, found: &mut Found<'_>) {
    let size = size as f64;
    for (key, is_least) in keys.into_iter().zip([true, false]) {
        if let Some(limit) = limit(schema, key)
            && if is_least { size < limit } else { size > limit }
        {
            found.add(format!("{key}: got {}, want {}", grouped(size), grouped(limit)));
        }
    }
}

fn object(schema: &Map, map: &Map, found: &mut Found<'_>) {
    sizes(schema, ["minProperties", "maxProperties"], map.len(), found);
    if let Some(Value::List(_, required)) = schema.get(b"required") {
        let missing = missing(&required, map);
        match missing.as_slice() {
            [] => {}
            [one] => found.add(format!("missing property {}", quoted(one))),
            all => found
                .add(format!("missing properties {}", quoted_all(all.iter().map(String::as_str)))),
        }
    }
}

fn missing(wanted: &[Value], map: &Map) -> Vec<String> {
    let texts = wanted.iter().filter_map(Value::as_text);
    texts.filter(|key| !map.contains(key)).map(|key| key.to_str_lossy().into_owned()).collect()
}

pub(super) fn dependency(name: &Text, wanted: &[Value], map: &Map, found: &mut Found<'_>) {
    let missing = missing(wanted, map);
    if !missing.is_empty() {
        let names = quoted_all(missing.iter().map(String::as_str));
        let name = quoted(&name.to_str_lossy());
        found.add(format!("properties {names} required, if {name} exists"));
    }
}

fn array(schema: &Map, items: &[Value], found: &mut Found<'_>) {
    sizes(schema, ["minItems", "maxItems"], items.len(), found);
    if !matches!(schema.get(b"uniqueItems"), Some(Value::Bool(_, true))) {
        return;
    }
    for (at, item) in items.iter().enumerate() {
        if let Some(first) = items[..at].iter().position(|other| equal(other, item)) {
            return found.add(format!("items at {first} and {at} are equal"));
        }
    }
}

fn string(schema: &Map, text: &Text, found: &mut Found<'_>) {
    let text = text.to_str_lossy();
    sizes(schema, ["minLength", "maxLength"], text.chars().count(), found);
    if let Some(pattern) = schema.get(b"pattern").as_ref().and_then(Value::as_text) {
        let pattern = pattern.to_str_lossy();
        if !matches(&pattern, &text) {
            found.add(format!("{} does not match pattern {}", quoted(&text), quoted(&pattern)));
        }
    }
}

/// Whether a text holds a match; a pattern that cannot be read matches everything.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    regex::Regex::new(pattern).map_or(true, |regex| regex.is_match(text))
}

fn numeric(schema: &Map, number: f64, is_draft_4: bool, found: &mut Found<'_>) {
    let exclusive =
        |key: &str| is_draft_4 && matches!(schema.get(key.as_bytes()), Some(Value::Bool(_, true)));
    let checks: [(&str, &str, fn(f64, f64) -> bool); 4] = [
        ("minimum", "exclusiveMinimum", |number, limit| number < limit),
        ("maximum", "exclusiveMaximum", |number, limit| number > limit),
        ("exclusiveMinimum", "", |number, limit| number <= limit),
        ("exclusiveMaximum", "", |number, limit| number >= limit),
    ];
    for (key, flag, fails) in checks {
        let Some(limit) = limit(schema, key) else { continue };
        let (name, fails) = if !flag.is_empty() && exclusive(flag) {
            (flag, fails(number, limit) || number == limit)
        } else {
            (key, fails(number, limit))
        };
        if fails {
            found.add(format!("{name}: got {}, want {}", grouped(number), grouped(limit)));
        }
    }
    if let Some(step) = limit(schema, "multipleOf")
        && step != 0.0
        && (number / step).fract() != 0.0
    {
        found.add(format!("multipleOf: got {}, want {}", grouped(number), grouped(step)));
    }
}

/// golang.org/x/text writes numbers as English does: `70,000`.
fn grouped(number: f64) -> String {
    let text = strconv::format_float(number, b'g', -1, 64);
    if let Some((mantissa, exponent)) = text.split_once('e') {
        let raised = |c: char| match c {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '0' => '⁰',
            digit => char::from_u32(digit as u32 - 0x30 + 0x2070).unwrap_or(digit),
        };
        let exponent: String = exponent.trim_start_matches('+').chars().map(raised).collect();
        return format!("{mantissa}×10{exponent}");
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut out = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A scalar as messages show it.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Nil => Some("<nil>".to_owned()),
        Value::Bool(_, value) => Some(value.to_string()),
        Value::Text(_, text) => Some(quoted(&text.to_str_lossy())),
        Value::List(..) | Value::Map(..) => None,
        other => number(other).map(|number| strconv::format_float(number, b'f', -1, 64)),
    }
}

/// A text in single quotes, else as Go quotes it.
pub(super) fn quoted(text: &str) -> String {
    let text = strconv::quote(text.as_bytes()).replace("\\\"", "\"").replace('\'', "\\'");
    format!("'{}'", &text[1..text.len() - 1])
}

pub(super) fn quoted_all<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.map(quoted).collect::<Vec<_>>().join(", ")
}

pub(super) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(_, a), Value::Bool(_, b)) => a == b,
        (Value::Text(_, a), Value::Text(_, b)) => a == b,
        (Value::List(_, a), Value::List(_, b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| equal(a, b))
        }
        (Value::Map(_, a), Value::Map(_, b)) => {
            let same = |(key, value): &(Text, Value)| b.get(key).is_some_and(|b| equal(value, &b));
            a.len() == b.len() && a.entries().iter().all(same)
        }
        _ => match (number(a), number(b)) {
            (Some(a), Some(b)) => a == b,
            _ => false,
        },
    }
}
