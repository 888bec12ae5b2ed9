//! Affinity to nodes and pods.

use plimsoll_yaml::Node;

use super::meta::say;
use super::selector::{label_selector, text_at};
use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::node::Fields as _;

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// `affinity` of a pod's spec.
pub(super) fn affinity(cx: &mut Cx<'_>, spec: &Node) {
    let affinity = spec.of("affinity");
    if affinity.is_null() {
        return;
    }
    let node = affinity.of("nodeAffinity");
    if node.has(REQUIRED) {
        node_selector(cx, node.of(REQUIRED));
    }
    for preferred in node.list(PREFERRED) {
        weight(cx, preferred);
        node_selector_term(cx, preferred.of("preference"));
    }
    for field in ["podAffinity", "podAntiAffinity"] {
        let part = affinity.of(field);
        for term in part.list(REQUIRED) {
            pod_term(cx, term);
        }
        for preferred in part.list(PREFERRED) {
            weight(cx, preferred);
            let term = preferred.of("podAffinityTerm");
            if term.is_null() {
                cx.required(preferred, "podAffinityTerm.topologyKey", "can not be empty");
            } else {
                pod_term(cx, term);
            }
        }
    }
}

fn weight(cx: &mut Cx<'_>, preferred: &Node) {
    let weight = preferred.int("weight").unwrap_or(0);
    if !(1..=100).contains(&weight) {
        cx.invalid_at(preferred, "weight", &weight.to_string(), "must be in the range 1-100");
    }
}

/// A selector of nodes, wherever it stands.
pub(in crate::validate) fn node_selector(cx: &mut Cx<'_>, selector: &Node) {
    if selector.list("nodeSelectorTerms").is_empty() {
        cx.required(selector, "nodeSelectorTerms", "must have at least one node selector term");
    }
    for term in selector.list("nodeSelectorTerms") {
        node_selector_term(cx, term);
    }
}

fn node_selector_term(cx: &mut Cx<'_>, term: &Node) {
    for requirement in term.list("matchExpressions") {
        expression(cx, requirement);
    }
    for requirement in term.list("matchFields") {
        match_field(cx, requirement);
    }
}

fn expression(cx: &mut Cx<'_>, requirement: &Node) {
    let values = requirement.list("values");
    match requirement.text("operator") {
        "In" | "NotIn" if values.is_empty() => {
            cx.required(
                requirement,
                "values",
                "must be specified when `operator` is 'In' or 'NotIn'",
            );
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
            cx.forbidden(requirement, "values", detail);
        }
        "Gt" | "Lt" if values.len() != 1 => {
            let detail = "must be specified single value when `operator` is 'Lt' or 'Gt'";
            cx.required(requirement, "values", detail);
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
        other => {
            let value = format!("{other:?}");
            cx.invalid_at(requirement, "operator", &value, "not a valid selector operator");
        }
    }
    text_at(cx, requirement, "key", names::qualified);
    for value in values {
        say(cx, value, names::label_value(value.str()));
    }
}

fn match_field(cx: &mut Cx<'_>, requirement: &Node) {
    let values = requirement.list("values");
    let operator = requirement.text("operator");
    match operator {
        "In" | "NotIn" if values.len() != 1 => {
            let detail =
                "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
            cx.required(requirement, "values", detail);
        }
        "In" | "NotIn" => {}
        other => {
            let value = format!("{other:?}");
            cx.invalid_at(requirement, "operator", &value, "not a valid selector operator");
        }
    }
    let key = requirement.text("key");
    if key != "metadata.name" {
        cx.invalid_at(requirement, "key", &format!("{key:?}"), "not a valid field selector key");
        return;
    }
    for value in values {
        say(cx, value, names::subdomain(value.str()));
    }
}

fn pod_term(cx: &mut Cx<'_>, term: &Node) {
    label_selector(cx, term.of("labelSelector"));
    label_selector(cx, term.of("namespaceSelector"));
    // k8s: the path names the field wrongly and lacks the item's number.
    for namespace in term.list("namespaces") {
        for word in names::label(namespace.str()) {
            cx.invalid_at(term, "namespace", &format!("{:?}", namespace.str()), &word);
        }
    }
    if term.text("topologyKey").is_empty() {
        cx.required(term, "topologyKey", "can not be empty");
    }
    text_at(cx, term, "topologyKey", names::qualified);
    for field in ["matchLabelKeys", "mismatchLabelKeys"] {
        let keys = term.list(field);
        if !keys.is_empty() && !term.has("labelSelector") {
            cx.forbidden(term, field, "must not be specified when labelSelector is not set");
        }
        for key in keys {
            say(cx, key, names::qualified(key.str()));
        }
    }
}
