//! Durations and times.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::fault::Fault;
use super::number::overflow;
use super::value::Value;

const SECOND: i64 = 1_000_000_000;
const UNITS: &[(&str, f64)] = &[
    ("ns", 1.0),
    ("us", 1e3),
    ("µs", 1e3),
    ("μs", 1e3),
    ("ms", 1e6),
    ("s", 1e9),
    ("m", 60e9),
    ("h", 3600e9),
];

/// A duration as Go reads it, in nanoseconds.
pub(super) fn read_duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        let length = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(length);
        let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit)?;
        total += part(number, *scale)?;
        rest = after;
    }
    i64::try_from(total).ok().map(|total| sign * total)
}

fn part(number: &str, scale: f64) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') || number.len() > 40 {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let fraction: f64 =
        if fraction.is_empty() { 0.0 } else { format!("0.{fraction}").parse().ok()? };
    let scaled = whole.checked_mul(scale as i128)?;
    (scaled < i128::from(i64::MAX)).then_some(scaled + (fraction * scale) as i128)
}

pub(super) fn is_duration(text: &str) -> bool {
    read_duration(text).is_some()
}

/// A time of RFC 3339.
pub(super) fn read_timestamp(text: &str) -> Option<Timestamp> {
    if !crate::validate::is_time(text) {
        return None;
    }
    text.parse().ok()
}

/// A duration as Go writes it in seconds: `90s`, `1.5s`.
pub(super) fn duration_text(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let whole = nanoseconds.unsigned_abs() / SECOND as u64;
    let part = nanoseconds.unsigned_abs() % SECOND as u64;
    if part == 0 {
        return format!("{sign}{whole}s");
    }
    let digits = format!("{part:09}");
    format!("{sign}{whole}.{}s", digits.trim_end_matches('0'))
}

pub(super) fn call<'a>(name: &str, args: &[Value<'a>]) -> Result<Option<Value<'a>>, Fault> {
    match args {
        [Value::Duration(one), Value::Duration(two)] => {
            let found = match name {
                "_+_" => one.checked_add(*two),
                "_-_" => one.checked_sub(*two),
                _ => return Ok(None),
            };
            found.map(|value| Some(Value::Duration(value))).ok_or_else(|| overflow("duration"))
        }
        [Value::Timestamp(time), Value::Duration(by)]
        | [Value::Duration(by), Value::Timestamp(time)]
            if name == "_+_" =>
        {
            shift(*time, *by)
        }
        [Value::Timestamp(time), Value::Duration(by)] if name == "_-_" => {
            shift(*time, by.checked_neg().ok_or_else(|| overflow("duration"))?)
        }
        [Value::Timestamp(one), Value::Timestamp(two)] if name == "_-_" => {
            let apart = one.as_nanosecond() - two.as_nanosecond();
            let apart = i64::try_from(apart).map_err(|_| overflow("timestamp"))?;
            Ok(Some(Value::Duration(apart)))
        }
        [Value::Duration(whole)] => Ok(of_duration(name, *whole).map(Value::Int)),
        [Value::Timestamp(time)] => Ok(of_time(name, *time, &TimeZone::UTC).map(Value::Int)),
        [Value::Timestamp(time), Value::Text(zone)] => {
            let Some(found) = zone_named(zone) else {
                return if name.starts_with("get") {
                    Fault::error(format!("unknown time zone {}", &**zone))
                } else {
                    Ok(None)
                };
            };
            Ok(of_time(name, *time, &found).map(Value::Int))
        }
        _ => Ok(None),
    }
}

fn zone_named(name: &str) -> Option<TimeZone> {
    if let Some((hours, minutes)) = name.split_once(':') {
        let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
        if !(0..60).contains(&minutes) || hours.abs() > 24 {
            return None;
        }
        let sign = if name.starts_with('-') { -60 } else { 60 };
        let seconds = hours * 3600 + sign * minutes;
        return jiff::tz::Offset::from_seconds(seconds).ok().map(TimeZone::fixed);
    }
    TimeZone::get(name).ok()
}

fn shift<'a>(time: Timestamp, by: i64) -> Result<Option<Value<'a>>, Fault> {
    let shifted = time.as_nanosecond() + i128::from(by);
    match Timestamp::from_nanosecond(shifted) {
        Ok(time) => Ok(Some(Value::Timestamp(time))),
        Err(_) => Err(overflow("timestamp")),
    }
}

fn of_duration(name: &str, whole: i64) -> Option<i64> {
    Some(match name {
        "getHours" => whole / (3600 * SECOND),
        "getMinutes" => whole / (60 * SECOND),
        "getSeconds" => whole / SECOND,
        "getMilliseconds" => whole / 1_000_000,
        _ => return None,
    })
}

fn of_time(name: &str, time: Timestamp, zone: &TimeZone) -> Option<i64> {
    let time = time.to_zoned(zone.clone());
    Some(match name {
        "getFullYear" => i64::from(time.year()),
        "getMonth" => i64::from(time.month()) - 1,
        "getDayOfYear" => i64::from(time.day_of_year()) - 1,
        "getDayOfMonth" => i64::from(time.day()) - 1,
        "getDate" => i64::from(time.day()),
        "getDayOfWeek" => i64::from(time.weekday().to_sunday_zero_offset()),
        "getHours" => i64::from(time.hour()),
        "getMinutes" => i64::from(time.minute()),
        "getSeconds" => i64::from(time.second()),
        "getMilliseconds" => i64::from(time.millisecond()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_gos() {
        assert_eq!(read_duration("1h30m"), Some(5400 * SECOND));
        assert_eq!(read_duration("-1.5s"), Some(-1_500_000_000));
        assert_eq!(read_duration("1"), None);
        assert_eq!(read_duration("99999999999h"), None);
        assert_eq!(duration_text(1_500_000_000), "1.5s");
        assert_eq!(duration_text(-60 * SECOND), "-60s");
    }
}
