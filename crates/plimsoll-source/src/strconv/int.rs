use super::{NumError, NumErrorKind, underscores_separate_digits};

/// Go's `strconv.ParseInt`: base 0 takes the base from a prefix (`0x`, `0o`, `0b`, `0`) and allows
/// underscores; `bits` is 0 (which is 64), 8, 16, 32 or 64.
pub fn parse_int(text: &[u8], base: u32, bits: u32) -> Result<i64, NumError<i64>> {
    signed(text, base, bits).map_err(|(kind, value)| NumError::new("ParseInt", text, kind, value))
}

/// Go's `strconv.ParseUint`; see [`parse_int`]. It allows no sign.
pub fn parse_uint(text: &[u8], base: u32, bits: u32) -> Result<u64, NumError<u64>> {
    unsigned(text, base, bits)
        .map_err(|(kind, value)| NumError::new("ParseUint", text, kind, value))
}

/// Go's `strconv.Atoi`: a decimal `int` with an optional sign.
pub fn atoi(text: &[u8]) -> Result<i64, NumError<i64>> {
    signed(text, 10, 64).map_err(|(kind, value)| NumError::new("Atoi", text, kind, value))
}

/// Appends a number in decimal.
pub fn append_int(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    append_uint(out, value.unsigned_abs());
}

/// Appends a number in decimal.
pub fn append_uint(out: &mut Vec<u8>, mut value: u64) {
    let mut buffer = [0; 20];
    let mut at = buffer.len();
    loop {
        at -= 1;
        buffer[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&buffer[at..]);
}

fn signed(text: &[u8], base: u32, bits: u32) -> Result<i64, (NumErrorKind, i64)> {
    let (negative, body) = match text {
        [b'-', body @ ..] => (true, body),
        [b'+', body @ ..] => (false, body),
        _ => (false, text),
    };
    let magnitude = match unsigned(body, base, bits) {
        Ok(value) | Err((NumErrorKind::Range, value)) => value,
        Err((kind, _)) => return Err((kind, 0)),
    };
    let limit = 1_u64 << (if bits == 0 { 64 } else { bits } - 1);
    match (negative, magnitude) {
        (false, value) if value >= limit => Err((NumErrorKind::Range, (limit - 1) as i64)),
        (true, value) if value > limit => Err((NumErrorKind::Range, (limit as i64).wrapping_neg())),
        (false, value) => Ok(value as i64),
        (true, value) => Ok((value as i64).wrapping_neg()),
    }
}

fn unsigned(text: &[u8], base: u32, bits: u32) -> Result<u64, (NumErrorKind, u64)> {
    let syntax = Err((NumErrorKind::Syntax, 0));
    if text.is_empty() {
        return syntax;
    }
    let (radix, digits) = match base {
        0 => prefixed(text),
        2..=36 => (base, text),
        _ => return Err((NumErrorKind::Base(base), 0)),
    };
    let max = if bits == 0 { u64::MAX } else { u64::MAX >> (64 - bits) };
    let mut value = 0_u64;
    let mut underscores = false;
    for &c in digits {
        if c == b'_' && base == 0 {
            underscores = true;
            continue;
        }
        let Some(digit) = char::from(c).to_digit(radix) else { return syntax };
        let next = value.checked_mul(radix.into()).and_then(|v| v.checked_add(digit.into()));
        match next {
            Some(next) if next <= max => value = next,
            _ => return Err((NumErrorKind::Range, max)),
        }
    }
    if underscores && !underscores_separate_digits(text) {
        return syntax;
    }
    Ok(value)
}

/// Base 0: a bare prefix such as `0x` is read as octal, and is wrong as such.
fn prefixed(text: &[u8]) -> (u32, &[u8]) {
    match text {
        [b'0', b'b' | b'B', digits @ ..] if !digits.is_empty() => (2, digits),
        [b'0', b'o' | b'O', digits @ ..] if !digits.is_empty() => (8, digits),
        [b'0', b'x' | b'X', digits @ ..] if !digits.is_empty() => (16, digits),
        [b'0', digits @ ..] => (8, digits),
        _ => (10, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, base: u32, want: Result<i64, &str>) {
        let got = parse_int(text.as_bytes(), base, 64).map_err(|error| error.to_string());
        assert_eq!(got, want.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn base_zero_reads_prefixes_and_underscores() {
        check("0x1F", 0, Ok(31));
        check("-0b11", 0, Ok(-3));
        check("017", 0, Ok(15));
        check("0o17", 0, Ok(15));
        check("1_000", 0, Ok(1000));
        check("0x_1", 0, Ok(1));
        check("0_7", 0, Ok(7));
        check("0", 0, Ok(0));
        check("1__0", 0, Err(r#"strconv.ParseInt: parsing "1__0": invalid syntax"#));
        check("08", 0, Err(r#"strconv.ParseInt: parsing "08": invalid syntax"#));
        check("0x", 0, Err(r#"strconv.ParseInt: parsing "0x": invalid syntax"#));
    }

    #[test]
    fn a_given_base_allows_neither() {
        check("1_0", 10, Err(r#"strconv.ParseInt: parsing "1_0": invalid syntax"#));
        check("zz", 36, Ok(1295));
        check("1", 1, Err(r#"strconv.ParseInt: parsing "1": invalid base 1"#));
    }

    #[test]
    fn values_out_of_range_give_the_nearest() {
        let error = atoi(b"9223372036854775808").expect_err("one above the range");
        assert_eq!(error.value, i64::MAX);
        assert_eq!(
            error.to_string(),
            r#"strconv.Atoi: parsing "9223372036854775808": value out of range"#
        );
        assert_eq!(atoi(b"-9223372036854775808"), Ok(i64::MIN));
        assert_eq!(parse_int(b"-129", 10, 8).expect_err("below the range").value, -128);
        assert_eq!(parse_uint(b"256", 10, 8).expect_err("above the range").value, 255);
    }

    #[test]
    fn numbers_are_appended_in_decimal() {
        let mut out = Vec::new();
        append_int(&mut out, i64::MIN);
        assert_eq!(out, i64::MIN.to_string().as_bytes());
    }
}
