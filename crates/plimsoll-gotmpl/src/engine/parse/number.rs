//! Number constants, as Go writes them.

use super::*;

/// Go: node.go newNumber.
pub(super) fn number(text: &str, is_char: bool) -> std::result::Result<Number, String> {
    let mut number = Number { text: text.to_owned(), is_char, ..Number::default() };
    if is_char {
        let inner = text[1..text.len() - 1].replace('"', "\\\"").replace("\\'", "'");
        let unquoted = strconv::unquote(format!("\"{inner}\"").as_bytes());
        let unquoted = unquoted.and_then(|bytes| String::from_utf8(bytes).ok());
        let mut chars = unquoted.as_deref().unwrap_or_default().chars();
        let (Some(c), None) = (chars.next(), chars.next()) else {
            return Err(format!("malformed character constant: {text}"));
        };
        let code = i64::from(u32::from(c));
        (number.int, number.uint, number.float) =
            (Some(code), Some(code as u64), Some(code as f64));
        return Ok(number);
    }
    if let Some(parts) = text.strip_suffix('i') {
        number.complex = complex(parts);
        let illegal = || format!("illegal number syntax: {}", crate::quote_go(text.as_bytes()));
        return if number.complex.is_some() { Ok(number) } else { Err(illegal()) };
    }
    number.uint = strconv::parse_uint(text.as_bytes(), 0, 64).ok();
    number.int = strconv::parse_int(text.as_bytes(), 0, 64).ok();
    if number.int == Some(0) {
        // In case of -0.
        number.uint = Some(0);
    }
    if let Some(int) = number.int {
        number.float = Some(int as f64);
    } else if let Some(uint) = number.uint {
        number.float = Some(uint as f64);
    } else if let Ok(float) = strconv::parse_float(text.as_bytes(), 64) {
        if !text.contains(['.', 'e', 'E', 'p', 'P']) {
            return Err(format!("integer overflow: {}", crate::quote_go(text.as_bytes())));
        }
        number.float = Some(float);
        if (float as i64) as f64 == float {
            number.int = Some(float as i64);
        }
        if (float as u64) as f64 == float {
            number.uint = Some(float as u64);
        }
    } else {
        return Err(format!("illegal number syntax: {}", crate::quote_go(text.as_bytes())));
    }
    Ok(number)
}

/// The parts of `1+2` and `2`, of which the last is the imaginary one.
fn complex(parts: &str) -> Option<(f64, f64)> {
    let bytes = parts.as_bytes();
    let exponent = |at: usize| matches!(bytes[at - 1], b'e' | b'E' | b'p' | b'P');
    let sign = (1..bytes.len()).rfind(|at| matches!(bytes[*at], b'+' | b'-') && !exponent(*at));
    let (real, imaginary) = parts.split_at(sign.unwrap_or(0));
    let float = |text: &str| strconv::parse_float(text.as_bytes(), 64).ok();
    let real = if real.is_empty() { 0.0 } else { float(real)? };
    Some((real, float(imaginary)?))
}
