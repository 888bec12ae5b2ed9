//! Quantities.

use super::eval::Run;
use super::fault::Fault;
use super::value::Value;

const ONE: i128 = 1_000_000_000;

fn read(text: &str) -> Option<i128> {
    crate::validate::billionths(text)
}

pub(super) fn call<'a>(
    _: &mut Run<'a>,
    name: &str,
    args: &[Value<'a>],
    _: bool,
) -> Result<Option<Value<'a>>, Fault> {
    Ok(Some(match (name, args) {
        ("isQuantity", [Value::Text(text)]) => Value::Bool(read(text).is_some()),
        ("quantity", [Value::Text(text)]) => match read(text) {
            Some(value) => Value::Quantity(value),
            None => {
                return Fault::error(
                    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
                );
            }
        },
        (_, [Value::Quantity(one), rest @ ..]) => return of(name, *one, rest),
        _ => return Ok(None),
    }))
}

fn of<'a>(name: &str, one: i128, rest: &[Value<'a>]) -> Result<Option<Value<'a>>, Fault> {
    let sum = |other: i128| match name {
        "add" => one.checked_add(other),
        _ => one.checked_sub(other),
    };
    let whole = one % ONE == 0 && i64::try_from(one / ONE).is_ok();
    Ok(Some(match (name, rest) {
        ("sign", []) => Value::Int(one.signum() as i64),
        ("isInteger", []) => Value::Bool(whole),
        ("asInteger", []) if whole => Value::Int((one / ONE) as i64),
        ("asInteger", []) => return Fault::error("cannot convert value to integer"),
        ("asApproximateFloat", []) => Value::Double(one as f64 / ONE as f64),
        ("isLessThan", [Value::Quantity(two)]) => Value::Bool(one < *two),
        ("isGreaterThan", [Value::Quantity(two)]) => Value::Bool(one > *two),
        ("compareTo", [Value::Quantity(two)]) => Value::Int(one.cmp(two) as i64),
        ("add" | "sub", [Value::Quantity(two)]) => match sum(*two) {
            Some(sum) => Value::Quantity(sum),
            None => return Fault::error("quantity overflow"),
        },
        ("add" | "sub", [Value::Int(two)]) => match sum(i128::from(*two) * ONE) {
            Some(sum) => Value::Quantity(sum),
            None => return Fault::error("quantity overflow"),
        },
        _ => return Ok(None),
    }))
}
