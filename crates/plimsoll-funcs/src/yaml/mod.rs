//! YAML as Helm writes it.

mod emit;
mod order;
mod resolve;
mod scalar;
mod writer;

use plimsoll_gotmpl::{CallError, Function, Text, Value, function};

use self::emit::{Failure, emit};
use crate::json::{Style, encode};

pub(crate) const YAML: &[Function] = &[
    function!("toYaml", to_yaml),
    function!("mustToYaml", must_to_yaml),
    function!("toYamlPretty", to_yaml_pretty),
];

/// Which go-yaml writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    /// go.yaml.in/yaml/v2 behind sigs.k8s.io/yaml, which goes through JSON: `toYaml`.
    V2,
    /// go.yaml.in/yaml/v3 with an indent of two: `toYamlPretty`.
    V3,
}

/// What `toYaml` gives for a value; nothing where it cannot be written.
pub fn yaml_of(value: &Value) -> Text {
    emit(value, Dialect::V2).unwrap_or_else(|_| Text::from(""))
}

/// helm: engine/funcs.go: an error gives nothing.
fn to_yaml(value: Value) -> Text {
    emit(&value, Dialect::V2).unwrap_or_else(|_| Text::from(""))
}

fn must_to_yaml(value: Value) -> Result<Text, CallError> {
    emit(&value, Dialect::V2).map_err(|failure| match (failure, encode(&value, Style::Compact)) {
        (_, Err(why)) => format!("error marshaling into JSON: {why}").into(),
        (Failure::Yaml(why), Ok(_)) => format!("yaml: {why}").into(),
        (Failure::Json, Ok(_)) => CallError::message("error marshaling into JSON"),
    })
}

fn to_yaml_pretty(value: Value) -> Text {
    emit(&value, Dialect::V3).unwrap_or_else(|_| Text::from(""))
}
