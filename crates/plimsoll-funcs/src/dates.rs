//! sprig's functions on dates and durations, and Helm 4's on durations.
//!
//! Times are Go's `time.Time`, an object with its methods; layouts are Go's. Zones come from a
//! bundled database, never from the machine.

mod duration;
mod format;
#[cfg(test)]
mod golden;
mod insides;
mod layout;
mod object;
mod parse;
mod quote;
mod time;
pub(crate) mod toml_time;
mod zone;

use plimsoll_gotmpl::value::fmt::duration_string;
use plimsoll_gotmpl::value::{IntType, duration_in, duration_truncate};
use plimsoll_gotmpl::{CallError, Duration, Function, Int64, Runtime, Text, Value, function};
use plimsoll_source::strconv;

use self::duration::{as_duration, largest_unit, parse_duration};
use self::time::Time;
use self::zone::Zone;

/// The functions of this family.
pub(crate) const DATES: &[Function] = &[
    function!("ago", ago),
    function!("date", date),
    function!("dateInZone", date_in_zone),
    function!("dateModify", date_modify),
    function!("date_in_zone", date_in_zone),
    function!("date_modify", date_modify),
    function!("duration", duration),
    function!("durationDays", duration_days),
    function!("durationHours", duration_hours),
    function!("durationMicroseconds", duration_microseconds),
    function!("durationMilliseconds", duration_milliseconds),
    function!("durationMinutes", duration_minutes),
    function!("durationNanoseconds", duration_nanoseconds),
    function!("durationRound", duration_round),
    function!("durationRoundTo", duration_round_to),
    function!("durationSeconds", duration_seconds),
    function!("durationTruncateTo", duration_truncate_to),
    function!("durationWeeks", duration_weeks),
    function!("htmlDate", html_date),
    function!("htmlDateInZone", html_date_in_zone),
    function!("mustDateModify", must_date_modify),
    function!("mustToDate", must_to_date),
    function!("mustToDuration", must_to_duration),
    function!("must_date_modify", must_date_modify),
    function!("now", now),
    function!("toDate", to_date),
    function!("unixEpoch", unix_epoch),
];

/// What `<input type="date">` takes.
const HTML: &[u8] = b"2006-01-02";
const SECOND: i64 = 1_000_000_000;

fn local(runtime: &mut dyn Runtime) -> Zone {
    Zone::local(runtime.host().local_zone())
}

fn now(runtime: &mut dyn Runtime) -> Time {
    let zone = local(runtime);
    let (seconds, nanoseconds) = runtime.host().now();
    Time { seconds, nanoseconds, zone }
}

/// The time that a value stands for: times themselves, `int`, `int32` and `int64` as seconds since
/// 1970, everything else is now.
fn time_of(runtime: &mut dyn Runtime, value: &Value) -> Time {
    if let Some(time) = value.downcast::<Time>() {
        return time.clone();
    }
    match value {
        Value::Int(IntType::Int | IntType::Int32 | IntType::Int64, _, seconds) => {
            Time { seconds: *seconds, nanoseconds: 0, zone: Zone::Utc }
        }
        _ => now(runtime),
    }
}

/// Formats in a zone by name; `Local` is the local one, an unknown one is UTC.
fn format_in(runtime: &mut dyn Runtime, layout: &[u8], value: &Value, zone: &[u8]) -> Text {
    let time = time_of(runtime, value);
    let zone = if zone == b"Local" {
        local(runtime)
    } else {
        std::str::from_utf8(zone).ok().and_then(Zone::load).unwrap_or(Zone::Utc)
    };
    format::format(&time.in_zone(zone), layout).into()
}

fn date(runtime: &mut dyn Runtime, layout: Text, value: Value) -> Text {
    format_in(runtime, &layout, &value, b"Local")
}

fn date_in_zone(runtime: &mut dyn Runtime, layout: Text, value: Value, zone: Text) -> Text {
    format_in(runtime, &layout, &value, &zone)
}

fn html_date(runtime: &mut dyn Runtime, value: Value) -> Text {
    format_in(runtime, HTML, &value, b"Local")
}

fn html_date_in_zone(runtime: &mut dyn Runtime, value: Value, zone: Text) -> Text {
    format_in(runtime, HTML, &value, &zone)
}

fn date_modify(text: Text, time: Time) -> Time {
    match parse_duration(&text) {
        Ok(duration) => time.add(duration),
        Err(_) => time,
    }
}

fn must_date_modify(text: Text, time: Time) -> Result<Time, CallError> {
    Ok(time.add(parse_duration(&text)?))
}

fn to_date(runtime: &mut dyn Runtime, layout: Text, text: Text) -> Time {
    parse::parse(&layout, &text, &local(runtime)).unwrap_or_else(|_| Time::zero())
}

fn must_to_date(runtime: &mut dyn Runtime, layout: Text, text: Text) -> Result<Time, CallError> {
    Ok(parse::parse(&layout, &text, &local(runtime))?)
}

fn unix_epoch(time: Time) -> String {
    time.seconds.to_string()
}

/// How long ago a time is, in whole seconds; sprig does not take an `int32` here.
fn ago(runtime: &mut dyn Runtime, value: Value) -> String {
    let value = match value {
        Value::Int(IntType::Int32, ..) => Value::Nil,
        value => value,
    };
    let time = time_of(runtime, &value);
    duration_string(plimsoll_gotmpl::value::duration_round(now(runtime).since(&time), SECOND))
}

/// Seconds as Go prints a duration: an `int64` or a text; everything else is none.
fn duration(value: Value) -> String {
    let seconds = match &value {
        Value::Int(IntType::Int64, _, seconds) => *seconds,
        Value::Text(_, text) => {
            strconv::parse_int(text, 10, 64).unwrap_or_else(|error| error.value)
        }
        _ => 0,
    };
    duration_string(seconds.wrapping_mul(SECOND))
}

fn duration_round(runtime: &mut dyn Runtime, value: Value) -> String {
    if let Some(time) = value.downcast::<Time>() {
        return largest_unit(now(runtime).since(time));
    }
    largest_unit(match &value {
        Value::Int(IntType::Int64, _, nanoseconds) => *nanoseconds,
        Value::Text(_, text) => parse_duration(text).unwrap_or(0),
        _ => 0,
    })
}

fn must_to_duration(value: Value) -> Result<Duration, CallError> {
    Ok(Duration(as_duration(&value)?))
}

/// Helm's functions but `mustToDuration` take what is no duration as none.
fn duration_or_zero(value: &Value) -> i64 {
    as_duration(value).unwrap_or(0)
}

fn duration_nanoseconds(value: Value) -> Int64 {
    Int64(duration_or_zero(&value))
}

fn duration_microseconds(value: Value) -> Int64 {
    Int64(duration_or_zero(&value) / 1_000)
}

fn duration_milliseconds(value: Value) -> Int64 {
    Int64(duration_or_zero(&value) / 1_000_000)
}

fn duration_seconds(value: Value) -> f64 {
    duration_in(duration_or_zero(&value), SECOND)
}

fn duration_minutes(value: Value) -> f64 {
    duration_in(duration_or_zero(&value), 60 * SECOND)
}

fn duration_hours(value: Value) -> f64 {
    duration_in(duration_or_zero(&value), 3600 * SECOND)
}

fn duration_days(value: Value) -> f64 {
    duration_hours(value) / 24.0
}

fn duration_weeks(value: Value) -> f64 {
    duration_days(value) / 7.0
}

fn duration_round_to(value: Value, multiple: Value) -> Duration {
    to_multiple(&value, &multiple, plimsoll_gotmpl::value::duration_round)
}

fn duration_truncate_to(value: Value, multiple: Value) -> Duration {
    to_multiple(&value, &multiple, duration_truncate)
}

/// A multiple that is no duration leaves the duration as it is.
fn to_multiple(value: &Value, multiple: &Value, adjust: fn(i64, i64) -> i64) -> Duration {
    let duration = duration_or_zero(value);
    Duration(as_duration(multiple).map_or(duration, |multiple| adjust(duration, multiple)))
}
