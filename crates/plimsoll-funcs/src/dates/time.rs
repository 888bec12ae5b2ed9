use super::zone::{Zone, ZoneInfo};
use crate::civil::Day;

/// Go's `time.Time`: an instant and the zone it is shown in, without a monotonic clock.
#[derive(Clone, Debug)]
pub(super) struct Time {
    /// Seconds since 1970 in UTC.
    pub(super) seconds: i64,
    /// Nanoseconds of the second.
    pub(super) nanoseconds: u32,
    /// Where it is shown.
    pub(super) zone: Zone,
}

/// A clock on the wall with everything that a layout may ask for.
pub(super) struct Clock {
    pub(super) day: Day,
    /// Sunday is 0.
    pub(super) weekday: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) zone: ZoneInfo,
}

/// Seconds from the year 1, Go's zero time, to 1970.
pub(super) const ZERO: i64 = -62_135_596_800;
const SECOND: i128 = 1_000_000_000;
const DAY: i64 = 86_400;

impl Time {
    /// Go's zero time: the first second of the year 1.
    pub(super) fn zero() -> Time {
        Time { seconds: ZERO, nanoseconds: 0, zone: Zone::Utc }
    }

    /// Whether it is Go's zero time.
    pub(super) fn is_zero(&self) -> bool {
        self.seconds == ZERO && self.nanoseconds == 0
    }

    /// Go's `time.Date`: parts out of range carry over, `clock` is hours, minutes and seconds.
    pub(super) fn from_parts(day: Day, clock: [i64; 3], nanoseconds: i64, zone: Zone) -> Time {
        let [hour, minute, second] = clock.map(i128::from);
        let carried = i128::from(nanoseconds).div_euclid(SECOND);
        let wall = day.to_days() * i128::from(DAY) + hour * 3600 + minute * 60 + second + carried;
        let wall = wall as i64;
        let nanoseconds = i128::from(nanoseconds).rem_euclid(SECOND) as u32;
        Time { seconds: wall.wrapping_sub(wall_offset(&zone, wall)), nanoseconds, zone }
    }

    /// The same instant shown elsewhere.
    pub(super) fn in_zone(&self, zone: Zone) -> Time {
        Time { zone, ..self.clone() }
    }

    /// What the clock shows.
    pub(super) fn clock(&self) -> Clock {
        let zone = self.zone.at(self.seconds);
        let wall = self.seconds.wrapping_add(zone.offset);
        let (days, second) = (wall.div_euclid(DAY), wall.rem_euclid(DAY));
        Clock {
            day: Day::from_days(days),
            weekday: (days + 4).rem_euclid(7),
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
            zone,
        }
    }

    /// The time so many nanoseconds later.
    pub(super) fn add(&self, nanoseconds: i64) -> Time {
        let total = self.total().wrapping_add(nanoseconds.into());
        Time {
            seconds: total.div_euclid(SECOND) as i64,
            nanoseconds: total.rem_euclid(SECOND) as u32,
            zone: self.zone.clone(),
        }
    }

    /// The time so many years, months and days later on the calendar.
    pub(super) fn add_date(&self, years: i64, months: i64, days: i64) -> Time {
        let Clock { day, hour, minute, second, .. } = self.clock();
        let day = Day {
            year: day.year.wrapping_add(years),
            month: day.month.wrapping_add(months),
            day: day.day.wrapping_add(days),
        };
        let clock = [hour, minute, second];
        Time::from_parts(day, clock, self.nanoseconds.into(), self.zone.clone())
    }

    /// Nanoseconds since `other`, at most what a duration holds.
    pub(super) fn since(&self, other: &Time) -> i64 {
        (self.total() - other.total()).clamp(i64::MIN.into(), i64::MAX.into()) as i64
    }

    /// Nanoseconds since 1970.
    pub(super) fn total(&self) -> i128 {
        i128::from(self.seconds) * SECOND + i128::from(self.nanoseconds)
    }

    /// Nanoseconds since the last multiple of `duration` that is counted from the zero time.
    pub(super) fn past_multiple(&self, duration: i64) -> i64 {
        let since_zero = self.total() - i128::from(ZERO) * SECOND;
        since_zero.rem_euclid(duration.into()) as i64
    }
}

/// The offset by which a wall clock becomes UTC. Go asks the zone for the clock read as UTC, and
/// again for what that gives.
fn wall_offset(zone: &Zone, wall: i64) -> i64 {
    match zone.offset_at(wall) {
        0 => 0,
        offset => zone.offset_at(wall.wrapping_sub(offset)),
    }
}
