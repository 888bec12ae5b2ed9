//! Roles and their bindings.

use plimsoll_yaml::Node;

use super::meta::say;
use super::selector::{is_empty, is_readable, label_selector};
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;

const GROUP: &str = "rbac.authorization.k8s.io";

/// `rbac.v1.Role`.
pub(in crate::validate) fn role(cx: &mut Cx<'_>) {
    for rule in cx.root.list("rules") {
        policy_rule(cx, rule, true);
    }
}

/// `rbac.v1.ClusterRole`.
pub(in crate::validate) fn cluster_role(cx: &mut Cx<'_>) {
    for rule in cx.root.list("rules") {
        policy_rule(cx, rule, false);
    }
    let aggregation = cx.root.of("aggregationRule");
    if aggregation.is_null() {
        return;
    }
    let selectors = aggregation.list("clusterRoleSelectors");
    if selectors.is_empty() {
        let detail = "at least one clusterRoleSelector required if aggregationRule is non-nil";
        cx.required(aggregation, "clusterRoleSelectors", detail);
    }
    for selector in selectors {
        label_selector(cx, selector);
        if !is_empty(selector) && !is_readable(selector) {
            cx.invalid(selector, "invalid label selector.");
        }
    }
}

fn policy_rule(cx: &mut Cx<'_>, rule: &Node, namespaced: bool) {
    if rule.list("verbs").is_empty() {
        cx.required(rule, "verbs", "verbs must contain at least one value");
    }
    let (groups, resources) = (rule.list("apiGroups"), rule.list("resources"));
    if !rule.list("nonResourceURLs").is_empty() {
        let urls = shown(rule.of("nonResourceURLs"));
        if namespaced {
            let detail = "namespaced rules cannot apply to non-resource URLs";
            cx.invalid_at(rule, "nonResourceURLs", &urls, detail);
        }
        if !groups.is_empty() || !resources.is_empty() || !rule.list("resourceNames").is_empty() {
            let detail = "rules cannot apply to both regular resources and non-resource URLs";
            cx.invalid_at(rule, "nonResourceURLs", &urls, detail);
        }
        return;
    }
    if groups.is_empty() {
        cx.required(rule, "apiGroups", "resource rules must supply at least one api group");
    }
    if resources.is_empty() {
        cx.required(rule, "resources", "resource rules must supply at least one resource");
    }
}

/// `rbac.v1.RoleBinding`.
pub(in crate::validate) fn role_binding(cx: &mut Cx<'_>) {
    binding(cx, &["Role", "ClusterRole"]);
}

/// `rbac.v1.ClusterRoleBinding`.
pub(in crate::validate) fn cluster_role_binding(cx: &mut Cx<'_>) {
    binding(cx, &["ClusterRole"]);
}

fn binding(cx: &mut Cx<'_>, kinds: &[&str]) {
    let root = cx.root;
    let reference = root.of("roleRef");
    let group = reference.text("apiGroup");
    if !matches!(group, "" | GROUP) {
        cx.unsupported(reference, "apiGroup", group, &[GROUP]);
    }
    let kind = reference.text("kind");
    if !kinds.contains(&kind) {
        cx.unsupported(root, "roleRef.kind", kind, kinds);
    }
    if reference.text("name").is_empty() {
        cx.required(root, "roleRef.name", "");
    } else {
        say(cx, reference.of("name"), names::path_segment(reference.text("name")));
    }
    let namespaced = kinds.len() == 2;
    for subject in root.list("subjects") {
        one_subject(cx, subject, namespaced);
    }
}

fn one_subject(cx: &mut Cx<'_>, subject: &Node, namespaced: bool) {
    let name = subject.text("name");
    if name.is_empty() {
        cx.required(subject, "name", "");
    }
    let group = subject.text("apiGroup");
    match subject.text("kind") {
        "ServiceAccount" => {
            if !name.is_empty() {
                say(cx, subject.of("name"), names::subdomain(name));
            }
            if !group.is_empty() {
                cx.unsupported(subject, "apiGroup", group, &[""]);
            }
            if !namespaced && subject.text("namespace").is_empty() {
                cx.required(subject, "namespace", "");
            }
        }
        "User" | "Group" => {
            if !matches!(group, "" | GROUP) {
                cx.unsupported(subject, "apiGroup", group, &[GROUP]);
            }
        }
        other => cx.unsupported(subject, "kind", other, &["ServiceAccount", "User", "Group"]),
    }
}
