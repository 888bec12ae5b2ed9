use plimsoll_yaml::{Kind, Node};

use super::pod;
use super::tree::{Tree as _, flag, int, node, text};

/// Kinds that make pods, and what watches over them.
pub(super) fn apply(object: &mut Node, group: &str, kind: &str) {
    match (group, kind) {
        ("", "Pod") => {
            pod::spec(object.sub("spec"));
            pod::of_pod(object.sub("spec"));
        }
        ("", "PodTemplate") => pod::template(object.sub("template")),
        ("", "ReplicationController") => replication_controller(object.sub("spec")),
        ("apps", "Deployment") => deployment(object.sub("spec")),
        ("apps", "ReplicaSet") => {
            let spec = object.sub("spec");
            spec.default("replicas", int(1));
            pod::template(spec.sub("template"));
        }
        ("apps", "DaemonSet") => daemon_set(object.sub("spec")),
        ("apps", "StatefulSet") => stateful_set(object.sub("spec")),
        ("batch", "Job") => job(object.sub("spec")),
        ("batch", "CronJob") => cron_job(object.sub("spec")),
        ("autoscaling", "HorizontalPodAutoscaler") => autoscaler(object.sub("spec")),
        _ => {}
    }
}

fn replication_controller(spec: &mut Node) {
    spec.default("replicas", int(1));
    let labels = spec.get("template").and_then(|t| t.get("metadata")).and_then(|m| m.get("labels"));
    if let Some(labels) = labels.cloned() {
        spec.default("selector", labels);
    }
    pod::template(spec.sub("template"));
}

fn deployment(spec: &mut Node) {
    spec.default("replicas", int(1));
    spec.default("revisionHistoryLimit", int(10));
    spec.default("progressDeadlineSeconds", int(600));
    let strategy = spec.sub("strategy");
    strategy.default_text("type", "RollingUpdate");
    if strategy.word("type") == "RollingUpdate" {
        let rolling = strategy.sub("rollingUpdate");
        rolling.default("maxUnavailable", text("25%"));
        rolling.default("maxSurge", text("25%"));
    }
    pod::template(spec.sub("template"));
}

fn daemon_set(spec: &mut Node) {
    spec.default("revisionHistoryLimit", int(10));
    let strategy = spec.sub("updateStrategy");
    strategy.default_text("type", "RollingUpdate");
    if strategy.word("type") == "RollingUpdate" {
        let rolling = strategy.sub("rollingUpdate");
        rolling.default("maxUnavailable", int(1));
        rolling.default("maxSurge", int(0));
    }
    pod::template(spec.sub("template"));
}

fn stateful_set(spec: &mut Node) {
    spec.default("replicas", int(1));
    spec.default("revisionHistoryLimit", int(10));
    spec.default_text("podManagementPolicy", "OrderedReady");
    let retention = spec.sub("persistentVolumeClaimRetentionPolicy");
    retention.default_text("whenDeleted", "Retain");
    retention.default_text("whenScaled", "Retain");
    let strategy = spec.sub("updateStrategy");
    strategy.default_text("type", "RollingUpdate");
    if strategy.word("type") == "RollingUpdate" {
        let rolling = strategy.sub("rollingUpdate");
        rolling.default("partition", int(0));
        rolling.default("maxUnavailable", int(1));
    }
    for claim in spec.list_mut("volumeClaimTemplates") {
        claim.default_text("apiVersion", "v1");
        claim.default_text("kind", "PersistentVolumeClaim");
        claim.sub("spec").default_text("volumeMode", "Filesystem");
        claim.sub("status").default_text("phase", "Pending");
    }
    pod::template(spec.sub("template"));
}

fn job(spec: &mut Node) {
    if !spec.has("completions") && !spec.has("parallelism") {
        spec.put("completions", int(1));
    }
    spec.default("parallelism", int(1));
    let most = if spec.has("backoffLimitPerIndex") { i64::from(i32::MAX) } else { 6 };
    spec.default("backoffLimit", int(most));
    spec.default_text("completionMode", "NonIndexed");
    spec.default("suspend", flag(false));
    spec.default("manualSelector", flag(false));
    let policy = if spec.has("podFailurePolicy") { "Failed" } else { "TerminatingOrFailed" };
    spec.default_text("podReplacementPolicy", policy);
    pod::template(spec.sub("template"));
}

fn cron_job(spec: &mut Node) {
    spec.default_text("concurrencyPolicy", "Allow");
    spec.default("suspend", flag(false));
    spec.default("successfulJobsHistoryLimit", int(3));
    spec.default("failedJobsHistoryLimit", int(1));
    // The Job within is not filled before it is made, but its pod is.
    let template = spec.sub("jobTemplate");
    template.sub("metadata");
    pod::template(template.sub("spec").sub("template"));
}

fn autoscaler(spec: &mut Node) {
    spec.default("minReplicas", int(1));
    let Some(behavior) = spec.field_mut("behavior") else { return };
    for (field, policies) in
        [("scaleUp", &[("Pods", 4), ("Percent", 100)][..]), ("scaleDown", &[("Percent", 100)][..])]
    {
        let rules = behavior.sub(field);
        rules.default_text("selectPolicy", "Max");
        if field == "scaleUp" {
            rules.default("stabilizationWindowSeconds", int(0));
        }
        if let Some(tolerance) = rules.field_mut("tolerance") {
            thousandths(tolerance);
        }
        let policy = |&(kind, value): &(&str, i64)| {
            let mut policy = super::tree::map();
            policy.put("type", text(kind));
            policy.put("value", int(value));
            policy.put("periodSeconds", int(15));
            policy
        };
        rules.default("policies", node(Kind::List(policies.iter().map(policy).collect())));
    }
}

/// `0.05` is kept as `50m`.
fn thousandths(amount: &mut Node) {
    let Some(value) = amount.as_str().and_then(|text| text.parse::<f64>().ok()) else { return };
    if value.fract() != 0.0 && (value * 1000.0).fract() == 0.0 {
        *amount = text(&format!("{}m", value * 1000.0));
    }
}
