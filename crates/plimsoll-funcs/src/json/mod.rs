//! JSON as Go's `encoding/json` reads and writes it.

mod decode;
mod encode;
mod fields;
mod syntax;

pub use decode::{DecodeError, Target, decode, decode_with};
pub use encode::{Style, encode};
pub use fields::Fields;

use plimsoll_gotmpl::{
    CallError, Elem, Function, List, Map, MapType, Marked, Text, Value, function,
};

use crate::origins::OriginsOf;

pub(crate) const JSON: &[Function] = &[
    function!("toJson", to_json),
    function!("mustToJson", must_to_json),
    function!("toPrettyJson", to_pretty_json),
    function!("mustToPrettyJson", must_to_pretty_json),
    function!("toRawJson", must_to_raw_json),
    function!("mustToRawJson", must_to_raw_json),
    function!("fromJson", from_json),
    function!("mustFromJson", must_from_json),
    function!("fromJsonArray", from_json_array),
];

fn to_json(value: Value) -> Text {
    encode(&value, Style::Compact).unwrap_or_else(|_| Text::from(""))
}

/// helm: engine/funcs.go panics with the error, sprig's returns it; both read the same.
fn must_to_json(value: Value) -> Result<Text, CallError> {
    Ok(encode(&value, Style::Compact)?)
}

fn to_pretty_json(value: Value) -> Text {
    encode(&value, Style::Pretty).unwrap_or_else(|_| Text::from(""))
}

fn must_to_pretty_json(value: Value) -> Result<Text, CallError> {
    Ok(encode(&value, Style::Pretty)?)
}

/// sprig: `toRawJson` panics with the error that `mustToRawJson` returns.
fn must_to_raw_json(value: Value) -> Result<Text, CallError> {
    Ok(encode(&value, Style::Raw)?)
}

fn from_json(source: Marked) -> Map {
    let origins = OriginsOf::new(&source);
    match decode_with(source.text.as_bytes(), Target::Map, &|span| origins.at(span)) {
        Ok(Value::Map(_, map)) => map,
        Ok(_) => Map::nil(MapType::ANY),
        Err(error) => {
            let map = error.partial.as_ref().and_then(Value::as_map).cloned().unwrap_or_default();
            map.insert("Error".into(), Value::text(error.message));
            map
        }
    }
}

fn must_from_json(source: Marked) -> Result<Value, CallError> {
    let origins = OriginsOf::new(&source);
    decode_with(source.text.as_bytes(), Target::Any, &|span| origins.at(span))
        .map_err(|error| CallError::Message(error.message))
}

fn from_json_array(source: Marked) -> List {
    let origins = OriginsOf::new(&source);
    match decode_with(source.text.as_bytes(), Target::List, &|span| origins.at(span)) {
        Ok(Value::List(_, list)) => list,
        Ok(_) => List::nil(Elem::Any),
        Err(error) => List::new(Elem::Any, vec![Value::text(error.message)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_map(source: &str, want: &str) {
        let marked = Marked { text: source.into(), origin: plimsoll_source::Origin::NONE };
        let got = to_json(Value::map(from_json(marked)));
        assert_eq!(got.to_str_lossy(), want, "fromJson {source:?}");
    }

    fn check_list(source: &str, want: &str) {
        let marked = Marked { text: source.into(), origin: plimsoll_source::Origin::NONE };
        let got = to_json(from_json_array(marked).into());
        assert_eq!(got.to_str_lossy(), want, "fromJsonArray {source:?}");
    }

    #[test]
    fn errors_stand_in_the_map() {
        check_map("{\"a\": 1, \"b\": [null]}", r#"{"a":1,"b":[null]}"#);
        check_map(
            "[1]",
            r#"{"Error":"json: cannot unmarshal array into Go value of type map[string]interface {}"}"#,
        );
        check_map(
            r#"{"a":1e400}"#,
            r#"{"Error":"json: cannot unmarshal number 1e400 into Go value of type float64","a":null}"#,
        );
        check_map("null", "null");
    }

    #[test]
    fn errors_are_the_only_item_of_the_list() {
        check_list("[1,2]", "[1,2]");
        check_list("[1,]", r#"["invalid character ']' looking for beginning of value"]"#);
        check_list(
            "12",
            r#"["json: cannot unmarshal number into Go value of type []interface {}"]"#,
        );
    }
}
