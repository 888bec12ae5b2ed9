//! From one type to another.

use super::duration::{duration_text, read_duration, read_timestamp};
use super::eval::Run;
use super::fault::Fault;
use super::value::{Text, Value};

/// A text that its schema's format makes something else of.
pub(super) fn formatted<'a>(text: Text<'a>, format: &str) -> Value<'a> {
    let made = match format {
        "duration" => read_duration(&text).map(Value::Duration),
        "date-time" => read_timestamp(&text).map(Value::Timestamp),
        "date" => read_timestamp(&format!("{}T00:00:00Z", &*text)).map(Value::Timestamp),
        "byte" => crate::validate::from_base64(&text).map(|bytes| Value::Bytes(bytes.into())),
        _ => None,
    };
    made.unwrap_or(Value::Text(text))
}

pub(super) fn call<'a>(
    _: &mut Run<'a>,
    name: &str,
    args: &[Value<'a>],
    is_method: bool,
) -> Result<Option<Value<'a>>, Fault> {
    let [value] = args else { return Ok(None) };
    if is_method {
        return Ok(None);
    }
    let found = match name {
        "dyn" => Some(value.clone()),
        "type" => Some(Value::Kind(value.kind().into())),
        "string" => to_text(value).map(Value::text),
        "int" => return int(value).map(Some),
        "uint" => return uint(value).map(Some),
        "double" => match value {
            Value::Double(value) => Some(Value::Double(*value)),
            Value::Int(value) => Some(Value::Double(*value as f64)),
            Value::Uint(value) => Some(Value::Double(*value as f64)),
            Value::Text(text) => match text.parse() {
                Ok(value) => Some(Value::Double(value)),
                Err(_) => return syntax("ParseFloat", text),
            },
            _ => None,
        },
        "bool" => match value {
            Value::Bool(value) => Some(Value::Bool(*value)),
            Value::Text(text) => match &**text {
                "1" | "t" | "true" | "T" | "TRUE" | "True" => Some(Value::Bool(true)),
                "0" | "f" | "false" | "F" | "FALSE" | "False" => Some(Value::Bool(false)),
                _ => return syntax("ParseBool", text),
            },
            _ => None,
        },
        "bytes" => match value {
            Value::Text(text) => Some(Value::Bytes(text.as_bytes().into())),
            Value::Bytes(_) => Some(value.clone()),
            _ => None,
        },
        "duration" => return duration(value).map(Some),
        "timestamp" => return timestamp(value).map(Some),
        _ => return Ok(None),
    };
    found.map_or_else(Fault::no_overload, |value| Ok(Some(value)))
}

fn syntax<T>(function: &str, text: &str) -> Result<T, Fault> {
    Fault::error(format!("strconv.{function}: parsing {text:?}: invalid syntax"))
}

fn range<T>(what: &str) -> Result<T, Fault> {
    Fault::error(format!("{what} overflow"))
}

fn int<'a>(value: &Value<'a>) -> Result<Value<'a>, Fault> {
    Ok(Value::Int(match value {
        Value::Int(value) => *value,
        Value::Uint(value) => match i64::try_from(*value) {
            Ok(value) => value,
            Err(_) => return range("integer"),
        },
        Value::Double(value) if value.abs() < 9.2e18 => value.trunc() as i64,
        Value::Double(_) => return range("integer"),
        Value::Text(text) => match text.parse() {
            Ok(value) => value,
            Err(_) => return syntax("ParseInt", text),
        },
        Value::Timestamp(time) => time.as_second(),
        Value::Duration(value) => *value,
        _ => return Fault::no_overload(),
    }))
}

fn uint<'a>(value: &Value<'a>) -> Result<Value<'a>, Fault> {
    Ok(Value::Uint(match value {
        Value::Uint(value) => *value,
        Value::Int(value) => match u64::try_from(*value) {
            Ok(value) => value,
            Err(_) => return range("unsigned integer"),
        },
        Value::Double(value) if (0.0..1.8e19).contains(value) => value.trunc() as u64,
        Value::Double(_) => return range("unsigned integer"),
        Value::Text(text) => match text.parse() {
            Ok(value) => value,
            Err(_) => return syntax("ParseUint", text),
        },
        _ => return Fault::no_overload(),
    }))
}

fn duration<'a>(value: &Value<'a>) -> Result<Value<'a>, Fault> {
    match value {
        Value::Duration(_) => Ok(value.clone()),
        Value::Int(nanoseconds) => Ok(Value::Duration(*nanoseconds)),
        Value::Text(text) => match read_duration(text) {
            Some(value) => Ok(Value::Duration(value)),
            None => Fault::error(format!("time: invalid duration {:?}", &**text)),
        },
        _ => Fault::no_overload(),
    }
}

fn timestamp<'a>(value: &Value<'a>) -> Result<Value<'a>, Fault> {
    match value {
        Value::Timestamp(_) => Ok(value.clone()),
        Value::Int(seconds) => match jiff::Timestamp::from_second(*seconds) {
            Ok(time) => Ok(Value::Timestamp(time)),
            Err(_) => range("timestamp"),
        },
        Value::Text(text) => match read_timestamp(text) {
            Some(time) => Ok(Value::Timestamp(time)),
            None => Fault::error(format!("parsing time {:?}", &**text)),
        },
        _ => Fault::no_overload(),
    }
}

/// A value as `string()` writes it; `None` for what it does not take.
pub(super) fn to_text(value: &Value<'_>) -> Option<String> {
    Some(match value {
        Value::Text(text) => (**text).to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Double(value) => double(*value),
        Value::Bytes(bytes) => String::from_utf8(bytes.to_vec()).ok()?,
        Value::Duration(value) => duration_text(*value),
        Value::Timestamp(time) => time.to_string(),
        Value::Ip(ip) => ip.to_string(),
        Value::Cidr(ip, bits) => format!("{ip}/{bits}"),
        _ => return None,
    })
}

/// As Go writes a float in its shortest form.
fn double(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e21).contains(&size) && value.is_finite() {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, number) = match exponent.strip_prefix('-') {
            Some(number) => ('-', number),
            None => ('+', exponent),
        };
        return format!("{digits}e{sign}{number:0>2}");
    }
    match value {
        value if value.is_nan() => "NaN".to_owned(),
        value if value.is_infinite() => if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned(),
        value => value.to_string(),
    }
}
