use plimsoll_source::strconv::{append_int, append_uint};

use crate::value::IntType;

/// The months as Go calls them.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// The days of a week as Go calls them, Sunday first.
pub const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// What the `String` method of an integer type gives, for the types that have one.
pub(super) fn named_integer(ty: IntType, value: i64) -> Option<String> {
    match ty {
        IntType::Duration => Some(duration_string(value)),
        IntType::Month => Some(month_name(value)),
        IntType::Weekday => Some(weekday_name(value)),
        _ => None,
    }
}

/// Go's `time.Month.String`.
pub fn month_name(month: i64) -> String {
    name(&MONTHS, month.wrapping_sub(1)).unwrap_or_else(|| format!("%!Month({})", month as u64))
}

/// Go's `time.Weekday.String`.
pub fn weekday_name(day: i64) -> String {
    name(&DAYS, day).unwrap_or_else(|| format!("%!Weekday({})", day as u64))
}

fn name(names: &[&str], at: i64) -> Option<String> {
    usize::try_from(at).ok().and_then(|at| names.get(at)).map(|name| (*name).to_owned())
}

/// Go's `time.Duration.String`: `1h2m3.5s`, below a second `1.5ms`, zero is `0s`.
pub fn duration_string(nanoseconds: i64) -> String {
    let total = nanoseconds.unsigned_abs();
    let mut out = Vec::with_capacity(24);
    if nanoseconds < 0 {
        out.push(b'-');
    }
    match total {
        0 => out.extend_from_slice(b"0s"),
        1..1_000 => append_unit(&mut out, total, 1, "ns"),
        1_000..1_000_000 => append_unit(&mut out, total, 1_000, "µs"),
        1_000_000..1_000_000_000 => append_unit(&mut out, total, 1_000_000, "ms"),
        _ => append_clock(&mut out, total),
    }
    String::from_utf8(out).expect("digits and units are UTF-8")
}

fn append_clock(out: &mut Vec<u8>, total: u64) {
    const MINUTE: u64 = 60_000_000_000;
    let (hours, minutes) = (total / (60 * MINUTE), total / MINUTE % 60);
    if hours > 0 {
        append_unit(out, hours, 1, "h");
    }
    if total >= MINUTE {
        append_unit(out, minutes, 1, "m");
    }
    append_unit(out, total % MINUTE, 1_000_000_000, "s");
}

/// `value / unit` with as many decimals as it has.
fn append_unit(out: &mut Vec<u8>, value: u64, unit: u64, name: &str) {
    append_uint(out, value / unit);
    let mut rest = value % unit;
    if rest > 0 {
        out.push(b'.');
    }
    let mut place = unit / 10;
    while rest > 0 {
        append_int(out, (rest / place) as i64);
        rest %= place;
        place /= 10;
    }
    out.extend_from_slice(name.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(nanoseconds: i64, want: &str) {
        assert_eq!(duration_string(nanoseconds), want);
    }

    #[test]
    fn durations_print_in_their_units() {
        check(0, "0s");
        check(1, "1ns");
        check(1_100, "1.1µs");
        check(-2_200_000, "-2.2ms");
        check(3_300_000_000, "3.3s");
        check(3_600_000_000_000, "1h0m0s");
        check(3_725_000_000_001, "1h2m5.000000001s");
        check(60_000_000_000, "1m0s");
        check(i64::MIN, "-2562047h47m16.854775808s");
    }

    #[test]
    fn names_out_of_range_say_so() {
        assert_eq!(month_name(2), "February");
        assert_eq!(month_name(13), "%!Month(13)");
        assert_eq!(weekday_name(-1), "%!Weekday(18446744073709551615)");
    }
}
