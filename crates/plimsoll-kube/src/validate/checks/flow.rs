//! Flow control of the server itself.

use plimsoll_yaml::Node;

use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;

const VERBS: &[&str] =
    &["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];

/// `flowcontrol.v1.FlowSchema`.
pub(in crate::validate) fn flow_schema(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    let precedence = spec.int("matchingPrecedence").unwrap_or(1000);
    let node = if spec.has("matchingPrecedence") { spec.of("matchingPrecedence") } else { spec };
    if precedence < 0 {
        cx.invalid(node, "must be a positive value");
    }
    if precedence > 10000 {
        cx.invalid(node, "must not be greater than 10000");
    }
    if precedence == 1 && root.of("metadata").text("name") != "exempt" {
        cx.invalid(node, "only the schema named 'exempt' may have matchingPrecedence 1");
    }
    if spec.has("distinguisherMethod") {
        cx.one_of(spec.of("distinguisherMethod"), "type", &["ByNamespace", "ByUser"]);
    }
    let level = spec.of("priorityLevelConfiguration");
    if level.text("name").is_empty() {
        cx.required(
            root,
            "spec.priorityLevelConfiguration.name",
            "must reference a priority level",
        );
    } else {
        super::meta::say(cx, level.of("name"), names::subdomain(level.text("name")));
    }
    for rule in spec.list("rules") {
        one_rule(cx, rule);
    }
}

fn one_rule(cx: &mut Cx<'_>, rule: &Node) {
    if rule.list("subjects").is_empty() {
        cx.required(rule, "subjects", "subjects must contain at least one value");
    }
    for subject in rule.list("subjects") {
        one_subject(cx, subject);
    }
    let (resources, others) = (rule.list("resourceRules"), rule.list("nonResourceRules"));
    if resources.is_empty() && others.is_empty() {
        cx.required(
            rule,
            "",
            "at least one of resourceRules and nonResourceRules has to be non-empty",
        );
    }
    for resource in resources {
        resource_rule(cx, resource);
    }
    for other in others {
        verbs(cx, other);
        urls(cx, other);
    }
}

fn one_subject(cx: &mut Cx<'_>, subject: &Node) {
    const KINDS: &[(&str, &str)] =
        &[("ServiceAccount", "serviceAccount"), ("User", "user"), ("Group", "group")];
    let kind = subject.text("kind");
    if !KINDS.iter().any(|(name, _)| *name == kind) {
        cx.unsupported(subject, "kind", kind, &["Group", "ServiceAccount", "User"]);
        return;
    }
    for &(name, field) in KINDS {
        let has = subject.has(field);
        if name == kind && !has {
            cx.required(
                subject,
                field,
                &format!("{field} is required when subject kind is '{kind}'"),
            );
        } else if name != kind && has {
            let detail = format!("{field} is forbidden when subject kind is not '{name}'");
            cx.forbidden(subject, field, &detail);
        } else if has {
            named(cx, subject.of(field), kind);
        }
    }
}

fn named(cx: &mut Cx<'_>, subject: &Node, kind: &str) {
    let name = subject.text("name");
    if name.is_empty() {
        cx.required(subject, "name", "");
    }
    if kind != "ServiceAccount" {
        return;
    }
    if name != "*" && !name.is_empty() {
        super::meta::say(cx, subject.of("name"), names::subdomain(name));
    }
    let namespace = subject.text("namespace");
    if namespace.is_empty() {
        cx.required(subject, "namespace", "must specify namespace for service account");
    } else {
        super::meta::say(cx, subject.of("namespace"), names::label(namespace));
    }
}

fn verbs(cx: &mut Cx<'_>, rule: &Node) {
    let list = rule.list("verbs");
    if list.is_empty() {
        cx.required(rule, "verbs", "verbs must contain at least one value");
    }
    if list.iter().any(|verb| verb.str() == "*") {
        if list.len() > 1 {
            let detail = "if '*' is present, must not specify other verbs";
            cx.invalid_at(rule, "verbs", &shown(rule.of("verbs")), detail);
        }
    } else if list.iter().any(|verb| !VERBS.contains(&verb.str())) {
        cx.unsupported(rule, "verbs", &shown(rule.of("verbs")), VERBS);
    }
}

fn star(cx: &mut Cx<'_>, rule: &Node, field: &str, empty: &str, other: &str) {
    let list = rule.list(field);
    if list.is_empty() {
        cx.required(rule, field, empty);
    } else if list.len() > 1 && list.iter().any(|item| item.str() == "*") {
        let detail = format!("if '*' is present, must not specify other {other}");
        cx.invalid_at(rule, field, &shown(rule.of(field)), &detail);
    }
}

fn resource_rule(cx: &mut Cx<'_>, rule: &Node) {
    verbs(cx, rule);
    star(cx, rule, "apiGroups", "resource rules must supply at least one api group", "api groups");
    star(cx, rule, "resources", "resource rules must supply at least one resource", "resources");
    let namespaces = rule.list("namespaces");
    if namespaces.is_empty() {
        if !rule.is_true("clusterScope") {
            let detail =
                "resource rules that are not cluster scoped must supply at least one namespace";
            cx.required(rule, "namespaces", detail);
        }
        return;
    }
    if namespaces.len() > 1 && namespaces.iter().any(|namespace| namespace.str() == "*") {
        let value = shown(rule.of("namespaces"));
        cx.invalid_at(
            rule,
            "namespaces",
            &value,
            "if '*' is present, must not specify other namespaces",
        );
    }
    for namespace in namespaces {
        if namespace.str() != "*" {
            super::meta::say(cx, namespace, names::label(namespace.str()));
        }
    }
}

fn urls(cx: &mut Cx<'_>, rule: &Node) {
    let list = rule.list("nonResourceURLs");
    if list.is_empty() {
        cx.required(rule, "nonResourceURLs", "nonResourceURLs must contain at least one value");
    }
    if list.len() > 1 && list.iter().any(|url| url.str() == "*") {
        let detail = "if '*' is present, must not specify other non-resource URLs";
        cx.invalid(rule.of("nonResourceURLs"), detail);
    }
    for url in list {
        let text = url.str();
        if text == "*" {
            continue;
        }
        if text.is_empty() {
            cx.invalid(url, "must not be empty");
        } else if !text.starts_with('/') {
            cx.invalid(url, "must start with slash");
        } else if text.contains(' ') {
            cx.invalid(url, "must not contain white-space");
        } else if text.contains("//") {
            cx.invalid(url, "must not contain double slash");
        } else if text.find('*').is_some_and(|at| at + 1 != text.len() || !text.ends_with("/*")) {
            cx.invalid(url, "wildcard can only do suffix matching");
        }
    }
}

/// `flowcontrol.v1.PriorityLevelConfiguration`.
pub(in crate::validate) fn priority_level(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    let exempt = root.of("metadata").text("name") == "exempt";
    let kind = spec.text("type");
    if kind == "Exempt" && !exempt || kind != "Exempt" && exempt {
        let detail = "must be 'Exempt' if and only if `name` is 'exempt'";
        cx.invalid_at(root, "spec.type", &format!("{kind:?}"), detail);
    }
    match kind {
        "Exempt" => {
            if spec.has("limited") {
                cx.forbidden(spec, "limited", "must be nil if the type is not Limited");
            }
        }
        "Limited" => {
            if spec.has("exempt") {
                cx.forbidden(spec, "exempt", "must be nil if the type is Limited");
            }
            if spec.has("limited") {
                limited(cx, spec.of("limited"));
            } else {
                cx.required(spec, "limited", "must not be empty when type is Limited");
            }
        }
        "" => cx.required(root, "spec.type", ""),
        other => {
            cx.unsupported(spec, "type", other, &["Exempt", "Limited"]);
            if spec.has("limited") {
                cx.forbidden(spec, "limited", "");
            }
        }
    }
    if kind.is_empty() && spec.has("limited") {
        cx.forbidden(spec, "limited", "");
    }
}

fn limited(cx: &mut Cx<'_>, limited: &Node) {
    if limited.int("nominalConcurrencyShares").is_some_and(|number| number < 0) {
        cx.invalid(limited.of("nominalConcurrencyShares"), "must be a non-negative integer");
    }
    if limited.int("lendablePercent").is_some_and(|number| !(0..=100).contains(&number)) {
        cx.invalid(limited.of("lendablePercent"), "must be between 0 and 100, inclusive");
    }
    if limited.int("borrowingLimitPercent").is_some_and(|number| number < 0) {
        let detail = "if specified, must be a non-negative integer";
        cx.invalid(limited.of("borrowingLimitPercent"), detail);
    }
    let response = limited.of("limitResponse");
    let queuing = response.of("queuing");
    match response.text("type") {
        "Reject" if !queuing.is_null() => cx.forbidden(
            response,
            "queuing",
            "must be nil if limited.limitResponse.type is not Limited",
        ),
        "Reject" => {}
        "Queue" if queuing.is_null() => cx.required(
            response,
            "queuing",
            "must not be empty if limited.limitResponse.type is Limited",
        ),
        "Queue" => queues(cx, queuing),
        other => {
            if other.is_empty() {
                cx.required(limited, "limitResponse.type", "");
            } else {
                cx.unsupported(response, "type", other, &["Queue", "Reject"]);
            }
            if !queuing.is_null() {
                cx.forbidden(response, "queuing", "");
            }
        }
    }
}

fn queues(cx: &mut Cx<'_>, queuing: &Node) {
    // Nought is as good as nothing: the default.
    let queues = queuing.int("queues").filter(|number| *number != 0).unwrap_or(64);
    let hand = queuing.int("handSize").filter(|number| *number != 0).unwrap_or(8);
    if queuing.int("queueLengthLimit").is_some_and(|limit| limit < 0) {
        cx.invalid(queuing.of("queueLengthLimit"), "must be positive");
    }
    if queues <= 0 {
        cx.invalid(queuing.of("queues"), "must be positive");
    } else if queues > 10_000_000 {
        cx.invalid(queuing.of("queues"), "must not be greater than 10000000");
    }
    if hand <= 0 {
        cx.invalid(queuing.of("handSize"), "must be positive");
    } else if hand > queues {
        let detail = format!("should not be greater than queues ({queues})");
        cx.invalid_at(queuing, "handSize", &hand.to_string(), &detail);
    } else if entropy(queues, hand) > 60 {
        let detail = format!(
            "required entropy bits of deckSize {queues} and handSize {hand} should not be greater than 60"
        );
        cx.invalid_at(queuing, "handSize", &hand.to_string(), &detail);
    }
}

fn entropy(deck: i64, hand: i64) -> u32 {
    (deck - hand + 1..=deck).map(|cards| (cards as f64).log2()).sum::<f64>().ceil() as u32
}
