//! What a plain scalar is: go-yaml's YAML 1.1 table, numbers and time stamps.

use plimsoll_source::strconv;

use crate::node::Kind;

/// A resolved scalar and the short tag that go-yaml gives it.
pub(crate) struct Resolved {
    pub(crate) tag: &'static str,
    pub(crate) kind: Kind,
}

fn resolved(tag: &'static str, kind: Kind) -> Resolved {
    Resolved { tag, kind }
}

/// Whether go-yaml looks at the text of a scalar with this tag.
pub(crate) fn is_resolvable(tag: &[u8]) -> bool {
    matches!(tag, b"" | b"!!str" | b"!!bool" | b"!!int" | b"!!float" | b"!!null" | b"!!timestamp")
}

/// Whether an untagged plain scalar is a string.
pub(crate) fn reads_as_string(text: &[u8]) -> bool {
    match text.first() {
        None => false,
        Some(
            b'y'
            | b'Y'
            | b'n'
            | b'N'
            | b't'
            | b'T'
            | b'f'
            | b'F'
            | b'o'
            | b'O'
            | b'~'
            | b'.'
            | b'+'
            | b'-'
            | b'0'..=b'9',
        ) => resolve_special(text).is_none(),
        Some(_) => true,
    }
}

/// Whether an untagged plain scalar that is not empty is a string, and no merge key either.
pub(crate) fn is_string_key(text: &[u8]) -> bool {
    reads_as_string(text) && text != b"<<"
}

/// Whether an untagged plain scalar is a number that JSON has no text for.
pub(crate) fn is_not_finite(text: &[u8]) -> bool {
    matches!(text, [b'.' | b'+' | b'-', ..])
        && matches!(named(text), Some(Resolved { kind: Kind::Float(_), .. }))
}

/// What an untagged plain scalar is.
pub(crate) fn resolve_plain(text: &[u8]) -> Resolved {
    if text.is_empty() {
        return resolved("!!null", Kind::Null);
    }
    resolve_special(text).unwrap_or_else(|| resolved("!!str", Kind::Text(text.to_vec())))
}

/// What a plain scalar is that is no string.
fn resolve_special(text: &[u8]) -> Option<Resolved> {
    match text[0] {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => named(text),
        b'.' => named(text)
            .or_else(|| go_float(text).map(|value| resolved("!!float", Kind::Float(value)))),
        b'+' | b'-' => named(text).or_else(|| number(text)),
        b'0'..=b'9' => number(text),
        _ => None,
    }
}

fn named(text: &[u8]) -> Option<Resolved> {
    Some(match text {
        b"y" | b"Y" | b"yes" | b"Yes" | b"YES" | b"true" | b"True" | b"TRUE" | b"on" | b"On"
        | b"ON" => resolved("!!bool", Kind::Bool(true)),
        b"n" | b"N" | b"no" | b"No" | b"NO" | b"false" | b"False" | b"FALSE" | b"off" | b"Off"
        | b"OFF" => resolved("!!bool", Kind::Bool(false)),
        b"~" | b"null" | b"Null" | b"NULL" => resolved("!!null", Kind::Null),
        b".nan" | b".NaN" | b".NAN" => resolved("!!float", Kind::Float(f64::NAN)),
        b".inf" | b".Inf" | b".INF" | b"+.inf" | b"+.Inf" | b"+.INF" => {
            resolved("!!float", Kind::Float(f64::INFINITY))
        }
        b"-.inf" | b"-.Inf" | b"-.INF" => resolved("!!float", Kind::Float(f64::NEG_INFINITY)),
        _ => return None,
    })
}

fn number(text: &[u8]) -> Option<Resolved> {
    if is_timestamp(text) {
        return Some(resolved("!!timestamp", Kind::Text(text.to_vec())));
    }
    // No number has other characters, in any base.
    let possible = |byte: &u8| byte.is_ascii_hexdigit() || b"_.+-xXoO".contains(byte);
    if !text.iter().all(possible) {
        return None;
    }
    let digits: Vec<u8> = text.iter().copied().filter(|&byte| byte != b'_').collect();
    let digits = std::str::from_utf8(&digits).ok()?;
    let int = |kind| Some(resolved("!!int", kind));
    if let Some(value) = parse_integer(digits) {
        return int(value);
    }
    let float = is_float(digits.as_bytes()).then(|| go_float(digits.as_bytes())).flatten();
    if let Some(value) = float {
        return Some(resolved("!!float", Kind::Float(value)));
    }
    signed_binary(digits).map(|value| resolved("!!int", Kind::Int(value)))
}

/// go-yaml: after `0b` the digits are read once more, and may have a sign of their own there.
fn signed_binary(text: &str) -> Option<i64> {
    let digits = text.strip_prefix("0b")?;
    if !digits.starts_with(['-', '+']) {
        return None;
    }
    i64::from_str_radix(digits, 2).ok()
}

/// Go's `ParseInt(text, 0, 64)`, then `ParseUint`.
fn parse_integer(text: &str) -> Option<Kind> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let signed = digits.len() != text.len();
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| char::from(byte).is_digit(radix)) {
        return None;
    }
    let value = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        return (value <= 1 << 63).then(|| Kind::Int((value as i64).wrapping_neg()));
    }
    match i64::try_from(value) {
        Ok(value) => Some(Kind::Int(value)),
        Err(_) if signed => None,
        Err(_) => Some(Kind::Uint(value)),
    }
}

/// go-yaml: `yamlStyleFloat`.
fn is_float(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(text);
    let mut rest = &text[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if whole == 0 && count == 0 {
            return false;
        }
        rest = &fraction[count..];
    } else if whole == 0 {
        return false;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = match exponent {
            [b'+' | b'-', digits @ ..] => digits,
            _ => exponent,
        };
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}

fn go_float(text: &[u8]) -> Option<f64> {
    strconv::parse_float(text, 64).ok()
}

/// go-yaml: `parseTimestamp`, the layouts that it allows.
fn is_timestamp(text: &[u8]) -> bool {
    let year = text.len() > 5 && text[..4].iter().all(u8::is_ascii_digit) && text[4] == b'-';
    year && timestamp(&text[5..], &text[..4]).is_some()
}

fn timestamp(text: &[u8], year: &[u8]) -> Option<()> {
    let year = number_of(year)?;
    let (month, rest) = one_or_two(text)?;
    let (day, rest) = one_or_two(rest.strip_prefix(b"-")?)?;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=days).contains(&day) {
        return None;
    }
    let (zoned, rest) = match rest {
        [] => return Some(()),
        [b'T' | b't', rest @ ..] => (true, rest),
        [b' ', rest @ ..] => (false, rest),
        _ => return None,
    };
    let (hour, rest) = one_or_two(rest)?;
    let (minute, rest) = one_or_two(rest.strip_prefix(b":")?)?;
    let (second, mut rest) = one_or_two(rest.strip_prefix(b":")?)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    if let [b'.' | b',', fraction @ ..] = rest {
        let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        rest = &fraction[digits..];
    }
    match (zoned, rest) {
        (false, []) | (true, b"Z") => Some(()),
        (true, [b'+' | b'-', a, b, b':', c, d]) => {
            let hours = number_of(&[*a, *b])?;
            let minutes = number_of(&[*c, *d])?;
            (hours <= 24 && minutes < 60).then_some(())
        }
        _ => None,
    }
}

fn one_or_two(text: &[u8]) -> Option<(u32, &[u8])> {
    let digits = text.iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
    Some((number_of(&text[..digits])?, &text[digits..]))
}

fn number_of(digits: &[u8]) -> Option<u32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}
