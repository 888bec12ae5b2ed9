use std::any::Any;

use plimsoll_gotmpl::value::fmt::month_name;
use plimsoll_gotmpl::{
    Arg, CallError, Duration, Elem, Function, Int64, IntType, Kind, List, Object, Ret, Runtime,
    Text, Type, Typed, UintType, Value, params_of, result_of, variadic_of,
};
use plimsoll_source::{Origin, strconv};

use super::format::{RFC3339_NANO, STRING, format};
use super::insides;
use super::time::Time;
use super::zone::Zone;

const TIME: Type = Type::Named("time.Time", Kind::Struct);
const LOCATION: Type = Type::Named("*time.Location", Kind::Pointer);

/// The parameters of a method: those of the function but the receiver.
const fn behind_receiver(params: &'static [Type]) -> &'static [Type] {
    match params {
        [_, params @ ..] => params,
        [] => &[],
    }
}

/// A method from a function that takes the receiver first.
macro_rules! method {
    ($name:literal, $function:expr) => {
        Function {
            name: $name,
            params: behind_receiver(params_of(&$function)),
            variadic: variadic_of(&$function),
            result: result_of(&$function),
            call: |runtime, args| Typed::invoke($function, runtime, args),
        }
    };
}

impl Object for Time {
    fn type_name(&self) -> &'static str {
        "time.Time"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn field(&self, name: &str) -> Option<Value> {
        insides::time_field(self, name)
    }

    fn hidden_field_names(&self) -> &'static [&'static str] {
        insides::TIME_FIELDS
    }

    fn method(&self, name: &str) -> Option<&'static Function> {
        METHODS.iter().find(|method| method.name == name)
    }

    fn to_go_string(&self) -> Option<String> {
        Some(String::from_utf8_lossy(&format(self, STRING)).into_owned())
    }

    fn to_go_syntax(&self) -> Option<String> {
        Some(go_syntax(self))
    }

    fn to_json(&self) -> Value {
        Value::text(format(self, RFC3339_NANO))
    }

    fn equals(&self, other: &dyn Object) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<Time>().is_some_and(|other| {
            self.total() == other.total() && self.zone.name() == other.zone.name()
        })
    }
}

impl Arg for Time {
    const TYPE: Type = TIME;

    fn from_value(value: &Value) -> Time {
        value.downcast::<Time>().cloned().unwrap_or_else(Time::zero)
    }
}

impl Ret for Time {
    const TYPE: Type = TIME;

    fn into_result(self) -> Result<Value, CallError> {
        Ok(Value::object(self))
    }
}

/// Go's `*time.Location`.
#[derive(Clone, Debug)]
pub(super) struct Location(pub(super) Zone);

impl Object for Location {
    fn type_name(&self) -> &'static str {
        "*time.Location"
    }

    fn kind(&self) -> Kind {
        Kind::Pointer
    }

    fn field(&self, name: &str) -> Option<Value> {
        insides::location_field(&self.0, name)
    }

    fn hidden_field_names(&self) -> &'static [&'static str] {
        insides::LOCATION_FIELDS
    }

    fn address(&self) -> Option<u64> {
        insides::location_address(&self.0)
    }

    fn method(&self, name: &str) -> Option<&'static Function> {
        const STRING: Function =
            method!("String", |location: Location| Text::from(location.0.name()));
        (name == "String").then_some(&STRING)
    }

    fn to_go_string(&self) -> Option<String> {
        Some(String::from_utf8_lossy(&self.0.name()).into_owned())
    }
}

impl Arg for Location {
    const TYPE: Type = LOCATION;

    fn from_value(value: &Value) -> Location {
        value.downcast::<Location>().cloned().unwrap_or(Location(Zone::Utc))
    }
}

impl Ret for Location {
    const TYPE: Type = LOCATION;

    fn into_result(self) -> Result<Value, CallError> {
        Ok(Value::object(self))
    }
}

/// A `time.Duration` argument, in nanoseconds.
struct Nanoseconds(i64);

impl Arg for Nanoseconds {
    const TYPE: Type = Type::Int(IntType::Duration);

    fn from_value(value: &Value) -> Nanoseconds {
        match value {
            Value::Int(_, _, nanoseconds) => Nanoseconds(*nanoseconds),
            _ => Nanoseconds(0),
        }
    }
}

/// Go's `[]byte`.
struct Bytes(Vec<u8>);

impl Arg for Bytes {
    const TYPE: Type = Type::Slice(Elem::Bytes);

    fn from_value(value: &Value) -> Bytes {
        let bytes = value.as_list().into_iter().flat_map(|list| list.iter());
        Bytes(
            bytes
                .map(|byte| if let Value::Uint(_, _, byte) = byte { *byte as u8 } else { 0 })
                .collect(),
        )
    }
}

impl Ret for Bytes {
    const TYPE: Type = Type::Slice(Elem::Bytes);

    fn into_result(self) -> Result<Value, CallError> {
        let byte = |byte: u8| Value::Uint(UintType::Uint8, Origin::NONE, byte.into());
        Ok(List::new(Elem::Bytes, self.0.into_iter().map(byte).collect()).into())
    }
}

macro_rules! named_integer {
    ($name:ident, $ty:expr) => {
        struct $name(i64);

        impl Ret for $name {
            const TYPE: Type = Type::Int($ty);

            fn into_result(self) -> Result<Value, CallError> {
                Ok(Value::Int($ty, Origin::NONE, self.0))
            }
        }
    };
}

named_integer!(Month, IntType::Month);
named_integer!(Weekday, IntType::Weekday);

/// A method that gives more than templates can take.
const fn unusable(name: &'static str, complaint: &'static str) -> Function {
    Function {
        name,
        params: &[],
        variadic: false,
        result: Type::Named(complaint, Kind::Invalid),
        call: |_, _| Ok(Value::Nil),
    }
}

/// The methods of `time.Time` that templates can call.
const METHODS: &[Function] = &[
    unusable("Clock", "function Clock has 3 return values; should be 1 or 2"),
    unusable("Date", "function Date has 3 return values; should be 1 or 2"),
    unusable(
        "ISOWeek",
        "invalid function signature for ISOWeek: second return value should be error; is int",
    ),
    unusable(
        "Zone",
        "invalid function signature for Zone: second return value should be error; is int",
    ),
    unusable(
        "ZoneBounds",
        "invalid function signature for ZoneBounds: second return value should be error; is time.Time",
    ),
    method!("AppendFormat", |time: Time, before: Bytes, layout: Text| {
        Bytes([before.0, format(&time, &layout)].concat())
    }),
    method!("AppendText", |time: Time, before: Bytes| {
        Bytes([before.0, format(&time, RFC3339_NANO)].concat())
    }),
    method!("MarshalJSON", |time: Time| {
        Bytes([b"\"", &*format(&time, RFC3339_NANO), b"\""].concat())
    }),
    method!("MarshalText", |time: Time| Bytes(format(&time, RFC3339_NANO))),
    method!("Add", |time: Time, duration: Nanoseconds| time.add(duration.0)),
    method!("AddDate", |time: Time, years: i64, months: i64, days: i64| {
        time.add_date(years, months, days)
    }),
    method!("After", |time: Time, other: Time| time.total() > other.total()),
    method!("Before", |time: Time, other: Time| time.total() < other.total()),
    method!("Compare", |time: Time, other: Time| time.total().cmp(&other.total()) as i64),
    method!("Day", |time: Time| time.clock().day.day),
    method!("Equal", |time: Time, other: Time| time.total() == other.total()),
    method!("Format", |time: Time, layout: Text| Text::from(format(&time, &layout))),
    method!("GoString", |time: Time| go_syntax(&time)),
    method!("Hour", |time: Time| time.clock().hour),
    method!("In", |time: Time, location: Location| time.in_zone(location.0)),
    method!("IsDST", |time: Time| time.clock().zone.daylight),
    method!("IsZero", |time: Time| time.is_zero()),
    method!("Local", local),
    method!("Location", |time: Time| Location(time.zone.clone())),
    method!("Minute", |time: Time| time.clock().minute),
    method!("Month", |time: Time| Month(time.clock().day.month)),
    method!("Nanosecond", |time: Time| i64::from(time.nanoseconds)),
    method!("Round", |time: Time, multiple: Nanoseconds| round(&time, multiple.0)),
    method!("Second", |time: Time| time.clock().second),
    method!("String", |time: Time| Text::from(format(&time, STRING))),
    method!("Sub", |time: Time, other: Time| Duration(time.since(&other))),
    method!("Truncate", |time: Time, multiple: Nanoseconds| truncate(&time, multiple.0)),
    method!("UTC", |time: Time| time.in_zone(Zone::Utc)),
    method!("Unix", |time: Time| Int64(time.seconds)),
    method!("UnixMicro", |time: Time| Int64(time.total().div_euclid(1_000) as i64)),
    method!("UnixMilli", |time: Time| Int64(time.total().div_euclid(1_000_000) as i64)),
    method!("UnixNano", |time: Time| Int64(time.total() as i64)),
    method!("Weekday", |time: Time| Weekday(time.clock().weekday)),
    method!("Year", |time: Time| time.clock().day.year),
    method!("YearDay", |time: Time| time.clock().day.of_year()),
];

fn local(runtime: &mut dyn Runtime, time: Time) -> Time {
    time.in_zone(Zone::local(runtime.host().local_zone()))
}

pub(super) fn round(time: &Time, multiple: i64) -> Time {
    if multiple <= 0 {
        return time.clone();
    }
    let past = time.past_multiple(multiple);
    time.add(if past < multiple - past { -past } else { multiple - past })
}

pub(super) fn truncate(time: &Time, multiple: i64) -> Time {
    if multiple <= 0 { time.clone() } else { time.add(-time.past_multiple(multiple)) }
}

/// What `%#v` prints.
fn go_syntax(time: &Time) -> String {
    let clock = time.clock();
    let month = match clock.day.month {
        month @ 1..=12 => format!("time.{}", month_name(month)),
        month => format!("time.Month({month})"),
    };
    let zone = match &time.zone {
        Zone::Utc => "time.UTC".to_owned(),
        zone if zone.is_local() => "time.Local".to_owned(),
        zone => format!("time.Location({})", strconv::quote(&zone.name())),
    };
    format!(
        "time.Date({}, {month}, {}, {}, {}, {}, {}, {zone})",
        clock.day.year, clock.day.day, clock.hour, clock.minute, clock.second, time.nanoseconds
    )
}
