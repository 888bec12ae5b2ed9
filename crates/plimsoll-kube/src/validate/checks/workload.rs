//! Deployments, ReplicaSets, StatefulSets, DaemonSets, ReplicationControllers.

use plimsoll_yaml::Node;

use super::amount::{at_most_all, number_or_percent, value};
use super::pod::{long_running, pod_template, selects_template};
use super::probe::not_negative;
use super::selector::{self, label_selector};
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;

/// `apps.v1.DeploymentSpec`.
pub(in crate::validate) fn deployment(cx: &mut Cx<'_>) {
    let spec = cx.root.of("spec");
    for field in ["replicas", "minReadySeconds", "revisionHistoryLimit"] {
        not_negative(cx, spec, field);
    }
    replica_template(cx, spec);
    strategy(cx, spec.of("strategy"));
    if let Some(deadline) = spec.int("progressDeadlineSeconds") {
        not_negative(cx, spec, "progressDeadlineSeconds");
        if deadline <= spec.int("minReadySeconds").unwrap_or(0) {
            cx.invalid(spec.of("progressDeadlineSeconds"), "must be greater than minReadySeconds");
        }
    } else if spec.int("minReadySeconds").unwrap_or(0) >= 600 {
        cx.invalid_at(
            spec,
            "progressDeadlineSeconds",
            "600",
            "must be greater than minReadySeconds",
        );
    }
}

fn replica_template(cx: &mut Cx<'_>, spec: &Node) {
    let root = cx.root;
    let (holder, below) = if spec.is_null() { (root, "spec.") } else { (spec, "") };
    if spec.is_null() || !spec.has("selector") {
        cx.required(holder, &format!("{below}selector"), "");
        let value = shown(spec.of("template").of("metadata").of("labels"));
        let detail = "`selector` does not match template `labels`";
        cx.invalid_at(holder, &format!("{below}template.metadata.labels"), &value, detail);
    } else {
        selects_template(cx, spec, "deployment");
    }
    template(cx, spec, "ReplicaSet", &[]);
}

fn template(cx: &mut Cx<'_>, spec: &Node, what: &str, claims: &[&str]) {
    let template = spec.of("template");
    if template.is_null() {
        let root = cx.root;
        let (holder, below) = if spec.is_null() { (root, "spec.") } else { (spec, "") };
        cx.required(holder, &format!("{below}template.spec.containers"), "");
        return;
    }
    pod_template(cx, template, claims);
    long_running(cx, template, what);
}

fn strategy(cx: &mut Cx<'_>, strategy: &Node) {
    let rolling = strategy.of("rollingUpdate");
    match strategy.text("type") {
        "Recreate" => {
            if !rolling.is_null() {
                let detail = "may not be specified when strategy `type` is 'Recreate'";
                cx.forbidden(strategy, "rollingUpdate", detail);
            }
        }
        "RollingUpdate" | "" => {
            number_or_percent(cx, rolling, "maxUnavailable");
            number_or_percent(cx, rolling, "maxSurge");
            if value(rolling, "maxUnavailable", 25) == 0 && value(rolling, "maxSurge", 25) == 0 {
                let value = shown(rolling.of("maxUnavailable"));
                cx.invalid_at(
                    rolling,
                    "maxUnavailable",
                    &value,
                    "may not be 0 when `maxSurge` is 0",
                );
            }
            at_most_all(cx, rolling, "maxUnavailable");
        }
        other => cx.unsupported(strategy, "", other, &["Recreate", "RollingUpdate"]),
    }
}

/// `apps.v1.ReplicaSetSpec`.
pub(in crate::validate) fn replica_set(cx: &mut Cx<'_>) {
    let spec = cx.root.of("spec");
    not_negative(cx, spec, "replicas");
    not_negative(cx, spec, "minReadySeconds");
    replica_template(cx, spec);
}

/// `apps.v1.DaemonSetSpec`.
pub(in crate::validate) fn daemon_set(cx: &mut Cx<'_>) {
    let spec = cx.root.of("spec");
    let selector = spec.of("selector");
    let labels = spec.of("template").of("metadata").of("labels");
    label_selector(cx, selector);
    let matches = !selector.is_null() && selector::matches(selector, labels);
    if (selector.is_null() || selector::is_readable(selector)) && !matches {
        let root = cx.root;
        let detail = "`selector` does not match template `labels`";
        cx.invalid_at(root, "spec.template.metadata.labels", &shown(labels), detail);
    }
    if !selector.is_null() && selector::is_empty(selector) {
        cx.invalid(selector, "empty selector is invalid for daemonset");
    }
    template(cx, spec, "DaemonSet", &[]);
    not_negative(cx, spec, "minReadySeconds");
    not_negative(cx, spec, "revisionHistoryLimit");
    daemon_update(cx, spec.of("updateStrategy"));
}

fn daemon_update(cx: &mut Cx<'_>, strategy: &Node) {
    let rolling = strategy.of("rollingUpdate");
    match strategy.text("type") {
        "OnDelete" => {}
        "RollingUpdate" | "" => {
            for field in ["maxUnavailable", "maxSurge"] {
                number_or_percent(cx, rolling, field);
                at_most_all(cx, rolling, field);
            }
            let unavailable = value(rolling, "maxUnavailable", 1) != 0;
            let surge = value(rolling, "maxSurge", 0) != 0;
            if unavailable && surge {
                cx.invalid(
                    rolling.of("maxSurge"),
                    "may not be set when maxUnavailable is non-zero",
                );
            } else if !unavailable && !surge {
                cx.required(rolling, "maxUnavailable", "cannot be 0 when maxSurge is 0");
            }
        }
        other => cx.unsupported(strategy, "", other, &["RollingUpdate", "OnDelete"]),
    }
}

/// `apps.v1.StatefulSetSpec`.
pub(in crate::validate) fn stateful_set(cx: &mut Cx<'_>) {
    let spec = cx.root.of("spec");
    let policy = spec.text("podManagementPolicy");
    if !matches!(policy, "" | "OrderedReady" | "Parallel") {
        cx.invalid(spec.of("podManagementPolicy"), "must be 'OrderedReady' or 'Parallel'");
    }
    stateful_update(cx, spec.of("updateStrategy"));
    for field in ["whenDeleted", "whenScaled"] {
        cx.maybe_text_of(
            spec.of("persistentVolumeClaimRetentionPolicy"),
            field,
            &["Retain", "Delete"],
        );
    }
    not_negative(cx, spec, "replicas");
    not_negative(cx, spec, "minReadySeconds");
    not_negative(cx, spec.of("ordinals"), "start");
    not_negative(cx, spec, "revisionHistoryLimit");
    if !spec.text("serviceName").is_empty() && cx.minor >= 34 {
        super::meta::say(cx, spec.of("serviceName"), names::label(spec.text("serviceName")));
    }
    if spec.has("selector") {
        selects_template(cx, spec, "statefulset");
    } else {
        let root = cx.root;
        cx.required(root, "spec.selector", "");
    }
    let claims: Vec<&str> = spec
        .list("volumeClaimTemplates")
        .iter()
        .map(|claim| claim.of("metadata").text("name"))
        .collect();
    template(cx, spec, "StatefulSet", &claims);
    for claim in spec.list("volumeClaimTemplates") {
        let name = claim.of("metadata").text("name");
        if name.is_empty() {
            cx.required(claim, "metadata.name", "");
        } else {
            super::meta::say(cx, claim.of("metadata").of("name"), names::label(name));
        }
        super::claim::claim_spec(cx, claim);
    }
}

fn stateful_update(cx: &mut Cx<'_>, strategy: &Node) {
    let rolling = strategy.of("rollingUpdate");
    match strategy.text("type") {
        "OnDelete" => {
            if !rolling.is_null() {
                cx.invalid(rolling, "only allowed for updateStrategy 'RollingUpdate'");
            }
        }
        "RollingUpdate" | "" => {
            not_negative(cx, rolling, "partition");
            if rolling.has("maxUnavailable") {
                number_or_percent(cx, rolling, "maxUnavailable");
                if value(rolling, "maxUnavailable", 1) == 0 {
                    cx.invalid(rolling.of("maxUnavailable"), "cannot be 0");
                }
                at_most_all(cx, rolling, "maxUnavailable");
            }
        }
        _ => cx.invalid_at(strategy, "", &shown(strategy), "must be 'RollingUpdate' or 'OnDelete'"),
    }
}

/// `core.v1.ReplicationControllerSpec`: its selector is a map, and the template's labels where none
/// is given.
pub(in crate::validate) fn replication_controller(cx: &mut Cx<'_>) {
    let spec = cx.root.of("spec");
    not_negative(cx, spec, "replicas");
    not_negative(cx, spec, "minReadySeconds");
    let labels = spec.of("template").of("metadata").of("labels");
    let own = spec.map("selector");
    if own.is_empty() && labels.as_map().is_empty() {
        let root = cx.root;
        cx.required(root, "spec.selector", "");
    }
    let matches = own.iter().all(|entry| {
        let key = String::from_utf8_lossy(&entry.key);
        labels.get(&key).is_some_and(|value| value.str() == entry.value.str())
    });
    if !matches {
        let root = cx.root;
        let detail = "`selector` does not match template `labels`";
        cx.invalid_at(root, "spec.template.metadata.labels", &shown(labels), detail);
    }
    if spec.has("template") {
        template(cx, spec, "ReplicationController", &[]);
    } else {
        let root = cx.root;
        cx.required(root, "spec.template", "");
    }
}

/// `core.v1.Pod`.
pub(in crate::validate) fn pod(cx: &mut Cx<'_>) {
    let root = cx.root;
    super::pod::pod_spec(cx, root, "spec", &[], false);
    admission(cx, root.of("spec"));
    if !root.of("spec").list("ephemeralContainers").is_empty() {
        cx.forbidden(root, "spec.ephemeralContainers", "cannot be set on create");
    }
}

/// What admission plugins that are always on refuse in a Pod.
fn admission(cx: &mut Cx<'_>, spec: &Node) {
    if let Some(priority) = spec.int("priority")
        && priority != 0
        && spec.text("priorityClassName").is_empty()
    {
        cx.forbidden(
            spec,
            "priority",
            "the integer value of priority must not be provided in pod spec",
        );
    }
    let policy = spec.text("preemptionPolicy");
    if !matches!(policy, "" | "PreemptLowerPriority") && spec.text("priorityClassName").is_empty() {
        let detail = "the string value of PreemptionPolicy must not be provided in pod spec";
        cx.forbidden(spec, "preemptionPolicy", detail);
    }
    if spec.has("overhead") && spec.text("runtimeClassName").is_empty() {
        let detail =
            "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead";
        cx.forbidden(spec, "overhead", detail);
    }
}

/// `core.v1.PodTemplate`.
pub(in crate::validate) fn template_kind(cx: &mut Cx<'_>) {
    let root = cx.root;
    let before = cx.problems.len();
    pod_template(cx, root.of("template"), &[]);
    if root.of("template").is_null() {
        for problem in &mut cx.problems[before..] {
            problem.path.insert_str(0, "template.");
        }
    }
}
