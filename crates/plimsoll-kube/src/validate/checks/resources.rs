//! Requests and limits: which resources there are, that requests stay within limits.

use plimsoll_yaml::{Entry, Node};

use super::meta::say;
use super::pod::PodFacts;
use crate::validate::cx::{Cx, shown};
use crate::validate::names::{self, Words};
use crate::validate::node::Fields as _;
use crate::validate::value::{ONE, quantity_of};

const CONTAINER: &[&str] = &["cpu", "memory", "ephemeral-storage"];

/// What a ResourceQuota can count without a group; a container may also name `storage`.
pub(super) const QUOTA: &[&str] = &[
    "configmaps",
    "cpu",
    "ephemeral-storage",
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "memory",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
    "requests.storage",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
];

const COUNTED: &[&str] = &[
    "configmaps",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
];

fn is_huge(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// Neither with a foreign domain before it, nor without one of Kubernetes.
pub(super) fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// A resource of a device plugin and the like.
pub(super) fn is_extended(name: &str) -> bool {
    !is_native(name)
        && !name.starts_with("requests.")
        && names::qualified(&format!("requests.{name}")).is_empty()
}

/// Whether amounts are whole numbers.
pub(super) fn is_counted(name: &str) -> bool {
    COUNTED.contains(&name) || is_extended(name)
}

/// Whether it is a resource that the API itself knows.
pub(super) fn is_standard(name: &str) -> bool {
    name == "storage"
        || QUOTA.contains(&name)
        || is_huge(name)
        || name.starts_with("requests.hugepages-")
}

/// What is wrong with the name of any resource.
pub(super) fn name_words(name: &str) -> Words {
    let mut words = names::qualified(name);
    if words.is_empty() && !name.contains('/') && !is_standard(name) {
        words.push("must be a standard resource type or fully qualified".to_owned());
    }
    words
}

fn container_name_words(name: &str) -> Words {
    let mut words = name_words(name);
    if !name.contains('/') {
        if !CONTAINER.contains(&name) && !is_huge(name) {
            words.push("must be a standard resource for containers".to_owned());
        }
    } else if !is_native(name) && !is_extended(name) {
        words.push("doesn't follow extended resource name standard".to_owned());
    }
    words
}

/// An amount that is not below nought, and whole where it counts things.
pub(super) fn amount(cx: &mut Cx<'_>, entry: &Entry, name: &str) {
    let value = quantity_of(&entry.value);
    if value < 0 {
        cx.invalid(&entry.value, "must be greater than or equal to 0");
    }
    if is_counted(name) && !is_whole(value) {
        cx.invalid(&entry.value, "must be an integer");
    }
}

/// Whether an amount is whole; the server asks its thousandths in 64 bits, which may overflow.
pub(super) fn is_whole(value: i128) -> bool {
    value % ONE == 0 && ((value / (ONE / 1000)) as i64) % 1000 == 0
}

/// `resources` of a container.
pub(super) fn container_resources(cx: &mut Cx<'_>, pod: &PodFacts<'_>, container: &Node) {
    let resources = container.of("resources");
    if resources.is_null() {
        return;
    }
    check(cx, resources, container_name_words);
    claims(cx, pod.spec, resources);
}

fn check(cx: &mut Cx<'_>, resources: &Node, name_of: fn(&str) -> Words) {
    let (mut huge, mut ordinary) = (false, false);
    for field in ["limits", "requests"] {
        for entry in resources.map(field) {
            let name = String::from_utf8_lossy(&entry.key);
            for word in name_of(&name) {
                cx.invalid_at(&entry.value, "", &format!("{name:?}"), &word);
            }
            amount(cx, entry, &name);
            huge_page(cx, entry, &name);
            huge |= is_huge(&name);
            ordinary |= matches!(&*name, "cpu" | "memory");
        }
    }
    for entry in resources.map("requests") {
        against_limit(cx, resources, entry);
    }
    if huge && !ordinary {
        cx.forbidden(resources, "", "HugePages require cpu or memory");
    }
}

fn huge_page(cx: &mut Cx<'_>, entry: &Entry, name: &str) {
    let Some(size) = name.strip_prefix("hugepages-") else { return };
    let Ok(size) = crate::validate::value::quantity(size) else { return };
    let whole = |amount: i128| amount / ONE + i128::from(amount % ONE > 0);
    if size > 0 && whole(quantity_of(&entry.value)) % whole(size) != 0 {
        let text = entry.value.as_str().map_or_else(|| shown(&entry.value), str::to_owned);
        let detail = format!("{text} is not positive integer multiple of {name}");
        cx.invalid(&entry.value, &detail);
    }
}

fn against_limit(cx: &mut Cx<'_>, resources: &Node, entry: &Entry) {
    let name = String::from_utf8_lossy(&entry.key);
    let may_overcommit = is_native(&name) && !is_huge(&name);
    let request = quantity_of(&entry.value);
    let Some(limit) = resources.of("limits").get(&name) else {
        if !may_overcommit {
            cx.required(resources, "limits", "Limit must be set for non overcommitable resources");
        }
        return;
    };
    let text = limit.as_str().map_or_else(|| shown(limit), str::to_owned);
    let amount = quantity_of(limit);
    if may_overcommit && request > amount {
        let detail = format!("must be less than or equal to {name} limit of {text}");
        cx.invalid_at(resources, "requests", &shown(&entry.value), &detail);
    } else if !may_overcommit && request != amount {
        let detail = format!("must be equal to {name} limit of {text}");
        cx.invalid_at(resources, "requests", &shown(&entry.value), &detail);
    }
}

fn claims(cx: &mut Cx<'_>, spec: &Node, resources: &Node) {
    let known: Vec<&str> =
        spec.list("resourceClaims").iter().map(|claim| claim.text("name")).collect();
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for claim in resources.list("claims") {
        let name = claim.text("name");
        if name.is_empty() {
            cx.required(claim, "", "");
            continue;
        }
        let request = claim.text("request");
        if !request.is_empty() {
            say(cx, claim.of("request"), names::label(request));
        }
        let key = (name, request);
        if seen.contains(&key) {
            cx.duplicate(claim, "", &format!("{name:?}"));
        } else if !known.contains(&name) {
            let those = if known.is_empty() {
                "must be one of the names in pod.spec.resourceClaims which is empty".to_owned()
            } else {
                format!("must be one of the names in pod.spec.resourceClaims: {}", known.join(", "))
            };
            cx.not_found(claim, "", &format!("{name:?}: {those}"));
        }
        seen.push(key);
    }
}

/// `overhead` of a RuntimeClass, which the server calls limits.
pub(super) fn overhead(cx: &mut Cx<'_>, overhead: &Node) {
    for entry in overhead.map("podFixed") {
        let name = String::from_utf8_lossy(&entry.key);
        let below = format!("limits[{name}]");
        for word in container_name_words(&name) {
            cx.invalid_at(overhead, &below, &format!("{name:?}"), &word);
        }
        let value = quantity_of(&entry.value);
        if value < 0 {
            cx.invalid_at(
                overhead,
                &below,
                &shown(&entry.value),
                "must be greater than or equal to 0",
            );
        }
        if is_counted(&name) && value % ONE != 0 {
            cx.invalid_at(overhead, &below, &shown(&entry.value), "must be an integer");
        }
    }
}

/// `resources` of the whole pod: fewer sorts, and no less than its containers ask for.
pub(super) fn pod_resources(cx: &mut Cx<'_>, spec: &Node) {
    let resources = spec.of("resources");
    if resources.is_null() {
        return;
    }
    for field in ["limits", "requests"] {
        for entry in resources.map(field) {
            let name = String::from_utf8_lossy(&entry.key);
            let words = name_words(&name);
            if !matches!(&*name, "cpu" | "memory") && !is_huge(&name) {
                if words.iter().any(|word| word.contains("part")) {
                    for word in words {
                        cx.invalid_at(&entry.value, "", &format!("{name:?}"), &word);
                    }
                } else {
                    cx.unsupported(&entry.value, "", &name, &["cpu", "hugepages-", "memory"]);
                }
            }
            amount(cx, entry, &name);
        }
    }
    if !resources.list("claims").is_empty() {
        cx.forbidden(resources, "claims", "claims may not be set for Resources at pod-level");
        claims(cx, spec, resources);
    }
    for entry in resources.map("requests") {
        against_limit(cx, resources, entry);
        containers_within(cx, spec, entry);
    }
}

fn containers_within(cx: &mut Cx<'_>, spec: &Node, entry: &Entry) {
    let name = String::from_utf8_lossy(&entry.key);
    let sum: i128 = spec
        .list("containers")
        .iter()
        .map(|container| quantity_of(container.of("resources").of("requests").of(&name)))
        .sum();
    if sum > quantity_of(&entry.value) {
        let detail = "must be greater than or equal to aggregate container requests of";
        cx.invalid(&entry.value, &format!("{detail} {}", sum / ONE));
    }
}

/// `resizePolicy` of a container.
pub(super) fn resize_policy(cx: &mut Cx<'_>, pod: &PodFacts<'_>, container: &Node) {
    let list = container.of("resizePolicy");
    let mut seen: Vec<&str> = Vec::new();
    for policy in list.as_list() {
        let name = policy.text("resourceName");
        // k8s: told at the list, not at its item.
        match name {
            "cpu" | "memory" => {}
            "" => cx.required(list, "", ""),
            other => cx.unsupported(list, "", other, &["cpu", "memory"]),
        }
        match policy.text("restartPolicy") {
            "NotRequired" | "RestartContainer" => {}
            "" => cx.required(list, "", ""),
            other => cx.unsupported(list, "", other, &["NotRequired", "RestartContainer"]),
        }
        if pod.restart == "Never" && policy.text("restartPolicy") == "RestartContainer" {
            let detail = "must be 'NotRequired' when pod `restartPolicy` is 'Never'";
            cx.invalid_at(list, "", "\"RestartContainer\"", detail);
        }
        if seen.contains(&name) {
            cx.duplicate(policy, "", &format!("{name:?}"));
        }
        seen.push(name);
    }
}
