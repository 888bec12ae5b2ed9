//! Arithmetic.

use super::eval::Run;
use super::fault::Fault;
use super::value::{Text, Value};

pub(super) fn call<'a>(
    run: &mut Run<'a>,
    name: &str,
    args: &[Value<'a>],
    _: bool,
) -> Result<Option<Value<'a>>, Fault> {
    Ok(Some(match args {
        [Value::Int(one), Value::Int(two)] => return ints(name, *one, *two),
        [Value::Uint(one), Value::Uint(two)] => return uints(name, *one, *two),
        [Value::Double(one), Value::Double(two)] => match name {
            "_+_" => Value::Double(one + two),
            "_-_" => Value::Double(one - two),
            "_*_" => Value::Double(one * two),
            "_/_" => Value::Double(one / two),
            _ => return Ok(None),
        },
        [Value::Int(one)] if name == "-_" => {
            Value::Int(one.checked_neg().ok_or_else(|| overflow("integer"))?)
        }
        [Value::Double(one)] if name == "-_" => Value::Double(-one),
        [Value::Text(one), Value::Text(two)] if name == "_+_" => {
            run.spend((one.len() + two.len()) / 10)?;
            Value::Text(Text::Made(format!("{}{}", &**one, &**two).into()))
        }
        [Value::Bytes(one), Value::Bytes(two)] if name == "_+_" => {
            Value::Bytes([&**one, &**two].concat().into())
        }
        [one, two] if name == "_+_" => {
            let (Some(mut all), Some(rest)) = (one.items(), two.items()) else {
                return Ok(None);
            };
            run.spend(all.len() + rest.len())?;
            all.extend(rest);
            Value::list(all)
        }
        _ => return Ok(None),
    }))
}

pub(super) fn overflow(what: &str) -> Fault {
    Fault::Error(format!("{what} overflow"))
}

fn ints<'a>(name: &str, one: i64, two: i64) -> Result<Option<Value<'a>>, Fault> {
    let found = match name {
        "_+_" => one.checked_add(two),
        "_-_" => one.checked_sub(two),
        "_*_" => one.checked_mul(two),
        "_/_" if two == 0 => return Fault::error("division by zero"),
        "_%_" if two == 0 => return Fault::error("modulus by zero"),
        "_/_" => one.checked_div(two),
        "_%_" => one.checked_rem(two),
        _ => return Ok(None),
    };
    found.map(|value| Some(Value::Int(value))).ok_or_else(|| overflow("integer"))
}

fn uints<'a>(name: &str, one: u64, two: u64) -> Result<Option<Value<'a>>, Fault> {
    let found = match name {
        "_+_" => one.checked_add(two),
        "_-_" => one.checked_sub(two),
        "_*_" => one.checked_mul(two),
        "_/_" if two == 0 => return Fault::error("division by zero"),
        "_%_" if two == 0 => return Fault::error("modulus by zero"),
        "_/_" => one.checked_div(two),
        "_%_" => one.checked_rem(two),
        _ => return Ok(None),
    };
    found.map(|value| Some(Value::Uint(value))).ok_or_else(|| overflow("unsigned integer"))
}
