//! Macros over lists and maps.

use super::eval::Run;
use super::expr::{Fold, FoldKind};
use super::fault::Fault;
use super::lists;
use super::value::Value;

/// Runs a macro.
pub(super) fn fold<'a>(run: &mut Run<'a>, fold: &'a Fold) -> Result<Value<'a>, Fault> {
    let range = run.expr(&fold.range)?;
    let pairs = pairs(run, &range, fold.second.is_some())?;
    match fold.kind {
        FoldKind::All => decide(run, fold, pairs, false),
        FoldKind::Exists => decide(run, fold, pairs, true),
        FoldKind::ExistsOne => {
            let mut count = 0;
            for (first, second) in pairs {
                count += usize::from(is_true(run, fold, &first, &second)?);
            }
            Ok(Value::Bool(count == 1))
        }
        FoldKind::Filter => {
            let mut found = Vec::new();
            for (first, second) in pairs {
                if is_true(run, fold, &first, &second)? {
                    found.push(first);
                }
            }
            Ok(Value::list(found))
        }
        FoldKind::Map => {
            Ok(Value::list(bodies(run, fold, pairs)?.into_iter().map(|(_, body)| body).collect()))
        }
        FoldKind::TransformMap => Ok(Value::Map(bodies(run, fold, pairs)?.into())),
        FoldKind::TransformMapEntry => {
            let mut found = Vec::new();
            for (_, body) in bodies(run, fold, pairs)? {
                found.extend(body.entries().ok_or(no_overload())?);
            }
            Ok(Value::Map(found.into()))
        }
        FoldKind::SortBy => {
            let mut keyed = Vec::new();
            for (first, second) in pairs {
                let key = body(run, fold, &first, &second)?;
                keyed.push((key, first));
            }
            lists::sort_by_key(run, keyed)
        }
    }
}

fn no_overload() -> Fault {
    Fault::Error("no such overload".to_owned())
}

type Pairs<'a> = Vec<(Value<'a>, Value<'a>)>;

/// The one or two variables of each step.
fn pairs<'a>(run: &mut Run<'a>, range: &Value<'a>, two: bool) -> Result<Pairs<'a>, Fault> {
    run.spend(range.size().unwrap_or(1))?;
    if let Some(items) = range.items() {
        let pair = |(at, item): (usize, Value<'a>)| {
            if two { (Value::Int(at as i64), item) } else { (item, Value::Null) }
        };
        return Ok(items.into_iter().enumerate().map(pair).collect());
    }
    range.entries().ok_or(no_overload())
}

fn body<'a>(
    run: &mut Run<'a>,
    fold: &'a Fold,
    first: &Value<'a>,
    second: &Value<'a>,
) -> Result<Value<'a>, Fault> {
    with(run, fold, first, second, |run| run.expr(&fold.body))
}

fn with<'a, T>(
    run: &mut Run<'a>,
    fold: &'a Fold,
    first: &Value<'a>,
    second: &Value<'a>,
    inner: impl FnOnce(&mut Run<'a>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let depth = run.scope.len();
    run.scope.push((&fold.var, first.clone()));
    run.scope.extend(fold.second.as_deref().map(|name| (name, second.clone())));
    let found = inner(run);
    run.scope.truncate(depth);
    found
}

fn is_true<'a>(
    run: &mut Run<'a>,
    fold: &'a Fold,
    first: &Value<'a>,
    second: &Value<'a>,
) -> Result<bool, Fault> {
    match body(run, fold, first, second)? {
        Value::Bool(value) => Ok(value),
        _ => Err(no_overload()),
    }
}

/// `all` and `exists`: what decides wins over what fails.
fn decide<'a>(
    run: &mut Run<'a>,
    fold: &'a Fold,
    pairs: Pairs<'a>,
    decisive: bool,
) -> Result<Value<'a>, Fault> {
    let mut failed = None;
    for (first, second) in pairs {
        match is_true(run, fold, &first, &second) {
            Ok(value) if value == decisive => return Ok(Value::Bool(value)),
            Ok(_) => {}
            Err(Fault::Budget) => return Err(Fault::Budget),
            Err(fault) => failed = failed.or(Some(fault)),
        }
    }
    failed.map_or(Ok(Value::Bool(!decisive)), Err)
}

/// The body of each step that the filter takes, with the step's first variable.
fn bodies<'a>(run: &mut Run<'a>, fold: &'a Fold, pairs: Pairs<'a>) -> Result<Pairs<'a>, Fault> {
    let mut found = Vec::new();
    for (first, second) in pairs {
        let value = with(run, fold, &first, &second, |run| {
            if let Some(filter) = &fold.filter {
                match run.expr(filter)? {
                    Value::Bool(true) => {}
                    Value::Bool(false) => return Ok(None),
                    _ => return Err(no_overload()),
                }
            }
            run.expr(&fold.body).map(Some)
        })?;
        found.extend(value.map(|value| (first, value)));
    }
    Ok(found)
}
