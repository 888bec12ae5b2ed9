//! spf13/cast, as far as the lists need it.

use plimsoll_gotmpl::Value;

/// Zero for what is no number. (sprig: numeric.go `toInt`)
pub(crate) fn to_int(value: &Value) -> i64 {
    match value {
        Value::Int(_, _, value) => *value,
        Value::Uint(_, _, value) => *value as i64,
        Value::Float(_, value) => *value as i64,
        Value::Bool(_, value) => i64::from(*value),
        Value::Text(_, text) => plimsoll_source::strconv::parse_int(text, 0, 64).unwrap_or(0),
        _ => 0,
    }
}
