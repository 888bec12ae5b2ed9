//! Which key of `.Values.a.b.c` is not there.

use plimsoll_gotmpl::{Map, Value};
use plimsoll_source::{FileId, Files, Label, Origin};
use plimsoll_yaml::Node;

use super::frames::Frame;
use super::names::nearest;
use super::sources::Sources;

/// A key that the values lack.
#[derive(Debug, PartialEq)]
pub(super) struct Missing {
    /// The keys up to the missing one, which is the last.
    keys: Vec<String>,
    /// Whether it is there, as `null`.
    null: bool,
    /// A key beside it that looks alike, and where its value comes from.
    near: Option<(String, Origin)>,
    /// Whether the chart's own values set it, so that somebody took it away.
    removed: bool,
    /// Where the map comes from that lacks it.
    parent: Origin,
    /// Where the chart stands: `c/charts/s`.
    chart: String,
}

/// Walks the values that a template sees down a chain of keys.
pub(super) fn find(chain: &[String], frame: &Frame<'_>, sources: &Sources<'_>) -> Option<Missing> {
    let instance = sources.instance(frame.file)?;
    let mut missing = walk(&instance.values, chain)?;
    missing.chart.clone_from(&instance.full_path);
    let defaults = sources.defaults(&missing.chart).and_then(|bytes| read(&bytes, FileId::NONE));
    let own = defaults.as_ref().and_then(|node| at(node, &missing.keys));
    missing.removed = own.is_some_and(|node| !node.is_null());
    Some(missing)
}

/// The value at the end of a chain of keys, and where it comes from.
pub(super) fn value(chain: &[String], frame: &Frame<'_>, sources: &Sources<'_>) -> Option<Value> {
    let mut value = Value::map(sources.instance(frame.file)?.values.clone());
    for key in chain {
        value = match &value {
            Value::Map(_, map) => map.get(key.as_bytes())?,
            _ => return None,
        };
    }
    Some(value)
}

fn walk(values: &Map, chain: &[String]) -> Option<Missing> {
    let (mut map, mut parent) = (values.clone(), Origin::NONE);
    for (at, key) in chain.iter().enumerate() {
        match map.get(key.as_bytes()) {
            Some(Value::Map(origin, below)) => (map, parent) = (below, origin),
            found @ (None | Some(Value::Nil)) => {
                return Some(Missing {
                    keys: chain[..=at].to_vec(),
                    null: found.is_some(),
                    near: near(&map, key),
                    removed: false,
                    parent,
                    chart: String::new(),
                });
            }
            Some(_) => return None,
        }
    }
    None
}

fn near(map: &Map, key: &str) -> Option<(String, Origin)> {
    let entries = map.entries();
    let names: Vec<String> =
        entries.iter().map(|(name, _)| name.to_str_lossy().into_owned()).collect();
    let near = nearest(key, names.iter().map(String::as_str))?;
    let value = entries.iter().find(|(name, _)| **name == *near.as_bytes());
    Some((near.to_owned(), value.map_or(Origin::NONE, |(_, value)| value.origin())))
}

fn read(bytes: &[u8], file: FileId) -> Option<Node> {
    plimsoll_yaml::read(bytes, file).ok()
}

fn at<'a>(node: &'a Node, keys: &[String]) -> Option<&'a Node> {
    keys.iter().try_fold(node, |node, key| node.get(key))
}

impl Missing {
    fn key(&self) -> &str {
        self.keys.last().expect("a chain has a key")
    }

    fn parent(&self) -> &[String] {
        &self.keys[..self.keys.len() - 1]
    }

    /// `` `.Values.image` is not set: the values have no `image`; did you mean `images`? ``
    pub(super) fn message(&self) -> String {
        let chain = self.keys.join(".");
        let key = self.key();
        if self.null {
            return format!("`.Values.{chain}` is not set: `{key}` is null");
        }
        if self.removed {
            return format!("`.Values.{chain}` is not set: the values given set `{key}` to null");
        }
        let near = self.near.as_ref().map(|(near, _)| format!("; did you mean `{near}`?"));
        let near = near.unwrap_or_default();
        match self.parent() {
            [] => format!("`.Values.{chain}` is not set: the values have no `{key}`{near}"),
            parent => {
                let parent = parent.join(".");
                format!("`.Values.{chain}` is not set: `{parent}` has no `{key}`{near}")
            }
        }
    }

    /// What to do about it.
    pub(super) fn help(&self) -> String {
        let prefix = Sources::prefix(&self.chart);
        let chain = [&prefix[..], &self.keys].concat().join(".");
        match self.near {
            Some(_) => String::new(),
            None => format!("set `{chain}` in a values file or with `--set {chain}=…`"),
        }
    }

    /// The place in the values: the key that looks alike, the null, else the key that it belongs
    /// below.
    pub(super) fn label(&self, sources: &Sources<'_>, files: &mut Files) -> Option<Label> {
        let prefix = Sources::prefix(&self.chart);
        let places = &sources.places;
        if self.null || self.removed {
            return places.null(&prefix, &self.keys, files);
        }
        let label = |span, text: String| Label { span, text };
        if let Some((near, origin)) = &self.near {
            let mut keys = self.parent().to_vec();
            keys.push(near.clone());
            let span = places.key(*origin, &prefix, &keys, files)?;
            return Some(label(span, "this key looks alike".to_owned()));
        }
        let span = places.key(self.parent, &prefix, self.parent(), files)?;
        Some(label(span, format!("`{}` would stand below this", self.key())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, Value)]) -> Map {
        Map::from_entries(entries.iter().map(|(k, v)| ((*k).into(), v.clone())).collect())
    }

    fn missing(chain: &str) -> Option<Missing> {
        let images = map(&[("tag", Value::text("t")), ("none", Value::Nil)]);
        let values = map(&[("count", Value::int(3)), ("images", Value::map(images))]);
        walk(&values, &chain.split('.').map(str::to_owned).collect::<Vec<_>>())
    }

    #[track_caller]
    fn check(chain: &str, want: &str) {
        assert_eq!(missing(chain).unwrap().message(), want);
    }

    #[test]
    fn the_first_key_that_is_not_there_is_named() {
        check(
            "image.tag",
            "`.Values.image` is not set: the values have no `image`; did you mean `images`?",
        );
        check(
            "images.tga",
            "`.Values.images.tga` is not set: `images` has no `tga`; did you mean `tag`?",
        );
        check("replicas", "`.Values.replicas` is not set: the values have no `replicas`");
    }

    #[test]
    fn a_null_is_called_so() {
        check("images.none.x", "`.Values.images.none` is not set: `none` is null");
    }

    #[test]
    fn what_is_there_is_not_missing() {
        assert_eq!(missing("images.tag"), None);
        assert_eq!(missing("count.x"), None);
    }
}
