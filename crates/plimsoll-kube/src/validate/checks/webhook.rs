//! Webhooks of admission, their clients and the rules of what they see.

use plimsoll_yaml::Node;

use super::meta::say;
use super::selector::label_selector;
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;

const OPERATIONS: &[&str] = &["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];

/// `admissionregistration.v1.ValidatingWebhookConfiguration`.
pub(in crate::validate) fn validating(cx: &mut Cx<'_>) {
    webhooks(cx, false);
}

/// `admissionregistration.v1.MutatingWebhookConfiguration`.
pub(in crate::validate) fn mutating(cx: &mut Cx<'_>) {
    webhooks(cx, true);
}

fn webhooks(cx: &mut Cx<'_>, mutating: bool) {
    let mut seen: Vec<&str> = Vec::new();
    for hook in cx.root.list("webhooks") {
        let name = hook.text("name");
        if seen.contains(&name) && !name.is_empty() {
            cx.duplicate(hook, "name", &format!("{name:?}"));
        }
        seen.push(name);
        one(cx, hook, mutating);
    }
}

fn one(cx: &mut Cx<'_>, hook: &Node, mutating: bool) {
    fully_qualified(cx, hook);
    review_versions(cx, hook);
    cx.maybe_one_of(hook, "failurePolicy", &["Fail", "Ignore"]);
    cx.maybe_one_of(hook, "matchPolicy", &["Equivalent", "Exact"]);
    if hook.text("sideEffects").is_empty() && !hook.has("sideEffects") {
        cx.required(hook, "sideEffects", "must specify one of None, NoneOnDryRun");
    } else {
        cx.one_of(hook, "sideEffects", &["None", "NoneOnDryRun"]);
    }
    if hook.int("timeoutSeconds").is_some_and(|seconds| !(1..=30).contains(&seconds)) {
        let detail = "the timeout value must be between 1 and 30 seconds";
        cx.invalid(hook.of("timeoutSeconds"), detail);
    }
    if mutating {
        cx.maybe_one_of(hook, "reinvocationPolicy", &["IfNeeded", "Never"]);
    }
    for field in ["namespaceSelector", "objectSelector"] {
        label_selector(cx, hook.of(field));
    }
    for rule in hook.list("rules") {
        rule_with_operations(cx, rule);
    }
    let client = hook.of("clientConfig");
    match (client.has("url"), client.has("service")) {
        (true, false) => url(cx, client),
        (false, true) => service(cx, client.of("service"), true),
        _ => cx.required(hook, "clientConfig", "exactly one of url or service is required"),
    }
    super::cel::match_conditions(cx, hook);
}

fn fully_qualified(cx: &mut Cx<'_>, hook: &Node) {
    let name = hook.text("name");
    if name.is_empty() {
        cx.required(hook, "name", "");
        return;
    }
    let words = names::subdomain(name);
    if !words.is_empty() {
        say(cx, hook.of("name"), words);
    } else if name.matches('.').count() < 2 {
        let detail = "should be a domain with at least three segments separated by dots";
        cx.invalid(hook.of("name"), detail);
    }
}

fn review_versions(cx: &mut Cx<'_>, hook: &Node) {
    let versions = hook.list("admissionReviewVersions");
    if versions.is_empty() {
        cx.required(hook, "admissionReviewVersions", "must specify one of v1, v1beta1");
        return;
    }
    let mut seen: Vec<&str> = Vec::new();
    for version in versions {
        if seen.contains(&version.str()) {
            cx.invalid(version, "duplicate version");
            continue;
        }
        seen.push(version.str());
        say(cx, version, names::label_1035(version.str()));
    }
    if !seen.iter().any(|version| matches!(*version, "v1" | "v1beta1")) {
        let value = shown(hook.of("admissionReviewVersions"));
        cx.invalid_at(
            hook,
            "admissionReviewVersions",
            &value,
            "must include at least one of v1, v1beta1",
        );
    }
}

/// `url` of a client's configuration.
pub(in crate::validate) fn url(cx: &mut Cx<'_>, client: &Node) {
    const FORM: &str = "; desired format: https://host[/path]";
    let node = client.of("url");
    let text = node.str();
    let rest = if let Some(("https", rest)) = text.split_once("://") {
        rest
    } else {
        cx.invalid(node, &format!("'https' is the only allowed URL scheme{FORM}"));
        text.split_once("://").map_or("", |(_, rest)| rest)
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    if host.is_empty() || host.ends_with('@') {
        cx.invalid(node, &format!("host must be specified{FORM}"));
    }
    if host.contains('@') {
        cx.invalid(node, "user information is not permitted in the URL");
    }
    if path.contains('#') {
        cx.invalid(node, "fragments are not permitted in the URL");
    }
    if path.contains('?') {
        cx.invalid(node, "query parameters are not permitted in the URL");
    }
}

/// `service` of a client's configuration.
pub(in crate::validate) fn service(cx: &mut Cx<'_>, service: &Node, swapped: bool) {
    // k8s: webhooks of admission are told of the one when they lack the other.
    let told = if swapped { ["namespace", "name"] } else { ["name", "namespace"] };
    for (field, told) in ["name", "namespace"].into_iter().zip(told) {
        if service.text(field).is_empty() {
            cx.required(service, told, "");
        }
    }
    if let Some(port) = service.int("port")
        && !(1..=65535).contains(&port)
    {
        cx.invalid(service.of("port"), "port is not valid: must be between 1 and 65535, inclusive");
    }
    if service.has("path") {
        path(cx, service.of("path"));
    }
}

fn path(cx: &mut Cx<'_>, node: &Node) {
    let text = node.str();
    if text == "/" || text.is_empty() {
        return;
    }
    if text == "//" {
        cx.invalid(node, "segment[0] may not be empty");
        return;
    }
    let Some(rest) = text.strip_prefix('/') else {
        return cx.invalid(node, "must start with a '/'");
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    for (at, segment) in rest.split('/').enumerate() {
        if segment.is_empty() {
            cx.invalid(node, &format!("segment[{at}] may not be empty"));
            continue;
        }
        for word in names::subdomain(segment) {
            cx.invalid(node, &format!("segment[{at}]: {word}"));
        }
    }
}

/// A rule of what is sent to a webhook or judged by a policy.
pub(in crate::validate) fn rule_with_operations(cx: &mut Cx<'_>, rule: &Node) {
    let operations = rule.list("operations");
    if operations.is_empty() {
        cx.required(rule, "operations", "");
    }
    star(cx, rule, "operations", "operations");
    for operation in operations {
        if !OPERATIONS.contains(&operation.str()) {
            cx.unsupported(operation, "", operation.str(), OPERATIONS);
        }
    }
    groups_and_resources(cx, rule);
    cx.maybe_text_of(rule, "scope", &["*", "Cluster", "Namespaced"]);
    if rule.has("scope") && rule.text("scope").is_empty() {
        cx.one_of(rule, "scope", &["*", "Cluster", "Namespaced"]);
    }
}

fn star(cx: &mut Cx<'_>, rule: &Node, field: &str, what: &str) {
    let items = rule.list(field);
    if items.len() > 1 && items.iter().any(|item| item.str() == "*") {
        let detail = format!("if '*' is present, must not specify other {what}");
        cx.invalid_at(rule, field, &shown(rule.of(field)), &detail);
    }
}

fn groups_and_resources(cx: &mut Cx<'_>, rule: &Node) {
    if rule.list("apiGroups").is_empty() {
        cx.required(rule, "apiGroups", "");
    }
    star(cx, rule, "apiGroups", "API groups");
    if rule.list("apiVersions").is_empty() {
        cx.required(rule, "apiVersions", "");
    }
    star(cx, rule, "apiVersions", "API versions");
    for version in rule.list("apiVersions") {
        if version.str().is_empty() {
            cx.required(version, "", "");
        }
    }
    resources(cx, rule);
}

fn resources(cx: &mut Cx<'_>, rule: &Node) {
    let list = rule.list("resources");
    if list.is_empty() {
        cx.required(rule, "resources", "");
    }
    let (mut with_all, mut of_all): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let (mut double, mut single, mut plain) = (false, false, false);
    for resource in list {
        let text = resource.str();
        if text.is_empty() {
            cx.required(resource, "", "");
            continue;
        }
        double |= text == "*/*";
        single |= text == "*";
        let (name, sub) = text.split_once('/').map_or((text, None), |(n, s)| (n, Some(s)));
        plain |= sub.is_none();
        if let Some(sub) = sub {
            if of_all.contains(&sub) {
                cx.invalid(resource, &format!("if '*/{sub}' is present, must not specify {text}"));
            }
            if with_all.contains(&name) {
                cx.invalid(resource, &format!("if '{name}/*' is present, must not specify {text}"));
            }
            if sub == "*" {
                with_all.push(name);
            }
            if name == "*" {
                of_all.push(sub);
            }
        }
    }
    let several = list.len() > 1;
    let value = shown(rule.of("resources"));
    if double && several {
        cx.invalid_at(
            rule,
            "resources",
            &value,
            "if '*/*' is present, must not specify other resources",
        );
    }
    // k8s: only the last one without a subresource counts.
    let last = list.iter().rev().map(Node::str).find(|resource| !resource.contains('/'));
    if single && plain && last != Some("*") {
        let detail = "if '*' is present, must not specify other resources without subresources";
        cx.invalid_at(rule, "resources", &value, detail);
    }
}
