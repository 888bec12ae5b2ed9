//! Go's own template functions.

use crate::function::{Function, Rest};
use crate::runtime::{CallError, Runtime};
use crate::value::{IntType, Text, Type, UintType, Value, compare};
use crate::{html_escape, js_escape, sprint, sprintf, sprintln, text_to_escape, url_query_escape};
use plimsoll_source::Origin;

const ONE: &[Type] = &[Type::Reflect];
const TWO: &[Type] = &[Type::Reflect, Type::Reflect];

type Call = fn(&mut dyn Runtime, &[Value]) -> Result<Value, CallError>;

const fn plain(name: &'static str, params: &'static [Type], result: Type, call: Call) -> Function {
    Function { name, params, variadic: false, result, call }
}

const fn variadic(
    name: &'static str,
    params: &'static [Type],
    result: Type,
    call: Call,
) -> Function {
    Function { name, params, variadic: true, result, call }
}

/// All of them; the engine runs `and` and `or` by itself, as they need not look at every argument, and
/// `call`, whose errors show what was written.
pub(super) const BUILTINS: &[Function] = &[
    variadic("and", TWO, Type::Reflect, |_, args| Ok(args.last().cloned().unwrap_or_default())),
    variadic("or", TWO, Type::Reflect, |_, args| Ok(args.last().cloned().unwrap_or_default())),
    plain("not", ONE, Type::Bool, |_, args| Ok(Value::bool(!args[0].is_true()))),
    variadic("call", TWO, Type::Reflect, |_, _| Err("call of nil".into())),
    variadic("index", TWO, Type::Reflect, |_, args| index(&args[0], &args[1..])),
    variadic("slice", TWO, Type::Reflect, |_, args| slice(&args[0], &args[1..])),
    plain("len", ONE, Type::Int(IntType::Int), |_, args| len(&args[0])),
    variadic("eq", TWO, Type::Bool, |_, args| {
        let result = compare::eq(&args[0], &args[1..]);
        result.map(Value::bool).map_err(|error| error.clone().into())
    }),
    plain("ne", TWO, Type::Bool, |_, args| compared(compare::ne(&args[0], &args[1]))),
    plain("lt", TWO, Type::Bool, |_, args| compared(compare::lt(&args[0], &args[1]))),
    plain("le", TWO, Type::Bool, |_, args| compared(compare::le(&args[0], &args[1]))),
    plain("gt", TWO, Type::Bool, |_, args| compared(compare::gt(&args[0], &args[1]))),
    plain("ge", TWO, Type::Bool, |_, args| compared(compare::ge(&args[0], &args[1]))),
    crate::function!("html", |args: Rest<Value>| escaped(&args, html_escape)),
    crate::function!("js", |args: Rest<Value>| escaped(&args, js_escape)),
    crate::function!("urlquery", |args: Rest<Value>| escaped(&args, url_query_escape)),
    crate::function!("print", |args: Rest<Value>| sprint(&args.0)),
    crate::function!("println", |args: Rest<Value>| sprintln(&args.0)),
    crate::function!("printf", |format: Text, args: Rest<Value>| sprintf(&format, &args.0)),
];

fn escaped(args: &Rest<Value>, escape: fn(&[u8]) -> Vec<u8>) -> Text {
    escape(&text_to_escape(&args.0)).into()
}

fn compared(result: Result<bool, compare::CompareError>) -> Result<Value, CallError> {
    result.map(Value::bool).map_err(|error| error.clone().into())
}

fn len(value: &Value) -> Result<Value, CallError> {
    let length = match value {
        Value::Nil => return Err("len of nil pointer".into()),
        Value::Text(_, text) => text.len(),
        Value::List(_, list) => list.len(),
        Value::Map(_, map) => map.len(),
        Value::Object(_, object) => match object.as_map() {
            Some(map) => map.len(),
            None => return Err(format!("len of type {}", pointed_type(value)).into()),
        },
        other => return Err(format!("len of type {}", other.type_name()).into()),
    };
    Ok(Value::int(length as i64))
}

/// Go: funcs.go index.
fn index(item: &Value, indexes: &[Value]) -> Result<Value, CallError> {
    if item.is_nil() {
        return Err("index of untyped nil".into());
    }
    indexes.iter().try_fold(item.clone(), |item, at| match &item {
        Value::Nil => Err("index of nil pointer".into()),
        Value::List(_, list) => {
            let at = position(at, list.len())?;
            list.get(at).cloned().ok_or_else(|| "reflect: slice index out of range".into())
        }
        Value::Text(_, text) => {
            let at = position(at, text.len())?;
            let byte = text.get(at).ok_or("reflect: string index out of range")?;
            Ok(Value::Uint(UintType::Uint8, Origin::NONE, u64::from(*byte)))
        }
        Value::Map(_, map) => entry(map, at),
        Value::Object(_, object) => match object.as_map() {
            Some(map) => entry(&map, at),
            None => Err(format!("can't index item of type {}", pointed_type(&item)).into()),
        },
        other => Err(format!("can't index item of type {}", other.type_name()).into()),
    })
}

/// The type's name, or that of what a pointer points to.
fn pointed_type(value: &Value) -> String {
    value.type_name().trim_start_matches('*').to_owned()
}

fn entry(map: &crate::Map, key: &Value) -> Result<Value, CallError> {
    match key {
        Value::Text(_, key) => {
            Ok(map.get(key).unwrap_or_else(|| super::exec::zero_of(map.map_type().elem)))
        }
        Value::Nil => Err("value is nil; should be of type string".into()),
        other => Err(format!("value has type {}; should be string", other.type_name()).into()),
    }
}

/// Go: funcs.go indexArg lets the length itself pass.
fn position(index: &Value, length: usize) -> Result<usize, CallError> {
    let out_of_range = |shown: String| format!("index out of range: {shown}").into();
    match index {
        Value::Int(_, _, at) => {
            let fits = usize::try_from(*at).ok().filter(|at| *at <= length);
            fits.ok_or_else(|| out_of_range(at.to_string()))
        }
        Value::Uint(_, _, at) => {
            let fits = usize::try_from(*at).ok().filter(|at| *at <= length);
            // Go looks at the bits.
            fits.ok_or_else(|| out_of_range((*at as i64).to_string()))
        }
        Value::Nil => Err("cannot index slice/array with nil".into()),
        other => Err(format!("cannot index slice/array with type {}", other.type_name()).into()),
    }
}

fn slice(item: &Value, indexes: &[Value]) -> Result<Value, CallError> {
    let length = match item {
        Value::Nil => return Err("slice of untyped nil".into()),
        Value::Text(_, text) => text.len(),
        Value::List(_, list) => list.len(),
        other => return Err(format!("can't slice item of type {}", other.type_name()).into()),
    };
    let mut bounds = [0, length];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        *bound = position(index, length)?;
    }
    let [from, to] = bounds;
    if from > to {
        return Err(format!("invalid slice index: {from} > {to}").into());
    }
    Ok(match item {
        Value::List(_, list) => {
            Value::List(Origin::NONE, crate::List::new(list.elem(), list[from..to].to_vec()))
        }
        Value::Text(origin, text) => Value::Text(*origin, text.slice(from..to)),
        other => other.clone(),
    })
}
