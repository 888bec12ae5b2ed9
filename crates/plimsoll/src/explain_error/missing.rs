//! Which key of `.Values.a.b.c` is not there.

use plimsoll_gotmpl::{Map, Value};
use plimsoll_source::{FileId, Files, Label, Span};
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
    /// A key beside it that looks alike.
    near: Option<String>,
    /// Whether the chart's own values set it, so that somebody took it away.
    removed: bool,
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

fn walk(values: &Map, chain: &[String]) -> Option<Missing> {
    let mut map = values.clone();
    for (at, key) in chain.iter().enumerate() {
        match map.get(key.as_bytes()) {
            Some(Value::Map(_, below)) => map = below,
            found @ (None | Some(Value::Nil)) => {
                let names: Vec<String> = map
                    .entries()
                    .iter()
                    .map(|(name, _)| name.to_str_lossy().into_owned())
                    .collect();
                return Some(Missing {
                    keys: chain[..=at].to_vec(),
                    null: found.is_some(),
                    near: nearest(key, names.iter().map(String::as_str)).map(str::to_owned),
                    removed: false,
                    chart: String::new(),
                });
            }
            Some(_) => return None,
        }
    }
    None
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

    /// `` `.Values.image` is not set: values.yaml has no `image`; did you mean `images`? ``
    pub(super) fn message(&self) -> String {
        let chain = self.keys.join(".");
        let key = self.key();
        if self.null {
            return format!("`.Values.{chain}` is not set: `{key}` is null");
        }
        if self.removed {
            return format!("`.Values.{chain}` is not set: the values given set `{key}` to null");
        }
        let near = self.near.as_ref().map(|near| format!("; did you mean `{near}`?"));
        let below = match self.parent() {
            [] => String::new(),
            parent => format!(" below `{}`", parent.join(".")),
        };
        let near = near.unwrap_or_default();
        format!("`.Values.{chain}` is not set: values.yaml has no `{key}`{below}{near}")
    }

    /// What to do about it.
    pub(super) fn help(&self) -> String {
        let chain = self.keys.join(".");
        match self.near {
            Some(_) => String::new(),
            None => format!("set `{chain}` in a values file or with `--set {chain}=…`"),
        }
    }

    /// The place in `values.yaml`: the key that looks alike, the null, else the parent's key.
    pub(super) fn label(&self, sources: &Sources<'_>, files: &mut Files) -> Option<Label> {
        let bytes = sources.defaults(&self.chart)?;
        let node = read(&bytes, FileId::NONE)?;
        let (span, text) = self.place(&node)?;
        let file = sources.add_defaults(&self.chart, files)?;
        Some(Label { span: Span { file, ..span }, text })
    }

    fn place(&self, root: &Node) -> Option<(Span, String)> {
        let parent = at(root, self.parent())?;
        if let Some(entry) = parent.entry(self.key()) {
            let text = if self.removed { "the default that was taken away" } else { "null here" };
            return Some((entry.key_span, text.to_owned()));
        }
        if let Some(entry) = self.near.as_ref().and_then(|near| parent.entry(near)) {
            return Some((entry.key_span, "this key looks alike".to_owned()));
        }
        let (last, above) = self.parent().split_last()?;
        let entry = at(root, above)?.entry(last)?;
        Some((entry.key_span, format!("no `{}` below this", self.key())))
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
            "`.Values.image` is not set: values.yaml has no `image`; did you mean `images`?",
        );
        check(
            "images.tga",
            "`.Values.images.tga` is not set: values.yaml has no `tga` below `images`; did you mean \
             `tag`?",
        );
        check("replicas", "`.Values.replicas` is not set: values.yaml has no `replicas`");
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

    #[test]
    fn the_place_is_the_key_that_looks_alike_or_the_parent() {
        let text = "images:\n  tag: t\n";
        let place = |chain| {
            let node = read(text.as_bytes(), FileId::NONE).unwrap();
            let (span, _) = missing(chain).unwrap().place(&node)?;
            Some(&text[span.start as usize..span.end as usize])
        };
        assert_eq!(place("image.tag"), Some("images"));
        assert_eq!(place("images.tga"), Some("tag"));
        assert_eq!(place("images.repository"), Some("images"));
        assert_eq!(place("replicas"), None);
    }
}
