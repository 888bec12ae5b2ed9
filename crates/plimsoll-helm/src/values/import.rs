use plimsoll_gotmpl::{Map, Value};
use serde_json::Value as Json;

use super::coalesce::{Nulls, coalesce, lay_table};
use super::tree::{ChartTree, EntryId, NodeId};
use super::values_type::table_at;
use super::warning::Warning;
use super::{Context, tables};
use crate::HelmError;

/// Takes over into each chart what it imports of its subcharts' values, the innermost first.
/// helm: `processDependencyImportValues`.
pub(super) fn process_imports(
    tree: &mut ChartTree,
    node: NodeId,
    context: &mut Context<'_>,
) -> Result<(), HelmError> {
    for child in tree.children(node).to_vec() {
        process_imports(tree, child, context)?;
    }
    let Some(entries) = tree.dependencies(node).cloned() else { return Ok(()) };
    let values = coalesce(tree, node, &Map::new(), Nulls::Keep, context)?;
    let imported = Map::new();
    for entry in entries {
        import(tree, entry, &values, &imported, context);
    }
    let values = if imported.is_empty() {
        values
    } else {
        lay_imported(tree, node, &values, &imported, context)?
    };
    *tree.nodes[node].values.borrow_mut() = Some(values);
    Ok(())
}

/// Lays what was imported below a copy of the values: both share tables, which must not show.
fn lay_imported(
    tree: &ChartTree,
    node: NodeId,
    values: &Map,
    imported: &Map,
    context: &mut Context<'_>,
) -> Result<Map, HelmError> {
    if tables::holds_itself(values) || tables::holds_itself(imported) {
        // Helm's stack overflows here. The tables are cut so that they can be dropped.
        cut(values);
        cut(imported);
        let name = tree.name(node);
        return Err(format!("the values that `{name}` imports hold themselves").into());
    }
    let values = tables::deep_copy(values, false);
    lay_table(&values, imported, String::new(), Nulls::Keep, context);
    Ok(values)
}

/// Empties every table below, so that none holds itself any more.
fn cut(map: &Map) {
    let mut todo = vec![map.clone()];
    while let Some(level) = todo.pop() {
        for (key, value) in level.snapshot() {
            level.remove(&key);
            todo.extend(value.as_map().cloned());
        }
    }
}

/// Lays what one entry of `dependencies` imports below what was imported before.
fn import(
    tree: &mut ChartTree,
    entry: EntryId,
    values: &Map,
    imported: &Map,
    context: &mut Context<'_>,
) {
    let entry = &mut tree.entries[entry];
    let name = entry.dependency.name.clone();
    let mut imports = Vec::new();
    // Go puts maps of strings in the place of what it has taken over, which it does not know again
    // when it comes to the same entry through another alias.
    let items = entry.dependency.import_values.take();
    for item in items.iter().flatten() {
        let (child, parent, is_pair) = match item {
            Json::Object(pair) => (print(pair.get("child")), print(pair.get("parent")), true),
            Json::String(export) => (format!("exports.{export}"), ".".to_owned(), false),
            _ => continue,
        };
        match table_at(values, &format!("{name}.{child}")) {
            Ok(table) => {
                // Go's AsMap gives a new map for an empty one.
                let table = if table.is_empty() { Map::new() } else { table };
                let below = if parent == "." { table } else { wrap(&parent, table) };
                lay_table(imported, &below, String::new(), Nulls::Keep, context);
            }
            Err(error) if is_pair => {
                context.warn(&Warning::ImportMissingFrom { chart: &name, error: &error });
            }
            Err(error) => context.warn(&Warning::ImportMissing { error: &error }),
        }
        imports.push((child, parent));
    }
    entry.imports = imports;
}

/// The table as the value of a path with dots.
fn wrap(path: &str, table: Map) -> Map {
    path.rsplit('.')
        .fold(table, |inner, name| Map::from_entries(vec![(name.into(), Value::map(inner))]))
}

/// Go's `%v` of a part of an entry.
fn print(part: Option<&Json>) -> String {
    match part {
        None | Some(Json::Null) => "<nil>".to_owned(),
        Some(Json::String(text)) => text.clone(),
        Some(Json::Number(number)) => {
            crate::text::print(&Value::float(number.as_f64().unwrap_or_default()))
        }
        Some(other) => other.to_string(),
    }
}
