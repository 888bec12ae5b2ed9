//! Scalars as the server's decoder reads them: quantities, times, base 64.

use plimsoll_yaml::{Kind, Node};

/// What the server says of a text that is no quantity at all.
pub(super) const QUANTITY_FORM: &str =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/// What it says of letters that are no unit.
const QUANTITY_SUFFIX: &str = "unable to parse quantity's suffix";

/// A quantity in billionths, rounded up, held at the ends of what fits.
pub(super) fn quantity(text: &str) -> Result<i128, &'static str> {
    let bytes = text.as_bytes();
    if bytes.is_empty() {
        return Err(QUANTITY_FORM);
    }
    let signed = matches!(bytes[0], b'+' | b'-');
    let digits =
        |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = usize::from(signed);
    let whole_end = whole + digits(whole);
    let mut at = whole_end;
    let mut fraction = at..at;
    if bytes.get(at) == Some(&b'.') {
        fraction = at + 1..at + 1 + digits(at + 1);
        at = fraction.end;
    }
    let suffix = &text[at..];
    let letters = suffix.bytes().take_while(|byte| b"eEinumkKMGTP".contains(byte)).count();
    let mut end = letters;
    if matches!(suffix.as_bytes().get(end), Some(b'+' | b'-')) && end < suffix.len() {
        end += 1;
    }
    end += suffix.bytes().skip(end).take_while(u8::is_ascii_digit).count();
    if end < suffix.len() {
        return Err(QUANTITY_FORM);
    }
    let (base, exponent) = unit(suffix).ok_or(QUANTITY_SUFFIX)?;
    let mantissa = mantissa(&text[whole..whole_end], &text[fraction.clone()]);
    let value = scale(mantissa, fraction.len() as i32, base, exponent);
    Ok(if bytes[0] == b'-' { -value } else { value })
}

fn unit(suffix: &str) -> Option<(u32, i32)> {
    const UNITS: &[(&str, u32, i32)] = &[
        ("", 10, 0),
        ("n", 10, -9),
        ("u", 10, -6),
        ("m", 10, -3),
        ("k", 10, 3),
        ("M", 10, 6),
        ("G", 10, 9),
        ("T", 10, 12),
        ("P", 10, 15),
        ("E", 10, 18),
        ("Ki", 2, 10),
        ("Mi", 2, 20),
        ("Gi", 2, 30),
        ("Ti", 2, 40),
        ("Pi", 2, 50),
        ("Ei", 2, 60),
    ];
    if let Some(&(_, base, exponent)) = UNITS.iter().find(|(name, ..)| *name == suffix) {
        return Some((base, exponent));
    }
    let power = suffix.strip_prefix(['e', 'E'])?;
    power.parse::<i32>().ok().map(|power| (10, power))
}

fn mantissa(whole: &str, fraction: &str) -> i128 {
    whole.bytes().chain(fraction.bytes()).fold(0_i128, |value, digit| {
        value.saturating_mul(10).saturating_add(i128::from(digit - b'0'))
    })
}

fn scale(mantissa: i128, places: i32, base: u32, exponent: i32) -> i128 {
    let (mut value, mut tens) = (mantissa, 9 - places);
    if base == 10 {
        tens = tens.saturating_add(exponent);
    } else {
        value = value.saturating_mul(1_i128 << exponent);
    }
    let power = 10_i128.checked_pow(tens.unsigned_abs()).unwrap_or(i128::MAX);
    if tens >= 0 {
        return value.saturating_mul(power);
    }
    value / power + i128::from(value % power != 0)
}

/// One whole unit of [`quantity`].
pub(super) const ONE: i128 = 1_000_000_000;

/// The quantity of a node that decoded; `null` is nought.
pub(super) fn quantity_of(node: &Node) -> i128 {
    match &node.kind {
        Kind::Text(text) => {
            std::str::from_utf8(text).ok().and_then(|text| quantity(text.trim()).ok()).unwrap_or(0)
        }
        Kind::Int(value) => i128::from(*value) * ONE,
        Kind::Uint(value) => i128::from(*value) * ONE,
        Kind::Float(value) => (value * 1e9).ceil() as i128,
        _ => 0,
    }
}

/// A quantity as the server writes it.
pub(super) fn shown_quantity(node: &Node) -> String {
    canonical_quantity(quantity_of(node), node)
}

/// An amount in billionths, written in the way of another: with units of 1024, with an exponent, or
/// with units of 1000.
pub(super) fn canonical_quantity(amount: i128, like: &Node) -> String {
    let text = like.as_str().unwrap_or_default().trim();
    if text.ends_with('i') && amount.unsigned_abs() >= 1024 * ONE.unsigned_abs() {
        let (mut whole, mut unit) = (amount / ONE + i128::from(amount % ONE > 0), 0);
        while whole % 1024 == 0 && unit < 6 {
            (whole, unit) = (whole / 1024, unit + 1);
        }
        return format!("{whole}{}", ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][unit]);
    }
    let (mut rest, mut unit) = (amount, 0);
    while rest != 0 && rest % 1000 == 0 && unit < 9 {
        (rest, unit) = (rest / 1000, unit + 1);
    }
    if rest == 0 {
        return "0".to_owned();
    }
    if text.contains(['e', 'E']) && !text.ends_with('E') && unit != 3 {
        return format!("{rest}e{}", unit * 3 - 9);
    }
    format!("{rest}{}", ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"][unit as usize])
}

/// go: `time.Parse` with RFC 3339, in seconds or in exact microseconds.
pub(super) fn time(text: &str, micro: bool) -> Result<(), String> {
    let layout =
        if micro { "2006-01-02T15:04:05.000000Z07:00" } else { "2006-01-02T15:04:05Z07:00" };
    let mut reader = TimeReader { text, rest: text, layout };
    reader.read(micro)
}

struct TimeReader<'a> {
    text: &'a str,
    rest: &'a str,
    layout: &'static str,
}

impl TimeReader<'_> {
    fn read(&mut self, micro: bool) -> Result<(), String> {
        let year = self.digits(4, 4, "2006")?;
        self.literal("-")?;
        let month = self.digits(2, 2, "01")?;
        if !(1..=12).contains(&month) {
            return Err(self.out_of_range("month"));
        }
        self.literal("-")?;
        let day = self.digits(2, 2, "02")?;
        self.literal("T")?;
        let hour = self.digits(1, 2, "15")?;
        if hour >= 24 {
            return Err(self.out_of_range("hour"));
        }
        self.literal(":")?;
        if self.digits(2, 2, "04")? >= 60 {
            return Err(self.out_of_range("minute"));
        }
        self.literal(":")?;
        if self.digits(2, 2, "05")? >= 60 {
            return Err(self.out_of_range("second"));
        }
        self.fraction(micro)?;
        self.zone()?;
        if !self.rest.is_empty() {
            let (text, layout, rest) = (self.text, self.layout, self.rest);
            return Err(format!("parsing time {text:?} as {layout:?}: extra text: {rest:?}"));
        }
        if day < 1 || day > days(year, month) {
            return Err(self.out_of_range("day"));
        }
        Ok(())
    }

    fn digits(&mut self, least: usize, most: usize, element: &str) -> Result<u32, String> {
        let have = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if have < least {
            return Err(self.cannot(element));
        }
        let (number, rest) = self.rest.split_at(have);
        self.rest = rest;
        number.parse().map_err(|_| self.cannot(element))
    }

    fn literal(&mut self, literal: &str) -> Result<(), String> {
        match self.rest.strip_prefix(literal) {
            Some(rest) => {
                self.rest = rest;
                Ok(())
            }
            None => Err(self.cannot(literal)),
        }
    }

    fn fraction(&mut self, micro: bool) -> Result<(), String> {
        let digits = self.rest.bytes().skip(1).take_while(u8::is_ascii_digit).count();
        let starts = self.rest.starts_with(['.', ',']);
        if micro && (!starts || digits < 6) {
            return Err(self.cannot(".000000"));
        }
        if starts && digits > 0 {
            let taken = if micro { 7 } else { digits + 1 };
            self.rest = &self.rest[taken..];
        }
        Ok(())
    }

    fn zone(&mut self) -> Result<(), String> {
        if let Some(rest) = self.rest.strip_prefix('Z') {
            self.rest = rest;
            return Ok(());
        }
        let bytes = self.rest.as_bytes();
        let good = bytes.len() >= 6
            && matches!(bytes[0], b'+' | b'-')
            && bytes[3] == b':'
            && [1, 2, 4, 5].iter().all(|&at| bytes[at].is_ascii_digit());
        if !good {
            return Err(self.cannot("Z07:00"));
        }
        let (zone, rest) = self.rest.split_at(6);
        if zone[1..3].parse::<u32>().is_ok_and(|hour| hour > 24) {
            return Err(self.out_of_range("time zone offset hour"));
        }
        if zone[4..6].parse::<u32>().is_ok_and(|minute| minute > 60) {
            return Err(self.out_of_range("time zone offset minute"));
        }
        self.rest = rest;
        Ok(())
    }

    fn cannot(&self, element: &str) -> String {
        let (text, layout, rest) = (self.text, self.layout, self.rest);
        format!("parsing time {text:?} as {layout:?}: cannot parse {rest:?} as {element:?}")
    }

    fn out_of_range(&self, what: &str) -> String {
        format!("parsing time {:?}: {what} out of range", self.text)
    }
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: Result<i128, &'static str>) {
        assert_eq!(quantity(text), want, "{text}");
    }

    #[test]
    fn quantities_are_read_as_the_server_does() {
        check("100m", Ok(ONE / 10));
        check("1.5", Ok(ONE * 3 / 2));
        check("1Ki", Ok(1024 * ONE));
        check("1e3", Ok(1000 * ONE));
        check("-1", Ok(-ONE));
        check(".5", Ok(ONE / 2));
        check("5.", Ok(5 * ONE));
        check("Gi", Ok(0));
        check("+1", Ok(ONE));
        check("1n", Ok(1));
        check("1e-10", Ok(1));
        check("128MB", Err(QUANTITY_FORM));
        check("1ki", Err(QUANTITY_SUFFIX));
        check("", Err(QUANTITY_FORM));
    }

    #[test]
    fn times_are_rfc_3339() {
        assert!(time("2024-02-29T01:02:03Z", false).is_ok());
        assert!(time("2024-02-29T01:02:03.5+01:00", false).is_ok());
        assert!(time("2023-02-29T01:02:03Z", false).is_err());
        assert!(time("2024-02-29", false).is_err());
        assert!(time("2024-02-29T01:02:03Z", true).is_err());
        assert!(time("2024-02-29T01:02:03.000000Z", true).is_ok());
    }
}
