//! Where values were written: the user's files and flags, and the defaults of charts.

use plimsoll_helm::values::{Layer, Origins};
use plimsoll_source::{FileId, Files, Label, Origin, Span};
use plimsoll_yaml::Node;

use super::Failure;

/// The places of a run's values.
pub(super) struct ValuePlaces<'a> {
    pub(super) origins: Origins,
    folder: &'a std::path::Path,
}

impl<'a> ValuePlaces<'a> {
    pub(super) fn new(origins: Origins, failure: &Failure<'a>) -> ValuePlaces<'a> {
        ValuePlaces { origins, folder: failure.folder }
    }

    /// Where a value stands: of a scalar its text, of a list or map its key.
    pub(super) fn value(&self, origin: Origin, files: &mut Files) -> Option<(Layer, Span)> {
        let entry = self.origins.get(origin)?;
        let file = self.add(entry.span.file, files)?;
        Some((entry.layer, Span { file, ..entry.span }))
    }

    /// The key of a value in the file where it was written; of a flag the value.
    pub(super) fn key(
        &self,
        origin: Origin,
        prefix: &[String],
        keys: &[String],
        files: &mut Files,
    ) -> Option<Span> {
        let (layer, place) = self.value(origin, files)?;
        if layer == Layer::Flag {
            return Some(place);
        }
        let text = files.get(place.file)?.text.clone();
        let root = plimsoll_yaml::read(&text, place.file).ok()?;
        // Defaults of a subchart start at its own values, those of its parents above.
        (0..=prefix.len()).find_map(|from| {
            let chain: Vec<&String> = prefix[from..].iter().chain(keys).collect();
            key_span(&root, &chain)
        })
    }

    /// The user's file that sets a key to null.
    pub(super) fn null(
        &self,
        prefix: &[String],
        keys: &[String],
        files: &mut Files,
    ) -> Option<Label> {
        let chain: Vec<&String> = prefix.iter().chain(keys).collect();
        let all = (0..self.origins.files.len() as u32).rev().map(FileId);
        all.into_iter().find_map(|id| {
            let text = self.origins.files.get(id)?.text.clone();
            let root = plimsoll_yaml::read(&text, id).ok()?;
            let node = chain.iter().try_fold(&root, |node, key| node.get(key))?;
            if !node.is_null() {
                return None;
            }
            let span = Span { file: self.add(id, files)?, ..key_span(&root, &chain)? };
            Some(Label { span, text: "set to null here".to_owned() })
        })
    }

    /// Takes a file of values in, under the name by which the user knows it.
    fn add(&self, id: FileId, files: &mut Files) -> Option<FileId> {
        let file = self.origins.files.get(id)?;
        let path = std::path::Path::new(&file.name);
        let name = path.strip_prefix(self.folder).unwrap_or(path);
        let name = name.to_string_lossy().replace('\\', "/");
        Some(add_once(&name, &file.text, files))
    }
}

/// Takes a text in, unless it is there.
pub(super) fn add_once(name: &str, text: &[u8], files: &mut Files) -> FileId {
    let mut known = (0..files.len() as u32).map(FileId);
    let found = known
        .find(|&id| files.get(id).is_some_and(|file| file.name == name && *file.text == *text));
    found.unwrap_or_else(|| files.add(name, text))
}

fn key_span(root: &Node, chain: &[&String]) -> Option<Span> {
    let (last, above) = chain.split_last()?;
    let parent = above.iter().try_fold(root, |node, key| below(node, key))?;
    match parent.entry(last) {
        Some(entry) => Some(entry.key_span),
        None => below(parent, last).map(|item| item.span),
    }
}

/// The value of a key, or the entry of a list by its number.
fn below<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.get(key).or_else(|| node.as_list().get(key.parse::<usize>().ok()?))
}
