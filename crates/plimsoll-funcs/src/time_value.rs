use plimsoll_gotmpl::Value;

/// Where a time that was read lies.
pub(crate) enum TimeZone {
    Utc,
    /// Seconds east of UTC.
    Offset(i32),
    /// A zone of no offset with a name of its own.
    Named(&'static str),
}

/// A `time.Time` of seconds on the clock of its zone, counted from 1970.
pub(crate) fn time_value(seconds: i64, nanos: u32, zone: TimeZone) -> Value {
    let (offset, name) = match zone {
        TimeZone::Utc => (0, "UTC".to_owned()),
        TimeZone::Offset(offset) => (offset, offset.to_string()),
        TimeZone::Named(name) => (0, name.to_owned()),
    };
    Value::text(format!("{} {nanos} {name}", seconds - i64::from(offset)))
}
