use super::append_int;
use super::float::write_exponent;

/// A finite, positive number as `mantissa × 2^exponent`.
struct Binary {
    mantissa: u64,
    exponent: i32,
    /// How many bits the mantissa has behind its first.
    width: u32,
}

fn binary(value: f64, bits: u32) -> Binary {
    let (raw, width, bias) = if bits == 32 {
        (u64::from((value as f32).to_bits()), 23, 127)
    } else {
        (value.to_bits(), 52, 1023)
    };
    let fraction = raw & ((1 << width) - 1);
    let biased = (raw >> width) as i32;
    let mantissa = if biased == 0 { fraction } else { fraction | 1 << width };
    Binary { mantissa, exponent: biased.max(1) - bias - width as i32, width }
}

/// The `b` format: mantissa and binary exponent in decimal, `4503599627370496p-52`.
pub(super) fn append_binary(out: &mut Vec<u8>, value: f64, bits: u32) {
    let parts = binary(value, bits);
    append_int(out, parts.mantissa as i64);
    out.extend_from_slice(if parts.exponent < 0 { b"p" } else { b"p+" });
    append_int(out, parts.exponent.into());
}

/// The `x` and `X` formats: `0x1.8p+01`.
pub(super) fn append_hex(
    out: &mut Vec<u8>,
    value: f64,
    x: u8,
    precision: Option<usize>,
    bits: u32,
) {
    let parts = binary(value, bits);
    // The leading one goes to bit 60, so that fifteen hexadecimal digits follow it.
    let shift = if parts.mantissa == 0 { 0 } else { parts.mantissa.leading_zeros() - 3 };
    let mut mantissa = parts.mantissa << shift;
    let mut exponent = if mantissa == 0 { 0 } else { parts.exponent + 60 - shift as i32 };
    debug_assert!(parts.width < 60);
    if let Some(precision @ 0..15) = precision {
        mantissa = round_to_digits(mantissa, precision as u32);
        if mantissa >> 61 != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let digits: &[u8; 16] = if x == b'X' { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
    out.extend_from_slice(&[b'0', x, b'0' + (mantissa >> 60) as u8]);
    let fraction = mantissa & ((1 << 60) - 1);
    let count = precision.unwrap_or_else(|| 15 - (fraction.trailing_zeros() as usize).min(60) / 4);
    if count > 0 {
        out.push(b'.');
        let known = count.min(15);
        out.extend((0..known).map(|at| digits[(fraction >> (56 - 4 * at) & 15) as usize]));
        out.resize(out.len() + count - known, b'0');
    }
    out.push(if x == b'X' { b'P' } else { b'p' });
    write_exponent(out, exponent);
}

/// Rounds to so many hexadecimal digits behind bit 60, half to even.
fn round_to_digits(mantissa: u64, digits: u32) -> u64 {
    let dropped = 60 - 4 * digits;
    let kept = mantissa >> dropped;
    let rest = mantissa & ((1 << dropped) - 1);
    let half = 1_u64 << (dropped - 1);
    let up = rest > half || rest == half && kept & 1 == 1;
    (kept + u64::from(up)) << dropped
}
