use std::path::Path;
use std::sync::Arc;

use plimsoll_gotmpl::{Compat, Map, Text, Value};

use super::origin::{Layer, Origins, Source};
use super::tables::merge_maps;
use crate::HelmError;
use crate::chart::ChartFile;
use crate::yaml::{self, Kind, Node};

/// A file of values, parsed but not yet made into values of a run: it may be shared by threads.
#[derive(Debug)]
pub struct ValuesTree {
    /// Where the file lies, for origins.
    path: Option<Arc<Path>>,
    text: Arc<[u8]>,
    /// Where each document starts, and what it holds: Helm 4 merges all of them, Helm 3 reads the first.
    documents: Vec<(usize, Node)>,
}

impl ValuesTree {
    /// Parses values; the error is Helm's text behind `cannot load values.yaml: ` and the like.
    pub fn parse(text: impl Into<Arc<[u8]>>, compat: Compat) -> Result<ValuesTree, String> {
        let text = text.into();
        let documents = match compat {
            Compat::Helm3 => vec![(0, document(&text)?)],
            Compat::Helm4 => split(&text)?
                .into_iter()
                .map(|(start, part)| match document(part) {
                    Ok(node) => Ok((start, node)),
                    Err(error) => Err(format!("cannot unmarshal yaml document: {error}")),
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
        for (base, document) in &self.documents {
            let map = match to_value(document, *base, source, origins) {
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
    let node = yaml::parse(text)?;
    match node.kind {
        Kind::Map(_) | Kind::Null => Ok(node),
        _ => Err(format!(
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {} into Go value \
             of type map[string]interface {{}}",
            node.json_kind()
        )),
    }
}

/// Splits a file into its documents as Kubernetes' YAMLReader does: at every line that starts with
/// `---`, wherever it stands. The separator goes, unless nothing stands before it.
fn split(text: &[u8]) -> Result<Vec<(usize, &[u8])>, String> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < text.len() {
        let line = &text[at..];
        let end = memchr::memchr(b'\n', line).map_or(text.len(), |newline| at + newline + 1);
        if let Some(rest) = line[..end - at].strip_prefix(b"---") {
            check_separator(rest)?;
            if at > start {
                parts.push((start, &text[start..at]));
                start = end;
            }
        }
        at = end;
    }
    if start < text.len() {
        parts.push((start, &text[start..]));
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

/// The node as a value, its leaves with their origins. `base` is where the document starts.
fn to_value(node: &Node, base: usize, source: Source, origins: &mut Origins) -> Value {
    let scalar = match &node.kind {
        Kind::Null => return Value::Nil,
        Kind::Bool(value) => Value::bool(*value),
        Kind::Int(value) => Value::float(*value as f64),
        Kind::Uint(value) => Value::float(*value as f64),
        Kind::Float(value) => Value::float(*value),
        Kind::Text(text) => Value::text(text.as_str()),
        Kind::List(items) => {
            let items = items.iter().map(|item| to_value(item, base, source, origins));
            return Value::list(items.collect());
        }
        Kind::Map(entries) => {
            let entry = |(key, node): &(String, Node)| {
                (Text::from(key.as_str()), to_value(node, base, source, origins))
            };
            return Value::map(Map::from_entries(entries.iter().map(entry).collect()));
        }
    };
    scalar.with_origin(origins.at(source, base + node.start, base + node.end))
}
