use std::fmt;

use plimsoll_funcs::civil::Day;

use crate::chart::Moment;

/// A time as `Chart.lock` has it; displays as Go writes times into JSON.
#[derive(Clone, Debug)]
pub struct Time {
    text: String,
    moment: Option<Moment>,
}

impl Time {
    /// Reads what a lock says. Nothing stands for Go's zero time.
    pub fn parse(text: &str) -> Time {
        if text.is_empty() {
            return Time { text: "0001-01-01T00:00:00Z".to_owned(), moment: None };
        }
        let (date, rest) = text.split_at_checked(19).unwrap_or((text, "Z"));
        let zone_at = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
        let (fraction, zone) = rest.split_at(zone_at);
        let digits: String = fraction.chars().filter(char::is_ascii_digit).take(9).collect();
        let shown = digits.trim_end_matches('0');
        let fraction = if shown.is_empty() { String::new() } else { format!(".{shown}") };
        let zone = if zone.ends_with("00:00") { "Z" } else { zone };
        let nanoseconds = format!("{digits:0<9}").parse().unwrap_or_default();
        let seconds = seconds_of(date).map(|seconds| seconds - offset_of(zone));
        Time {
            text: format!("{date}{fraction}{zone}"),
            moment: seconds.map(|seconds| (seconds, nanoseconds)),
        }
    }

    /// A time of UTC, in seconds since 1970.
    pub fn from_unix(seconds: i64) -> Time {
        Time { text: format!("{}Z", date_of(seconds)), moment: Some((seconds, 0)) }
    }

    /// The same with nanoseconds.
    pub fn from_moment((seconds, nanoseconds): Moment) -> Time {
        Time::parse(&format!("{}.{nanoseconds:09}Z", date_of(seconds)))
    }

    pub(super) fn moment(&self) -> Option<Moment> {
        self.moment
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

const DAY: i64 = 86_400;

/// `2006-01-02T15:04:05` as seconds since 1970.
fn seconds_of(date: &str) -> Option<i64> {
    let part = |from: usize, to: usize| date.get(from..to)?.parse::<i64>().ok();
    let day = Day { year: part(0, 4)?, month: part(5, 7)?, day: part(8, 10)? };
    let seconds = part(11, 13)? * 3600 + part(14, 16)? * 60 + part(17, 19)?;
    Some(day.to_days() as i64 * DAY + seconds)
}

fn offset_of(zone: &str) -> i64 {
    let part = |from: usize, to: usize| zone.get(from..to).and_then(|text| text.parse().ok());
    let seconds = part(1, 3).unwrap_or(0) * 3600 + part(4, 6).unwrap_or(0) * 60;
    if zone.starts_with('-') { -seconds } else { seconds }
}

fn date_of(seconds: i64) -> String {
    let (day, rest) = (Day::from_days(seconds.div_euclid(DAY)), seconds.rem_euclid(DAY));
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{day}T{hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, shown: &str, seconds: Option<i64>) {
        let time = Time::parse(text);
        assert_eq!((time.to_string().as_str(), time.moment().map(|at| at.0)), (shown, seconds));
    }

    #[test]
    fn times_are_written_as_go_does() {
        check("2020-01-02T03:04:05.120Z", "2020-01-02T03:04:05.12Z", Some(1_577_934_245));
        check("2020-01-02T03:04:05+02:00", "2020-01-02T03:04:05+02:00", Some(1_577_927_045));
        check("2020-01-02T03:04:05+00:00", "2020-01-02T03:04:05Z", Some(1_577_934_245));
        check("", "0001-01-01T00:00:00Z", None);
    }

    #[test]
    fn seconds_become_dates() {
        let check = |seconds, expected| {
            assert_eq!(Time::from_unix(seconds).to_string(), expected);
        };
        check(0, "1970-01-01T00:00:00Z");
        check(951_827_696, "2000-02-29T12:34:56Z");
        check(1_577_934_245, "2020-01-02T03:04:05Z");
        check(-1, "1969-12-31T23:59:59Z");
        check(253_402_300_799, "9999-12-31T23:59:59Z");
    }
}
