//! The fields of Go's `time.Time` and `time.Location`, which nothing but `printf` with a number verb
//! shows.

use plimsoll_gotmpl::{Elem, Kind, List, Object, UintType, Value};
use plimsoll_source::Origin;

use super::object::Location;
use super::time::{Time, ZERO};
use super::zone::Zone;

pub(super) const TIME_FIELDS: &[&str] = &["wall", "ext", "loc"];

/// `wall` holds the nanoseconds, `ext` the seconds since the year 1; there is no monotonic clock.
pub(super) fn time_field(time: &Time, name: &str) -> Option<Value> {
    Some(match name {
        "wall" => Value::Uint(UintType::Uint64, Origin::NONE, time.nanoseconds.into()),
        "ext" => Value::int64(time.seconds.wrapping_sub(ZERO)),
        "loc" => Value::object(Location(time.zone.clone())),
        _ => return None,
    })
}

pub(super) const LOCATION_FIELDS: &[&str] =
    &["name", "zone", "tx", "extend", "cacheStart", "cacheEnd", "cacheZone"];

/// Go's addresses are those of one of its programs: any other would be as good. UTC is nil.
pub(super) fn location_address(zone: &Zone) -> Option<u64> {
    match zone {
        Zone::Utc => Some(0),
        zone if zone.is_local() => Some(0x268_afe0),
        _ => None,
    }
}

/// A location with one offset for all times. Of zones of the database only the name is told.
pub(super) fn location_field(zone: &Zone, name: &str) -> Option<Value> {
    let now = zone.at(0);
    let one = |names, values| vec![Value::object(Plain { names, values })];
    let list = |elem, items| Value::from(List::new(Elem::Named(elem), items));
    Some(match name {
        "name" if zone.is_local() => Value::text("Local"),
        "name" => Value::text(zone.name()),
        "zone" => {
            let values = vec![Value::text(now.name), Value::int(now.offset), now.daylight.into()];
            list("time.zone", one(&["name", "offset", "isDST"], values))
        }
        "tx" => {
            let index = Value::Uint(UintType::Uint8, Origin::NONE, 0);
            let values = vec![Value::int64(i64::MIN), index, false.into(), false.into()];
            list("time.zoneTrans", one(&["when", "index", "isstd", "isutc"], values))
        }
        "extend" if zone.is_local() => Value::text("UTC0"),
        "extend" => Value::text(""),
        "cacheStart" => Value::int64(i64::MIN),
        "cacheEnd" => Value::int64(i64::MAX),
        "cacheZone" => Value::object(CachedZone),
        _ => return None,
    })
}

/// A struct inside of a location.
struct Plain {
    names: &'static [&'static str],
    values: Vec<Value>,
}

impl Object for Plain {
    fn type_name(&self) -> &'static str {
        "time.zone"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn field(&self, name: &str) -> Option<Value> {
        let at = self.names.iter().position(|known| *known == name)?;
        self.values.get(at).cloned()
    }

    fn hidden_field_names(&self) -> &'static [&'static str] {
        self.names
    }
}

/// `cacheZone`, of which only the address is ever seen.
struct CachedZone;

impl Object for CachedZone {
    fn type_name(&self) -> &'static str {
        "*time.zone"
    }

    fn kind(&self) -> Kind {
        Kind::Pointer
    }

    fn address(&self) -> Option<u64> {
        Some(0x37be_071a_6060)
    }
}
