use std::sync::Arc;

use plimsoll_gotmpl::{Compat, Map, Value};

use super::tree::{ChartTree, NodeId};
use super::values_type::{table_at, values_type};
use crate::chart::{Chart, ChartFile, Metadata, chart_value};

/// One chart of the tree as templates see it.
#[derive(Debug)]
pub struct ChartInstance {
    /// The chart as it was loaded.
    pub chart: Arc<Chart>,
    /// The name in the tree: the alias where there is one.
    pub name: String,
    /// Where the chart stands: `c/charts/s`. Templates are named by it.
    pub full_path: String,
    /// Whether it is the chart that is installed.
    pub is_root: bool,
    /// The metadata as it has become: renamed, only the dependencies that take part.
    pub metadata: Metadata,
    /// Dependency by dependency, the pairs of child and parent that `import-values` stands for.
    pub imports: Vec<Vec<(String, String)>>,
    /// `.Values`; what a subchart sees is a part of what its parent sees.
    pub values: Map,
    /// The subcharts that take part.
    pub children: Vec<ChartInstance>,
}

/// A file of `crds/`.
#[derive(Clone, Debug)]
pub struct Crd {
    /// The path by which it is shown: `c/charts/s/crds/a.yaml`.
    pub file_name: String,
    /// The file.
    pub file: ChartFile,
}

impl Crd {
    pub(super) fn new(chart_path: &str, file: &ChartFile) -> Crd {
        Crd { file_name: format!("{chart_path}/{}", file.name), file: file.clone() }
    }
}

impl ChartInstance {
    /// `.Chart`. Templates of a chart share it: make it once.
    pub fn chart_value(&self, compat: Compat) -> Value {
        chart_value(&self.metadata, &self.imports, self.is_root, compat)
    }

    /// Whether only the chart's partials count.
    pub fn is_library(&self) -> bool {
        self.metadata.is_library()
    }

    /// The instance of a node whose values are known. helm: engine.go `recAllTpls`.
    pub(super) fn new(
        tree: &ChartTree,
        node: NodeId,
        values: Map,
        compat: Compat,
    ) -> ChartInstance {
        let children = tree.children(node).iter().map(|&child| {
            // Go looks the child up by a path with dots, also where its name has some.
            let below = table_at(&values, tree.name(child)).unwrap_or_default();
            ChartInstance::new(tree, child, below.retyped(values_type(compat)), compat)
        });
        let entries = tree.dependencies(node).into_iter().flatten();
        ChartInstance {
            children: children.collect(),
            chart: tree.nodes[node].chart.clone(),
            name: tree.name(node).to_owned(),
            full_path: tree.full_path(node),
            is_root: tree.nodes[node].parent.is_none(),
            metadata: tree.metadata(node),
            imports: entries.map(|&entry| tree.entries[entry].imports.clone()).collect(),
            values,
        }
    }
}
