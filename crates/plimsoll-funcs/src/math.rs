//! sprig's functions on numbers.

mod decimal;

use plimsoll_gotmpl::{
    CallError, Elem, Function, Int64, List, Rest, Ret, Runtime, Text, Type, Value, function,
    print_value,
};
use plimsoll_source::strconv;

use self::decimal::Decimal;
use crate::cast::{to_float64, to_int, to_int64};
use crate::limit;

/// The functions of this family.
pub(crate) const MATH: &[Function] = &[
    function!("add", add),
    function!("add1", add1),
    function!("add1f", add1f),
    function!("addf", addf),
    function!("atoi", atoi),
    function!("biggest", max),
    function!("ceil", ceil),
    function!("div", div),
    function!("divf", divf),
    function!("float64", float64),
    function!("floor", floor),
    function!("int", int),
    function!("int64", int64),
    function!("max", max),
    function!("maxf", maxf),
    function!("min", min),
    function!("minf", minf),
    function!("mod", modulo),
    function!("mul", mul),
    function!("mulf", mulf),
    function!("randInt", rand_int),
    function!("round", round),
    function!("seq", seq),
    function!("sub", sub),
    function!("subf", subf),
    function!("toDecimal", to_decimal),
    function!("until", until),
    function!("untilStep", until_step),
];

/// A `[]int` result.
struct Ints(Vec<i64>);

impl Ret for Ints {
    const TYPE: Type = Type::Slice(Elem::Int);

    fn into_result(self) -> Result<Value, CallError> {
        Ok(List::new(Elem::Int, self.0.into_iter().map(Value::int).collect()).into())
    }
}

/// The first argument and those after it.
fn all_of<'a>(first: &'a Value, rest: &'a Rest<Value>) -> impl Iterator<Item = &'a Value> {
    std::iter::once(first).chain(&rest.0)
}

fn add(numbers: Rest<Value>) -> Int64 {
    Int64(numbers.0.iter().map(to_int64).fold(0, i64::wrapping_add))
}

fn add1(number: Value) -> Int64 {
    Int64(to_int64(&number).wrapping_add(1))
}

fn sub(a: Value, b: Value) -> Int64 {
    Int64(to_int64(&a).wrapping_sub(to_int64(&b)))
}

fn mul(first: Value, rest: Rest<Value>) -> Int64 {
    Int64(all_of(&first, &rest).map(to_int64).fold(1, i64::wrapping_mul))
}

fn div(a: Value, b: Value) -> Result<Int64, CallError> {
    Ok(Int64(to_int64(&a).wrapping_div(divisor(&b)?)))
}

fn modulo(a: Value, b: Value) -> Result<Int64, CallError> {
    Ok(Int64(to_int64(&a).wrapping_rem(divisor(&b)?)))
}

fn divisor(value: &Value) -> Result<i64, CallError> {
    match to_int64(value) {
        0 => Err("runtime error: integer divide by zero".into()),
        number => Ok(number),
    }
}

fn max(first: Value, rest: Rest<Value>) -> Int64 {
    Int64(all_of(&first, &rest).map(to_int64).fold(i64::MIN, i64::max))
}

fn min(first: Value, rest: Rest<Value>) -> Int64 {
    Int64(all_of(&first, &rest).map(to_int64).fold(i64::MAX, i64::min))
}

fn maxf(first: Value, rest: Rest<Value>) -> f64 {
    rest.0.iter().map(to_float64).fold(to_float64(&first), greater)
}

fn minf(first: Value, rest: Rest<Value>) -> f64 {
    rest.0.iter().map(to_float64).fold(to_float64(&first), |a, b| -greater(-a, -b))
}

/// Go's `math.Max`: infinity before NaN before all else, `0` above `-0`.
fn greater(a: f64, b: f64) -> f64 {
    if a == f64::INFINITY || b == f64::INFINITY {
        f64::INFINITY
    } else if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == b {
        if a.is_sign_negative() { b } else { a }
    } else {
        a.max(b)
    }
}

/// Runs decimal arithmetic over floats, as sprig does.
fn fold_decimals(
    first: f64,
    rest: &[Value],
    step: impl Fn(&Decimal, &Decimal) -> Result<Decimal, String>,
) -> Result<f64, CallError> {
    let mut total = Decimal::from_float(first)?;
    for number in rest {
        total = step(&total, &Decimal::from_float(to_float64(number))?)?;
    }
    Ok(total.to_float())
}

fn addf(numbers: Rest<Value>) -> Result<f64, CallError> {
    fold_decimals(0.0, &numbers.0, |a, b| Ok(a.add(b)))
}

fn add1f(number: Value) -> Result<f64, CallError> {
    fold_decimals(to_float64(&number), &[Value::int(1)], |a, b| Ok(a.add(b)))
}

fn subf(first: Value, rest: Rest<Value>) -> Result<f64, CallError> {
    fold_decimals(to_float64(&first), &rest.0, |a, b| Ok(a.sub(b)))
}

fn mulf(first: Value, rest: Rest<Value>) -> Result<f64, CallError> {
    fold_decimals(to_float64(&first), &rest.0, |a, b| Ok(a.mul(b)))
}

fn divf(first: Value, rest: Rest<Value>) -> Result<f64, CallError> {
    fold_decimals(to_float64(&first), &rest.0, Decimal::div)
}

fn ceil(number: Value) -> f64 {
    to_float64(&number).ceil()
}

fn floor(number: Value) -> f64 {
    to_float64(&number).floor()
}

/// Rounds to so many places, up from `.5` or from the fraction given. Negative numbers have a
/// negative fraction and so always go down, as in sprig.
fn round(number: Value, places: i64, round_on: Rest<f64>) -> f64 {
    let power = power_of_ten(places);
    let digits = power * to_float64(&number);
    let up = digits.fract() >= round_on.0.first().copied().unwrap_or(0.5);
    (if up { digits.ceil() } else { digits.floor() }) / power
}

/// Go's `math.Pow(10, places)`, which squares and multiplies. Negative powers are inverted with
/// room for those that only a subnormal float holds.
fn power_of_ten(places: i64) -> f64 {
    const ROOM: f64 = 1.0 / (1_u128 << 100) as f64 / (1_u128 << 100) as f64;
    let (mut power, mut factor) = (if places < 0 { ROOM } else { 1.0 }, 10.0);
    let mut rest = places.unsigned_abs().min(1 << 20);
    while rest > 0 {
        if rest & 1 == 1 {
            power *= factor;
        }
        factor *= factor;
        rest >>= 1;
    }
    if places < 0 { 1.0 / power * ROOM } else { power }
}

fn int(number: Value) -> i64 {
    to_int(&number)
}

fn int64(number: Value) -> Int64 {
    Int64(to_int64(&number))
}

fn float64(number: Value) -> f64 {
    to_float64(&number)
}

/// sprig drops the error, and Go gives the nearest number where the text is out of range.
fn atoi(text: Text) -> i64 {
    strconv::atoi(&text).unwrap_or_else(|error| error.value)
}

/// The printed value read as an octal number.
fn to_decimal(number: Value) -> Int64 {
    let mut text = Vec::new();
    print_value(&mut text, &number);
    Int64(strconv::parse_int(&text, 8, 64).unwrap_or(0))
}

fn until(count: i64) -> Result<Ints, CallError> {
    range("until", 0, count, if count < 0 { -1 } else { 1 }).map(Ints)
}

fn until_step(start: i64, stop: i64, step: i64) -> Result<Ints, CallError> {
    range("untilStep", start, stop, step).map(Ints)
}

/// From `start` to before `stop`; empty if `step` leads the other way.
fn range(name: &str, start: i64, stop: i64, step: i64) -> Result<Vec<i64>, CallError> {
    let ahead = if stop < start { step < 0 } else { step > 0 };
    if ahead {
        let count = stop.abs_diff(start) / step.unsigned_abs();
        limit::items(name, usize::try_from(count).unwrap_or(usize::MAX))?;
    }
    let mut numbers = Vec::new();
    let mut next = Some(start);
    while let Some(number) = next {
        let inside =
            if stop < start { step < 0 && number > stop } else { step > 0 && number < stop };
        if !inside {
            break;
        }
        numbers.push(number);
        next = number.checked_add(step);
    }
    Ok(numbers)
}

/// Like the shell's `seq`: the end is part of it, and two numbers may count down.
fn seq(numbers: Rest<i64>) -> Result<String, CallError> {
    let (start, step, end) = match numbers.0[..] {
        [end] => (1, None, end),
        [start, end] => (start, None, end),
        [start, step, end] => (start, Some(step), end),
        _ => return Ok(String::new()),
    };
    let direction = if end < start { -1 } else { 1 };
    if direction < 0 && step.is_some_and(|step| step > 0) {
        return Ok(String::new());
    }
    let numbers = range("seq", start, end.wrapping_add(direction), step.unwrap_or(direction))?;
    Ok(numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(" "))
}

/// A number from `min` to before `max`.
fn rand_int(runtime: &mut dyn Runtime, min: i64, max: i64) -> Result<i64, CallError> {
    let span = max.wrapping_sub(min);
    if span <= 0 {
        return Err("invalid argument to Intn".into());
    }
    let mut bytes = [0; 16];
    runtime.host_here().fill_random(&mut bytes);
    let number = u128::from_le_bytes(bytes) % span as u128;
    Ok(min.wrapping_add(number as i64))
}

#[cfg(test)]
mod tests {
    use plimsoll_gotmpl::Arg;

    use super::*;

    fn text(text: &str) -> Value {
        Value::text(text)
    }

    #[test]
    fn decimal_arithmetic_hides_binary_fractions() {
        let floats = |numbers: &[f64]| Rest(numbers.iter().copied().map(Value::float).collect());
        assert_eq!(addf(floats(&[0.1, 0.2])).ok(), Some(0.3));
        assert_eq!(subf(Value::float(1.0), floats(&[0.9])).ok(), Some(0.1));
        assert_eq!(divf(Value::float(1.0), floats(&[3.0])).ok(), Some(0.333_333_333_333_333_3));
        assert_eq!(divf(Value::float(-2.0), floats(&[3.0])).ok(), Some(-0.666_666_666_666_666_7));
        assert_eq!(mulf(Value::float(1e308), floats(&[1e308])).ok(), Some(f64::INFINITY));
        let error = divf(Value::float(1.0), floats(&[0.0])).expect_err("nothing divides by zero");
        assert_eq!(error.to_string(), "decimal division by 0");
        let error = add1f(text("-inf")).expect_err("infinity is no decimal");
        assert_eq!(error.to_string(), "Cannot create a Decimal from -Inf");
    }

    #[test]
    fn rounding_of_negative_numbers_goes_down() {
        let round = |number, places| round(Value::float(number), places, Rest(vec![]));
        assert_eq!(round(2.5, 0), 3.0);
        assert_eq!(round(-2.5, 0), -3.0);
        assert_eq!(round(-2.1, 0), -3.0);
        assert_eq!(round(123.555_555, 3), 123.556);
        assert_eq!(round(1234.0, -2), 1200.0);
        assert!(round(1.0, -400).is_nan());
    }

    #[test]
    fn sequences_follow_their_step() {
        assert_eq!(seq(Rest(vec![-3])).unwrap(), "1 0 -1 -2 -3");
        assert_eq!(seq(Rest(vec![0, 2, 10])).unwrap(), "0 2 4 6 8 10");
        assert_eq!(seq(Rest(vec![5, 1, 3])).unwrap(), "");
        assert_eq!(until(-3).unwrap().0, [0, -1, -2]);
        assert!(until_step(0, 5, 0).unwrap().0.is_empty());
        assert_eq!(until_step(i64::MAX - 1, i64::MAX, 5).unwrap().0, [i64::MAX - 1]);
        assert!(until(i64::MAX).is_err() && until_step(i64::MAX, i64::MIN, -1).is_err());
        assert!(seq(Rest(vec![0, 1, i64::MAX - 1])).is_err());
    }

    #[test]
    fn whole_numbers_wrap_as_in_go() {
        assert_eq!(div(Value::int(i64::MIN), Value::int(-1)).expect("wraps").0, i64::MIN);
        assert!(modulo(Value::int(1), text("x")).is_err());
        assert_eq!(atoi("99999999999999999999".into()), i64::MAX);
        assert_eq!(to_decimal(Value::int(777)).0, 511);
    }

    #[test]
    fn the_signature_of_round_has_its_optional_argument() {
        let round = MATH.iter().find(|function| function.name == "round").expect("there is round");
        assert!(round.variadic);
        assert_eq!(round.params, [Type::Any, <i64 as Arg>::TYPE, Type::Float64]);
    }
}
