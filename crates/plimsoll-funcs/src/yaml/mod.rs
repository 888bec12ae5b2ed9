//! YAML as Helm writes it.

mod emit;
mod order;
mod resolve;
mod scalar;
mod writer;

use plimsoll_gotmpl::{CallError, Function, Text, Value, function};

use self::emit::{Failure, emit};
use crate::json::{Style, encode};
use crate::limit;

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
fn to_yaml(value: Value) -> Result<Text, CallError> {
    or_nothing("toYaml", emit(&value, Dialect::V2))
}

fn or_nothing(name: &str, emitted: Result<Text, Failure>) -> Result<Text, CallError> {
    match emitted {
        Err(Failure::TooLong) => Err(limit::too_long(name)),
        other => Ok(other.unwrap_or_else(|_| Text::from(""))),
    }
}

fn must_to_yaml(value: Value) -> Result<Text, CallError> {
    let failed = match emit(&value, Dialect::V2) {
        Ok(text) => return Ok(text),
        Err(Failure::TooLong) => return Err(limit::too_long("mustToYaml")),
        Err(failure) => failure,
    };
    Err(match (failed, encode(&value, Style::Compact)) {
        (_, Err(why)) => format!("error marshaling into JSON: {why}").into(),
        (Failure::Yaml(why), Ok(_)) => format!("yaml: {why}").into(),
        (_, Ok(_)) => CallError::message("error marshaling into JSON"),
    })
}

fn to_yaml_pretty(value: Value) -> Result<Text, CallError> {
    or_nothing("toYamlPretty", emit(&value, Dialect::V3))
}
