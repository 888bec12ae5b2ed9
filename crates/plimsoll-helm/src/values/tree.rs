use std::cell::RefCell;
use std::sync::Arc;

use plimsoll_gotmpl::{Compat, Map};

use super::instance::Crd;
use super::origin::{Layer, Origins};
use crate::chart::{Chart, Dependency, Metadata};

/// A chart and its subcharts while Helm decides which of them take part, and under which names.
///
/// Go shares metadata and subcharts between the copies that aliases make, and that shows: names
/// changed by one copy are seen by the next. So the tree is a table of nodes that point at each
/// other by number, and metadata is a table of its own.
#[derive(Debug)]
pub struct ChartTree {
    pub(super) nodes: Vec<Node>,
    pub(super) metas: Vec<Meta>,
    pub(super) entries: Vec<Entry>,
}

pub(super) type NodeId = usize;
pub(super) type MetaId = usize;
pub(super) type EntryId = usize;

/// A chart at a place in the tree.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) chart: Arc<Chart>,
    pub(super) meta: MetaId,
    pub(super) parent: Option<NodeId>,
    pub(super) children: Vec<NodeId>,
    /// The defaults; after the imports those of the subcharts too.
    pub(super) values: RefCell<Option<Map>>,
}

/// What changes of a chart's metadata.
#[derive(Clone, Debug)]
pub(super) struct Meta {
    pub(super) name: String,
    pub(super) dependencies: Option<Vec<EntryId>>,
}

/// What changes of an entry of `dependencies`.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) dependency: Dependency,
    /// The pairs of child and parent that `import-values` stands for, once they are known.
    pub(super) imports: Vec<(String, String)>,
}

/// The root's number.
pub(super) const ROOT: NodeId = 0;

impl ChartTree {
    /// The tree as it was loaded.
    pub fn new(chart: &Arc<Chart>, origins: &mut Origins) -> ChartTree {
        let mut tree = ChartTree { nodes: Vec::new(), metas: Vec::new(), entries: Vec::new() };
        tree.add(chart, None, "", origins);
        tree
    }

    fn add(
        &mut self,
        chart: &Arc<Chart>,
        parent: Option<NodeId>,
        above: &str,
        origins: &mut Origins,
    ) -> NodeId {
        let path = format!("{above}{}", chart.name());
        let dependencies = chart.metadata.dependencies.as_ref().map(|dependencies| {
            dependencies.iter().map(|dependency| self.add_entry(dependency)).collect()
        });
        let meta = self.metas.len();
        self.metas.push(Meta { name: chart.name().to_owned(), dependencies });
        let values = chart.values.as_ref().map_or_else(Map::new, |values| {
            values.to_map(Layer::Defaults, &format!("{path}/values.yaml"), origins)
        });
        let id = self.nodes.len();
        self.nodes.push(Node {
            chart: chart.clone(),
            meta,
            parent,
            children: Vec::new(),
            values: RefCell::new(Some(values)),
        });
        let below = format!("{path}/charts/");
        for subchart in &chart.dependencies {
            let child = self.add(subchart, Some(id), &below, origins);
            self.nodes[id].children.push(child);
        }
        id
    }

    fn add_entry(&mut self, dependency: &Dependency) -> EntryId {
        self.entries.push(Entry { dependency: dependency.clone(), imports: Vec::new() });
        self.entries.len() - 1
    }

    pub(super) fn name(&self, node: NodeId) -> &str {
        &self.metas[self.nodes[node].meta].name
    }

    pub(super) fn children(&self, node: NodeId) -> &[NodeId] {
        &self.nodes[node].children
    }

    pub(super) fn values(&self, node: NodeId) -> Map {
        self.nodes[node].values.borrow().clone().unwrap_or_default()
    }

    pub(super) fn dependencies(&self, node: NodeId) -> Option<&Vec<EntryId>> {
        self.metas[self.nodes[node].meta].dependencies.as_ref()
    }

    /// Makes the charts the node's children. helm: `SetDependencies`.
    pub(super) fn set_children(&mut self, node: NodeId, children: Vec<NodeId>) {
        for &child in &children {
            self.nodes[child].parent = Some(node);
        }
        self.nodes[node].children = children;
    }

    /// A copy of a chart for an entry of `dependencies`. helm: `getAliasDependency`: Helm 4 copies
    /// the metadata and, one level deep, the subcharts; Helm 3 shares both.
    pub(super) fn copy(&mut self, node: NodeId, compat: Compat) -> NodeId {
        let mut meta = self.metas[self.nodes[node].meta].clone();
        if compat == Compat::Helm4 {
            for entry in meta.dependencies.iter_mut().flatten() {
                self.entries.push(self.entries[*entry].clone());
                *entry = self.entries.len() - 1;
            }
        }
        self.metas.push(meta);
        let copy = Node { meta: self.metas.len() - 1, ..self.nodes[node].clone() };
        self.nodes.push(copy);
        let copy = self.nodes.len() - 1;
        if compat == Compat::Helm4 {
            let children = self.nodes[copy].children.clone().into_iter();
            let children = children.map(|child| {
                self.nodes.push(self.nodes[child].clone());
                self.nodes.len() - 1
            });
            let children = children.collect();
            self.set_children(copy, children);
        }
        copy
    }

    /// helm: chart.go `ChartFullPath`.
    pub(super) fn full_path(&self, node: NodeId) -> String {
        match self.nodes[node].parent {
            None => self.name(node).to_owned(),
            Some(parent) => format!("{}/charts/{}", self.full_path(parent), self.name(node)),
        }
    }

    /// The metadata as it has become.
    pub(super) fn metadata(&self, node: NodeId) -> Metadata {
        let Node { chart, meta, .. } = &self.nodes[node];
        let dependencies = self.metas[*meta].dependencies.as_ref();
        Metadata {
            name: self.metas[*meta].name.clone(),
            dependencies: dependencies.map(|entries| {
                entries.iter().map(|&entry| self.entries[entry].dependency.clone()).collect()
            }),
            ..chart.metadata.clone()
        }
    }

    /// The root's metadata as it has become.
    pub fn root_metadata(&self) -> Metadata {
        self.metadata(ROOT)
    }

    /// The files of `crds/`, the root's first, then those of its subcharts, each with theirs.
    pub fn crds(&self) -> Vec<Crd> {
        let mut crds = Vec::new();
        let mut todo = vec![ROOT];
        while let Some(node) = todo.pop() {
            let path = self.full_path(node);
            crds.extend(self.nodes[node].chart.crds().map(|file| Crd::new(&path, file)));
            todo.extend(self.children(node).iter().rev());
        }
        crds
    }
}
