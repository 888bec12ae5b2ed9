//! YAML as Helm writes it: values of templates through [`plimsoll_yaml::Emitter`].

mod emit;
mod marked;

use plimsoll_gotmpl::{CallError, Function, Text, Value, function};
use plimsoll_yaml::Version;

use self::emit::{Failure, emit};
use crate::json::{Style, encode};

pub(crate) const YAML: &[Function] = &[
    function!("toYaml", to_yaml),
    function!("mustToYaml", must_to_yaml),
    function!("toYamlPretty", to_yaml_pretty),
];

/// What `toYaml` gives for a value; nothing where it cannot be written.
pub fn yaml_of(value: &Value) -> Text {
    emit(value, Version::V2, false).unwrap_or_else(|_| Text::from(""))
}

/// helm: engine/funcs.go: an error gives nothing.
fn to_yaml(value: Value) -> Text {
    yaml_of(&value)
}

fn must_to_yaml(value: Value) -> Result<Text, CallError> {
    emit(&value, Version::V2, true).map_err(|failure| {
        match (failure, encode(&value, Style::Compact)) {
            (_, Err(why)) => format!("error marshaling into JSON: {why}").into(),
            (Failure::Yaml(why), Ok(_)) => why.into(),
            (Failure::Json, Ok(_)) => CallError::message("error marshaling into JSON"),
        }
    })
}

fn to_yaml_pretty(value: Value) -> Text {
    emit(&value, Version::V3, false).unwrap_or_else(|_| Text::from(""))
}
