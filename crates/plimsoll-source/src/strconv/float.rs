use super::append_int;
use super::digits::Digits;
use super::hex_float;

/// Go's `strconv.FormatFloat`: `format` is one of `e E f g G b x X`, precision -1 means the fewest
/// digits that read back as the same number of `bits` (32 or 64) bits.
pub fn format_float(value: f64, format: u8, precision: i32, bits: u32) -> String {
    let mut out = Vec::with_capacity(24);
    append_float(&mut out, value, format, precision, bits);
    String::from_utf8(out).expect("numbers are ASCII")
}

/// Appends what [`format_float`] gives.
pub fn append_float(out: &mut Vec<u8>, value: f64, format: u8, precision: i32, bits: u32) {
    let value = if bits == 32 { f64::from(value as f32) } else { value };
    if value.is_nan() {
        return out.extend_from_slice(b"NaN");
    }
    if value.is_infinite() {
        return out.extend_from_slice(if value > 0.0 { b"+Inf" } else { b"-Inf" });
    }
    if format == b'g' && precision < 0 && is_small_whole(value) {
        return append_int(out, value as i64);
    }
    if value.is_sign_negative() {
        out.push(b'-');
    }
    let value = value.abs();
    let precision = usize::try_from(precision).ok();
    match format {
        b'e' | b'E' => append_scientific(out, value, format, precision, bits),
        b'f' => append_plain(out, value, precision, bits),
        b'g' | b'G' => append_general(out, value, format, precision, bits),
        b'b' => hex_float::append_binary(out, value, bits),
        b'x' | b'X' => hex_float::append_hex(out, value, format, precision, bits),
        _ => out.extend_from_slice(&[b'%', format]),
    }
}

/// The numbers that values files are full of: whole and below the exponent that `%g` begins at.
fn is_small_whole(value: f64) -> bool {
    value.abs() < 1e6 && value.trunc() == value && (value != 0.0 || value.is_sign_positive())
}

fn append_scientific(out: &mut Vec<u8>, value: f64, e: u8, precision: Option<usize>, bits: u32) {
    let digits = match precision {
        None => Digits::shortest(value, bits),
        Some(precision) => Digits::significant(value, precision + 1),
    };
    write_scientific(out, &digits, e, precision.unwrap_or(digits.digits.len().max(1) - 1));
}

fn append_plain(out: &mut Vec<u8>, value: f64, precision: Option<usize>, bits: u32) {
    let digits = match precision {
        None => Digits::shortest(value, bits),
        Some(precision) => Digits::decimals(value, precision),
    };
    let all = (digits.digits.len() as i32 - digits.point).max(0) as usize;
    write_plain(out, &digits, precision.unwrap_or(all));
}

fn append_general(out: &mut Vec<u8>, value: f64, g: u8, precision: Option<usize>, bits: u32) {
    let mut digits = match precision {
        None => Digits::shortest(value, bits),
        Some(precision) => Digits::significant(value, precision.max(1)),
    };
    while digits.digits.last() == Some(&b'0') {
        digits.digits.pop();
    }
    let count = digits.digits.len() as i32;
    let threshold = match precision {
        None => 6,
        Some(precision) => {
            let precision = precision.clamp(1, 1 << 24) as i32;
            if precision > count && count >= digits.point { count } else { precision }
        }
    };
    let exponent = digits.point - 1;
    if !digits.digits.is_empty() && (exponent < -4 || exponent >= threshold) {
        return write_scientific(out, &digits, g - 2, (count - 1) as usize);
    }
    write_plain(out, &digits, (count - digits.point).max(0) as usize);
}

fn write_scientific(out: &mut Vec<u8>, digits: &Digits, e: u8, decimals: usize) {
    out.push(digits.at(0));
    if decimals > 0 {
        out.push(b'.');
        write_places(out, digits, 1, decimals);
    }
    out.push(e);
    let exponent = if digits.digits.is_empty() { 0 } else { digits.point - 1 };
    write_exponent(out, exponent);
}

/// A sign and at least two digits.
pub(super) fn write_exponent(out: &mut Vec<u8>, exponent: i32) {
    out.push(if exponent < 0 { b'-' } else { b'+' });
    if exponent.abs() < 10 {
        out.push(b'0');
    }
    append_int(out, exponent.abs().into());
}

fn write_plain(out: &mut Vec<u8>, digits: &Digits, decimals: usize) {
    if digits.point > 0 {
        write_places(out, digits, 0, digits.point as usize);
    } else {
        out.push(b'0');
    }
    if decimals > 0 {
        out.push(b'.');
        write_places(out, digits, digits.point, decimals);
    }
}

fn write_places(out: &mut Vec<u8>, digits: &Digits, first: i32, count: usize) {
    let known = (digits.digits.len() as i32 - first).clamp(0, count as i32);
    out.extend((first..first + known).map(|place| digits.at(place)));
    out.resize(out.len() + count - known as usize, b'0');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: f64, format: u8, precision: i32, want: &str) {
        assert_eq!(format_float(value, format, precision, 64), want);
    }

    #[test]
    fn general_format_switches_by_exponent() {
        check(999_999.0, b'g', -1, "999999");
        check(1e6, b'g', -1, "1e+06");
        check(1_234_567.0, b'g', -1, "1.234567e+06");
        check(0.0001, b'g', -1, "0.0001");
        check(0.00001, b'G', -1, "1E-05");
        check(-0.0, b'g', -1, "-0");
        check(123_456.0, b'g', 3, "1.23e+05");
    }

    #[test]
    fn digits_halfway_between_go_to_even() {
        check(1_125_899_906_842_623.2, b'f', -1, "1125899906842623.2");
        check(2.5, b'e', 0, "2e+00");
        check(0.125, b'f', 2, "0.12");
        assert_eq!(format_float(338_704.625, b'g', -1, 32), "338704.62");
    }

    #[test]
    fn precision_may_be_larger_than_any_number_has() {
        assert_eq!(format_float(0.1, b'f', 100_000, 64).len(), 100_002);
        assert_eq!(format_float(0.1, b'e', 100_000, 64).len(), 100_006);
    }

    #[test]
    fn binary_and_hexadecimal_show_the_bits() {
        check(1.0, b'b', -1, "4503599627370496p-52");
        check(-1.5, b'x', -1, "-0x1.8p+00");
        check(1.5, b'X', 0, "0X1P+01");
        check(0.0, b'x', 3, "0x0.000p+00");
    }

    #[test]
    fn what_is_no_number_has_a_name() {
        check(f64::NAN, b'g', -1, "NaN");
        check(f64::NEG_INFINITY, b'f', 2, "-Inf");
        let large = |format| format_float(-1e300, format, -1, 32);
        assert_eq!([b'g', b'f', b'e', b'b', b'x'].map(large), ["-Inf"; 5]);
    }
}
