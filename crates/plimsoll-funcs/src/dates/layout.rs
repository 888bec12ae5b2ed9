/// A part of a Go layout that stands for a part of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// `January`
    LongMonth,
    /// `Jan`
    Month,
    /// `1`
    NumMonth,
    /// `01`
    ZeroMonth,
    /// `Monday`
    LongWeekDay,
    /// `Mon`
    WeekDay,
    /// `2`
    Day,
    /// `_2`
    UnderDay,
    /// `02`
    ZeroDay,
    /// `__2`
    UnderYearDay,
    /// `002`
    ZeroYearDay,
    /// `15`
    Hour,
    /// `3`
    Hour12,
    /// `03`
    ZeroHour12,
    /// `4`
    Minute,
    /// `04`
    ZeroMinute,
    /// `5`
    Second,
    /// `05`
    ZeroSecond,
    /// `2006`
    LongYear,
    /// `06`
    Year,
    /// `PM`
    UpperPm,
    /// `pm`
    LowerPm,
    /// `MST`
    Zone,
    /// `-0700`, `Z07:00` and their like.
    Offset(Offset),
    /// `.000` (a dot or comma and so many digits) or `.999` (the same without zeros at the end).
    Fraction {
        /// How many digits.
        digits: usize,
        /// Whether zeros at the end are dropped.
        trim: bool,
        /// The dot or the comma.
        point: u8,
    },
}

/// How an offset from UTC is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offset {
    /// Whether UTC itself is `Z`.
    pub(super) z: bool,
    /// Whether colons stand between the parts.
    pub(super) colon: bool,
    /// Hours, minutes, seconds: how many of them there are.
    pub(super) parts: usize,
}

const fn offset(z: bool, colon: bool, parts: usize) -> Element {
    Element::Offset(Offset { z, colon, parts })
}

/// How the elements are written; of two that begin alike the one that Go looks for first.
const ELEMENTS: &[(&[u8], Element)] = &[
    (b"January", Element::LongMonth),
    (b"Jan", Element::Month),
    (b"Monday", Element::LongWeekDay),
    (b"Mon", Element::WeekDay),
    (b"MST", Element::Zone),
    (b"01", Element::ZeroMonth),
    (b"02", Element::ZeroDay),
    (b"03", Element::ZeroHour12),
    (b"04", Element::ZeroMinute),
    (b"05", Element::ZeroSecond),
    (b"06", Element::Year),
    (b"002", Element::ZeroYearDay),
    (b"15", Element::Hour),
    (b"1", Element::NumMonth),
    (b"2006", Element::LongYear),
    (b"2", Element::Day),
    (b"_2", Element::UnderDay),
    (b"__2", Element::UnderYearDay),
    (b"3", Element::Hour12),
    (b"4", Element::Minute),
    (b"5", Element::Second),
    (b"PM", Element::UpperPm),
    (b"pm", Element::LowerPm),
    (b"-070000", offset(false, false, 3)),
    (b"-07:00:00", offset(false, true, 3)),
    (b"-0700", offset(false, false, 2)),
    (b"-07:00", offset(false, true, 2)),
    (b"-07", offset(false, false, 1)),
    (b"Z070000", offset(true, false, 3)),
    (b"Z07:00:00", offset(true, true, 3)),
    (b"Z0700", offset(true, false, 2)),
    (b"Z07:00", offset(true, true, 2)),
    (b"Z07", offset(true, false, 1)),
];

/// Where the first element of a layout begins and ends, and which one it is.
pub(super) fn next_element(layout: &[u8]) -> Option<(usize, usize, Element)> {
    (0..layout.len()).find_map(|at| {
        let (length, element) = element_at(&layout[at..])?;
        Some((at, at + length, element))
    })
}

fn element_at(rest: &[u8]) -> Option<(usize, Element)> {
    match rest[0] {
        b'.' | b',' => return fraction_at(rest),
        // An underscore before a year is only an underscore.
        b'_' if rest.starts_with(b"_2006") => return None,
        b'J' | b'M' | b'0'..=b'5' | b'_' | b'P' | b'p' | b'-' | b'Z' => {}
        _ => return None,
    }
    let fits = |(text, element): &&(&[u8], Element)| {
        // A short name followed by a small letter is part of a word.
        let word = matches!(element, Element::Month | Element::WeekDay);
        rest.starts_with(text) && !(word && rest.get(3).is_some_and(u8::is_ascii_lowercase))
    };
    ELEMENTS.iter().find(fits).map(|(text, element)| (text.len(), *element))
}

fn fraction_at(rest: &[u8]) -> Option<(usize, Element)> {
    let digit = *rest.get(1).filter(|c| matches!(c, b'0' | b'9'))?;
    let digits = rest[1..].iter().take_while(|c| **c == digit).count();
    if rest.get(1 + digits).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    Some((1 + digits, Element::Fraction { digits, trim: digit == b'9', point: rest[0] }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(layout: &str, want: &[Element]) {
        let mut rest = layout.as_bytes();
        let mut found = Vec::new();
        while let Some((_, end, element)) = next_element(rest) {
            found.push(element);
            rest = &rest[end..];
        }
        assert_eq!(found, want, "{layout}");
    }

    #[test]
    fn elements_are_found_in_layouts() {
        use Element::*;
        check("2006-01-02", &[LongYear, ZeroMonth, ZeroDay]);
        check("Mon Month Jan January Janet", &[WeekDay, Month, LongMonth]);
        check("_2006 _2 __2 002", &[LongYear, UnderDay, UnderYearDay, ZeroYearDay]);
        check("Z07:00 -0700", &[offset(true, true, 2), offset(false, false, 2)]);
        check("05.000", &[ZeroSecond, Fraction { digits: 3, trim: false, point: b'.' }]);
        check("05.0001", &[ZeroSecond, ZeroMonth]);
    }
}
