use super::{NumError, NumErrorKind, underscores_separate_digits};

/// Go's `strconv.ParseFloat` into `bits` (32 or 64) bits: decimal and hexadecimal numbers,
/// infinities, NaN, and underscores where Go's literals allow them.
///
/// A number out of range gives the error with an infinity as its value.
pub fn parse_float(text: &[u8], bits: u32) -> Result<f64, NumError<f64>> {
    let fail = |kind, value| Err(NumError::new("ParseFloat", text, kind, value));
    if let Some(value) = special(text) {
        return Ok(value);
    }
    match number(text, bits) {
        None => fail(NumErrorKind::Syntax, 0.0),
        Some(value) if value.is_infinite() => fail(NumErrorKind::Range, value),
        Some(value) => Ok(value),
    }
}

fn special(text: &[u8]) -> Option<f64> {
    if text.eq_ignore_ascii_case(b"nan") {
        return Some(f64::NAN);
    }
    let (sign, body) = match text {
        [b'-', body @ ..] => (-1.0, body),
        [b'+', body @ ..] => (1.0, body),
        _ => (1.0, text),
    };
    let infinite = body.eq_ignore_ascii_case(b"inf") || body.eq_ignore_ascii_case(b"infinity");
    infinite.then_some(sign * f64::INFINITY)
}

fn number(text: &[u8], bits: u32) -> Option<f64> {
    let body = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let negative = text.starts_with(b"-");
    let underscores = body.contains(&b'_');
    if underscores && !underscores_separate_digits(text) {
        return None;
    }
    let plain: Vec<u8>;
    let digits = if underscores {
        plain = body.iter().copied().filter(|c| *c != b'_').collect();
        plain.as_slice()
    } else {
        body
    };
    let value = match digits {
        [b'0', b'x' | b'X', hex @ ..] => hexadecimal(hex, bits)?,
        _ => decimal(digits, bits)?,
    };
    Some(if negative { -value } else { value })
}

fn decimal(text: &[u8], bits: u32) -> Option<f64> {
    let first = *text.first()?;
    if !first.is_ascii_digit() && first != b'.' {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    if bits == 32 { text.parse::<f32>().ok().map(f64::from) } else { text.parse().ok() }
}

fn hexadecimal(text: &[u8], bits: u32) -> Option<f64> {
    let split = text.iter().position(|c| matches!(c, b'p' | b'P'))?;
    let mut exponent = exponent(&text[split + 1..])?;
    let mut mantissa = 0_u64;
    let mut fraction = false;
    let mut seen = false;
    for &c in &text[..split] {
        if c == b'.' && !fraction {
            fraction = true;
            continue;
        }
        let digit = char::from(c).to_digit(16)?;
        seen = true;
        if mantissa >> 58 == 0 {
            mantissa = mantissa << 4 | u64::from(digit);
            exponent -= if fraction { 4 } else { 0 };
        } else {
            // Digits beyond the precision only tell above a half from a half.
            mantissa |= u64::from(digit != 0);
            exponent += if fraction { 0 } else { 4 };
        }
    }
    seen.then(|| scale(mantissa, exponent, bits))
}

fn exponent(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] => (1, digits),
        _ => (1, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value =
        digits.iter().fold(0_i64, |value, c| (value * 10 + i64::from(c - b'0')).min(1 << 40));
    Some(sign * value)
}

/// `mantissa × 2^exponent` rounded half to even; the lowest bit of a long mantissa is sticky.
fn scale(mantissa: u64, exponent: i64, bits: u32) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let (width, least, most) = if bits == 32 { (24, -149, 128) } else { (53, -1074, 1024) };
    let length = i64::from(64 - mantissa.leading_zeros());
    if exponent + length > most {
        return f64::INFINITY;
    }
    // The unit of the last place that the result can hold.
    let unit = (exponent + length - width).max(least);
    let kept = match unit - exponent {
        drop @ 1..=64 => round_away(mantissa, drop as u32),
        65.. => 0,
        up => mantissa << -up,
    };
    let value = (kept as f64) * power_of_two(unit);
    if bits == 32 && value > f64::from(f32::MAX) { f64::INFINITY } else { value }
}

fn round_away(mantissa: u64, drop: u32) -> u64 {
    let wide = u128::from(mantissa);
    let kept = wide >> drop;
    let rest = wide - (kept << drop);
    let half = 1_u128 << (drop - 1);
    (kept + u128::from(rest > half || rest == half && kept & 1 == 1)) as u64
}

/// Exact, or in two exact steps for what only a product can hold.
fn power_of_two(exponent: i64) -> f64 {
    if exponent < -1022 {
        f64::from_bits(1_u64 << (exponent + 1074))
    } else {
        f64::from_bits(((exponent + 1023) as u64) << 52)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: Option<f64>) {
        assert_eq!(parse_float(text.as_bytes(), 64).ok(), want, "{text}");
    }

    #[test]
    fn go_syntax_is_read() {
        check("1_000.5", Some(1000.5));
        check("+.5e1", Some(5.0));
        check("5.", Some(5.0));
        check("0x1.8p1", Some(3.0));
        check("-0X_1P-2", Some(-0.25));
        check("0x1p-1074", Some(5e-324));
        check("0x.8p-1074", Some(0.0));
        check("0x1.fffffffffffffp1023", Some(f64::MAX));
        check("iNf", Some(f64::INFINITY));
        check("-infinity", Some(f64::NEG_INFINITY));
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", ".", "1__0", "_1", "1e", "0x1", "0xp1", "+nan", "1e5_", "infi", " 1", "0x"]
        {
            check(text, None);
        }
    }

    #[test]
    fn numbers_out_of_range_give_infinity() {
        let error = parse_float(b"-1e999", 64).expect_err("out of range");
        assert_eq!(error.value, f64::NEG_INFINITY);
        assert_eq!(
            error.to_string(),
            r#"strconv.ParseFloat: parsing "-1e999": value out of range"#
        );
        assert!(parse_float(b"1e39", 32).is_err());
        assert!(parse_float(b"0x1p1024", 64).is_err());
    }
}
