//! Changes of a text that leave all else in it as it is: comments, quotes, order, blank lines.

mod insert;
mod replace;
mod write;

use std::fmt;

use plimsoll_source::{Edit, FileId, Span};

use crate::error::YamlError;
use crate::node::{Entry, Kind, Node};
use crate::path::{Path, Step};

/// A value that is written into a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other finite number.
    Float(f64),
    /// A string.
    Text(String),
}

/// Why a text is not changed. Displays as a sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// The text cannot be read.
    Unreadable(YamlError),
    /// What stands at this path has no place for what was asked for; the second part says what it
    /// is.
    Unfit(Path, &'static str),
    /// The list at this path has so many items.
    TooShort(Path, usize),
    /// The change would not say what it should.
    Unsure(Path),
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditError::Unreadable(error) => error.fmt(f),
            EditError::Unfit(path, what) if path.0.is_empty() => {
                write!(f, "the document is {what}")
            }
            EditError::Unfit(path, what) => write!(f, "`{path}` is {what}"),
            EditError::TooShort(path, count) => write!(f, "`{path}` has {count} items"),
            EditError::Unsure(path) => write!(f, "`{path}` cannot be set without other changes"),
        }
    }
}

impl std::error::Error for EditError {}

/// The edit after which the node at `path` of the text's first document is `value`: a scalar or an
/// empty or flow collection is replaced, in its quotes; what is missing is inserted behind its
/// siblings with their indentation. Its span lies in `file`.
pub fn set(text: &[u8], file: FileId, path: &Path, value: &Scalar) -> Result<Edit, EditError> {
    if matches!(text, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        // The places in UTF-16 would not be those of the text.
        return Err(EditError::Unfit(Path::default(), "in UTF-16"));
    }
    let root = crate::read(text, file).map_err(EditError::Unreadable)?;
    let place = find(&root, path)?;
    let setting = Setting { text, file, root: &root, value };
    let edit = match place.rest {
        [] => setting.replace(&place)?,
        rest => setting.insert(&place, rest)?,
    };
    let changed = apply(text, std::slice::from_ref(&edit));
    match crate::read(&changed, file) {
        Ok(new) if says(&new, &root, path, value) => Ok(edit),
        _ => Err(EditError::Unsure(path.clone())),
    }
}

/// The text after edits that do not overlap, in any order.
pub fn apply(text: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = Vec::with_capacity(text.len() + 64);
    let mut from = 0;
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        if start < from || end > text.len() {
            continue;
        }
        out.extend_from_slice(&text[from..start]);
        out.extend_from_slice(edit.text.as_bytes());
        from = end;
    }
    out.extend_from_slice(&text[from..]);
    out
}

struct Setting<'a> {
    text: &'a [u8],
    file: FileId,
    root: &'a Node,
    value: &'a Scalar,
}

/// How far a path leads.
struct Place<'p, 'n> {
    node: &'n Node,
    /// The way to the node.
    path: Path,
    /// What is missing.
    rest: &'p [Step],
    /// The entry that holds the node, if a map does.
    entry: Option<&'n Entry>,
}

fn find<'p, 'n>(root: &'n Node, path: &'p Path) -> Result<Place<'p, 'n>, EditError> {
    let mut place = Place { node: root, path: Path::default(), rest: &path.0, entry: None };
    while let [step, rest @ ..] = place.rest {
        let inside = |span: Span| span.start >= place.node.span.start;
        let Some(node) = place.node.step(step).filter(|node| inside(node.span)) else { break };
        place.entry = match step {
            Step::Key(key) => place.node.as_map().iter().find(|entry| entry.key == *key),
            Step::Index(_) => None,
        };
        // What comes by an alias or a merge stands elsewhere.
        if place.entry.is_some_and(|entry| !inside(entry.key_span)) {
            return Err(EditError::Unsure(path.clone()));
        }
        place.node = node;
        place.path.0.push(step.clone());
        place.rest = rest;
    }
    Ok(place)
}

/// Whether `new` is `old` but for the value at the path.
fn says(new: &Node, old: &Node, path: &Path, value: &Scalar) -> bool {
    let Some(set) = new.follow(path) else { return false };
    if !is_value(set, value) {
        return false;
    }
    // Everything that is not on the way must be the same, and nothing else may have come.
    let (mut new, mut old) = (new, Some(old));
    for step in &path.0 {
        if !others_agree(new, old, step) {
            return false;
        }
        old = old.and_then(|old| old.step(step));
        match new.step(step) {
            Some(next) => new = next,
            None => return false,
        }
    }
    true
}

fn is_value(node: &Node, value: &Scalar) -> bool {
    match (&node.kind, value) {
        (Kind::Null, Scalar::Null) => true,
        (Kind::Bool(is), Scalar::Bool(wanted)) => is == wanted,
        (Kind::Int(is), Scalar::Int(wanted)) => is == wanted,
        (Kind::Int(_) | Kind::Uint(_) | Kind::Float(_), Scalar::Float(wanted)) => {
            node.as_float() == Some(*wanted)
        }
        (Kind::Text(is), Scalar::Text(wanted)) => is == wanted.as_bytes(),
        _ => false,
    }
}

/// Whether two collections agree in everything but what a step leads to.
fn others_agree(new: &Node, old: Option<&Node>, step: &Step) -> bool {
    let old = old.map(|old| &old.kind);
    match (&new.kind, step) {
        (Kind::Map(entries), Step::Key(key)) => {
            let old: &[Entry] = if let Some(Kind::Map(old)) = old { old } else { &[] };
            let others = |entries: &'_ [Entry]| -> Vec<Entry> {
                entries.iter().filter(|entry| entry.key != *key).cloned().collect()
            };
            let (new, old) = (others(entries), others(old));
            let same = |(a, b): (&Entry, &Entry)| a.key == b.key && agree(&a.value, &b.value);
            new.len() == old.len() && new.iter().zip(&old).all(same)
        }
        (Kind::List(items), Step::Index(index)) => {
            let old: &[Node] = if let Some(Kind::List(old)) = old { old } else { &[] };
            let is_same_length = items.len() == old.len().max(index + 1);
            let mut pairs = items.iter().zip(old).enumerate();
            is_same_length && pairs.all(|(at, (a, b))| at == *index || agree(a, b))
        }
        _ => false,
    }
}

/// Whether two nodes say the same, wherever they stand.
fn agree(a: &Node, b: &Node) -> bool {
    let mut pairs = a.walk().zip(b.walk());
    a.walk().count() == b.walk().count()
        && pairs.all(|(a, b)| match (&a.kind, &b.kind) {
            (Kind::List(a), Kind::List(b)) => a.len() == b.len(),
            (Kind::Map(a), Kind::Map(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.key == b.key)
            }
            (Kind::Float(a), Kind::Float(b)) => a == b || a.is_nan() && b.is_nan(),
            (a, b) => a == b,
        })
}

#[cfg(test)]
mod tests;
