use plimsoll_gotmpl::value::fmt::{DAYS, MONTHS};

use super::layout::{Element, Offset, next_element};
use super::quote::quote;
use super::time::Time;
use super::zone::Zone;
use crate::civil::{Day, days_in, is_leap};

/// Go's `time.ParseInLocation`. The error is Go's text.
pub(super) fn parse(layout: &[u8], value: &[u8], local: &Zone) -> Result<Time, String> {
    let mut parts = Parts::default();
    let mut layout_rest = layout;
    let mut rest = value;
    let wrong = |element: &[u8], at: &[u8]| {
        let (value, layout) = (quote(value), quote(layout));
        let (at, element) = (quote(at), quote(element));
        format!("parsing time {value} as {layout}: cannot parse {at} as {element}")
    };
    let out_of_range = |what: &str| format!("parsing time {}: {what}", quote(value));
    loop {
        let found = next_element(layout_rest);
        let literal = &layout_rest[..found.map_or(layout_rest.len(), |(start, ..)| start)];
        rest = skip(rest, literal).map_err(|at| wrong(literal, at))?;
        let Some((start, end, element)) = found else { break };
        let written = &layout_rest[start..end];
        layout_rest = &layout_rest[end..];
        rest = parts.take(element, rest, layout_rest).map_err(|error| match error {
            Wrong::Form => wrong(written, rest),
            Wrong::Range(what) => out_of_range(&format!("{what} out of range")),
        })?;
    }
    if !rest.is_empty() {
        return Err(out_of_range(&format!("extra text: {}", quote(rest))));
    }
    parts.finish(local).map_err(out_of_range)
}

/// Skips the literal part of a layout; a run of spaces matches any. The error is where it stopped.
fn skip<'v>(mut value: &'v [u8], mut literal: &[u8]) -> Result<&'v [u8], &'v [u8]> {
    while let Some(&c) = literal.first() {
        if c == b' ' {
            if value.first().is_some_and(|c| *c != b' ') {
                return Err(value);
            }
            literal = without_spaces(literal);
            value = without_spaces(value);
            continue;
        }
        if value.first() != Some(&c) {
            return Err(value);
        }
        literal = &literal[1..];
        value = &value[1..];
    }
    Ok(value)
}

fn without_spaces(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|c| **c == b' ').count()..]
}

/// Why a part of a value does not fit its element.
enum Wrong {
    Form,
    Range(&'static str),
}

/// What was read so far.
#[derive(Default)]
struct Parts {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanoseconds: i64,
    /// `Some(true)` for PM.
    afternoon: Option<bool>,
    utc: bool,
    offset: Option<i64>,
    zone_name: Vec<u8>,
}

type Rest<'v> = Result<&'v [u8], Wrong>;

impl Parts {
    /// Reads one element from the front of `value`; `layout` is what follows it there.
    fn take<'v>(&mut self, element: Element, value: &'v [u8], layout: &[u8]) -> Rest<'v> {
        match element {
            Element::Year => self.take_short_year(value),
            Element::LongYear => {
                let (digits, rest) = split(value, 4)?;
                if !digits[0].is_ascii_digit() {
                    return Err(Wrong::Form);
                }
                self.year = signed(digits)?;
                Ok(rest)
            }
            Element::Month => self.take_month(value, 3),
            Element::LongMonth => self.take_month(value, usize::MAX),
            Element::NumMonth | Element::ZeroMonth => {
                let (month, rest) = two_digits(value, element == Element::ZeroMonth)?;
                self.month = Some(within(month, 1..=12, "month")?);
                Ok(rest)
            }
            Element::WeekDay => name(&DAYS, value, 3).map(|(_, rest)| rest),
            Element::LongWeekDay => name(&DAYS, value, usize::MAX).map(|(_, rest)| rest),
            Element::Day | Element::UnderDay | Element::ZeroDay => {
                let spaces = usize::from(element == Element::UnderDay);
                let value = without_leading(value, spaces);
                let (day, rest) = two_digits(value, element == Element::ZeroDay)?;
                self.day = Some(day);
                Ok(rest)
            }
            Element::UnderYearDay | Element::ZeroYearDay => {
                let under = element == Element::UnderYearDay;
                let value = without_leading(value, if under { 2 } else { 0 });
                let (day, rest) = three_digits(value, !under)?;
                self.year_day = Some(day);
                Ok(rest)
            }
            Element::Hour => {
                let (hour, rest) = two_digits(value, false)?;
                self.hour = within(hour, 0..=23, "hour")?;
                Ok(rest)
            }
            Element::Hour12 | Element::ZeroHour12 => {
                let (hour, rest) = two_digits(value, element == Element::ZeroHour12)?;
                self.hour = within(hour, 0..=12, "hour")?;
                Ok(rest)
            }
            Element::Minute | Element::ZeroMinute => {
                let (minute, rest) = two_digits(value, element == Element::ZeroMinute)?;
                self.minute = within(minute, 0..=59, "minute")?;
                Ok(rest)
            }
            Element::Second | Element::ZeroSecond => {
                let (second, rest) = two_digits(value, element == Element::ZeroSecond)?;
                self.second = within(second, 0..=59, "second")?;
                self.take_unasked_fraction(rest, layout)
            }
            Element::UpperPm => self.take_half(value, [b"AM", b"PM"]),
            Element::LowerPm => self.take_half(value, [b"am", b"pm"]),
            Element::Zone => self.take_zone_name(value),
            Element::Offset(form) => self.take_offset(value, form),
            Element::Fraction { digits, trim: false, .. } => {
                let (fraction, rest) = split(value, digits + 1)?;
                self.nanoseconds = nanoseconds(fraction)?;
                Ok(rest)
            }
            Element::Fraction { trim: true, .. } if has_fraction(value) => {
                self.take_fraction(value)
            }
            Element::Fraction { .. } => Ok(value),
        }
    }

    fn take_short_year<'v>(&mut self, value: &'v [u8]) -> Rest<'v> {
        let (digits, rest) = split(value, 2)?;
        let year = signed(digits)?;
        self.year = year + if year >= 69 { 1900 } else { 2000 };
        Ok(rest)
    }

    fn take_month<'v>(&mut self, value: &'v [u8], letters: usize) -> Rest<'v> {
        let (month, rest) = name(&MONTHS, value, letters)?;
        self.month = Some(month + 1);
        Ok(rest)
    }

    fn take_half<'v>(&mut self, value: &'v [u8], names: [&[u8; 2]; 2]) -> Rest<'v> {
        let (half, rest) = split(value, 2)?;
        let at = names.iter().position(|name| half == *name).ok_or(Wrong::Form)?;
        // Once PM, always PM.
        self.afternoon = Some(at == 1 || self.afternoon == Some(true));
        Ok(rest)
    }

    /// Seconds may have a fraction though the layout has none.
    fn take_unasked_fraction<'v>(&mut self, value: &'v [u8], layout: &[u8]) -> Rest<'v> {
        let asked = matches!(next_element(layout), Some((_, _, Element::Fraction { .. })));
        if asked || !has_fraction(value) { Ok(value) } else { self.take_fraction(value) }
    }

    fn take_fraction<'v>(&mut self, value: &'v [u8]) -> Rest<'v> {
        let digits = value[1..].iter().take_while(|c| c.is_ascii_digit()).count();
        self.nanoseconds = nanoseconds(&value[..=digits])?;
        Ok(&value[1 + digits..])
    }

    fn take_zone_name<'v>(&mut self, value: &'v [u8]) -> Rest<'v> {
        if let Some(rest) = value.strip_prefix(b"UTC") {
            self.utc = true;
            return Ok(rest);
        }
        let length = zone_name_length(value).ok_or(Wrong::Form)?;
        self.zone_name = value[..length].to_vec();
        Ok(&value[length..])
    }

    fn take_offset<'v>(&mut self, value: &'v [u8], form: Offset) -> Rest<'v> {
        if let (true, Some(rest)) = (form.z, value.strip_prefix(b"Z")) {
            self.utc = true;
            return Ok(rest);
        }
        let stride = if form.colon { 3 } else { 2 };
        let (text, rest) = split(value, 1 + 2 + stride * (form.parts - 1))?;
        if form.colon && (1..form.parts).any(|part| text[stride * part] != b':') {
            return Err(Wrong::Form);
        }
        let mut parts = [0; 3];
        let mut wrong = false;
        for (at, part) in parts.iter_mut().enumerate().take(form.parts) {
            if let Ok((number, _)) = two_digits(&text[1 + stride * at..3 + stride * at], true) {
                *part = number;
            } else {
                wrong = true;
                break;
            }
        }
        let [hours, minutes, seconds] = parts;
        within(hours, 0..=24, "time zone offset hour")?;
        within(minutes, 0..=60, "time zone offset minute")?;
        within(seconds, 0..=60, "time zone offset second")?;
        let offset = (hours * 60 + minutes) * 60 + seconds;
        self.offset = match text[0] {
            _ if wrong => return Err(Wrong::Form),
            b'+' => Some(offset),
            b'-' => Some(-offset),
            _ => return Err(Wrong::Form),
        };
        Ok(rest)
    }

    /// Puts the parts together; the error is what is out of range.
    fn finish(mut self, local: &Zone) -> Result<Time, &'static str> {
        match self.afternoon {
            Some(true) if self.hour < 12 => self.hour += 12,
            Some(false) if self.hour == 12 => self.hour = 0,
            _ => {}
        }
        self.resolve_year_day()?;
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        if day < 1 || day > days_in(month, self.year) {
            return Err("day out of range");
        }
        let day = Day { year: self.year, month, day };
        let clock = [self.hour, self.minute, self.second];
        let in_zone = |zone| Time::from_parts(day, clock, self.nanoseconds, zone);
        // Go marks a missing offset by -1, so that this one is none.
        let offset = self.offset.filter(|offset| *offset != -1);
        if self.utc {
            return Ok(in_zone(Zone::Utc));
        }
        if let Some(offset) = offset {
            let mut time = in_zone(Zone::Utc);
            time.seconds -= offset;
            return Ok(time_with_offset(time, offset, self.zone_name, local));
        }
        if self.zone_name.is_empty() {
            return Ok(in_zone(local.clone()));
        }
        Ok(time_with_zone_name(in_zone(Zone::Utc), self.zone_name, local))
    }

    fn resolve_year_day(&mut self) -> Result<(), &'static str> {
        let Some(year_day) = self.year_day else { return Ok(()) };
        let length = if is_leap(self.year) { 366 } else { 365 };
        if !(1..=length).contains(&year_day) {
            return Err("day-of-year out of range");
        }
        let first = Day { year: self.year, month: 1, day: 1 };
        let found = Day::from_days((first.to_days() as i64) + year_day - 1);
        if self.month.is_some_and(|month| month != found.month) {
            return Err("day-of-year does not match month");
        }
        if self.day.is_some_and(|day| day != found.day) {
            return Err("day-of-year does not match day");
        }
        (self.month, self.day) = (Some(found.month), Some(found.day));
        Ok(())
    }
}

/// The local zone if the offset (and name) is what it has then, else a zone of that offset.
fn time_with_offset(mut time: Time, offset: i64, name: Vec<u8>, local: &Zone) -> Time {
    let info = local.at(time.seconds);
    let is_local = info.offset == offset && (name.is_empty() || info.name == name);
    time.zone = if is_local { local.clone() } else { Zone::Fixed(name.into(), offset) };
    time
}

/// The local zone if it knows the name, else a made-up zone: the clock is taken for UTC, and only
/// `GMT+3` says how far from it.
fn time_with_zone_name(mut time: Time, name: Vec<u8>, local: &Zone) -> Time {
    if let Some(offset) = local.offset_named(&name, time.seconds) {
        time.seconds -= offset;
        time.zone = local.clone();
        return time;
    }
    let hours = name.strip_prefix(b"GMT").filter(|hours| !hours.is_empty());
    let offset = hours.and_then(|hours| signed(hours).ok()).unwrap_or(0) * 3600;
    time.zone = Zone::Fixed(name.into(), offset);
    time
}

fn split(value: &[u8], length: usize) -> Result<(&[u8], &[u8]), Wrong> {
    value.split_at_checked(length).ok_or(Wrong::Form)
}

fn within(
    number: i64,
    range: std::ops::RangeInclusive<i64>,
    what: &'static str,
) -> Result<i64, Wrong> {
    if range.contains(&number) { Ok(number) } else { Err(Wrong::Range(what)) }
}

fn without_leading(value: &[u8], spaces: usize) -> &[u8] {
    let count = value.iter().take(spaces).take_while(|c| **c == b' ').count();
    &value[count..]
}

/// Go's inner `atoi`: a sign is allowed, and no digits at all are zero.
fn signed(text: &[u8]) -> Result<i64, Wrong> {
    let (sign, digits) = match text {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] => (1, digits),
        _ => (1, text),
    };
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(Wrong::Form);
    }
    Ok(sign * digits.iter().fold(0, |number: i64, c| number.wrapping_mul(10) + i64::from(c - b'0')))
}

/// One or two digits, or exactly two.
fn two_digits(value: &[u8], exactly: bool) -> Result<(i64, &[u8]), Wrong> {
    match value {
        [a @ b'0'..=b'9', b @ b'0'..=b'9', rest @ ..] => {
            Ok((i64::from(a - b'0') * 10 + i64::from(b - b'0'), rest))
        }
        [a @ b'0'..=b'9', rest @ ..] if !exactly => Ok((i64::from(a - b'0'), rest)),
        _ => Err(Wrong::Form),
    }
}

/// Up to three digits, or exactly three.
fn three_digits(value: &[u8], exactly: bool) -> Result<(i64, &[u8]), Wrong> {
    let count = value.iter().take(3).take_while(|c| c.is_ascii_digit()).count();
    if count == 0 || exactly && count != 3 {
        return Err(Wrong::Form);
    }
    Ok((signed(&value[..count])?, &value[count..]))
}

/// One of the names, or of their first letters, in small or capital letters.
fn name<'v>(names: &[&str], value: &'v [u8], letters: usize) -> Result<(i64, &'v [u8]), Wrong> {
    for (at, name) in names.iter().enumerate() {
        let name = &name.as_bytes()[..name.len().min(letters)];
        if value.len() >= name.len() && value[..name.len()].eq_ignore_ascii_case(name) {
            return Ok((at as i64, &value[name.len()..]));
        }
    }
    Err(Wrong::Form)
}

fn has_fraction(value: &[u8]) -> bool {
    matches!(value, [b'.' | b',', b'0'..=b'9', ..])
}

/// A point and digits as nanoseconds; digits beyond the ninth are dropped.
fn nanoseconds(fraction: &[u8]) -> Result<i64, Wrong> {
    if !matches!(fraction[0], b'.' | b',') {
        return Err(Wrong::Form);
    }
    let digits = &fraction[1..fraction.len().min(10)];
    let number = signed(digits)?;
    if number < 0 {
        return Err(Wrong::Range("fractional second"));
    }
    Ok(number * 10_i64.pow(9 - digits.len() as u32))
}

/// How long the short name of a zone at the front is: three or four capital letters, five with a
/// T at the end, `GMT+3`, `+03` and two exceptions.
fn zone_name_length(value: &[u8]) -> Option<usize> {
    if value.len() < 3 {
        return None;
    }
    if value.starts_with(b"ChST") || value.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(rest) = value.strip_prefix(b"GMT") {
        return Some(3 + offset_length(rest).unwrap_or(0));
    }
    if matches!(value[0], b'+' | b'-') {
        return offset_length(value);
    }
    match value.iter().take(6).take_while(|c| c.is_ascii_uppercase()).count() {
        3 => Some(3),
        4 if value[3] == b'T' || value.starts_with(b"WITA") => Some(4),
        5 if value[4] == b'T' => Some(5),
        _ => None,
    }
}

/// A sign and hours up to 23.
fn offset_length(value: &[u8]) -> Option<usize> {
    if !matches!(value.first(), Some(b'+' | b'-')) {
        return None;
    }
    let digits = value[1..].iter().take_while(|c| c.is_ascii_digit()).count();
    let hours = value[1..=digits]
        .iter()
        .fold(0_i64, |hours, c| hours.saturating_mul(10).saturating_add(i64::from(c - b'0')));
    (digits > 0 && hours <= 23).then_some(1 + digits)
}
