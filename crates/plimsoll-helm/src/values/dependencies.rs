use plimsoll_gotmpl::{Compat, Map, Value};

use super::Context;
use super::coalesce::{Nulls, coalesce};
use super::tree::{ChartTree, EntryId, NodeId};
use super::values_type::{table_at, value_at};
use super::warning::Warning;
use crate::chart::{Chart, is_compatible_range};
use crate::{HelmCause, HelmError};

/// Refuses library charts. helm: `checkIfInstallable`.
pub fn check_installable(chart: &Chart) -> Result<(), HelmError> {
    match chart.metadata.kind.as_str() {
        "" | "application" => Ok(()),
        kind => Err(format!("{kind} charts are not installable").into()),
    }
}

/// Refuses what Helm 4 loads but does not install: charts of `apiVersion: v3`.
pub fn check_api_version(chart: &Chart, compat: Compat) -> Result<(), HelmError> {
    if compat == Compat::Helm4 && chart.metadata.api_version == "v3" {
        return Err("invalid chart apiVersion".into());
    }
    Ok(())
}

/// Refuses a chart that names dependencies which are not there. helm: `CheckDependencies`.
pub fn check_dependencies(chart: &Chart, compat: Compat) -> Result<(), HelmError> {
    let is_there = |name: &str| chart.dependencies.iter().any(|loaded| loaded.name() == name);
    let named = chart.metadata.dependencies.iter().flatten();
    let names = named.map(|dependency| dependency.name.as_str());
    let missing: Vec<&str> = names.filter(|name| !is_there(name)).collect();
    // helm 4: chart.go counts the dependencies of a v3 chart by its subcharts.
    let count = chart.metadata.dependencies.as_ref().map_or(0, Vec::len);
    let is_v3 = compat == Compat::Helm4 && chart.metadata.api_version == "v3";
    if is_v3 && count < chart.dependencies.len() {
        return Err(
            "an error occurred while checking for chart dependencies. You may need to run \
                    'helm dependency build' to fetch missing dependencies: unsupported chart \
                    dependency type"
                .into(),
        );
    }
    if missing.is_empty() {
        return Ok(());
    }
    let (an, quote) = if compat == Compat::Helm4 { ("an", '\'') } else { ("An", '`') };
    let message = format!(
        "{an} error occurred while checking for chart dependencies. You may need to run {quote}helm \
         dependency build{quote} to fetch missing dependencies: found in Chart.yaml, but missing in \
         charts/ directory: {}",
        missing.join(", ")
    );
    let names = missing.into_iter().map(str::to_owned).collect();
    Err(HelmError::with_cause(message, HelmCause::MissingDependencies { names }))
}

/// Decides which subcharts take part, and under which names. helm: `processDependencyEnabled`.
pub(super) fn process_enabled(
    tree: &mut ChartTree,
    node: NodeId,
    values: &Map,
    path: &str,
    context: &mut Context<'_>,
) -> Result<(), HelmError> {
    let Some(entries) = tree.dependencies(node).cloned() else { return Ok(()) };
    take_declared(tree, node, &entries, context.compat);
    for &entry in &entries {
        tree.entries[entry].dependency.enabled = true;
    }
    let values = coalesce(tree, node, values, Nulls::Remove, context)?;
    apply_tags(tree, &entries, &values, context);
    apply_conditions(tree, &entries, &values, path, context);

    let disabled: Vec<String> = entries
        .iter()
        .map(|&entry| &tree.entries[entry].dependency)
        .filter(|dependency| !dependency.enabled)
        .map(|dependency| dependency.name.clone())
        .collect();
    let kept = |name: &str| !disabled.iter().any(|disabled| disabled == name);
    let children: Vec<NodeId> =
        tree.children(node).iter().copied().filter(|&child| kept(tree.name(child))).collect();
    for &child in &children {
        let path = format!("{path}{}.", tree.name(child));
        process_enabled(tree, child, &values, &path, context)?;
    }
    let entries: Vec<EntryId> =
        entries.into_iter().filter(|&entry| kept(&tree.entries[entry].dependency.name)).collect();
    let meta = tree.nodes[node].meta;
    // Go: a slice that nothing was appended to is nil, which later steps take for "no list".
    tree.metas[meta].dependencies = (!entries.is_empty()).then_some(entries);
    tree.set_children(node, children);
    Ok(())
}

/// Makes the children those that no entry names, then for each entry a copy of the first chart that
/// it names. Aliases become names.
fn take_declared(tree: &mut ChartTree, node: NodeId, entries: &[EntryId], compat: Compat) {
    let loaded = tree.children(node).to_vec();
    let mut children: Vec<NodeId> = loaded
        .iter()
        .copied()
        .filter(|&chart| !entries.iter().any(|&entry| is_named(tree, chart, entry)))
        .collect();
    for &entry in entries {
        let found = loaded.iter().copied().find(|&chart| is_named(tree, chart, entry));
        let alias = tree.entries[entry].dependency.alias.clone();
        if let Some(found) = found {
            let copy = tree.copy(found, compat);
            tree.nodes[copy].parent = Some(node);
            if !alias.is_empty() {
                let meta = tree.nodes[copy].meta;
                tree.metas[meta].name.clone_from(&alias);
            }
            children.push(copy);
        }
        if !alias.is_empty() {
            tree.entries[entry].dependency.name = alias;
        }
    }
    tree.set_children(node, children);
}

fn is_named(tree: &ChartTree, chart: NodeId, entry: EntryId) -> bool {
    let dependency = &tree.entries[entry].dependency;
    let version = &tree.nodes[chart].chart.metadata.version;
    tree.name(chart) == dependency.name && is_compatible_range(&dependency.version, version)
}

/// helm: `processDependencyTags`: one tag that is on is enough.
fn apply_tags(tree: &mut ChartTree, entries: &[EntryId], values: &Map, context: &mut Context<'_>) {
    let Ok(table) = table_at(values, "tags") else { return };
    for &entry in entries {
        let dependency = &mut tree.entries[entry].dependency;
        let mut switches = Vec::new();
        for tag in dependency.tags.iter().flatten() {
            match table.get(tag.as_bytes()) {
                None => {}
                Some(Value::Bool(_, on)) => switches.push(on),
                Some(_) => {
                    context.warn(&Warning::TagNotBool { tag, chart: &dependency.name });
                }
            }
        }
        dependency.enabled = switches.is_empty() || switches.contains(&true);
    }
}

/// helm: `processDependencyConditions`: the first path that leads to a boolean decides.
fn apply_conditions(
    tree: &mut ChartTree,
    entries: &[EntryId],
    values: &Map,
    path: &str,
    context: &mut Context<'_>,
) {
    for &entry in entries {
        let dependency = &mut tree.entries[entry].dependency;
        for condition in dependency.condition.trim().split(',').filter(|one| !one.is_empty()) {
            match value_at(values, &format!("{path}{condition}")) {
                None => {}
                Some(Value::Bool(_, on)) => {
                    dependency.enabled = on;
                    break;
                }
                Some(_) => context
                    .warn(&Warning::ConditionNotBool { path: condition, chart: &dependency.name }),
            }
        }
    }
}
