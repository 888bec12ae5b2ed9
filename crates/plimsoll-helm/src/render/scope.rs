//! What templates see as `.`: one map for each chart, shared by its templates.

use plimsoll_gotmpl::{Compat, Map, MapType, Text, Value};

use super::files::files_value;
use super::{Capabilities, Release, RenderOptions};
use crate::chart::ChartFile;
use crate::values::{ChartInstance, values_type};

/// A template and what it is run with.
pub(super) struct Renderable<'a> {
    /// `c/charts/s/templates/a.yaml`
    pub(super) name: String,
    pub(super) file: &'a ChartFile,
    /// `.`, shared by the templates of a chart.
    pub(super) scope: Map,
    /// `.Template.BasePath`
    pub(super) base_path: Text,
}

impl Renderable<'_> {
    /// `.` for this template.
    pub(super) fn dot(&self, compat: Compat) -> Value {
        dot(&self.scope, self.base_path.clone(), &self.name, compat)
    }
}

/// helm: engine.go sets `.Template` in the chart's shared map.
fn dot(scope: &Map, base_path: Text, name: &str, compat: Compat) -> Value {
    let entries =
        vec![("BasePath".into(), Value::text(base_path)), ("Name".into(), Value::text(name))];
    scope.insert("Template".into(), Value::map(Map::of(values_type(compat), entries)));
    Value::map(scope.retyped(values_type(compat)))
}

/// Every template of the tree, and what a template of the root that is in no file sees.
pub(super) fn with_root_dot<'a>(
    root: &'a ChartInstance,
    name: &str,
    options: &RenderOptions,
) -> (Vec<Renderable<'a>>, Value) {
    let mut collector = Collector::new(&options.release, &options.capabilities, options.compat);
    let scope = collector.chart(root);
    let base_path = Text::from(format!("{}/templates", root.full_path));
    (in_order(collector.found), dot(&scope, base_path, name, options.compat))
}

/// The same for the chart of the tree whose path is given.
pub(super) fn with_dot_of<'a>(
    root: &'a ChartInstance,
    path: &str,
    name: &str,
    options: &RenderOptions,
) -> (Vec<Renderable<'a>>, Value) {
    let mut collector = Collector::new(&options.release, &options.capabilities, options.compat);
    let scope = collector.chart(root);
    let rest = path.strip_prefix(&root.full_path).unwrap_or_default();
    let scope = rest.split("/charts/").skip(1).fold(scope, |scope, child| {
        let below = scope.get(b"Subcharts").map(|below| match below {
            Value::Map(_, charts) => charts.get(child.as_bytes()),
            _ => None,
        });
        match below.flatten() {
            Some(Value::Map(_, scope)) => scope,
            _ => scope,
        }
    });
    let base_path = Text::from(format!("{path}/templates"));
    (in_order(collector.found), dot(&scope, base_path, name, options.compat))
}

/// `.` as a template `name` of the root chart sees it.
pub fn root_dot(root: &ChartInstance, name: &str, options: &RenderOptions) -> Value {
    with_root_dot(root, name, options).1
}

/// Every template of the tree, in the order in which Helm parses and runs them.
pub(super) fn renderables<'a>(
    root: &'a ChartInstance,
    release: &Release,
    capabilities: &Capabilities,
    compat: Compat,
) -> Vec<Renderable<'a>> {
    let mut collector = Collector::new(release, capabilities, compat);
    collector.chart(root);
    in_order(collector.found)
}

/// helm: engine.go byPathLen reversed: the deepest first, among equals the last by name; where two
/// charts have the same path, the one seen last stays.
fn in_order(mut found: Vec<Renderable<'_>>) -> Vec<Renderable<'_>> {
    let depth = |name: &str| name.bytes().filter(|&byte| byte == b'/').count();
    found.reverse();
    found.sort_by_cached_key(|one| {
        (std::cmp::Reverse(depth(&one.name)), std::cmp::Reverse(one.name.clone()))
    });
    found.dedup_by(|next, kept| next.name == kept.name);
    found
}

struct Collector<'a> {
    compat: Compat,
    release: Value,
    capabilities: Value,
    found: Vec<Renderable<'a>>,
}

impl<'a> Collector<'a> {
    fn new(release: &Release, capabilities: &Capabilities, compat: Compat) -> Collector<'a> {
        Collector {
            compat,
            release: release.to_value(),
            capabilities: capabilities.to_value(compat),
            found: Vec::new(),
        }
    }

    fn chart(&mut self, instance: &'a ChartInstance) -> Map {
        let children = Map::new();
        let scope = Map::from_entries(vec![
            ("Capabilities".into(), self.capabilities.clone()),
            ("Chart".into(), instance.chart_value(self.compat)),
            ("Files".into(), files_value(&instance.chart.files)),
            ("Release".into(), self.release.clone()),
            ("Subcharts".into(), Value::map(children.clone())),
            ("Values".into(), Value::map(instance.values.clone())),
        ]);
        for child in &instance.children {
            let child_scope = self.chart(child);
            children.insert(child.name.as_str().into(), Value::map(child_scope));
        }
        let base_path = Text::from(format!("{}/templates", instance.full_path));
        let partials_only = instance.is_library();
        for file in &instance.chart.templates {
            if partials_only && !is_partial(&file.name) {
                continue;
            }
            self.found.push(Renderable {
                name: format!("{}/{}", instance.full_path, file.name),
                file,
                scope: scope.clone(),
                base_path: base_path.clone(),
            });
        }
        scope
    }
}

/// Whether a template is parsed and never run by itself.
pub(super) fn is_partial(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|base| base.starts_with('_'))
}

impl Release {
    fn to_value(&self) -> Value {
        Value::map(Map::of(
            MapType::ANY,
            vec![
                ("IsInstall".into(), Value::bool(self.is_install)),
                ("IsUpgrade".into(), Value::bool(self.is_upgrade)),
                ("Name".into(), Value::text(self.name.as_str())),
                ("Namespace".into(), Value::text(self.namespace.as_str())),
                ("Revision".into(), Value::int(self.revision)),
                ("Service".into(), Value::text("Helm")),
            ],
        ))
    }
}
