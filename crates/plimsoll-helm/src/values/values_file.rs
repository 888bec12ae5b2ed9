use std::path::Path;
use std::sync::Arc;

use plimsoll_gotmpl::{Compat, Map, Text, Value};
use plimsoll_source::{FileId, Span};
use plimsoll_yaml::{Entry, Kind, Node, Target, load_values, unmarshal};

use super::origin::{Layer, Origins, Source};
use crate::HelmError;
use crate::chart::ChartFile;

/// A file of values, parsed but not yet made into values of a run: it may be shared by threads.
#[derive(Debug)]
pub struct ValuesTree {
    /// Where the file lies, for origins.
    path: Option<Arc<Path>>,
    text: Arc<[u8]>,
    /// A mapping, in Helm 4 all documents merged, in Helm 3 the first.
    root: Node,
}

impl ValuesTree {
    /// Parses values; the error is Helm's text behind `cannot load values.yaml: ` and the like.
    pub fn parse(text: impl Into<Arc<[u8]>>, compat: Compat) -> Result<ValuesTree, String> {
        let text = text.into();
        let root = match compat {
            Compat::Helm3 => unmarshal(&text, FileId::NONE, Target::Map),
            Compat::Helm4 => load_values(&text, FileId::NONE),
        };
        let root = root.map_err(|error| error.message)?;
        Ok(ValuesTree { path: None, text, root })
    }

    /// Parses the `values.yaml` of a chart.
    pub(crate) fn load(
        file: &ChartFile,
        compat: Compat,
    ) -> Result<Result<ValuesTree, String>, HelmError> {
        let parsed = ValuesTree::parse(file.bytes()?, compat);
        Ok(parsed.map(|tree| ValuesTree { path: file.path.clone(), ..tree }))
    }

    /// The bytes of the file.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The values with their places; the file numbers of spans mean nothing.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The values as a map of a run. `name` is what origins call a file that lies on no disk.
    pub fn to_map(&self, layer: Layer, name: &str, origins: &mut Origins) -> Map {
        let path = self.path.as_ref().map(|path| path.display().to_string());
        let source = origins.add_source(layer, path.as_deref().unwrap_or(name), &self.text);
        to_map(self.root.as_map(), source, origins)
    }
}

fn to_map(entries: &[Entry], source: Source, origins: &mut Origins) -> Map {
    let entry = |entry: &Entry| {
        let value = to_value(&entry.value, entry.key_span, source, origins);
        (Text::from(entry.key.as_slice()), value)
    };
    Map::from_entries(entries.iter().map(entry).collect())
}

/// The node as a value, its leaves with the origin of their own place, lists and maps with that of
/// their key unless they are empty; every number is a float.
fn to_value(node: &Node, key: Span, source: Source, origins: &mut Origins) -> Value {
    let value = match &node.kind {
        Kind::Null => return Value::Nil,
        Kind::Bool(value) => Value::bool(*value),
        Kind::Int(value) => Value::float(*value as f64),
        Kind::Uint(value) => Value::float(*value as f64),
        Kind::Float(value) => Value::float(*value),
        Kind::Text(text) => Value::text(text.as_slice()),
        Kind::List(items) => {
            let items = items.iter().map(|item| to_value(item, item.span, source, origins));
            Value::list(items.collect())
        }
        Kind::Map(entries) => Value::map(to_map(entries, source, origins)),
    };
    let holds = !(node.as_list().is_empty() && node.as_map().is_empty());
    let span = if holds { key } else { node.span };
    value.with_origin(origins.at(source, span.start as usize, span.end as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_know_where_they_stand() {
        let tree = ValuesTree::parse(*b"a: 1\n---\nb: [x, two]\n", Compat::Helm4).unwrap();
        let mut origins = Origins::tracing();
        let map = tree.to_map(Layer::Defaults, "values.yaml", &mut origins);
        let item = map.get(b"b").unwrap().as_list().unwrap()[1].clone();
        let span = origins.get(item.origin()).unwrap().span;
        assert_eq!(&tree.text()[span.start as usize..span.end as usize], b"two");
        assert_eq!(origins.files.get(span.file).unwrap().name, "values.yaml");
    }

    #[test]
    fn helm_3_reads_the_first_document_alone() {
        let check = |compat, entries| {
            let tree = ValuesTree::parse(*b"a: 1\n---\nb: 2\n", compat).unwrap();
            assert_eq!(tree.root().as_map().len(), entries);
        };
        check(Compat::Helm3, 1);
        check(Compat::Helm4, 2);
    }
}
