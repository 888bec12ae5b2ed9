//! What a plain scalar means to go-yaml v2.

use plimsoll_source::strconv;

/// A scalar with its meaning.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// null
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number beyond those.
    Uint(u64),
    /// Any other number.
    Float(f64),
    /// A timestamp, which stays text.
    Timestamp,
    /// Text.
    Text,
}

/// go-yaml: resolve.go, for a scalar without tag and quotes.
pub fn resolve(text: &str) -> Scalar {
    let Some(&first) = text.as_bytes().first() else { return Scalar::Null };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'.' => match word(text) {
            Scalar::Text => match strconv::parse_float(text.as_bytes(), 64) {
                Ok(float) => Scalar::Float(float),
                Err(_) => Scalar::Text,
            },
            found => found,
        },
        b'+' | b'-' | b'0'..=b'9' => match word(text) {
            Scalar::Text => number(text),
            found => found,
        },
        _ => Scalar::Text,
    }
}

fn word(text: &str) -> Scalar {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Scalar::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Scalar::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Float(f64::NEG_INFINITY),
        _ => Scalar::Text,
    }
}

fn number(text: &str) -> Scalar {
    if is_timestamp(text) {
        return Scalar::Timestamp;
    }
    let without = text.replace('_', "");
    let plain = without.as_bytes();
    if let Ok(int) = strconv::parse_int(plain, 0, 64) {
        return Scalar::Int(int);
    }
    if let Ok(uint) = strconv::parse_uint(plain, 0, 64) {
        return Scalar::Uint(uint);
    }
    if is_float(&without)
        && let Ok(float) = strconv::parse_float(plain, 64)
    {
        return Scalar::Float(float);
    }
    Scalar::Text
}

/// `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`
fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_fits = match mantissa.split_once('.') {
        None => digits(mantissa),
        Some(("", after)) => digits(after),
        Some((before, after)) => digits(before) && (after.is_empty() || digits(after)),
    };
    let exponent_fits =
        exponent.is_none_or(|text| digits(text.strip_prefix(['-', '+']).unwrap_or(text)));
    mantissa_fits && exponent_fits
}

/// go-yaml: resolve.go parseTimestamp: `2006-1-2`, with `T`, `t` or a blank also a time.
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || !bytes[..4].iter().all(u8::is_ascii_digit) || bytes[4] != b'-' {
        return false;
    }
    let mut rest = &text[5..];
    let (Some(month), Some(())) = (short_number(&mut rest, 1, 12), eat(&mut rest, "-")) else {
        return false;
    };
    let year: u32 = text[..4].parse().unwrap_or_default();
    let Some(day) = short_number(&mut rest, 1, 31) else { return false };
    if day > days_of(year, month) {
        return false;
    }
    if rest.is_empty() {
        return true;
    }
    let zoned = rest.starts_with(['T', 't']);
    if !zoned && !rest.starts_with(' ') {
        return false;
    }
    rest = &rest[1..];
    is_time(rest, zoned)
}

fn days_of(year: u32, month: u32) -> u32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_time(mut rest: &str, zoned: bool) -> bool {
    let parts = [("", 23), (":", 59), (":", 59)];
    for (separator, most) in parts {
        if eat(&mut rest, separator).is_none() || short_number(&mut rest, 0, most).is_none() {
            return false;
        }
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let after = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        if after.len() == fraction.len() {
            return false;
        }
        rest = after;
    }
    if !zoned {
        return rest.is_empty();
    }
    if rest == "Z" {
        return true;
    }
    let Some(offset) = rest.strip_prefix(['+', '-']) else { return false };
    let bytes = offset.as_bytes();
    bytes.len() == 5
        && bytes[2] == b':'
        && [0, 1, 3, 4].iter().all(|&at| bytes[at].is_ascii_digit())
}

fn eat(rest: &mut &str, text: &str) -> Option<()> {
    *rest = rest.strip_prefix(text)?;
    Some(())
}

fn short_number(rest: &mut &str, least: u32, most: u32) -> Option<u32> {
    let length = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let number = rest[..length].parse().ok().filter(|number| (least..=most).contains(number))?;
    *rest = &rest[length..];
    Some(number)
}
