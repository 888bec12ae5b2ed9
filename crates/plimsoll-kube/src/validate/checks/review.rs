//! Questions to the server: who someone is, what someone may do. They have no names.

use plimsoll_yaml::{Kind, Node};

use super::meta::say;
use super::selector::text_at;
use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::node::Fields as _;
use crate::validate::place::Place;

/// `authentication.v1.TokenReview`.
pub(in crate::validate) fn token_review(cx: &mut Cx<'_>) {
    if cx.root.of("spec").text("token").is_empty() {
        let message = "token is required for TokenReview in authentication";
        cx.error_at(String::new(), cx.root.span, message.to_owned());
    }
}

/// `authorization.v1.SelfSubjectRulesReview`.
pub(in crate::validate) fn rules_review(cx: &mut Cx<'_>) {
    if cx.root.of("spec").text("namespace").is_empty() {
        cx.error_at(String::new(), cx.root.span, "no namespace on request".to_owned());
    }
}

/// `authorization.v1.SubjectAccessReview`.
pub(in crate::validate) fn access_review(cx: &mut Cx<'_>) {
    attributes(cx);
    subject(cx);
    bare_metadata(cx, "must be empty");
}

/// `authorization.v1.SelfSubjectAccessReview`.
pub(in crate::validate) fn self_access_review(cx: &mut Cx<'_>) {
    attributes(cx);
    bare_metadata(cx, "must be empty");
}

/// `authorization.v1.LocalSubjectAccessReview`.
pub(in crate::validate) fn local_access_review(cx: &mut Cx<'_>) {
    attributes(cx);
    subject(cx);
    bare_metadata(cx, "must be empty except for namespace");
    let spec = cx.root.of("spec");
    let own = cx.root.of("metadata").text("namespace");
    let resource = spec.of("resourceAttributes");
    let asked = resource.text("namespace");
    // Which namespace a request without one goes to is not known.
    if !resource.is_null() && (asked.is_empty() || !own.is_empty() && asked != own) {
        let at = Place::of(resource).field("namespace");
        at.say(cx, vec!["must match metadata.namespace".to_owned()]);
    }
    if spec.has("nonResourceAttributes") {
        let node = spec.of("nonResourceAttributes");
        cx.invalid_at(node, "", &paths(node), "disallowed on this kind of request");
    }
}

/// k8s: the names of Go's fields.
fn paths(node: &Node) -> String {
    if node.is_null() {
        return "null".to_owned();
    }
    format!("{{\"Path\":{:?},\"Verb\":{:?}}}", node.text("path"), node.text("verb"))
}

fn subject(cx: &mut Cx<'_>) {
    let spec = Place::of(cx.root).field("spec");
    let user = spec.field("user");
    if user.text().is_empty() && spec.node.list("groups").is_empty() {
        user.invalid(cx, "\"\"", "at least one of user or group must be specified");
    }
}

fn attributes(cx: &mut Cx<'_>) {
    let spec = Place::of(cx.root).field("spec");
    let (resource, other) =
        (spec.node.of("resourceAttributes"), spec.node.of("nonResourceAttributes"));
    if resource.is_null() == other.is_null() {
        let detail = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
        spec.invalid(cx, &paths(other), detail);
    }
    for field in ["fieldSelector", "labelSelector"] {
        if resource.has(field) {
            selector(cx, resource.of(field), field == "labelSelector");
        }
    }
}

/// A selector as a text or as requirements. Operators that the server does not know pass.
fn selector(cx: &mut Cx<'_>, selector: &Node, of_labels: bool) {
    let (raw, requirements) = (selector.text("rawSelector"), selector.list("requirements"));
    if !raw.is_empty() && !requirements.is_empty() {
        let detail = "may not specified at the same time as requirements";
        cx.invalid(selector.of("rawSelector"), detail);
    }
    if raw.is_empty() && requirements.is_empty() {
        let path = cx.path(selector);
        let detail = format!("when {path} is specified, requirements or rawSelector is required");
        cx.required(selector, "requirements", &detail);
    }
    for requirement in requirements {
        let values = requirement.list("values");
        match requirement.text("operator") {
            "In" | "NotIn" if values.is_empty() => {
                let detail = "must be specified when `operator` is 'In' or 'NotIn'";
                cx.required(requirement, "values", detail);
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                cx.forbidden(requirement, "values", detail);
            }
            _ => {}
        }
        if of_labels {
            text_at(cx, requirement, "key", names::qualified);
            for value in values {
                say(cx, value, names::label_value(value.str()));
            }
        } else if requirement.text("key").is_empty() {
            cx.required(requirement, "key", "must be specified");
        }
    }
}

/// What the server takes away from metadata before it looks at them, or sets itself.
const IGNORED: &[&[u8]] = &[
    b"creationTimestamp",
    b"deletionGracePeriodSeconds",
    b"deletionTimestamp",
    b"managedFields",
    b"namespace",
    b"selfLink",
    b"uid",
];

/// Such objects have no metadata of their own.
fn bare_metadata(cx: &mut Cx<'_>, detail: &str) {
    let meta = cx.root.of("metadata");
    let is_set =
        |entry: &plimsoll_yaml::Entry| !IGNORED.contains(&&*entry.key) && !is_nothing(&entry.value);
    if meta.as_map().iter().any(is_set) {
        cx.invalid(meta, detail);
    }
}

fn is_nothing(node: &Node) -> bool {
    match &node.kind {
        Kind::Null => true,
        Kind::Text(text) => text.is_empty(),
        Kind::List(items) => items.is_empty(),
        Kind::Map(entries) => entries.is_empty(),
        Kind::Int(number) => *number == 0,
        _ => false,
    }
}

/// `core.v1.Binding`.
pub(in crate::validate) fn binding(cx: &mut Cx<'_>) {
    let target = Place::of(cx.root).field("target");
    let (kind, name) = (target.field("kind"), target.field("name"));
    let is_node = matches!(kind.text(), "" | "Node");
    if !is_node {
        kind.unsupported(cx, &["Node", "<empty>"]);
    }
    if name.text().is_empty() {
        name.required(cx, "");
    } else if is_node && cx.minor >= 37 {
        name.say(cx, names::subdomain(name.text()));
    }
}
