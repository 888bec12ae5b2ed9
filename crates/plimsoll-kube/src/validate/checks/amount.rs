//! Numbers that may be percentages.

use plimsoll_yaml::{Kind, Node};

use super::meta::say;
use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::node::Fields as _;

/// A number that is not below nought, or a percentage.
pub(super) fn number_or_percent(cx: &mut Cx<'_>, holder: &Node, field: &str) {
    let node = holder.of(field);
    match &node.kind {
        Kind::Text(_) => say(cx, node, names::percent(node.str())),
        _ if node.as_int().is_some_and(|number| number < 0) => {
            cx.invalid(node, "must be greater than or equal to 0");
        }
        _ => {}
    }
}

/// A percentage is not above a hundred.
pub(super) fn at_most_all(cx: &mut Cx<'_>, holder: &Node, field: &str) {
    let node = holder.of(field);
    if percent(node).is_some_and(|percent| percent > 100) {
        cx.invalid(node, "must not be greater than 100%");
    }
}

fn percent(node: &Node) -> Option<i64> {
    let text = node.as_str()?;
    if !names::percent(text).is_empty() {
        return None;
    }
    Some(text.trim_end_matches('%').parse().unwrap_or(i64::MAX))
}

/// The number, whether of things or of hundredths; what is neither counts as nought.
pub(super) fn value(holder: &Node, field: &str, default: i64) -> i64 {
    let node = holder.of(field);
    match &node.kind {
        Kind::Null => default,
        Kind::Text(_) => percent(node).unwrap_or(0),
        _ => node.as_int().unwrap_or(0),
    }
}
