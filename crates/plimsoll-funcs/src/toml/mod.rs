//! TOML as BurntSushi/toml 1.6 reads and writes it.

mod cursor;
mod encode;
mod number;
mod parse;
mod tables;
mod text;
mod value;

use plimsoll_gotmpl::{CallError, Function, Map, Marked, Text, Value, function};

pub(crate) const TOML: &[Function] = &[
    function!("toToml", to_toml),
    function!("mustToToml", must_to_toml),
    function!("fromToml", from_toml),
];

/// helm: engine/funcs.go: an error is the result, but the library panics for nil.
fn to_toml(value: Value) -> Result<Text, CallError> {
    if value.is_nil() {
        return must_to_toml(value);
    }
    Ok(encode::encode(&value).unwrap_or_else(Text::from))
}

fn must_to_toml(value: Value) -> Result<Text, CallError> {
    if value.is_nil() {
        return Err("reflect: call of reflect.Value.Type on zero Value".into());
    }
    Ok(encode::encode(&value)?)
}

fn from_toml(source: Marked) -> Map {
    let origins = crate::origins::OriginsOf::new(&source);
    parse::parse(source.text.as_bytes(), &|span| origins.at(span))
        .unwrap_or_else(|error| Map::from_entries(vec![("Error".into(), Value::text(error))]))
}
