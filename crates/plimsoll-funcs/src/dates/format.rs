use plimsoll_gotmpl::value::fmt::{month_name, weekday_name};

use super::layout::{Element, Offset, next_element};
use super::time::{Clock, Time};

/// The layout of `time.Time.String`.
pub(super) const STRING: &[u8] = b"2006-01-02 15:04:05.999999999 -0700 MST";
/// The layout in which JSON has times.
pub(super) const RFC3339_NANO: &[u8] = b"2006-01-02T15:04:05.999999999Z07:00";

/// Go's `time.Time.Format`.
pub(super) fn format(time: &Time, layout: &[u8]) -> Vec<u8> {
    let clock = time.clock();
    let mut out = Vec::with_capacity(layout.len() + 8);
    let mut rest = layout;
    while let Some((start, end, element)) = next_element(rest) {
        out.extend_from_slice(&rest[..start]);
        append(&mut out, element, &clock, time.nanoseconds);
        rest = &rest[end..];
    }
    out.extend_from_slice(rest);
    out
}

fn append(out: &mut Vec<u8>, element: Element, clock: &Clock, nanoseconds: u32) {
    let day = clock.day;
    match element {
        Element::LongMonth => out.extend(month_name(day.month).bytes()),
        Element::Month => out.extend(month_name(day.month).bytes().take(3)),
        Element::NumMonth => number(out, day.month, 0),
        Element::ZeroMonth => number(out, day.month, 2),
        Element::LongWeekDay => out.extend(weekday_name(clock.weekday).bytes()),
        Element::WeekDay => out.extend(weekday_name(clock.weekday).bytes().take(3)),
        Element::Day => number(out, day.day, 0),
        Element::UnderDay => spaced(out, day.day, 2),
        Element::ZeroDay => number(out, day.day, 2),
        Element::UnderYearDay => spaced(out, day.of_year(), 3),
        Element::ZeroYearDay => number(out, day.of_year(), 3),
        Element::Hour => number(out, clock.hour, 2),
        Element::Hour12 => number(out, (clock.hour + 11) % 12 + 1, 0),
        Element::ZeroHour12 => number(out, (clock.hour + 11) % 12 + 1, 2),
        Element::Minute => number(out, clock.minute, 0),
        Element::ZeroMinute => number(out, clock.minute, 2),
        Element::Second => number(out, clock.second, 0),
        Element::ZeroSecond => number(out, clock.second, 2),
        Element::LongYear => number(out, day.year, 4),
        Element::Year => number(out, day.year.abs() % 100, 2),
        Element::UpperPm => out.extend_from_slice(if clock.hour >= 12 { b"PM" } else { b"AM" }),
        Element::LowerPm => out.extend_from_slice(if clock.hour >= 12 { b"pm" } else { b"am" }),
        Element::Zone => zone_name(out, clock),
        Element::Offset(form) => offset(out, clock.zone.offset, form),
        Element::Fraction { digits, trim, point } => {
            fraction(out, nanoseconds, digits, trim, point);
        }
    }
}

/// A number with zeros before it up to a width; the sign does not count.
fn number(out: &mut Vec<u8>, number: i64, width: usize) {
    let sign = if number < 0 { "-" } else { "" };
    out.extend(format!("{sign}{:0width$}", number.unsigned_abs()).bytes());
}

fn spaced(out: &mut Vec<u8>, number: i64, width: usize) {
    out.extend(format!("{number:width$}").bytes());
}

/// The zone's short name, or the offset where it has none.
fn zone_name(out: &mut Vec<u8>, clock: &Clock) {
    if !clock.zone.name.is_empty() {
        return out.extend_from_slice(&clock.zone.name);
    }
    offset(out, clock.zone.offset, Offset { z: false, colon: false, parts: 2 });
}

fn offset(out: &mut Vec<u8>, seconds: i64, form: Offset) {
    if form.z && seconds == 0 {
        return out.push(b'Z');
    }
    // The sign is that of the whole minutes.
    out.push(if seconds / 60 < 0 { b'-' } else { b'+' });
    let seconds = seconds.abs();
    let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60];
    for (at, part) in parts.iter().take(form.parts).enumerate() {
        if at > 0 && form.colon {
            out.push(b':');
        }
        number(out, *part, 2);
    }
}

fn fraction(out: &mut Vec<u8>, nanoseconds: u32, digits: usize, trim: bool, point: u8) {
    let all = format!("{nanoseconds:09}");
    let shown = &all[..digits.min(9)];
    let shown = if trim { shown.trim_end_matches('0') } else { shown };
    if trim && shown.is_empty() {
        return;
    }
    out.push(point);
    out.extend_from_slice(shown.as_bytes());
}
