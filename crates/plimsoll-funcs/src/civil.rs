//! The calendar: days as dates and as numbers.

use std::fmt;

/// A day of the Gregorian calendar, at all times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// 0 is the year before 1.
    pub year: i64,
    /// From 1.
    pub month: i64,
    /// From 1.
    pub day: i64,
}

/// Days of a span of 400 years, after which the calendar repeats.
const ERA: i64 = 146_097;
/// Days before 1970-01-01 since 0000-03-01, with which the count of eras begins: a leap day is
/// then the last of its year.
const EPOCH: i64 = 719_468;

impl Day {
    /// The day so many days after 1970-01-01.
    pub fn from_days(days: i64) -> Day {
        let days = days + EPOCH;
        let era = days.div_euclid(ERA);
        let in_era = days.rem_euclid(ERA);
        let year = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
        let in_year = in_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * in_year + 2) / 153;
        let day = in_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        Day { year: era * 400 + year + i64::from(month <= 2), month, day }
    }

    /// How many days after 1970-01-01 it is; months and days may be out of range and carry over.
    pub fn to_days(self) -> i128 {
        let months = i128::from(self.month) - 1;
        let year = i128::from(self.year) + months.div_euclid(12);
        let month = months.rem_euclid(12) + 1;
        let year = if month <= 2 { year - 1 } else { year };
        let from_march = if month <= 2 { month + 9 } else { month - 3 };
        let in_era = year.rem_euclid(400);
        let in_year = (153 * from_march + 2) / 5 + i128::from(self.day) - 1;
        let days = in_era * 365 + in_era / 4 - in_era / 100 + in_year;
        year.div_euclid(400) * i128::from(ERA) + days - i128::from(EPOCH)
    }

    /// The day of the year, from 1.
    pub fn of_year(self) -> i64 {
        (self.to_days() - Day { month: 1, day: 1, ..self }.to_days()) as i64 + 1
    }
}

impl fmt::Display for Day {
    /// `2006-01-02`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Whether the year has a leap day.
pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// How many days a month has.
pub fn days_in(month: i64, year: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree() {
        for days in (-1_000_000..1_000_000).step_by(97).chain([0, -719_468, 11_016, 19_782]) {
            assert_eq!(Day::from_days(days).to_days(), i128::from(days));
        }
        assert_eq!(Day::from_days(19_782), Day { year: 2024, month: 2, day: 29 });
        assert_eq!(Day { year: 2024, month: 14, day: 30 }.to_days(), 20_149);
        assert_eq!(Day { year: 2024, month: 12, day: 31 }.of_year(), 366);
    }

    #[test]
    fn days_are_written_as_dates() {
        for (days, want) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_512, "2026-02-28"),
            (20_513, "2026-03-01"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
        ] {
            assert_eq!(Day::from_days(days).to_string(), want);
        }
    }
}
