//! Expressions of CEL within built-in kinds.

use plimsoll_yaml::Node;

use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::node::Fields as _;

/// What an expression has to yield.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::validate) enum Want {
    Anything,
    Bool,
    String,
    StringOrNull,
    Object,
    Patches,
}

/// `matchConditions` of a webhook or a policy.
pub(in crate::validate) fn match_conditions(cx: &mut Cx<'_>, holder: &Node) {
    let conditions = holder.list("matchConditions");
    if conditions.len() > 64 {
        cx.too_many(holder, "matchConditions", conditions.len(), 64);
    }
    let mut seen: Vec<&str> = Vec::new();
    for condition in conditions {
        let name = condition.text("name");
        if name.is_empty() {
            cx.required(condition, "name", "");
        } else {
            for word in names::qualified(name) {
                cx.invalid(condition.of("name"), &word);
            }
            if seen.contains(&name) {
                cx.duplicate(condition, "name", &format!("{name:?}"));
            }
            seen.push(name);
        }
        if condition.text("expression").trim().is_empty() {
            cx.required(condition, "expression", "");
        } else {
            policy_expression(cx, condition, "expression", Want::Bool, &[], true);
        }
    }
}

/// An expression over `object`, `oldObject`, `request`, `params` and the variables before it.
pub(in crate::validate) fn policy_expression(
    cx: &mut Cx<'_>,
    holder: &Node,
    field: &str,
    want: Want,
    variables: &[Node],
    authorizer: bool,
) {
    let _ = (cx, holder, field, want, variables, authorizer);
}

/// An expression over a `device`.
pub(in crate::validate) fn device_expression(cx: &mut Cx<'_>, holder: &Node, field: &str) {
    if !holder.has(field) {
        cx.required(holder, field, "");
    }
}
