use std::fmt::Write as _;

use plimsoll_yaml::{Kind, Node};

use crate::schema::{Shape, Type};

/// A step from a node to one below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    Key(&'a [u8]),
    Index(usize),
}

/// The steps from `root` to `target`, which has to be the very node, not an equal one. Paths are
/// asked for only when there is something to say, so that checks need not carry them.
pub(super) fn steps<'a>(root: &'a Node, target: &Node) -> Option<Vec<Step<'a>>> {
    let mut open: Vec<(&'a Node, usize, Step<'a>)> = vec![(root, 0, Step::Index(0))];
    let mut parents: Vec<Step<'a>> = Vec::new();
    while let Some((node, depth, step)) = open.pop() {
        parents.truncate(depth.saturating_sub(1));
        if depth > 0 {
            parents.push(step);
        }
        if std::ptr::eq(node, target) {
            return Some(parents);
        }
        match &node.kind {
            Kind::List(items) => {
                let items = items.iter().enumerate();
                open.extend(items.map(|(at, item)| (item, depth + 1, Step::Index(at))));
            }
            Kind::Map(entries) => {
                open.extend(
                    entries.iter().map(|entry| (&entry.value, depth + 1, Step::Key(&entry.key))),
                );
            }
            _ => {}
        }
    }
    None
}

/// `spec.containers[0].image`, `metadata.annotations[a/b]`: fields of structs behind a full stop,
/// keys of maps in brackets.
pub(super) fn write(steps: &[Step<'_>], root: Option<Type>, minor: u16) -> String {
    let mut out = String::new();
    let mut shape = root.map(Shape::Type);
    for step in steps {
        let is_map = matches!(shape, Some(Shape::Map(_)));
        match step {
            Step::Index(at) => write!(out, "[{at}]").expect("texts take all"),
            Step::Key(key) => {
                let key = String::from_utf8_lossy(key);
                if is_map {
                    write!(out, "[{key}]").expect("texts take all");
                } else {
                    field(&mut out, &key);
                }
            }
        }
        shape = shape.and_then(|shape| below(shape, *step, minor));
    }
    out
}

fn field(out: &mut String, name: &str) {
    if !out.is_empty() {
        out.push('.');
    }
    out.push_str(name);
}

fn below(shape: Shape, step: Step<'_>, minor: u16) -> Option<Shape> {
    match (shape, step) {
        (Shape::Type(name), Step::Key(key)) => Some(name.body(minor)?.field(key)?.shape()),
        (Shape::Map(inner) | Shape::List(inner, _), _) => Some(inner.shape()),
        _ => None,
    }
}

/// A path and something below it: `spec` and `[0].name` or `name`.
pub(super) fn join(path: &str, rest: &str) -> String {
    match (path.is_empty(), rest.is_empty() || rest.starts_with('[')) {
        (true, _) => rest.to_owned(),
        (_, true) => format!("{path}{rest}"),
        _ => format!("{path}.{rest}"),
    }
}
