use plimsoll_gotmpl::{IntType, Value};
use plimsoll_source::strconv;

use super::quote::quote;

const SECOND: i64 = 1_000_000_000;

/// Go's `time.ParseDuration`, in nanoseconds.
pub(super) fn parse_duration(text: &[u8]) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quote(text));
    let (negative, mut rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if rest == b"0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0_u64;
    while !rest.is_empty() {
        let number = Number::read(rest).ok_or_else(invalid)?;
        rest = &rest[number.length..];
        let length = rest.iter().position(|c| *c == b'.' || c.is_ascii_digit());
        let (unit, after) = rest.split_at(length.unwrap_or(rest.len()));
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {}", quote(text)));
        }
        let Some(nanoseconds) = nanoseconds_of(unit) else {
            return Err(format!("time: unknown unit {} in duration {}", quote(unit), quote(text)));
        };
        let part = number.times(nanoseconds).ok_or_else(invalid)?;
        total = total.checked_add(part).filter(|total| *total <= 1 << 63).ok_or_else(invalid)?;
        rest = after;
    }
    match (negative, i64::try_from(total)) {
        (true, _) => Ok((total as i64).wrapping_neg()),
        (false, Ok(total)) => Ok(total),
        (false, Err(_)) => Err(invalid()),
    }
}

fn nanoseconds_of(unit: &[u8]) -> Option<u64> {
    Some(match unit {
        b"ns" => 1,
        b"us" | b"\xc2\xb5s" | b"\xce\xbcs" => 1_000,
        b"ms" => 1_000_000,
        b"s" => 1_000_000_000,
        b"m" => 60_000_000_000,
        b"h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// A decimal number as a whole part and a fraction `fraction / scale`.
struct Number {
    whole: u64,
    fraction: u64,
    scale: f64,
    /// How many bytes it takes.
    length: usize,
}

impl Number {
    fn read(text: &[u8]) -> Option<Number> {
        let digits = |text: &[u8]| text.iter().take_while(|c| c.is_ascii_digit()).count();
        let before = digits(text);
        let mut number = Number { whole: 0, fraction: 0, scale: 1.0, length: before };
        for c in &text[..before] {
            let grown = number.whole.checked_mul(10)?.checked_add(u64::from(c - b'0'))?;
            number.whole = Some(grown).filter(|whole| *whole <= 1 << 63)?;
        }
        let Some(b'.') = text.get(before) else { return (before > 0).then_some(number) };
        let decimals = &text[before + 1..];
        let after = digits(decimals);
        for c in &decimals[..after] {
            // Further digits are less than a nanosecond of any unit.
            let next = number.fraction.saturating_mul(10).saturating_add(u64::from(c - b'0'));
            if number.fraction > i64::MAX as u64 / 10 || next > 1 << 63 {
                break;
            }
            number.fraction = next;
            number.scale *= 10.0;
        }
        number.length += 1 + after;
        (before + after > 0).then_some(number)
    }

    fn times(&self, unit: u64) -> Option<u64> {
        if self.whole > (1 << 63) / unit {
            return None;
        }
        let part = (self.fraction as f64 * (unit as f64 / self.scale)) as u64;
        (self.whole * unit).checked_add(part).filter(|total| *total <= 1 << 63)
    }
}

/// Helm's reading of a value as a duration: durations, texts such as `1h30m` or a number of
/// seconds, numbers of seconds.
pub(super) fn as_duration(value: &Value) -> Result<i64, String> {
    match value {
        Value::Nil => Err("invalid duration".to_owned()),
        Value::Int(IntType::Duration, _, nanoseconds) => Ok(*nanoseconds),
        Value::Int(_, _, seconds) => {
            seconds.checked_mul(SECOND).ok_or_else(|| too_many_seconds(&seconds.to_string()))
        }
        Value::Uint(_, _, seconds) => i64::try_from(*seconds)
            .ok()
            .and_then(|whole| whole.checked_mul(SECOND))
            .ok_or_else(|| too_many_seconds(&seconds.to_string())),
        Value::Float(_, seconds) => from_seconds(*seconds),
        Value::Text(_, text) => from_text(text),
        _ => Err(format!("unsupported duration type {}", value.type_name())),
    }
}

fn too_many_seconds(shown: &str) -> String {
    format!("duration seconds overflow: {shown}")
}

fn from_text(text: &[u8]) -> Result<i64, String> {
    let lossy = String::from_utf8_lossy(text);
    let trimmed = lossy.trim_matches(|c: char| c.is_whitespace());
    if trimmed.is_empty() {
        return Err("empty duration".to_owned());
    }
    if let Ok(nanoseconds) = parse_duration(trimmed.as_bytes()) {
        return Ok(nanoseconds);
    }
    match strconv::parse_float(trimmed.as_bytes(), 64) {
        Ok(seconds) => from_seconds(seconds),
        Err(_) => Err(format!("could not parse duration {}", strconv::quote(text))),
    }
}

fn from_seconds(seconds: f64) -> Result<i64, String> {
    let shown = || strconv::format_float(seconds, b'g', -1, 64);
    if !seconds.is_finite() {
        return Err(format!("invalid duration seconds: {}", shown()));
    }
    let limit = i64::MAX as f64;
    if seconds.abs() > limit / SECOND as f64 {
        return Err(too_many_seconds(&shown()));
    }
    let nanoseconds = seconds * SECOND as f64;
    if nanoseconds.abs() > limit {
        let shown = strconv::format_float(nanoseconds, b'g', -1, 64);
        return Err(format!("duration nanoseconds overflow: {shown}"));
    }
    Ok(crate::cast::cut(nanoseconds))
}

/// sprig's `durationRound`: the largest unit alone, years of 365 and months of 30 days.
pub(super) fn largest_unit(duration: i64) -> String {
    const HOUR: u64 = 3600 * SECOND as u64;
    let total = duration.unsigned_abs();
    let units = [
        (365 * 24 * HOUR, "y"),
        (30 * 24 * HOUR, "mo"),
        (24 * HOUR, "d"),
        (HOUR, "h"),
        (HOUR / 60, "m"),
        (HOUR / 3600, "s"),
    ];
    match units.iter().find(|(unit, _)| total > *unit) {
        Some((unit, name)) => format!("{}{name}", total / unit),
        None => "0s".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: Result<i64, &str>) {
        assert_eq!(parse_duration(text.as_bytes()), want.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn durations_are_read_as_go_does() {
        check("1h2m3.5s", Ok(3_723_500_000_000));
        check("-1.5ms", Ok(-1_500_000));
        check("1µs", Ok(1_000));
        check(".5s", Ok(500_000_000));
        check("0", Ok(0));
        check("-9223372036854775808ns", Ok(i64::MIN));
        check("9223372036854775808ns", Err("time: invalid duration \"9223372036854775808ns\""));
        check("12", Err("time: missing unit in duration \"12\""));
        check("1é", Err(r#"time: unknown unit "\xc3\xa9" in duration "1\xc3\xa9""#));
        check("", Err("time: invalid duration \"\""));
        check(".s", Err("time: invalid duration \".s\""));
    }

    #[test]
    fn the_largest_unit_must_be_exceeded() {
        assert_eq!(largest_unit(3600 * SECOND), "60m");
        assert_eq!(largest_unit(-7800 * SECOND), "2h");
        assert_eq!(largest_unit(SECOND), "0s");
    }
}
