//! The smaller parts of a pod's spec.

use plimsoll_yaml::Node;

use super::meta::say;
use super::pod::PodFacts;
use super::selector::text_at;
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::net;
use crate::validate::node::Fields as _;

const EFFECTS: &[&str] = &["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// `dnsConfig`, and that `dnsPolicy: None` has one.
pub(super) fn dns(cx: &mut Cx<'_>, spec: &Node) {
    let config = spec.of("dnsConfig");
    if spec.text("dnsPolicy") == "None" {
        let detail = "must provide `dnsConfig` when `dnsPolicy` is None";
        if config.is_null() {
            cx.required(spec, "dnsConfig", detail);
        } else if config.list("nameservers").is_empty() {
            let detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
            cx.required(config, "nameservers", detail);
        }
    }
    if config.list("nameservers").len() > 3 {
        cx.invalid(config.of("nameservers"), "must not have more than 3 nameservers");
    }
    for server in config.list("nameservers") {
        say(cx, server, net::ip(server.str(), false));
    }
    let searches = config.list("searches");
    if searches.len() > 32 {
        cx.invalid(config.of("searches"), "must not have more than 32 search paths");
    }
    let length: usize = searches.iter().map(|search| search.str().len() + 1).sum();
    if length > 2049 {
        cx.invalid(
            config.of("searches"),
            "must not have more than 2048 characters (including spaces) in the search list",
        );
    }
    for search in searches {
        let text = search.str();
        if text != "." {
            let trimmed = text.strip_suffix('.').unwrap_or(text);
            say(cx, search, names::subdomain_with_underscore(trimmed));
        }
    }
    for option in config.list("options") {
        if option.text("name").is_empty() {
            cx.required(option, "", "must not be empty");
        }
    }
}

/// `hostAliases`.
pub(super) fn host_aliases(cx: &mut Cx<'_>, spec: &Node) {
    for alias in spec.list("hostAliases") {
        for word in net::ip(alias.text("ip"), false) {
            cx.invalid_at(alias, "ip", &shown(alias.of("ip")), &word);
        }
        for name in alias.list("hostnames") {
            say(cx, name, names::subdomain(name.str()));
        }
    }
}

/// `hostUsers: false` goes with nothing of the host.
pub(super) fn host_users(cx: &mut Cx<'_>, pod: &PodFacts<'_>) {
    if !pod.own_users {
        return;
    }
    let spec = pod.spec;
    for (field, told) in
        [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")]
    {
        if spec.is_true(field) {
            cx.forbidden(spec, told, "when `hostUsers` is false");
        }
    }
}

/// Tolerations of taints.
pub(super) fn tolerations(cx: &mut Cx<'_>, spec: &Node) {
    for toleration in spec.list("tolerations") {
        one_toleration(cx, toleration);
    }
}

/// One toleration, wherever it stands.
pub(in crate::validate) fn one_toleration(cx: &mut Cx<'_>, toleration: &Node) {
    let (key, operator) = (toleration.text("key"), toleration.text("operator"));
    let (value, effect) = (toleration.text("value"), toleration.text("effect"));
    if !key.is_empty() {
        text_at(cx, toleration, "key", names::qualified);
    } else if operator != "Exists" {
        let detail = "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
        cx.invalid_at(toleration, "operator", &format!("{operator:?}"), detail);
    }
    if toleration.has("tolerationSeconds") && effect != "NoExecute" {
        let detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
        cx.invalid_at(toleration, "effect", &format!("{effect:?}"), detail);
    }
    match operator {
        "Equal" | "" => {
            for word in names::label_value(value) {
                cx.invalid_at(toleration, "operator", &format!("{value:?}"), &word);
            }
        }
        "Exists" if !value.is_empty() => {
            let detail = "value must be empty when `operator` is 'Exists'";
            cx.invalid_at(toleration, "operator", &shown(toleration), detail);
        }
        "Exists" => {}
        // `Lt` and `Gt` are known but off.
        other => cx.unsupported(toleration, "operator", other, &["Equal", "Exists", "Lt", "Gt"]),
    }
    cx.maybe_text_of(toleration, "effect", EFFECTS);
}

/// Taints: their keys, values and effects, and that no pair stands twice.
pub(in crate::validate) fn taints(cx: &mut Cx<'_>, holder: &Node, field: &str, told: &str) {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    let list = holder.of(field);
    for (at, taint) in list.as_list().iter().enumerate() {
        let below = |field: &str| format!("{told}[{at}]{field}");
        let (key, effect) = (taint.text("key"), taint.text("effect"));
        for word in names::qualified(key) {
            cx.invalid_at(cx.root, &below(".key"), &format!("{key:?}"), &word);
        }
        for word in names::label_value(taint.text("value")) {
            cx.invalid_at(cx.root, &below(".value"), &format!("{:?}", taint.text("value")), &word);
        }
        if effect.is_empty() {
            cx.required(cx.root, &below(".effect"), "");
        } else if !EFFECTS.contains(&effect) {
            cx.unsupported(cx.root, &below(".effect"), effect, EFFECTS);
        }
        if seen.contains(&(key, effect)) {
            cx.error(
                cx.root,
                &below(""),
                format!(
                    "Duplicate value: {}: taints must be unique by key and effect pair",
                    shown(taint)
                ),
            );
        }
        seen.push((key, effect));
    }
}

/// `os`, and what the other system has no use for.
pub(super) fn os(cx: &mut Cx<'_>, spec: &Node) {
    let os = spec.of("os");
    if os.is_null() {
        return;
    }
    match os.text("name") {
        "" => cx.required(os, "name", ""),
        "linux" => linux(cx, spec),
        "windows" => windows(cx, spec),
        other => cx.unsupported(os, "", other, &["linux", "windows"]),
    }
}

fn contexts(spec: &Node) -> impl Iterator<Item = &Node> {
    ["containers", "initContainers"]
        .into_iter()
        .flat_map(|field| spec.list(field))
        .map(|container| container.of("securityContext"))
}

fn linux(cx: &mut Cx<'_>, spec: &Node) {
    let detail = "windows options cannot be set for a linux pod";
    for context in std::iter::once(spec.of("securityContext")).chain(contexts(spec)) {
        if context.has("windowsOptions") {
            cx.forbidden(context, "windowsOptions", detail);
        }
    }
}

fn windows(cx: &mut Cx<'_>, spec: &Node) {
    const OF_POD: &[&str] = &[
        "appArmorProfile",
        "fsGroup",
        "fsGroupChangePolicy",
        "runAsGroup",
        "runAsUser",
        "seLinuxOptions",
        "seLinuxChangePolicy",
        "seccompProfile",
        "supplementalGroups",
        "supplementalGroupsPolicy",
        "sysctls",
    ];
    const OF_CONTAINER: &[&str] = &[
        "allowPrivilegeEscalation",
        "appArmorProfile",
        "capabilities",
        "privileged",
        "procMount",
        "readOnlyRootFilesystem",
        "runAsGroup",
        "runAsUser",
        "seLinuxOptions",
        "seccompProfile",
    ];
    let detail = "cannot be set for a windows pod";
    let context = spec.of("securityContext");
    for field in OF_POD.iter().filter(|field| context.has(field)) {
        cx.forbidden(context, field, detail);
    }
    for field in ["hostPID", "hostIPC", "shareProcessNamespace"] {
        if spec.is_true(field) || field == "shareProcessNamespace" && spec.has(field) {
            cx.forbidden(spec, field, detail);
        }
    }
    for context in contexts(spec) {
        for field in OF_CONTAINER.iter().filter(|field| context.has(field)) {
            cx.forbidden(context, field, detail);
        }
    }
}

/// `resourceClaims`.
pub(super) fn resource_claims(cx: &mut Cx<'_>, spec: &Node) {
    let mut seen: Vec<&str> = Vec::new();
    for claim in spec.list("resourceClaims") {
        let name = claim.text("name");
        if name.is_empty() {
            cx.required(claim, "name", "");
        } else {
            let words = names::label(name);
            let good = words.is_empty();
            say(cx, claim.of("name"), words);
            if good && seen.contains(&name) {
                cx.duplicate(claim, "name", &format!("{name:?}"));
            }
            seen.push(name);
        }
        match (claim.has("resourceClaimName"), claim.has("resourceClaimTemplateName")) {
            (true, true) => cx.invalid(
                claim,
                "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified",
            ),
            (false, false) => cx.invalid(
                claim,
                "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`",
            ),
            _ => {}
        }
        for field in ["resourceClaimName", "resourceClaimTemplateName"] {
            if claim.has(field) {
                say(cx, claim.of(field), names::subdomain(claim.text(field)));
            }
        }
    }
}
