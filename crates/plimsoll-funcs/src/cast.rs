//! Conversions as spf13/cast 1.7 makes them for sprig, which drops their errors: what cannot be
//! converted is zero.

use plimsoll_gotmpl::value::IntType;
use plimsoll_gotmpl::{Text, Value};
use plimsoll_source::strconv;

/// sprig's `toInt`; Go's `int` has 64 bits.
pub(crate) fn to_int(value: &Value) -> i64 {
    to_int64(value)
}

/// sprig's `toInt64`: floats are cut, texts may have a base prefix (`0x1f`, `010`) and
/// decimals that are all zero (`1.00`), a `time.Duration` is zero.
pub(crate) fn to_int64(value: &Value) -> i64 {
    match value {
        Value::Bool(_, truth) => i64::from(*truth),
        // cast knows `time.Month` and `time.Weekday` by name, other named types not at all.
        Value::Int(IntType::Duration, ..) => 0,
        Value::Int(_, _, number) => *number,
        Value::Uint(_, _, number) => *number as i64,
        Value::Float(_, number) => cut(*number),
        Value::Text(_, text) => strconv::parse_int(without_zero_decimals(text), 0, 0).unwrap_or(0),
        _ => 0,
    }
}

/// sprig's `toFloat64`.
pub(crate) fn to_float64(value: &Value) -> f64 {
    match value {
        Value::Bool(_, truth) => f64::from(u8::from(*truth)),
        Value::Int(IntType::Duration, ..) => 0.0,
        Value::Int(_, _, number) => *number as f64,
        Value::Uint(_, _, number) => *number as f64,
        Value::Float(_, number) => *number,
        Value::Text(_, text) => strconv::parse_float(text, 64).unwrap_or(0.0),
        _ => 0.0,
    }
}

/// A float as an integer the way the processors that Helm runs on do it: what does not fit is the
/// least integer.
pub(crate) fn cut(number: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&number) { number as i64 } else { i64::MIN }
}

fn without_zero_decimals(text: &Text) -> &[u8] {
    let bytes = text.as_bytes();
    let zeros = bytes.iter().rev().take_while(|c| **c == b'0').count();
    match bytes[..bytes.len() - zeros].strip_suffix(b".") {
        Some(whole) if zeros > 0 => whole,
        _ => bytes,
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_gotmpl::Map;

    use super::*;

    fn check(value: impl Into<Text>, int: i64, float: f64) {
        let value = Value::text(value);
        assert_eq!((to_int64(&value), to_float64(&value)), (int, float), "{value:?}");
    }

    #[test]
    fn texts_are_read_as_go_literals() {
        check("12", 12, 12.0);
        check("0x1f", 31, 0.0);
        check("010", 8, 10.0);
        check("1.00", 1, 1.0);
        check("1.5", 0, 1.5);
        check("1.", 0, 1.0);
        check(".0", 0, 0.0);
        check("100", 100, 100.0);
        check(" 1", 0, 0.0);
        check("1_000", 1000, 1000.0);
        check("", 0, 0.0);
        check("9223372036854775808", 0, 9_223_372_036_854_775_808.0);
    }

    #[test]
    fn what_is_no_number_is_zero() {
        assert_eq!(to_int64(&Value::Nil), 0);
        assert_eq!(to_int64(&Value::bool(true)), 1);
        assert_eq!(to_int64(&Value::map(Map::new())), 0);
        assert_eq!(to_int64(&Value::duration(5)), 0);
        assert_eq!(to_float64(&Value::duration(5)), 0.0);
    }

    #[test]
    fn floats_out_of_range_become_the_least_integer() {
        assert_eq!(cut(-1.9), -1);
        assert_eq!(cut(1e19), i64::MIN);
        assert_eq!(cut(f64::NAN), i64::MIN);
    }
}
