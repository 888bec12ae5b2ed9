use std::rc::Rc;

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// Go's `*time.Location`: where a time is shown.
#[derive(Clone, Debug)]
pub(super) enum Zone {
    /// `UTC`.
    Utc,
    /// The local zone where that is UTC: Go tells the two apart in `%#v`.
    LocalUtc,
    /// A zone of the database. The name is that of the location: `Europe/Berlin` or `Local`.
    Region(Rc<str>, TimeZone),
    /// An offset in seconds, with a name or without.
    Fixed(Rc<[u8]>, i64),
}

/// What holds in a zone at a time.
pub(super) struct ZoneInfo {
    /// `CET`, `UTC`; empty where there is none.
    pub(super) name: Vec<u8>,
    /// Seconds east of UTC.
    pub(super) offset: i64,
    /// Whether it is daylight saving time.
    pub(super) daylight: bool,
}

impl Zone {
    /// The local zone, from its IANA name. Unknown ones are UTC.
    pub(super) fn local(name: &str) -> Zone {
        match region(name) {
            Some(zone) if name != "UTC" => Zone::Region("Local".into(), zone),
            _ => Zone::LocalUtc,
        }
    }

    /// Whether it is the local zone.
    pub(super) fn is_local(&self) -> bool {
        match self {
            Zone::LocalUtc => true,
            Zone::Region(name, _) => &**name == "Local",
            _ => false,
        }
    }

    /// Go's `time.LoadLocation` of a name other than `Local`; `None` where it fails. The database
    /// is the bundled one, the same on all machines.
    pub(super) fn load(name: &str) -> Option<Zone> {
        if name.is_empty() || name == "UTC" {
            return Some(Zone::Utc);
        }
        Some(Zone::Region(name.into(), region(name)?))
    }

    /// The location's name.
    pub(super) fn name(&self) -> Vec<u8> {
        match self {
            Zone::Utc | Zone::LocalUtc => b"UTC".to_vec(),
            Zone::Region(name, _) => name.as_bytes().to_vec(),
            Zone::Fixed(name, _) => name.to_vec(),
        }
    }

    /// What holds at a time, in seconds since 1970.
    pub(super) fn at(&self, seconds: i64) -> ZoneInfo {
        match self {
            Zone::Utc | Zone::LocalUtc => {
                ZoneInfo { name: b"UTC".to_vec(), offset: 0, daylight: false }
            }
            Zone::Fixed(name, offset) => {
                ZoneInfo { name: name.to_vec(), offset: *offset, daylight: false }
            }
            Zone::Region(_, zone) => {
                let info = zone.to_offset_info(timestamp(seconds));
                ZoneInfo {
                    name: info.abbreviation().as_bytes().to_vec(),
                    offset: info.offset().seconds().into(),
                    daylight: info.dst().is_dst(),
                }
            }
        }
    }

    /// Seconds east of UTC at a time.
    pub(super) fn offset_at(&self, seconds: i64) -> i64 {
        match self {
            Zone::Utc | Zone::LocalUtc => 0,
            Zone::Fixed(_, offset) => *offset,
            Zone::Region(_, zone) => zone.to_offset(timestamp(seconds)).seconds().into(),
        }
    }

    /// The offset that a short name such as `CEST` stands for in this zone: the one in effect at
    /// the wall clock's `seconds`, else the first that ever had the name.
    pub(super) fn offset_named(&self, name: &[u8], seconds: i64) -> Option<i64> {
        let Zone::Region(_, zone) = self else { return None };
        let mut offsets: Vec<i64> = Vec::new();
        let mut add = |abbreviation: &str, offset: i64| {
            if abbreviation.as_bytes() == name && !offsets.contains(&offset) {
                offsets.push(offset);
            }
        };
        let first = zone.to_offset_info(Timestamp::MIN);
        add(first.abbreviation(), first.offset().seconds().into());
        let end = timestamp(LAST_TRANSITION);
        for change in zone.following(Timestamp::MIN).take_while(|change| change.timestamp() < end) {
            add(change.abbreviation(), change.offset().seconds().into());
        }
        let in_effect = offsets.iter().map(|offset| self.at(seconds - offset));
        let in_effect = in_effect.into_iter().find(|info| info.name == name);
        in_effect.map(|info| info.offset).or_else(|| offsets.first().copied())
    }
}

/// Transitions after 2037 repeat, so that no name comes up for the first time.
const LAST_TRANSITION: i64 = 2_145_916_800;

fn timestamp(seconds: i64) -> Timestamp {
    let bounded = seconds.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    Timestamp::from_second(bounded).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Names are as exact as Go's, which are paths of files.
fn region(name: &str) -> Option<TimeZone> {
    let zone = TimeZoneDatabase::bundled().get(name).ok()?;
    (zone.iana_name() == Some(name)).then_some(zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_found_by_their_exact_name() {
        let berlin = Zone::load("Europe/Berlin").expect("it exists");
        let summer = berlin.at(1_720_000_000);
        assert_eq!(
            (summer.name.as_slice(), summer.offset, summer.daylight),
            (&b"CEST"[..], 7200, true)
        );
        assert!(Zone::load("europe/berlin").is_none());
        assert!(Zone::load("No/Zone").is_none());
        assert!(Zone::load("US/Pacific").is_some());
    }

    #[test]
    fn short_names_are_those_in_effect() {
        let berlin = Zone::load("Europe/Berlin").expect("it exists");
        assert_eq!(berlin.offset_named(b"CET", 1_720_000_000), Some(3600));
        assert_eq!(berlin.offset_named(b"CEST", 1_720_000_000), Some(7200));
        assert_eq!(berlin.offset_named(b"PST", 1_720_000_000), None);
    }
}
