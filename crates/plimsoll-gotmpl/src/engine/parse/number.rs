//! Number constants, as Go writes them.

use super::*;

/// Go: node.go newNumber.
pub(super) fn number(text: &str, is_char: bool) -> std::result::Result<Number, String> {
    let mut number = Number { text: text.to_owned(), is_char, ..Number::default() };
    if is_char {
        let Some((c, length)) = strconv::unquote_char(&text.as_bytes()[1..], b'\'') else {
            return Err("invalid syntax".to_owned());
        };
        if length + 2 != text.len() {
            return Err(format!("malformed character constant: {text}"));
        }
        let code = match c {
            strconv::Unescaped::Char(c) => i64::from(u32::from(c)),
            strconv::Unescaped::Byte(byte) => i64::from(byte),
        };
        (number.int, number.uint, number.float) =
            (Some(code), Some(code as u64), Some(code as f64));
        return Ok(number);
    }
    if let Some(parts) = text.strip_suffix('i') {
        let is_pair = pair(parts).is_some();
        let Some((real, imaginary)) = complex(parts) else {
            // Go scans pairs and parses single ones.
            return Err(if is_pair {
                "syntax error scanning complex number".to_owned()
            } else {
                format!("illegal number syntax: {}", crate::quote_go(text.as_bytes()))
            });
        };
        number.complex = Some((real, imaginary));
        if imaginary == 0.0 {
            number.float = Some(real);
            number.int = Some(real as i64).filter(|int| *int as f64 == real);
            number.uint = Some(real as u64).filter(|uint| *uint as f64 == real);
        }
        return Ok(number);
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
    let (real, imaginary) = parts.split_at(pair(parts).unwrap_or(0));
    let float = |text: &str| strconv::parse_float(text.as_bytes(), 64).ok();
    let real = if real.is_empty() { 0.0 } else { float(real)? };
    Some((real, float(imaginary)?))
}

/// Where the second number of a pair begins.
fn pair(parts: &str) -> Option<usize> {
    let bytes = parts.as_bytes();
    let exponent = |at: usize| matches!(bytes[at - 1], b'e' | b'E' | b'p' | b'P');
    (1..bytes.len()).rfind(|at| matches!(bytes[*at], b'+' | b'-') && !exponent(*at))
}
