//! Lists. The `must…` variants report their error, the plain ones panic with it in Go, which comes
//! to the same text.

use plimsoll_gotmpl::value::compare::deep_equal;
use plimsoll_gotmpl::{CallError, Elem, Function, List, Rest, Value, function};

use crate::limit;

pub(crate) const LISTS: &[Function] = &[
    function!("list", list),
    function!("tuple", list),
    function!("append", append),
    function!("push", append),
    function!("mustAppend", append),
    function!("mustPush", append),
    function!("prepend", prepend),
    function!("mustPrepend", prepend),
    function!("first", first),
    function!("mustFirst", first),
    function!("last", last),
    function!("mustLast", last),
    function!("rest", rest),
    function!("mustRest", rest),
    function!("initial", initial),
    function!("mustInitial", initial),
    function!("reverse", reverse),
    function!("mustReverse", reverse),
    function!("compact", compact),
    function!("mustCompact", compact),
    function!("uniq", uniq),
    function!("mustUniq", uniq),
    function!("without", without),
    function!("mustWithout", without),
    function!("has", has),
    function!("mustHas", has),
    function!("slice", slice),
    function!("mustSlice", slice),
    function!("concat", concat),
    function!("chunk", chunk),
    function!("mustChunk", chunk),
];

/// What Go says where a function asks nil for its type.
pub(crate) const NIL_POINTER: &str =
    "runtime error: invalid memory address or nil pointer dereference";

/// What Go says of a length that is none.
pub(crate) const MAKE_SLICE: &str = "runtime error: makeslice: len out of range";

/// How often `uniq` compares what is no text.
const MOST_COMPARED: usize = 20 << 20;

/// `list 1 "a"` → `[1 a]`
fn list(items: Rest<Value>) -> Vec<Value> {
    items.0
}

/// The list of a value, or `Cannot DO type KIND`.
fn items_of<'a>(value: &'a Value, cannot: &str) -> Result<&'a List, CallError> {
    match value {
        Value::List(_, list) => Ok(list),
        Value::Nil => Err(NIL_POINTER.into()),
        other => Err(CallError::Message(format!("{cannot} {}", other.kind().name()))),
    }
}

/// `append (list 1) 2` → `[1 2]`, a new list.
fn append(value: Value, item: Value) -> Result<Vec<Value>, CallError> {
    let list = items_of(&value, "Cannot push on type")?;
    Ok(list.iter().cloned().chain([item]).collect())
}

/// `prepend (list 1) 2` → `[2 1]`
fn prepend(value: Value, item: Value) -> Result<Vec<Value>, CallError> {
    let list = items_of(&value, "Cannot prepend on type")?;
    Ok([item].into_iter().chain(list.iter().cloned()).collect())
}

/// `first (list 1 2)` → `1`; nil of an empty list.
fn first(value: Value) -> Result<Value, CallError> {
    let list = items_of(&value, "Cannot find first on type")?;
    Ok(list.first().cloned().unwrap_or_default())
}

fn last(value: Value) -> Result<Value, CallError> {
    let list = items_of(&value, "Cannot find last on type")?;
    Ok(list.last().cloned().unwrap_or_default())
}

/// `rest (list 1 2 3)` → `[2 3]`; the nil list of an empty one.
fn rest(value: Value) -> Result<List, CallError> {
    let list = items_of(&value, "Cannot find rest on type")?;
    Ok(list.split_first().map_or(List::nil(Elem::Any), |(_, rest)| any_list(rest)))
}

/// `initial (list 1 2 3)` → `[1 2]`; the nil list of an empty one.
fn initial(value: Value) -> Result<List, CallError> {
    let list = items_of(&value, "Cannot find initial on type")?;
    Ok(list.split_last().map_or(List::nil(Elem::Any), |(_, initial)| any_list(initial)))
}

fn any_list(items: &[Value]) -> List {
    List::new(Elem::Any, items.to_vec())
}

fn reverse(value: Value) -> Result<Vec<Value>, CallError> {
    let list = items_of(&value, "Cannot find reverse on type")?;
    Ok(list.iter().rev().cloned().collect())
}

/// `compact (list 1 "" nil 0)` → `[1]`
fn compact(value: Value) -> Result<Vec<Value>, CallError> {
    let list = items_of(&value, "Cannot compact on type")?;
    Ok(list.iter().filter(|item| item.is_true()).cloned().collect())
}

/// `uniq (list 1 1 2)` → `[1 2]`
fn uniq(value: Value) -> Result<Vec<Value>, CallError> {
    let list = items_of(&value, "Cannot find uniq on type")?;
    let mut kept: Vec<Value> = Vec::new();
    let mut texts = std::collections::BTreeSet::new();
    let mut compared = 0;
    for item in list.iter() {
        // Texts equal nothing but texts: a set keeps long lists of them fast.
        let new = if let Value::Text(_, text) = item {
            texts.insert(text.clone())
        } else {
            compared += kept.len();
            !is_in(&kept, item)
        };
        if compared > MOST_COMPARED {
            return Err(CallError::Message(format!(
                "`uniq` compares more than {MOST_COMPARED} times"
            )));
        }
        if new {
            kept.push(item.clone());
        }
    }
    Ok(kept)
}

/// `without (list 1 2 3) 2` → `[1 3]`
fn without(value: Value, omit: Rest<Value>) -> Result<Vec<Value>, CallError> {
    let list = items_of(&value, "Cannot find without on type")?;
    Ok(list.iter().filter(|item| !is_in(&omit.0, item)).cloned().collect())
}

/// `has 2 (list 1 2)` → `true`; nothing is in nil.
fn has(needle: Value, value: Value) -> Result<bool, CallError> {
    if value.is_nil() {
        return Ok(false);
    }
    Ok(is_in(items_of(&value, "Cannot find has on type")?, &needle))
}

fn is_in(items: &[Value], needle: &Value) -> bool {
    items.iter().any(|item| deep_equal(needle, item))
}

/// `slice (list 1 2 3) 1 2` → `[2]`; nil of an empty list.
fn slice(value: Value, indices: Rest<Value>) -> Result<Value, CallError> {
    let list = items_of(&value, "list should be type of slice or array but")?;
    if list.is_empty() {
        return Ok(Value::Nil);
    }
    let len = list.len() as i64;
    let index = |at: usize, default| indices.0.get(at).map_or(default, crate::cast::to_int);
    let (start, end) = (index(0, 0), index(1, len));
    if start < 0 || end < start || end > len {
        return Err("reflect.Value.Slice: slice index out of bounds".into());
    }
    let items = list[start as usize..end as usize].to_vec();
    Ok(Value::List(value.origin(), List::new(list.elem(), items)))
}

/// `concat (list 1) (list 2)` → `[1 2]`; the nil list where there are no items.
fn concat(lists: Rest<Value>) -> Result<Value, CallError> {
    let mut items = Vec::new();
    for value in &lists.0 {
        let list = match value {
            Value::List(_, list) => list,
            Value::Nil => return Err(NIL_POINTER.into()),
            other => {
                let kind = other.kind().name();
                return Err(CallError::Message(format!("Cannot concat type {kind} as list")));
            }
        };
        limit::items("concat", items.len() + list.len())?;
        items.extend_from_slice(list);
    }
    let list = if items.is_empty() { List::nil(Elem::Any) } else { List::new(Elem::Any, items) };
    Ok(list.into())
}

/// `chunk 2 (list 1 2 3)` → `[[1 2] [3]]`
fn chunk(size: i64, value: Value) -> Result<Chunks, CallError> {
    let list = items_of(&value, "Cannot chunk type")?;
    if size > 0 {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        return Ok(Chunks(list.chunks(size).map(|chunk| any_list(chunk).into()).collect()));
    }
    odd_chunks(size, list)
}

/// sprig: list.go `mustChunk` counts its chunks in floating point, which says no to most sizes
/// under 1 in `make`, and yes to some.
fn odd_chunks(size: i64, list: &[Value]) -> Result<Chunks, CallError> {
    let count = ((list.len() as f64 - 1.0) / size as f64).floor() + 1.0;
    match (count, list) {
        (0.0, _) => Ok(Chunks(Vec::new())),
        (1.0, [item]) if size < -1 => Ok(Chunks(vec![any_list(std::slice::from_ref(item)).into()])),
        _ => Err(MAKE_SLICE.into()),
    }
}

/// A `[][]interface {}` result.
struct Chunks(Vec<Value>);

impl plimsoll_gotmpl::Ret for Chunks {
    const TYPE: plimsoll_gotmpl::Type = plimsoll_gotmpl::Type::Slice(Elem::AnyList);

    fn into_result(self) -> Result<Value, CallError> {
        Ok(List::new(Elem::AnyList, self.0).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strval::strval;
    use plimsoll_gotmpl::Ret;

    fn numbers(last: i64) -> Value {
        Value::list((1..=last).map(Value::int).collect())
    }

    fn check(got: impl Ret, want: &str) {
        let got = match got.into_result() {
            Ok(value) => strval(&value).text.to_str_lossy().into_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(got, want);
    }

    #[test]
    fn parts_of_lists() {
        check(first(numbers(3)), "1");
        check(last(numbers(0)), "<nil>");
        check(rest(numbers(3)), "[2 3]");
        check(initial(numbers(3)), "[1 2]");
        assert!(rest(numbers(0)).unwrap().is_nil());
        check(slice(numbers(3), Rest(vec![Value::from("1"), Value::float(2.7)])), "[2]");
        check(
            slice(numbers(3), Rest(vec![Value::int(4)])),
            "reflect.Value.Slice: slice index out of bounds",
        );
    }

    #[test]
    fn equality_is_deep_and_typed() {
        let mixed = Value::list(vec![
            Value::int(1),
            Value::float(1.0),
            Value::int(1),
            "1".into(),
            "1".into(),
        ]);
        check(uniq(mixed.clone()), "[1 1 1]");
        check(without(mixed.clone(), Rest(vec![Value::int(1), Value::from("1")])), "[1]");
        check(has(numbers(2), Value::list(vec![numbers(2)])), "true");
        check(has(Value::Nil, Value::Nil), "false");
    }

    #[test]
    fn chunks_of_odd_sizes() {
        check(chunk(2, numbers(3)), "[[1 2] [3]]");
        check(chunk(5, numbers(0)), "[]");
        check(chunk(0, numbers(1)), MAKE_SLICE);
        check(chunk(-2, numbers(1)), "[[1]]");
        check(chunk(-2, numbers(3)), "[]");
        check(chunk(-1, numbers(3)), MAKE_SLICE);
        check(chunk(-1, numbers(1)), MAKE_SLICE);
        check(chunk(-2, numbers(0)), MAKE_SLICE);
    }

    #[test]
    fn others_are_no_lists() {
        check(append("a".into(), Value::Nil), "Cannot push on type string");
        check(concat(Rest(vec![Value::float(1.0)])), "Cannot concat type float64 as list");
        check(reverse(Value::Nil), NIL_POINTER);
    }
}
