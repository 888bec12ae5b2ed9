//! Functions over lists.

use std::cmp::Ordering;

use super::call::contains;
use super::eval::Run;
use super::fault::Fault;
use super::value::Value;

pub(super) fn call<'a>(
    run: &mut Run<'a>,
    name: &str,
    args: &[Value<'a>],
    is_method: bool,
) -> Result<Option<Value<'a>>, Fault> {
    if let ("lists.range", [Value::Int(count)]) = (name, args) {
        let count = usize::try_from(*count).unwrap_or(0);
        run.spend(count)?;
        return Ok(Some(Value::list((0..count as i64).map(Value::Int).collect())));
    }
    let Some(items) = args.first().and_then(Value::items) else { return Ok(None) };
    if let Some(name) = name.strip_prefix("sets.") {
        let Some(other) = args.get(1).and_then(Value::items) else { return Fault::no_overload() };
        return sets(run, name, args, &items, &other).map(Some);
    }
    if !is_method {
        return Ok(None);
    }
    Ok(Some(match (name, &args[1..]) {
        ("includes", [one]) => Value::Bool(contains(run, &args[0], one)?),
        ("indexOf", [one]) => position(items.iter().enumerate(), one)?,
        ("lastIndexOf", [one]) => position(items.iter().enumerate().rev(), one)?,
        ("isSorted", []) => {
            let pairs =
                items.windows(2).all(|pair| pair[0].order(&pair[1]).is_some_and(Ordering::is_le));
            Value::Bool(pairs)
        }
        ("sum", []) => sum(run, items)?,
        ("min" | "max", []) => most(name, items)?,
        ("slice", [Value::Int(from), Value::Int(to)]) => {
            let range = usize::try_from(*from).ok().zip(usize::try_from(*to).ok());
            let part = range.and_then(|(from, to)| items.get(from..to));
            let Some(part) = part else {
                let message = format!("cannot slice({from}, {to}), list is length {}", items.len());
                return Fault::error(message);
            };
            Value::list(part.to_vec())
        }
        ("reverse", []) => Value::list(items.into_iter().rev().collect()),
        ("distinct", []) => {
            let mut found: Vec<Value<'a>> = Vec::new();
            for item in items {
                run.spend(found.len())?;
                let mut known = false;
                for other in &found {
                    known |= other.equals(&item, 0)?;
                }
                if !known {
                    found.push(item);
                }
            }
            Value::list(found)
        }
        ("sort", []) => {
            let keyed = items.into_iter().map(|item| (item.clone(), item)).collect();
            sort_by_key(run, keyed)?
        }
        ("flatten", []) => Value::list(flatten(run, items, 1)?),
        ("flatten", [Value::Int(depth)]) => Value::list(flatten(run, items, (*depth).min(100))?),
        _ => return Ok(None),
    }))
}

fn position<'v, 'a: 'v>(
    items: impl Iterator<Item = (usize, &'v Value<'a>)>,
    one: &Value<'a>,
) -> Result<Value<'a>, Fault> {
    for (at, item) in items {
        if item.equals(one, 0)? {
            return Ok(Value::Int(at as i64));
        }
    }
    Ok(Value::Int(-1))
}

fn sum<'a>(run: &mut Run<'a>, items: Vec<Value<'a>>) -> Result<Value<'a>, Fault> {
    let mut items = items.into_iter();
    let Some(mut total) = items.next() else { return Ok(Value::Int(0)) };
    for item in items {
        total = super::call::call(run, "_+_", None, vec![total, item])?;
    }
    Ok(total)
}

fn most<'a>(name: &str, items: Vec<Value<'a>>) -> Result<Value<'a>, Fault> {
    let wanted = if name == "min" { Ordering::Less } else { Ordering::Greater };
    let mut items = items.into_iter();
    let Some(mut best) = items.next() else {
        return Fault::error(format!("{name} called on empty list"));
    };
    for item in items {
        match item.order(&best) {
            Some(order) if order == wanted => best = item,
            Some(_) => {}
            None => return Fault::no_overload(),
        }
    }
    Ok(best)
}

fn flatten<'a>(
    run: &mut Run<'a>,
    items: Vec<Value<'a>>,
    depth: i64,
) -> Result<Vec<Value<'a>>, Fault> {
    if depth < 0 {
        return Fault::error("level must be non-negative");
    }
    let mut found = Vec::new();
    for item in items {
        match item.items().filter(|_| depth > 0) {
            Some(inner) => {
                run.spend(inner.len() + 1)?;
                found.extend(flatten(run, inner, depth - 1)?);
            }
            None => found.push(item),
        }
    }
    Ok(found)
}

fn sets<'a>(
    run: &mut Run<'a>,
    name: &str,
    args: &[Value<'a>],
    one: &[Value<'a>],
    two: &[Value<'a>],
) -> Result<Value<'a>, Fault> {
    let mut all = |whole: &Value<'a>, parts: &[Value<'a>]| -> Result<usize, Fault> {
        let mut count = 0;
        for part in parts {
            count += usize::from(contains(run, whole, part)?);
        }
        Ok(count)
    };
    Ok(Value::Bool(match name {
        "contains" => all(&args[0], two)? == two.len(),
        "intersects" => all(&args[0], two)? > 0,
        _ => all(&args[0], two)? == two.len() && all(&args[1], one)? == one.len(),
    }))
}

/// The second of each pair, in order of the first.
pub(super) fn sort_by_key<'a>(
    run: &mut Run<'a>,
    mut keyed: Vec<(Value<'a>, Value<'a>)>,
) -> Result<Value<'a>, Fault> {
    run.spend(keyed.len().saturating_mul(4))?;
    let apart = |pair: &[(Value<'a>, Value<'a>)]| {
        let (one, two) = (&pair[0].0, &pair[1].0);
        one.kind() != two.kind() || one.order(two).is_none()
    };
    if keyed.windows(2).any(apart) {
        return Fault::error("list elements must have the same type");
    }
    keyed.sort_by(|(one, _), (two, _)| one.order(two).unwrap_or(Ordering::Equal));
    Ok(Value::list(keyed.into_iter().map(|(_, item)| item).collect()))
}
