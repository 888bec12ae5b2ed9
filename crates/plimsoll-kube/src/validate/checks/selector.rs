//! Label selectors, and whether labels match them.

use plimsoll_yaml::Node;

use super::meta::{labels, say};
use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::node::Fields as _;

/// A selector of labels, wherever it stands.
pub(in crate::validate) fn label_selector(cx: &mut Cx<'_>, selector: &Node) {
    labels(cx, selector, "matchLabels");
    for requirement in selector.list("matchExpressions") {
        let has_values = !requirement.list("values").is_empty();
        match requirement.text("operator") {
            "In" | "NotIn" if !has_values => {
                cx.required(
                    requirement,
                    "values",
                    "must be specified when `operator` is 'In' or 'NotIn'",
                );
            }
            "Exists" | "DoesNotExist" if has_values => {
                let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                cx.forbidden(requirement, "values", detail);
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            other => {
                let value = format!("{other:?}");
                cx.invalid_at(requirement, "operator", &value, "not a valid selector operator");
            }
        }
        text_at(cx, requirement, "key", names::qualified);
        for value in requirement.list("values") {
            say(cx, value, names::label_value(value.str()));
        }
    }
}

/// Checks the text of a field, absent or not, against a form.
pub(in crate::validate) fn text_at(
    cx: &mut Cx<'_>,
    holder: &Node,
    field: &str,
    form: fn(&str) -> names::Words,
) {
    let text = holder.text(field);
    for word in form(text) {
        cx.invalid_at(holder, field, &format!("{text:?}"), &word);
    }
}

/// Whether nothing is asked for: such a selector takes everything.
pub(in crate::validate) fn is_empty(selector: &Node) -> bool {
    selector.map("matchLabels").is_empty() && selector.list("matchExpressions").is_empty()
}

/// Whether the selector can be read at all: wrong keys, values or operators make it unreadable.
pub(in crate::validate) fn is_readable(selector: &Node) -> bool {
    let pairs = selector.map("matchLabels").iter().all(|entry| {
        let key = String::from_utf8_lossy(&entry.key);
        names::qualified(&key).is_empty() && names::label_value(entry.value.str()).is_empty()
    });
    pairs
        && selector.list("matchExpressions").iter().all(|requirement| {
            let values = requirement.list("values");
            let count = match requirement.text("operator") {
                "In" | "NotIn" => !values.is_empty(),
                "Exists" | "DoesNotExist" => values.is_empty(),
                _ => false,
            };
            count
                && names::qualified(requirement.text("key")).is_empty()
                && values.iter().all(|value| names::label_value(value.str()).is_empty())
        })
}

/// Whether labels are what a selector asks for.
pub(in crate::validate) fn matches(selector: &Node, labels: &Node) -> bool {
    let value = |key: &str| labels.get(key).map(crate::validate::node::Fields::str);
    selector.map("matchLabels").iter().all(|entry| {
        let key = String::from_utf8_lossy(&entry.key);
        value(&key) == Some(entry.value.str())
    }) && selector.list("matchExpressions").iter().all(|requirement| {
        let have = value(requirement.text("key"));
        let among = || requirement.list("values").iter().any(|known| Some(known.str()) == have);
        match requirement.text("operator") {
            "In" => have.is_some() && among(),
            "NotIn" => !among(),
            "Exists" => have.is_some(),
            "DoesNotExist" => have.is_none(),
            _ => false,
        }
    })
}
