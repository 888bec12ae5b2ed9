use plimsoll_gotmpl::Value;
use plimsoll_source::strconv::{self, NumErrorKind};

use super::cursor::{Cursor, Fault};
use crate::civil::Day;
use crate::dates::toml_time::{TomlZone as Zone, time_value};

/// Reads an integer as the library does: decimal, or with `0x`, `0o`, `0b`.
pub(super) fn integer(cursor: &Cursor<'_>, text: &[u8]) -> Result<Value, Fault> {
    let shown = || strconv::quote(text);
    if !underscores_ok(text) {
        let message =
            format!("Invalid integer {}: underscores must be surrounded by digits", shown());
        return Err(cursor.fault(message));
    }
    if has_leading_zero(text) {
        let message = format!("Invalid integer {}: cannot have leading zeroes", shown());
        return Err(cursor.fault(message));
    }
    strconv::parse_int(text, 0, 64)
        .map(Value::int64)
        .map_err(|_| cursor.fault(format!("{} is out of range for int64", lossy(text))))
}

/// Reads a float, `inf` and `nan` included.
pub(super) fn float(cursor: &Cursor<'_>, text: &[u8]) -> Result<Value, Fault> {
    let invalid =
        |why: &str| Err(cursor.fault(format!("Invalid float {}: {why}", strconv::quote(text))));
    let mut parts = text
        .split(|byte| matches!(byte, b'.' | b'e' | b'E'))
        .filter(|part| !part.is_empty())
        .peekable();
    let first = parts.peek().copied().unwrap_or_default();
    if !parts.all(underscores_ok) {
        return invalid("underscores must be surrounded by digits");
    }
    if has_leading_zero(first) {
        return invalid("cannot have leading zeroes");
    }
    if !periods_ok(text) {
        return invalid("'.' must be followed by one or more digits");
    }
    let digits: Vec<u8> = text.iter().copied().filter(|byte| *byte != b'_').collect();
    if matches!(&digits[..], b"nan" | b"+nan" | b"-nan") {
        let nan = if digits[0] == b'-' { -f64::NAN } else { f64::NAN };
        return Ok(Value::float(nan));
    }
    strconv::parse_float(&digits, 64).map(Value::float).map_err(|error| match error.kind {
        NumErrorKind::Range => cursor.fault(format!("{} is out of range for float64", lossy(text))),
        _ => cursor.fault(format!("Invalid float value: {}", strconv::quote(text))),
    })
}

fn lossy(text: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(text)
}

fn has_leading_zero(text: &[u8]) -> bool {
    match text {
        [b'0', b'b' | b'o' | b'x', ..] => false,
        [b'0', _, ..] | [b'+' | b'-', b'0', _, ..] => true,
        _ => false,
    }
}

/// Every underscore stands between digits. The library takes hexadecimal ones for digits.
fn underscores_ok(text: &[u8]) -> bool {
    if matches!(text, b"nan" | b"+nan" | b"-nan" | b"inf" | b"+inf" | b"-inf") {
        return true;
    }
    let mut after_digit = false;
    for byte in text {
        if *byte == b'_' && !after_digit {
            return false;
        }
        after_digit = byte.is_ascii_hexdigit();
    }
    after_digit
}

fn periods_ok(text: &[u8]) -> bool {
    let digit_at = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    text.iter().enumerate().all(|(at, byte)| *byte != b'.' || digit_at(at + 1))
}

/// Reads a date, a time or both.
pub(super) fn datetime(cursor: &Cursor<'_>, text: &[u8]) -> Result<Value, Fault> {
    let text: Vec<u8> = text
        .iter()
        .map(|byte| match byte {
            b'z' => b'Z',
            b't' | b' ' => b'T',
            other => *other,
        })
        .collect();
    Moment::parse(&text)
        .map(Moment::into_value)
        .ok_or_else(|| cursor.fault(format!("invalid datetime: {}", strconv::quote(&text))))
}

/// A date and time as it stands in the text.
#[derive(Default)]
struct Moment {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    nanos: u32,
    zone: Zone,
}

impl Moment {
    fn parse(text: &[u8]) -> Option<Moment> {
        let mut moment = Moment { year: 0, month: 1, day: 1, ..Moment::default() };
        let (date, time) = match text.iter().position(|byte| *byte == b'T') {
            Some(at) => (Some(&text[..at]), Some(&text[at + 1..])),
            None if text.get(2) == Some(&b':') => (None, Some(text)),
            None => (Some(text), None),
        };
        if let Some(date) = date {
            moment.take_date(date)?;
        }
        moment.zone = match (date, time) {
            (Some(_), None) => Zone::LocalDate,
            (None, Some(time)) => {
                if !moment.take_time(time)?.is_empty() {
                    return None;
                }
                Zone::LocalTime
            }
            (_, time) => zone(moment.take_time(time?)?)?,
        };
        Some(moment)
    }

    fn take_date(&mut self, text: &[u8]) -> Option<()> {
        let [year @ .., b'-', m1, m2, b'-', d1, d2] = text else { return None };
        if year.len() != 4 {
            return None;
        }
        self.year = number(year)?;
        self.month = number(&[*m1, *m2])?;
        self.day = number(&[*d1, *d2])?;
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        let days = match self.month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (1..=days).contains(&self.day).then_some(())
    }

    /// Takes `15:04:05.999` or `15:04`; gives what stands behind it.
    fn take_time<'a>(&mut self, text: &'a [u8]) -> Option<&'a [u8]> {
        let [h1, h2, b':', m1, m2, rest @ ..] = text else { return None };
        self.hour = number(&[*h1, *h2]).filter(|hour| *hour < 24)?;
        self.minute = number(&[*m1, *m2]).filter(|minute| *minute < 60)?;
        let [b':', s1, s2, rest @ ..] = rest else { return Some(rest) };
        self.second = number(&[*s1, *s2]).filter(|second| *second < 60)?;
        let Some(fraction) = rest.strip_prefix(b".") else { return Some(rest) };
        let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        let place = |at: usize| fraction[..digits].get(at).map_or(0, |byte| u32::from(byte - b'0'));
        self.nanos = (0..9).fold(0, |sum, at| sum * 10 + place(at));
        Some(&fraction[digits..])
    }

    fn into_value(self) -> Value {
        let Self { year, month, day, .. } = self;
        let days = Day { year, month, day }.to_days() as i64;
        let seconds = days * 86_400 + self.hour * 3600 + self.minute * 60 + self.second;
        time_value(seconds, self.nanos, self.zone)
    }
}

fn zone(text: &[u8]) -> Option<Zone> {
    match text {
        [] => Some(Zone::LocalDatetime),
        b"Z" => Some(Zone::Utc),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let hours = number(&[*h1, *h2]).filter(|hours| *hours <= 24)?;
            let minutes = number(&[*m1, *m2]).filter(|minutes| *minutes < 60)?;
            let seconds = (hours * 3600 + minutes * 60) as i32;
            Some(Zone::Offset(if *sign == b'-' { -seconds } else { seconds }))
        }
        _ => None,
    }
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, digit| {
        digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0'))
    })
}
