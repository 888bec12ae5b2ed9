use plimsoll_source::strconv;

use super::Spec;
use super::pad::{pad, pad_with_spaces};

/// An integer of any Go type.
#[derive(Clone, Copy)]
pub(super) struct Integer {
    pub(super) magnitude: u64,
    pub(super) negative: bool,
    pub(super) signed: bool,
}

impl Integer {
    pub(super) fn signed(value: i64) -> Integer {
        Integer { magnitude: value.unsigned_abs(), negative: value < 0, signed: true }
    }

    pub(super) fn unsigned(value: u64) -> Integer {
        Integer { magnitude: value, negative: false, signed: false }
    }

    /// The number's bits, which `%c`, `%q` and `%U` look at.
    fn bits(self) -> u64 {
        if self.negative { self.magnitude.wrapping_neg() } else { self.magnitude }
    }
}

/// Appends an integer under one of the verbs that integers have; false for another verb.
pub(super) fn append_integer(out: &mut Vec<u8>, spec: &Spec, value: Integer, verb: char) -> bool {
    match verb {
        'v' if spec.sharp_v && !value.signed => {
            append_digits(out, &Spec { sharp: true, ..*spec }, value, 16, 'v');
        }
        'v' | 'd' => append_digits(out, spec, value, 10, verb),
        'b' => append_digits(out, spec, value, 2, verb),
        'o' | 'O' => append_digits(out, spec, value, 8, verb),
        'x' | 'X' => append_digits(out, spec, value, 16, verb),
        'c' => pad(out, spec, rune(value).encode_utf8(&mut [0; 4]).as_bytes()),
        'q' if spec.plus => {
            pad(out, spec, strconv::quote_char_to_ascii(rune(value).into()).as_bytes());
        }
        'q' => pad(out, spec, strconv::quote_char(rune(value).into()).as_bytes()),
        'U' => append_code_point(out, spec, value.bits()),
        _ => return false,
    }
    true
}

/// Appends `0x1f`, what Go syntax shows of bytes and addresses.
pub(super) fn append_prefixed_hex(out: &mut Vec<u8>, spec: &Spec, value: u64) {
    append_digits(out, &Spec { sharp: true, ..*spec }, Integer::unsigned(value), 16, 'v');
}

fn rune(value: Integer) -> char {
    let rune = u32::try_from(value.bits()).ok().and_then(char::from_u32);
    rune.unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn append_digits(out: &mut Vec<u8>, spec: &Spec, value: Integer, base: u64, verb: char) {
    if spec.precision == Some(0) && value.magnitude == 0 {
        return pad_with_spaces(out, spec, b"");
    }
    let mut buffer = [0; 64];
    let digits = digits(&mut buffer, value.magnitude, base, verb == 'X');
    let sign = value.negative || spec.plus || spec.space;
    let least = match (spec.precision, spec.width) {
        (Some(precision), _) => precision,
        (None, Some(width)) if spec.zero && !spec.minus => width.saturating_sub(sign.into()),
        _ => 0,
    };
    let zeros = least.saturating_sub(digits.len());
    let mut text = Vec::with_capacity(digits.len() + zeros + 5);
    if sign {
        text.push(sign_of(spec, value.negative));
    }
    if verb == 'O' {
        text.extend_from_slice(b"0o");
    }
    match base {
        2 if spec.sharp => text.extend_from_slice(b"0b"),
        8 if spec.sharp && zeros == 0 && digits[0] != b'0' => text.push(b'0'),
        16 if spec.sharp => text.extend_from_slice(if verb == 'X' { b"0X" } else { b"0x" }),
        _ => {}
    }
    text.resize(text.len() + zeros, b'0');
    text.extend_from_slice(digits);
    pad_with_spaces(out, spec, &text);
}

fn sign_of(spec: &Spec, negative: bool) -> u8 {
    match (negative, spec.plus) {
        (true, _) => b'-',
        (false, true) => b'+',
        (false, false) => b' ',
    }
}

fn digits(buffer: &mut [u8; 64], mut value: u64, base: u64, upper: bool) -> &[u8] {
    let symbols: &[u8; 16] = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
    let mut at = buffer.len();
    loop {
        at -= 1;
        buffer[at] = symbols[(value % base) as usize];
        value /= base;
        if value == 0 {
            return &buffer[at..];
        }
    }
}

/// The verb `%U`: at least four digits, with `#` the character itself too.
fn append_code_point(out: &mut Vec<u8>, spec: &Spec, value: u64) {
    let digits = spec.precision.unwrap_or(0).max(4);
    let mut buffer = [0; 64];
    let known = self::digits(&mut buffer, value, 16, true);
    let mut text = b"U+".to_vec();
    text.resize(2 + digits.saturating_sub(known.len()), b'0');
    text.extend_from_slice(known);
    let rune = u32::try_from(value).ok().and_then(char::from_u32);
    if let Some(rune) = rune.filter(|rune| spec.sharp && strconv::is_print(*rune)) {
        text.extend_from_slice(format!(" '{rune}'").as_bytes());
    }
    pad_with_spaces(out, spec, &text);
}

/// Appends a float under one of the verbs that floats have; false for another verb.
pub(super) fn append_float(out: &mut Vec<u8>, spec: &Spec, value: f64, verb: char) -> bool {
    let (format, precision) = match verb {
        'v' => (b'g', -1),
        'b' | 'g' | 'G' | 'x' | 'X' => (verb as u8, -1),
        'e' | 'E' | 'f' => (verb as u8, 6),
        'F' => (b'f', 6),
        _ => return false,
    };
    let precision = spec.precision.map_or(precision, |precision| precision as i32);
    if spec.width.is_none() && !spec.sharp && !spec.plus && !spec.space && value.is_finite() {
        strconv::append_float(out, value, format, precision, 64);
    } else {
        append_float_with_flags(out, spec, value, format, precision);
    }
    true
}

fn append_float_with_flags(out: &mut Vec<u8>, spec: &Spec, value: f64, format: u8, precision: i32) {
    let mut number = Vec::with_capacity(32);
    strconv::append_float(&mut number, value, format, precision, 64);
    let mut sign = b'+';
    if let Some(b'+' | b'-') = number.first() {
        sign = number.remove(0);
    }
    if spec.space && sign == b'+' && !spec.plus {
        sign = b' ';
    }
    if !value.is_finite() {
        let signless = value.is_nan() && !spec.space && !spec.plus;
        if !signless {
            number.insert(0, sign);
        }
        return pad_with_spaces(out, spec, &number);
    }
    if spec.sharp && format != b'b' {
        number = with_point(number, format, precision);
    }
    if !spec.plus && sign == b'+' {
        return pad(out, spec, &number);
    }
    // Zeros go between the sign and the number.
    if spec.zero && !spec.minus && spec.width.is_some_and(|width| width > number.len() + 1) {
        out.push(sign);
        let width = spec.width.map(|width| width - 1);
        return pad(out, &Spec { width, ..*spec }, &number);
    }
    number.insert(0, sign);
    pad(out, spec, &number);
}

/// The `#` flag: always a point, and for `%g` and its like the zeros that it would drop.
fn with_point(mut number: Vec<u8>, format: u8, precision: i32) -> Vec<u8> {
    let hex = matches!(format, b'x' | b'X');
    let exponent = |c: &u8| matches!(c, b'p' | b'P') || !hex && matches!(c, b'e' | b'E');
    let split = number.iter().position(exponent).unwrap_or(number.len());
    let tail = number.split_off(split);
    // Go forgets `X` here, so that `%#X` keeps its digits.
    let mut wanted = match format {
        b'g' | b'G' | b'x' => {
            if precision < 0 {
                6
            } else {
                precision
            }
        }
        _ => 0,
    };
    let significant =
        number.iter().skip_while(|c| matches!(c, b'0' | b'.')).filter(|c| **c != b'.');
    wanted -= significant.count() as i32;
    if !number.contains(&b'.') {
        wanted -= i32::from(number == b"0");
        number.push(b'.');
    }
    number.resize(number.len() + wanted.max(0) as usize, b'0');
    number.extend_from_slice(&tail);
    number
}

/// Appends a complex number under one of the verbs that floats have; false for another verb.
pub(super) fn append_complex(out: &mut Vec<u8>, spec: &Spec, re: f64, im: f64, verb: char) -> bool {
    let start = out.len();
    out.push(b'(');
    let known = append_float(out, spec, re, verb)
        && append_float(out, &Spec { plus: true, ..*spec }, im, verb);
    if known {
        out.extend_from_slice(b"i)");
    } else {
        out.truncate(start);
    }
    known
}
