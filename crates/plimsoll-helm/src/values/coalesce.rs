use plimsoll_gotmpl::{Compat, Map, Text, Value};

use super::tables::{deep_copy_value, table};
use super::tree::{ChartTree, NodeId};
use super::warning::Warning;
use super::{Context, tables};
use crate::HelmError;

const GLOBAL: &str = "global";

/// What becomes of nulls.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// They stay, so that a later step still sees them. Helm calls it merging.
    Keep,
    /// A null removes what it stands over. Helm calls it coalescing.
    Remove,
}

/// Lays the defaults of a chart and of the charts in it under copies of the values.
/// helm: `CoalesceValues` and `MergeValues`.
pub(super) fn coalesce(
    tree: &ChartTree,
    node: NodeId,
    values: &Map,
    nulls: Nulls,
    context: &mut Context<'_>,
) -> Result<Map, HelmError> {
    let values = tables::deep_copy(values, false);
    coalesce_chart(tree, node, &values, "", nulls, context)?;
    Ok(values)
}

fn coalesce_chart(
    tree: &ChartTree,
    node: NodeId,
    values: &Map,
    prefix: &str,
    nulls: Nulls,
    context: &mut Context<'_>,
) -> Result<(), HelmError> {
    let prefix = join(prefix, tree.name(node));
    lay_defaults(tree, node, values, &prefix, nulls, context);
    for &child in tree.children(node) {
        let name = tree.name(child);
        let below = match values.get(name.as_bytes()) {
            None => Map::new(),
            Some(Value::Map(_, below)) => below,
            Some(other) => {
                let shown = crate::text::print_as_bool(&other);
                return Err(format!("type mismatch on {name}: {shown}").into());
            }
        };
        if !values.contains(name.as_bytes()) {
            values.insert(name.into(), Value::map(below.clone()));
        }
        hand_down_globals(&below, values, &prefix, context);
        coalesce_chart(tree, child, &below, &prefix, nulls, context)?;
    }
    Ok(())
}

/// Lays a chart's own defaults under its values. helm: `coalesceValues`.
fn lay_defaults(
    tree: &ChartTree,
    node: NodeId,
    values: &Map,
    prefix: &str,
    nulls: Nulls,
    context: &mut Context<'_>,
) {
    let defaults = tree.values(node);
    for (key, default) in defaults.entries().iter() {
        let clean = context.compat == Compat::Helm4 && nulls == Nulls::Remove;
        match values.get(key) {
            Some(Value::Nil) if nulls == Nulls::Remove => {
                values.remove(key);
            }
            Some(Value::Map(_, over)) => match default {
                Value::Nil => {}
                Value::Map(_, default) => {
                    // A subchart's own defaults come later; until then its nulls must be seen.
                    let mut children = tree.children(node).iter();
                    let is_child = children.any(|&child| tree.name(child).as_bytes() == &**key);
                    let kind = if is_child { (Nulls::Keep, false) } else { (nulls, clean) };
                    let path = join(prefix, &key.to_str_lossy());
                    lay_default_table(&over, default, path, kind, context);
                }
                _ => {
                    let path = join(prefix, &key.to_str_lossy());
                    context.warn(&Warning::SkippedValue { path: &path });
                }
            },
            Some(over) => context.origins.replace(&over, default),
            None if clean && default.is_nil() => {}
            None => values.insert(key.clone(), deep_copy_value(default, clean)),
        }
    }
}

/// Lays a table of defaults below the table `over`, in place; the defaults are not changed and what
/// goes over is copied, its nulls dropped with `clean`. helm: `coalesceTablesFullKey` on a copy.
fn lay_default_table(
    over: &Map,
    defaults: &Map,
    path: String,
    (nulls, clean): (Nulls, bool),
    context: &mut Context<'_>,
) {
    let mut todo = vec![(over.clone(), defaults.clone(), path)];
    while let Some((over, defaults, path)) = todo.pop() {
        for (key, low) in defaults.entries().iter() {
            match (over.get(key), low) {
                (None, Value::Nil) if clean => {}
                (None, low) => over.insert(key.clone(), deep_copy_value(low, clean)),
                (Some(high @ (Value::Map(..) | Value::Nil)), low) => {
                    todo.extend(meet(&over, (key, high), low, &path, nulls, context));
                }
                (Some(high), low) => {
                    // What a warning may show has lost its nulls by then.
                    let low = if clean { deep_copy_value(low, true) } else { low.clone() };
                    todo.extend(meet(&over, (key, high), &low, &path, nulls, context));
                }
            }
        }
    }
}

/// Lays the table `under` below the table `over`, in place; what goes over is shared by both from
/// then on. helm: `coalesceTablesFullKey`. Tables that hold themselves are left alone at some depth.
pub(crate) fn lay_table(
    over: &Map,
    under: &Map,
    path: String,
    nulls: Nulls,
    context: &mut Context<'_>,
) {
    let mut todo = vec![((over.clone(), under.clone(), path), 0)];
    while let Some(((over, under, path), depth)) = todo.pop() {
        if depth > tables::MAX_DEPTH {
            continue;
        }
        let had = under.snapshot();
        for (key, value) in over.snapshot() {
            if value.is_nil() {
                under.insert(key, Value::Nil);
            }
        }
        for (key, low) in had {
            match over.get(&key) {
                None => over.insert(key, low),
                Some(high) => {
                    let pair = meet(&over, (&key, high), &low, &path, nulls, context);
                    todo.extend(pair.map(|pair| (pair, depth + 1)));
                }
            }
        }
    }
}

/// Decides between two values of one key. Two tables are given back with their path.
fn meet(
    over: &Map,
    (key, high): (&Text, Value),
    low: &Value,
    path: &str,
    nulls: Nulls,
    context: &mut Context<'_>,
) -> Option<(Map, Map, String)> {
    let inner = || join(path, &key.to_str_lossy());
    match (high, low) {
        (Value::Nil, low) => {
            if nulls == Nulls::Remove && !low.is_nil() {
                over.remove(key);
            }
        }
        (Value::Map(..), Value::Nil) => {}
        (Value::Map(_, high), Value::Map(_, low)) => return Some((high, low.clone(), inner())),
        (_, Value::Map(..)) => {
            context.warn(&Warning::TableOverScalar { path: &inner(), value: low });
        }
        (Value::Map(..), _) => {
            context.warn(&Warning::ScalarOverTable { path: &inner(), value: low });
        }
        (high, low) => context.origins.replace(&high, low),
    }
    None
}

/// Copies the parent's globals over those of a subchart. helm: `coalesceGlobals`: what lies deeper
/// than the first level stays shared, so that a subchart's globals can reach its parent's.
fn hand_down_globals(below: &Map, values: &Map, prefix: &str, context: &mut Context<'_>) {
    let to = match below.get(GLOBAL.as_bytes()) {
        None => Map::new(),
        Some(Value::Map(_, to)) => to,
        Some(_) => return context.warn(&Warning::GlobalDestination),
    };
    let from = match values.get(GLOBAL.as_bytes()) {
        None => Vec::new(),
        Some(Value::Map(_, from)) => from.snapshot(),
        Some(_) => return context.warn(&Warning::GlobalSource),
    };
    for (key, value) in from {
        hand_down(&to, &key, value, prefix, context);
    }
    below.insert(GLOBAL.into(), Value::map(to));
}

fn hand_down(to: &Map, key: &Text, value: Value, prefix: &str, context: &mut Context<'_>) {
    let old = to.get(key);
    let name = key.to_str_lossy();
    match (table(&value), &old) {
        (Some(map), None) => to.insert(key.clone(), Value::map(map.shallow_copy())),
        (Some(map), Some(Value::Map(_, old))) => {
            let merged = map.shallow_copy();
            lay_table(&merged, old, join(prefix, &name), Nulls::Keep, context);
            to.insert(key.clone(), Value::map(merged));
        }
        (Some(_), Some(_)) => context.warn(&Warning::GlobalConflict { key: &name }),
        (None, Some(Value::Map(..))) => context.warn(&Warning::GlobalIsTable { key: &name }),
        (None, _) => to.insert(key.clone(), value),
    }
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}
