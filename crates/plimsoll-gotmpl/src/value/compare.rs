//! Comparisons: the builtins `eq`, `lt` and so on, and Go's `reflect.DeepEqual`.

use std::cmp::Ordering;

use super::complex::Complex;
use super::{Kind, List, Map, Value};
use crate::printf::sprintf;

/// What stops a comparison of values that do not compare: Go's `text/template` texts.
pub type CompareError = String;

/// The builtin `eq`: whether the first value equals any of the others.
pub fn eq(first: &Value, others: &[Value]) -> Result<bool, CompareError> {
    if others.is_empty() {
        return Err("missing argument for comparison".to_owned());
    }
    for other in others {
        if equal(first, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The builtin `ne`.
pub fn ne(a: &Value, b: &Value) -> Result<bool, CompareError> {
    equal(a, b).map(|equal| !equal)
}

/// The builtin `lt`.
pub fn lt(a: &Value, b: &Value) -> Result<bool, CompareError> {
    order(a, b).map(|order| order == Some(Ordering::Less))
}

/// The builtin `le`: less, or else equal.
pub fn le(a: &Value, b: &Value) -> Result<bool, CompareError> {
    Ok(lt(a, b)? || equal(a, b)?)
}

/// The builtin `gt`: not `le`, so true of NaN.
pub fn gt(a: &Value, b: &Value) -> Result<bool, CompareError> {
    le(a, b).map(|le| !le)
}

/// The builtin `ge`: not `lt`, so true of NaN.
pub fn ge(a: &Value, b: &Value) -> Result<bool, CompareError> {
    lt(a, b).map(|lt| !lt)
}

/// Go's `reflect.DeepEqual`: the types must agree (`1` and `1.0` differ), a nil slice or map is
/// not an empty one, NaN differs from itself, and the same map or slice is equal whatever it holds.
///
/// Maps that contain themselves are equal if no difference comes up, and what is met twice is
/// compared once.
pub fn deep_equal(a: &Value, b: &Value) -> bool {
    let mut open = Open::default();
    if !equal_so_far(a, b, &mut open) {
        return false;
    }
    while let Some(pair) = open.pairs.last_mut() {
        let Some((a, b)) = pair.next_parts() else {
            open.pairs.pop();
            continue;
        };
        let Some(b) = b else { return false };
        if !equal_so_far(&a, &b, &mut open) {
            return false;
        }
    }
    true
}

/// What is being compared, and what was.
#[derive(Default)]
struct Open {
    pairs: Vec<Pair>,
    /// The addresses of what was met below the outermost level.
    met: std::collections::BTreeSet<(usize, usize)>,
}

impl Open {
    /// Leaves two containers for later, unless they were met before.
    fn push(&mut self, pair: Pair) {
        let addresses = match &pair {
            Pair::Lists(a, b, _) => (a.address(), b.address()),
            Pair::Maps(a, b, _) => (a.address(), b.address()),
        };
        if self.pairs.is_empty() || self.met.insert(addresses) {
            self.pairs.push(pair);
        }
    }
}

/// Two values whose parts are being compared.
enum Pair {
    Lists(List, List, usize),
    Maps(Map, Map, usize),
}

impl Pair {
    /// The next part of the first value and its partner in the second.
    fn next_parts(&mut self) -> Option<(Value, Option<Value>)> {
        match self {
            Pair::Lists(a, b, at) => {
                *at += 1;
                Some((a.get(*at - 1)?.clone(), b.get(*at - 1).cloned()))
            }
            Pair::Maps(a, b, at) => {
                *at += 1;
                let entries = a.entries();
                let (key, value) = entries.get(*at - 1)?;
                Some((value.clone(), b.get(key)))
            }
        }
    }
}

/// Compares two values except for their parts, which it leaves in `open`.
fn equal_so_far(a: &Value, b: &Value, open: &mut Open) -> bool {
    match (a, b) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(_, a), Value::Bool(_, b)) => a == b,
        (Value::Int(a_type, _, a), Value::Int(b_type, _, b)) => a_type == b_type && a == b,
        (Value::Uint(a_type, _, a), Value::Uint(b_type, _, b)) => a_type == b_type && a == b,
        (Value::Float(_, a), Value::Float(_, b)) => a == b,
        (Value::Text(_, a), Value::Text(_, b)) => a == b,
        (Value::Object(_, a), Value::Object(_, b)) => {
            a.type_name() == b.type_name() && (a.same(b) || a.equals(&**b))
        }
        (Value::List(_, a), Value::List(_, b)) => {
            let alike = a.elem() == b.elem() && a.is_nil() == b.is_nil() && a.len() == b.len();
            if alike && !a.same(b) {
                open.push(Pair::Lists(a.clone(), b.clone(), 0));
            }
            alike
        }
        (Value::Map(_, a), Value::Map(_, b)) => {
            let alike =
                a.map_type() == b.map_type() && a.is_nil() == b.is_nil() && a.len() == b.len();
            if alike && !a.same(b) {
                open.push(Pair::Maps(a.clone(), b.clone(), 0));
            }
            alike
        }
        _ => false,
    }
}

/// The kinds that Go's comparisons tell apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Basic {
    Bool,
    Int,
    Uint,
    Float,
    Complex,
    String,
    Other,
}

fn basic(value: &Value) -> Basic {
    match value.kind() {
        Kind::Bool => Basic::Bool,
        Kind::Int | Kind::Int8 | Kind::Int16 | Kind::Int32 | Kind::Int64 => Basic::Int,
        Kind::Uint | Kind::Uint8 | Kind::Uint16 | Kind::Uint32 | Kind::Uint64 => Basic::Uint,
        Kind::Float32 | Kind::Float64 => Basic::Float,
        Kind::Complex128 => Basic::Complex,
        Kind::String => Basic::String,
        _ => Basic::Other,
    }
}

fn incompatible(a: &Value, b: &Value) -> CompareError {
    format!("incompatible types for comparison: {} and {}", a.type_name(), b.type_name())
}

fn equal(a: &Value, b: &Value) -> Result<bool, CompareError> {
    match (a, b) {
        (Value::Bool(_, a), Value::Bool(_, b)) => Ok(a == b),
        (Value::Int(_, _, a), Value::Int(_, _, b)) => Ok(a == b),
        (Value::Uint(_, _, a), Value::Uint(_, _, b)) => Ok(a == b),
        (Value::Int(_, _, a), Value::Uint(_, _, b))
        | (Value::Uint(_, _, b), Value::Int(_, _, a)) => {
            Ok(u64::try_from(*a).is_ok_and(|a| a == *b))
        }
        (Value::Float(_, a), Value::Float(_, b)) => Ok(a == b),
        (Value::Text(_, a), Value::Text(_, b)) => Ok(a == b),
        _ if basic(a) == Basic::Complex && basic(b) == Basic::Complex => {
            Ok(a.downcast::<Complex>() == b.downcast::<Complex>())
        }
        _ if basic(a) != basic(b) && (a.is_nil() || b.is_nil()) => Ok(false),
        _ if basic(a) != basic(b) => Err(incompatible(a, b)),
        _ => equal_others(a, b),
    }
}

/// Values of which neither is a number, a text or a truth.
fn equal_others(a: &Value, b: &Value) -> Result<bool, CompareError> {
    if a.kind() != b.kind() && !a.is_nil() && !b.is_nil() {
        // Go gives the last two the other way round.
        return Err(format!(
            "non-comparable types {}: {}, {}: {}",
            shown(b"%s", a),
            a.type_name(),
            b.type_name(),
            shown(b"%v", b)
        ));
    }
    if is_nil(a) || is_nil(b) {
        return Ok(is_nil(a) && is_nil(b));
    }
    match (a, b) {
        (Value::Object(_, a), Value::Object(_, b))
            if b.as_map().is_none() && b.kind() != Kind::Func =>
        {
            Ok(a.type_name() == b.type_name() && (a.same(b) || a.equals(&**b)))
        }
        _ => Err(format!("non-comparable type {}: {}", shown(b"%s", b), b.type_name())),
    }
}

fn is_nil(value: &Value) -> bool {
    match value {
        Value::Nil => true,
        Value::List(_, list) => list.is_nil(),
        Value::Map(_, map) => map.is_nil(),
        _ => false,
    }
}

fn shown(format: &[u8], value: &Value) -> String {
    sprintf(&format.into(), std::slice::from_ref(value)).to_str_lossy().into_owned()
}

/// How two values are ordered; `None` for NaN.
fn order(a: &Value, b: &Value) -> Result<Option<Ordering>, CompareError> {
    let bad = || Err("invalid type for comparison".to_owned());
    match (a, b) {
        (Value::Int(_, _, a), Value::Int(_, _, b)) => Ok(Some(a.cmp(b))),
        (Value::Uint(_, _, a), Value::Uint(_, _, b)) => Ok(Some(a.cmp(b))),
        (Value::Int(_, _, a), Value::Uint(_, _, b)) => Ok(Some(mixed(*a, *b))),
        (Value::Uint(_, _, a), Value::Int(_, _, b)) => Ok(Some(mixed(*b, *a).reverse())),
        (Value::Float(_, a), Value::Float(_, b)) => Ok(a.partial_cmp(b)),
        (Value::Text(_, a), Value::Text(_, b)) => Ok(Some(a.cmp(b))),
        _ if basic(a) == Basic::Other || basic(b) == Basic::Other => bad(),
        _ if basic(a) != basic(b) => Err(incompatible(a, b)),
        _ => bad(),
    }
}

fn mixed(signed: i64, unsigned: u64) -> Ordering {
    u64::try_from(signed).map_or(Ordering::Less, |signed| signed.cmp(&unsigned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Elem, MapType, UintType};
    use plimsoll_source::Origin;

    fn check(got: Result<bool, String>, want: Result<bool, &str>) {
        assert_eq!(got, want.map_err(str::to_owned));
    }

    fn looped() -> Map {
        let map = Map::new();
        map.insert("self".into(), Value::map(map.clone()));
        map
    }

    #[test]
    fn equality_asks_for_like_kinds() {
        let one = Value::int(1);
        check(eq(&one, &[Value::int64(1)]), Ok(true));
        check(eq(&one, &[Value::Uint(UintType::Uint8, Origin::NONE, 1)]), Ok(true));
        check(eq(&one, &[Value::Nil, one.clone()]), Ok(true));
        check(
            eq(&Value::float(1.0), std::slice::from_ref(&one)),
            Err("incompatible types for comparison: float64 and int"),
        );
        check(eq(&one, &[]), Err("missing argument for comparison"));
        check(eq(&Value::Nil, &[Value::Nil]), Ok(true));
    }

    #[test]
    fn lists_and_maps_compare_with_nil_alone() {
        let list = Value::list(vec![Value::float(3.0)]);
        check(eq(&list, &[Value::Nil]), Ok(false));
        check(
            eq(&list, std::slice::from_ref(&list)),
            Err("non-comparable type [%!s(float64=3)]: []interface {}"),
        );
        check(
            eq(&list, &[Value::map(Map::new())]),
            Err(
                "non-comparable types [%!s(float64=3)]: []interface {}, map[string]interface {}: map[]",
            ),
        );
        check(eq(&List::nil(Elem::Any).into(), &[list]), Ok(false));
    }

    #[test]
    fn order_is_for_numbers_and_texts() {
        check(lt(&Value::int(1), &Value::int(2)), Ok(true));
        check(ge(&Value::text("b"), &Value::text("a")), Ok(true));
        check(lt(&Value::Nil, &Value::int(2)), Err("invalid type for comparison"));
        check(lt(&Value::bool(true), &Value::bool(false)), Err("invalid type for comparison"));
        check(
            gt(&Value::int(1), &Value::text("a")),
            Err("incompatible types for comparison: int and string"),
        );
        check(gt(&Value::float(f64::NAN), &Value::float(1.0)), Ok(true));
        check(lt(&Value::int(-1), &Value::Uint(UintType::Uint, Origin::NONE, u64::MAX)), Ok(true));
    }

    #[test]
    fn deep_equality_asks_for_like_types() {
        let pair = |value: Value| Value::list(vec![Value::text("a"), value]);
        assert!(deep_equal(&pair(Value::int(1)), &pair(Value::int(1))));
        assert!(!deep_equal(&pair(Value::int(1)), &pair(Value::float(1.0))));
        assert!(!deep_equal(&pair(Value::int(1)), &pair(Value::int64(1))));
        assert!(!deep_equal(&List::nil(Elem::Any).into(), &Value::list(vec![])));
        assert!(!deep_equal(&Value::strings(["a"]), &Value::list(vec![Value::text("a")])));
        let strings = Map::of(MapType::STRINGS, Vec::new());
        assert!(!deep_equal(&Value::map(strings), &Value::map(Map::new())));
    }

    #[test]
    fn maps_that_contain_themselves_end() {
        assert!(deep_equal(&Value::map(looped()), &Value::map(looped())));
        let other = looped();
        other.insert("x".into(), Value::int(1));
        assert!(!deep_equal(&Value::map(looped()), &Value::map(other)));
    }
}
