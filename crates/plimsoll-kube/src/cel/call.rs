//! Functions by their names.

use super::convert;
use super::eval::Run;
use super::fault::Fault;
use super::value::Value;
use super::{amount, duration, lists, net, number, semver, text};

/// Calls a function or an operator.
pub(super) fn call<'a>(
    run: &mut Run<'a>,
    name: &str,
    target: Option<Value<'a>>,
    mut args: Vec<Value<'a>>,
) -> Result<Value<'a>, Fault> {
    if let Some(found) = operator(run, name, target.as_ref(), &args)? {
        return Ok(found);
    }
    // The value before the full stop is an argument like the others.
    let is_method = target.is_some();
    args.splice(0..0, target);
    let cost = args.iter().map(weight).sum::<usize>();
    run.spend(cost)?;
    for family in [
        convert::call,
        text::call,
        lists::call,
        net::call,
        number::call,
        semver::call,
        amount::call,
    ] {
        if let Some(found) = family(run, name, &args, is_method)? {
            return Ok(found);
        }
    }
    if let Some(found) = duration::call(name, &args)? {
        return Ok(found);
    }
    match super::declared::overloads(name) {
        Some(_) if is_ours(name) => Fault::no_overload(),
        _ => Err(Fault::Unknown(format!("`{name}` is not evaluated here"))),
    }
}

/// Functions of which nothing is known without a cluster.
fn is_ours(name: &str) -> bool {
    let theirs = [
        "allowed",
        "check",
        "error",
        "errored",
        "fieldSelector",
        "group",
        "labelSelector",
        "name",
        "namespace",
        "path",
        "reason",
        "resource",
        "serviceAccount",
        "subresource",
    ];
    !theirs.contains(&name)
}

/// What looking at a value costs.
fn weight(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text) => text.len() / 10 + 1,
        Value::Bytes(bytes) => bytes.len() / 10 + 1,
        Value::List(_) | Value::Map(_) | Value::Tree(..) => value.size().unwrap_or(0) + 1,
        _ => 1,
    }
}

fn operator<'a>(
    run: &mut Run<'a>,
    name: &str,
    target: Option<&Value<'a>>,
    args: &[Value<'a>],
) -> Result<Option<Value<'a>>, Fault> {
    let found = match (name, target, args) {
        ("!_", None, [Value::Bool(value)]) => Value::Bool(!value),
        ("_==_" | "_!=_", None, [one, two]) => {
            run.spend(weight(one).min(weight(two)))?;
            Value::Bool(one.equals(two, 0)? == (name == "_==_"))
        }
        ("_<_" | "_<=_" | "_>_" | "_>=_", None, [one, two]) => {
            run.spend(weight(one).min(weight(two)))?;
            return compare(name, one, two).map(Some);
        }
        ("@in", None, [one, whole]) => Value::Bool(contains(run, whole, one)?),
        ("_[_]", None, [whole, key]) => return at(whole, key).map(Some),
        ("_[?_]", None, [whole, key]) => match whole {
            Value::Optional(None) => Value::Optional(None),
            Value::Optional(Some(inner)) => Value::Optional(inner.at(key)?.map(Into::into)),
            whole => Value::Optional(whole.at(key)?.map(Into::into)),
        },
        ("hasValue", Some(Value::Optional(inner)), []) => Value::Bool(inner.is_some()),
        ("value", Some(Value::Optional(inner)), []) => match inner {
            Some(inner) => (**inner).clone(),
            None => return Fault::error("optional.none() dereference"),
        },
        ("optional.none", None, []) => Value::Optional(None),
        ("optional.of", None, [value]) => Value::some(value.clone()),
        ("optional.ofNonZeroValue", None, [value]) => {
            if is_zero(value) {
                Value::Optional(None)
            } else {
                Value::some(value.clone())
            }
        }
        _ => return Ok(None),
    };
    Ok(Some(found))
}

fn is_zero(value: &Value<'_>) -> bool {
    match value {
        Value::Null | Value::Bool(false) | Value::Int(0) | Value::Uint(0) => true,
        Value::Double(value) => *value == 0.0,
        other => other.size() == Some(0),
    }
}

fn compare<'a>(name: &str, one: &Value<'a>, two: &Value<'a>) -> Result<Value<'a>, Fault> {
    let nan = |value: &Value<'_>| matches!(value, Value::Double(value) if value.is_nan());
    let Some(order) = one.order(two) else {
        let numbers = nan(one) || nan(two);
        return if numbers {
            Fault::error("NaN values cannot be ordered")
        } else {
            Fault::no_overload()
        };
    };
    Ok(Value::Bool(match name {
        "_<_" => order.is_lt(),
        "_<=_" => order.is_le(),
        "_>_" => order.is_gt(),
        _ => order.is_ge(),
    }))
}

/// Whether a list has an item or a map a key.
pub(super) fn contains<'a>(
    run: &mut Run<'a>,
    whole: &Value<'a>,
    one: &Value<'a>,
) -> Result<bool, Fault> {
    run.spend(whole.size().unwrap_or(1))?;
    if let Some(items) = whole.items() {
        for item in items {
            if item.equals(one, 0)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    match whole {
        Value::Map(_) | Value::Tree(..) => Ok(whole.at(one)?.is_some()),
        _ => Fault::no_overload(),
    }
}

fn at<'a>(whole: &Value<'a>, key: &Value<'a>) -> Result<Value<'a>, Fault> {
    if let Value::Optional(inner) = whole {
        let found = inner.as_ref().map(|inner| inner.at(key)).transpose()?.flatten();
        return Ok(Value::Optional(found.map(Into::into)));
    }
    match whole.at(key)? {
        Some(found) => Ok(found),
        None if matches!(key, Value::Int(_) | Value::Uint(_)) && whole.kind() == "list" => {
            Fault::error(format!("index out of bounds: {}", super::eval::shown(key)))
        }
        None => Fault::error(format!("no such key: {}", super::eval::shown(key))),
    }
}
