//! ResourceQuotas and LimitRanges.

use plimsoll_yaml::{Entry, Node};

use super::resources::{QUOTA, amount, is_native, name_words};
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;
use crate::validate::value::{ONE, quantity_of};

const SCOPES: &[&str] = &[
    "Terminating",
    "NotTerminating",
    "BestEffort",
    "NotBestEffort",
    "PriorityClass",
    "CrossNamespacePodAffinity",
    "VolumeAttributesClass",
];

/// `core.v1.ResourceQuota`.
pub(in crate::validate) fn resource_quota(cx: &mut Cx<'_>) {
    let spec = cx.root.of("spec");
    for entry in spec.map("hard") {
        let name = String::from_utf8_lossy(&entry.key).into_owned();
        for word in name_words(&name) {
            cx.invalid_at(&entry.value, "", &format!("{name:?}"), &word);
        }
        let huge = name.starts_with("hugepages-") || name.starts_with("requests.hugepages-");
        if !name.contains('/') && !QUOTA.contains(&&*name) && !huge {
            cx.invalid_at(
                &entry.value,
                "",
                &format!("{name:?}"),
                "must be a standard resource for quota",
            );
        }
        quota_amount(cx, entry, &name);
    }
    scopes(cx, spec);
    for requirement in spec.of("scopeSelector").list("matchExpressions") {
        selector(cx, spec, requirement);
    }
}

fn quota_amount(cx: &mut Cx<'_>, entry: &Entry, name: &str) {
    let counted = name.starts_with("count/");
    amount(cx, entry, name);
    let already = super::resources::is_counted(name);
    let value = quantity_of(&entry.value);
    if counted && !already && !super::resources::is_whole(value) {
        cx.invalid(&entry.value, "must be an integer");
    }
}

fn scopes(cx: &mut Cx<'_>, spec: &Node) {
    let scopes = spec.list("scopes");
    let names: Vec<&str> = scopes.iter().map(Node::str).collect();
    let list = spec.of("scopes");
    for name in &names {
        if !SCOPES.contains(name) {
            cx.invalid_at(list, "", &shown(list), "unsupported scope");
        }
        for entry in spec.map("hard") {
            let resource = String::from_utf8_lossy(&entry.key);
            if super::resources::is_standard(&resource) && !fits(name, &resource) {
                cx.invalid_at(list, "", &shown(list), "unsupported scope applied to resource");
            }
        }
    }
    for (one, other) in [("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating")] {
        if names.contains(&one) && names.contains(&other) {
            cx.invalid_at(list, "", &shown(list), "conflicting scopes");
        }
    }
}

fn limit_type(cx: &mut Cx<'_>, limit: &Node, kind: &str) {
    let words = names::qualified(kind);
    let unnamed =
        !kind.contains('/') && !matches!(kind, "Pod" | "Container" | "PersistentVolumeClaim");
    for word in &words {
        cx.invalid_at(limit, "type", &format!("{kind:?}"), word);
    }
    if words.is_empty() && unnamed {
        let detail = "must be a standard limit type or fully qualified";
        cx.invalid_at(limit, "type", &format!("{kind:?}"), detail);
    }
}

/// Whether a scope can count a resource.
fn fits(scope: &str, resource: &str) -> bool {
    match scope {
        "Terminating"
        | "NotTerminating"
        | "NotBestEffort"
        | "PriorityClass"
        | "CrossNamespacePodAffinity" => {
            matches!(
                resource,
                "pods"
                    | "cpu"
                    | "memory"
                    | "ephemeral-storage"
                    | "requests.cpu"
                    | "requests.memory"
                    | "requests.ephemeral-storage"
                    | "limits.cpu"
                    | "limits.memory"
                    | "limits.ephemeral-storage"
            )
        }
        "BestEffort" => resource == "pods",
        "VolumeAttributesClass" => {
            matches!(resource, "persistentvolumeclaims" | "requests.storage")
        }
        _ => true,
    }
}

fn selector(cx: &mut Cx<'_>, spec: &Node, requirement: &Node) {
    // k8s: all of them are told without their number.
    let told = |field: &str| format!("scopeSelector.matchExpressions{field}");
    let name = requirement.text("scopeName");
    if !SCOPES.contains(&name) {
        cx.invalid_at(spec, &told(".scopeName"), &format!("{name:?}"), "unsupported scope");
    }
    for entry in spec.map("hard") {
        let resource = String::from_utf8_lossy(&entry.key);
        if super::resources::is_standard(&resource) && !fits(name, &resource) {
            let list = shown(spec.of("scopeSelector"));
            cx.invalid_at(spec, &told(""), &list, "unsupported scope applied to resource");
        }
    }
    let values = requirement.list("values");
    let operator = requirement.text("operator");
    if matches!(
        name,
        "Terminating"
            | "NotTerminating"
            | "BestEffort"
            | "NotBestEffort"
            | "CrossNamespacePodAffinity"
    ) && operator != "Exists"
    {
        let detail = "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
        cx.invalid_at(spec, &told(".operator"), &format!("{operator:?}"), detail);
    }
    match operator {
        "In" | "NotIn" if values.is_empty() => {
            cx.required(
                spec,
                &told(".values"),
                "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
            );
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            let detail =
                "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
            cx.invalid_at(spec, &told(".values"), &shown(requirement.of("values")), detail);
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
        other => cx.invalid_at(
            spec,
            &told(".operator"),
            &format!("{other:?}"),
            "not a valid selector operator",
        ),
    }
}

/// `core.v1.LimitRange`.
pub(in crate::validate) fn limit_range(cx: &mut Cx<'_>) {
    let mut seen: Vec<&str> = Vec::new();
    for limit in cx.root.of("spec").list("limits") {
        let kind = limit.text("type");
        limit_type(cx, limit, kind);
        if seen.contains(&kind) {
            cx.duplicate(limit, "type", &format!("{kind:?}"));
        }
        seen.push(kind);
        if kind == "PersistentVolumeClaim" {
            let (least, most) = (limit.of("min").has("storage"), limit.of("max").has("storage"));
            if !least && !most {
                cx.required(
                    limit,
                    "",
                    "either minimum or maximum storage value is required, but neither was provided",
                );
            }
        }
        if kind == "Pod" {
            for field in ["default", "defaultRequest"] {
                if !limit.map(field).is_empty() {
                    cx.forbidden(limit, field, "may not be specified when `type` is 'Pod'");
                }
            }
        }
        amounts(cx, limit, kind);
    }
}

fn amounts(cx: &mut Cx<'_>, limit: &Node, kind: &str) {
    let mut all: Vec<String> = Vec::new();
    for field in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
        for entry in limit.map(field) {
            let name = String::from_utf8_lossy(&entry.key).into_owned();
            for word in name_words(&name) {
                cx.invalid_at(&entry.value, "", &format!("{name:?}"), &word);
            }
            if !all.contains(&name) {
                all.push(name);
            }
        }
    }
    for name in &all {
        one(cx, limit, name, kind);
    }
}

/// What may not exceed what, and how the server calls the latter.
const ORDER: &[(&str, &str, &str)] = &[
    ("min", "max", "max"),
    ("min", "defaultRequest", "default request"),
    ("defaultRequest", "max", "max"),
    ("defaultRequest", "default", "default limit"),
    ("min", "default", "default"),
    ("default", "max", "max"),
];

fn one(cx: &mut Cx<'_>, limit: &Node, name: &str, kind: &str) {
    let get = |field: &str| limit.of(field).get(name).map(|node| (node, quantity_of(node)));
    let text = |node: &Node| node.as_str().map_or_else(|| shown(node), str::to_owned);
    for (low, high, told) in ORDER {
        let (Some((low_node, low_value)), Some((high_node, high_value))) = (get(low), get(high))
        else {
            continue;
        };
        if low_value > high_value {
            let words = match (*low, *high) {
                ("min", _) => format!(
                    "min value {} is greater than {told} value {}",
                    text(low_node),
                    text(high_node)
                ),
                _ => format!(
                    "default value {} is greater than {told} value {}",
                    text(low_node),
                    text(high_node)
                ),
            };
            cx.invalid(if *low == "min" && *high != "max" { high_node } else { low_node }, &words);
        }
    }
    if let Some((node, ratio)) = get("maxLimitRequestRatio")
        && ratio < ONE
    {
        cx.invalid(node, &format!("ratio {} is less than 1", text(node)));
    }
    let extended = !is_native(name) || name.starts_with("hugepages-");
    if kind == "Container" && extended {
        let (request, default) = (get("defaultRequest"), get("default"));
        if request.map(|(_, value)| value) != default.map(|(_, value)| value) && request.is_some() {
            let node = limit.of("defaultRequest").of(name);
            cx.invalid(node, &format!("default value {name} must equal to defaultRequest value"));
        }
    }
}
