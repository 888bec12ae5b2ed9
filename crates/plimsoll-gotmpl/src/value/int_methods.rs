//! The methods of the named integer types: `time.Duration`, `time.Month` and `time.Weekday`.

use super::fmt::{duration_string, month_name, weekday_name};
use super::{IntType, Type, Value};
use crate::function::{Arg, Duration, Function, Int64, Typed, params_of, result_of, variadic_of};

const SECOND: i64 = 1_000_000_000;

impl IntType {
    /// A method of the type; it takes the receiver as an additional first argument that its
    /// parameters do not list.
    pub fn method(self, name: &str) -> Option<&'static Function> {
        let methods = match self {
            IntType::Duration => DURATION,
            IntType::Month => MONTH,
            IntType::Weekday => WEEKDAY,
            _ => return None,
        };
        methods.iter().find(|method| method.name == name)
    }
}

/// Go's `Duration.Round`, in nanoseconds: half away from zero, to the ends of the range where that
/// overflows.
pub fn duration_round(duration: i64, multiple: i64) -> i64 {
    if multiple <= 0 {
        return duration;
    }
    let rest = i128::from(duration % multiple);
    let (duration, multiple) = (i128::from(duration), i128::from(multiple));
    let down = duration - rest;
    let rounded = if rest.abs() * 2 < multiple { down } else { down + multiple * rest.signum() };
    rounded.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

/// Go's `Duration.Truncate`, in nanoseconds.
pub const fn duration_truncate(duration: i64, multiple: i64) -> i64 {
    if multiple <= 0 { duration } else { duration - duration % multiple }
}

/// A duration in units of so many nanoseconds; the whole units and the rest are converted apart,
/// as Go's `Seconds`, `Minutes` and `Hours` do.
pub fn duration_in(duration: i64, unit: i64) -> f64 {
    (duration / unit) as f64 + (duration % unit) as f64 / unit as f64
}

/// The receiver, or a parameter of type `time.Duration`.
struct Number(i64);

impl Arg for Number {
    const TYPE: Type = Type::Int(IntType::Duration);

    fn from_value(value: &Value) -> Number {
        match value {
            Value::Int(_, _, number) => Number(*number),
            _ => Number(0),
        }
    }
}

const fn behind_receiver(params: &'static [Type]) -> &'static [Type] {
    match params {
        [_, params @ ..] => params,
        [] => &[],
    }
}

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

const DURATION: &[Function] = &[
    method!("Abs", |it: Number| Duration(it.0.checked_abs().unwrap_or(i64::MAX))),
    method!("Hours", |it: Number| duration_in(it.0, 3600 * SECOND)),
    method!("Microseconds", |it: Number| Int64(it.0 / 1_000)),
    method!("Milliseconds", |it: Number| Int64(it.0 / 1_000_000)),
    method!("Minutes", |it: Number| duration_in(it.0, 60 * SECOND)),
    method!("Nanoseconds", |it: Number| Int64(it.0)),
    method!("Round", |it: Number, to: Number| Duration(duration_round(it.0, to.0))),
    method!("Seconds", |it: Number| duration_in(it.0, SECOND)),
    method!("String", |it: Number| duration_string(it.0)),
    method!("Truncate", |it: Number, to: Number| Duration(duration_truncate(it.0, to.0))),
];
const MONTH: &[Function] = &[method!("String", |it: Number| month_name(it.0))];
const WEEKDAY: &[Function] = &[method!("String", |it: Number| weekday_name(it.0))];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_do_not_list_their_receiver() {
        let round = IntType::Duration.method("Round").expect("durations can be rounded");
        assert_eq!(round.params, [Type::Int(IntType::Duration)]);
        let string = IntType::Month.method("String").expect("months have names");
        assert!(string.params.is_empty());
        assert!(IntType::Int.method("String").is_none());
    }

    #[test]
    fn rounding_stays_in_range() {
        assert_eq!(duration_round(150, 100), 200);
        assert_eq!(duration_round(-150, 100), -200);
        assert_eq!(duration_round(i64::MAX, 1 << 62), i64::MAX);
        assert_eq!(duration_round(7, 0), 7);
        assert_eq!(duration_truncate(-150, 100), -100);
        assert_eq!(duration_in(-90 * SECOND, 60 * SECOND), -1.5);
    }
}
