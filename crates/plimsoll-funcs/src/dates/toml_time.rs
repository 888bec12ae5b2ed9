use plimsoll_gotmpl::Value;

use super::format::{RFC3339_NANO, format};
use super::time::Time;
use super::zone::Zone;

/// The zone of a time that TOML shows.
#[derive(Clone, Copy, Default)]
pub(crate) enum TomlZone {
    /// `Z`.
    #[default]
    Utc,
    /// Seconds east of UTC.
    Offset(i32),
    /// A date and time without a zone.
    LocalDatetime,
    /// A date alone.
    LocalDate,
    /// A time of day alone.
    LocalTime,
}

/// toml: internal/tz.go names the zones of times that have none.
const NAMES: [&[u8]; 3] = [b"datetime-local", b"date-local", b"time-local"];
const LAYOUTS: [&[u8]; 3] =
    [b"2006-01-02T15:04:05.999999999", b"2006-01-02", b"15:04:05.999999999"];

/// A `time.Time`; `seconds` since 1970 are on the clock of the zone.
pub(crate) fn time_value(seconds: i64, nanoseconds: u32, zone: TomlZone) -> Value {
    let named = |at: usize| (0, Zone::Fixed(NAMES[at].into(), 0));
    let (offset, zone) = match zone {
        TomlZone::Utc => (0, Zone::Utc),
        // Go takes an offset that is the local zone's for it; locally it is UTC here.
        TomlZone::Offset(0) => (0, Zone::LocalUtc),
        TomlZone::Offset(offset) => (offset.into(), Zone::Fixed(Vec::new().into(), offset.into())),
        TomlZone::LocalDatetime => named(0),
        TomlZone::LocalDate => named(1),
        TomlZone::LocalTime => named(2),
    };
    Value::object(Time { seconds: seconds - offset, nanoseconds, zone })
}

/// How TOML writes a `time.Time`; `None` for other values.
pub(crate) fn toml_text(value: &Value) -> Option<Vec<u8>> {
    let time: &Time = value.downcast()?;
    let name = time.zone.name();
    let local = NAMES.iter().position(|local| *local == name);
    Some(format(time, local.map_or(RFC3339_NANO, |at| LAYOUTS[at])))
}
