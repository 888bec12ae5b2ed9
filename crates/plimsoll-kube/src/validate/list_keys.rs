//! Items of lists that server-side apply tells apart by their keys: `create` takes an item twice,
//! apply does not.

use std::fmt::Write as _;

use plimsoll_source::Severity;
use plimsoll_yaml::{Kind, Node};

use super::cx::Cx;
use super::node::Fields as _;
use super::problem::Problem;
use crate::schema::{Keys, Shape, Type};

/// From how many items on they are compared by sorting.
const MANY: usize = 24;

/// Tells each item whose keys an item before it has too.
pub(super) fn check(cx: &mut Cx<'_>, items: &[Node], inner: Shape, keys: Keys) {
    let Shape::Type(owner) = inner else { return };
    if items.len() < 2 {
        return;
    }
    if items.len() < MANY {
        for (at, item) in items.iter().enumerate() {
            if items[..at].iter().any(|other| same(other, item, keys, owner)) {
                tell(cx, item, keys, owner);
            }
        }
        return;
    }
    let mut told: Vec<(String, usize)> =
        items.iter().enumerate().map(|(at, item)| (written(item, keys, owner), at)).collect();
    told.sort();
    let mut twice: Vec<usize> =
        told.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1).collect();
    twice.sort_unstable();
    for at in twice {
        tell(cx, &items[at], keys, owner);
    }
}

fn same(one: &Node, other: &Node, keys: Keys, owner: Type) -> bool {
    keys.names().all(|key| match (one.ptr(key), other.ptr(key)) {
        (Some(one), Some(other)) => one.kind == other.kind,
        (None, None) => true,
        (Some(value), None) | (None, Some(value)) => is_default(value, owner, key),
    })
}

fn is_default(value: &Node, owner: Type, key: &str) -> bool {
    let default = owner.extra(key).map_or("", |extra| extra.default);
    match &value.kind {
        Kind::Text(text) => default.trim_matches('"').as_bytes() == text.as_slice(),
        _ => false,
    }
}

/// `name="a",port=80`, with defaults.
fn written(item: &Node, keys: Keys, owner: Type) -> String {
    let mut out = String::new();
    for key in keys.names() {
        let value = match item.ptr(key) {
            Some(value) => super::cx::shown(value),
            None => owner.extra(key).map_or("", |extra| extra.default).to_owned(),
        };
        if !value.is_empty() {
            let comma = if out.is_empty() { "" } else { "," };
            write!(out, "{comma}{key}={value}").expect("texts take all");
        }
    }
    out
}

fn tell(cx: &mut Cx<'_>, item: &Node, keys: Keys, owner: Type) {
    if cx.is_full_of(Severity::Warning) {
        return;
    }
    let path = cx.path(item);
    let keys = written(item, keys, owner);
    cx.problems.push(Problem {
        rule: "apply-duplicate",
        severity: Severity::Warning,
        path,
        message: format!("server-side apply refuses it: duplicate entries for key [{keys}]"),
        span: item.span,
        help: "create takes it; `helm install` and `kubectl apply --server-side` do not".to_owned(),
    });
}
