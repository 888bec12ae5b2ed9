use std::path::Path;
use std::sync::Arc;

use plimsoll_gotmpl::{Compat, Map, Text, Value};

use super::origin::{Layer, Origins, Source};
use super::tables::merge_maps;
use crate::HelmError;
use crate::chart::ChartFile;
use crate::yaml::Node;

/// A file of values, parsed but not yet made into values of a run: it may be shared by threads.
#[derive(Debug)]
pub struct ValuesTree {
    /// Where the file lies, for origins.
    path: Option<Arc<Path>>,
    text: Arc<[u8]>,
    /// The documents: Helm 4 merges all of them, Helm 3 reads the first.
    documents: Vec<Node>,
}

impl ValuesTree {
    /// Parses values; the error is Helm's text behind `cannot load values.yaml: ` and the like.
    pub fn parse(text: impl Into<Arc<[u8]>>, compat: Compat) -> Result<ValuesTree, String> {
        let text = text.into();
        let documents = match compat {
            Compat::Helm3 => vec![document(&text)?],
            Compat::Helm4 => split(&text)?
                .into_iter()
                .map(|part| {
                    document(part)
                        .map_err(|error| format!("cannot unmarshal yaml document: {error}"))
                })
                .collect::<Result<_, _>>()?,
        };
        Ok(ValuesTree { path: None, text, documents })
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

    /// The values as a map of a run. `name` is what origins call a file that lies on no disk.
    pub fn to_map(&self, layer: Layer, name: &str, origins: &mut Origins) -> Map {
        let path = self.path.as_ref().map(|path| path.display().to_string());
        let source = origins.add_source(layer, path.as_deref().unwrap_or(name), &self.text);
        let mut merged = Map::new();
        for document in &self.documents {
            let map = match to_value(document, source, origins) {
                Value::Map(_, map) => map,
                _ => Map::new(),
            };
            merged = if merged.is_empty() {
                map
            } else {
                merge_maps(&merged, &map, &mut |winner, loser| origins.replace(winner, loser))
            };
        }
        merged
    }
}

fn document(text: &[u8]) -> Result<Node, String> {
    let node = Node::parse(text)?;
    match node {
        Node::Map(_) | Node::Null => Ok(node),
        _ => Err(format!(
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {} into Go value \
             of type map[string]interface {{}}",
            node.json_kind()
        )),
    }
}

/// Splits a file into its documents as Kubernetes' YAMLReader does: at every line that starts with
/// `---`, wherever it stands. The separator goes, unless nothing stands before it.
fn split(text: &[u8]) -> Result<Vec<&[u8]>, String> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < text.len() {
        let line = &text[at..];
        let end = memchr::memchr(b'\n', line).map_or(text.len(), |newline| at + newline + 1);
        if let Some(rest) = line[..end - at].strip_prefix(b"---") {
            check_separator(rest)?;
            if at > start {
                parts.push(&text[start..at]);
                start = end;
            }
        }
        at = end;
    }
    if start < text.len() {
        parts.push(&text[start..]);
    }
    Ok(parts)
}

/// Behind `---` a separator has nothing but blanks or a comment.
fn check_separator(rest: &[u8]) -> Result<(), String> {
    let trimmed = String::from_utf8_lossy(rest);
    let trimmed = trimmed.trim();
    if trimmed.is_empty() || trimmed.starts_with('#') {
        return Ok(());
    }
    Err(format!("error reading yaml document: invalid Yaml document separator: {trimmed}"))
}

fn to_value(node: &Node, source: Source, origins: &mut Origins) -> Value {
    match node {
        Node::Null => Value::Nil,
        Node::Bool(value) => Value::bool(*value),
        Node::Int(value) => Value::float(*value as f64),
        Node::Uint(value) => Value::float(*value as f64),
        Node::Float(value) => Value::float(*value),
        Node::Text(text) => Value::text(text.as_str()),
        Node::List(items) => {
            Value::list(items.iter().map(|item| to_value(item, source, origins)).collect())
        }
        Node::Map(entries) => Value::map(Map::from_entries(
            entries
                .iter()
                .map(|(key, node)| (Text::from(key.as_str()), to_value(node, source, origins)))
                .collect(),
        )),
    }
}
