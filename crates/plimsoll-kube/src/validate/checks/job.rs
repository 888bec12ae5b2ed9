//! Jobs, and the Jobs within CronJobs.

use plimsoll_yaml::Node;

use super::pod::pod_template;
use super::pod_failure::{failure_policy, success_policy};
use super::probe::not_negative;
use super::selector::{self, label_selector};
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;

/// The most indexes that may run or fail.
const INDEX_LIMIT: i64 = 100_000;

/// `batch.v1.Job`.
pub(in crate::validate) fn job(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    job_spec(cx, root, "spec");
    selector_of_job(cx, spec);
    indexed_name(cx, spec);
}

fn selector_of_job(cx: &mut Cx<'_>, spec: &Node) {
    let root = cx.root;
    let selector = spec.of("selector");
    label_selector(cx, selector);
    let labels = spec.of("template").of("metadata").of("labels");
    if spec.is_true("manualSelector") {
        if selector.is_null() {
            cx.required(root, "spec.selector", "");
        }
        if !selector.is_null()
            && selector::is_readable(selector)
            && !selector::matches(selector, labels)
        {
            let detail = "`selector` does not match template `labels`";
            cx.invalid_at(root, "spec.template.metadata.labels", &shown(labels), detail);
        }
        return;
    }
    if !selector::is_empty(selector) {
        cx.invalid(selector, "`selector` not auto-generated");
    }
    for key in ["batch.kubernetes.io/controller-uid", "controller-uid"] {
        if labels.has(key) {
            cx.invalid(labels.of(key), "must be the uid of the job");
        }
    }
    let name = root.of("metadata").text("name");
    for key in ["batch.kubernetes.io/job-name", "job-name"] {
        if labels.has(key) && labels.text(key) != name && !name.is_empty() {
            cx.invalid(labels.of(key), &format!("must be '{name}'"));
        }
    }
    // The server puts the name into labels of the template.
    for word in names::label_value(name) {
        cx.invalid_at(root, "spec.template.labels", &format!("{name:?}"), &word);
    }
}

fn indexed_name(cx: &mut Cx<'_>, spec: &Node) {
    let Some(completions) = spec.int("completions") else { return };
    if spec.text("completionMode") != "Indexed" || completions <= 0 {
        return;
    }
    let name = cx.root.of("metadata").text("name");
    let pod = format!("{name}-{}", completions - 1);
    if !names::label(&pod).is_empty() {
        let root = cx.root;
        let detail = format!("will not able to create pod with invalid DNS label: {pod}");
        cx.invalid_at(root, "metadata.name", &format!("{name:?}"), &detail);
    }
}

/// `batch.v1.JobSpec` at a field of `holder`.
pub(in crate::validate) fn job_spec(cx: &mut Cx<'_>, holder: &Node, field: &str) {
    let spec = holder.of(field);
    for field in [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
        "backoffLimitPerIndex",
    ] {
        not_negative(cx, spec, field);
    }
    max_failed(cx, spec);
    if spec.has("managedBy") {
        managed_by(cx, spec);
    }
    cx.maybe_one_of(spec, "completionMode", &["NonIndexed", "Indexed"]);
    let indexed = spec.text("completionMode") == "Indexed";
    if indexed {
        indexes(cx, spec);
    } else {
        for field in ["backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"] {
            if spec.has(field) {
                cx.invalid(spec.of(field), "requires indexed completion mode");
            }
        }
    }
    if spec.has("podFailurePolicy") {
        failure_policy(cx, spec);
    }
    if spec.has("successPolicy") {
        success_policy(cx, spec, indexed);
    }
    replacement(cx, spec);
    if spec.is_null() || !spec.has("template") {
        cx.required(holder, &format!("{field}.template.spec.containers"), "");
    } else {
        pod_template(cx, spec.of("template"), &[]);
    }
    restart(cx, holder, field);
}

fn max_failed(cx: &mut Cx<'_>, spec: &Node) {
    let Some(most) = spec.int("maxFailedIndexes") else { return };
    not_negative(cx, spec, "maxFailedIndexes");
    if !spec.has("backoffLimitPerIndex") {
        cx.required(spec, "backoffLimitPerIndex", "when maxFailedIndexes is specified");
    }
    if most > INDEX_LIMIT {
        cx.invalid(spec.of("maxFailedIndexes"), "must be less than or equal to 100000");
    }
    if spec.int("completions").is_some_and(|completions| most > completions) {
        cx.invalid(spec.of("maxFailedIndexes"), "must be less than or equal to completions");
    }
}

fn managed_by(cx: &mut Cx<'_>, spec: &Node) {
    let name = spec.text("managedBy");
    if name.is_empty() {
        cx.required(spec, "managedBy", "");
    } else {
        super::meta::say(cx, spec.of("managedBy"), names::domain_prefixed(name));
    }
    if name.len() > 63 {
        cx.too_long(spec, "managedBy", 63);
    }
}

fn indexes(cx: &mut Cx<'_>, spec: &Node) {
    let Some(completions) = spec.int("completions") else {
        cx.required(spec, "completions", "when completion mode is Indexed");
        return;
    };
    if spec.int("parallelism").is_some_and(|parallelism| parallelism > INDEX_LIMIT) {
        let detail = "must be less than or equal to 100000 when completion mode is Indexed";
        cx.invalid(spec.of("parallelism"), detail);
    }
    if completions > INDEX_LIMIT
        && spec.has("backoffLimitPerIndex")
        && !spec.has("maxFailedIndexes")
    {
        cx.required(spec, "maxFailedIndexes", "must be specified when completions is above 100000");
    }
}

fn replacement(cx: &mut Cx<'_>, spec: &Node) {
    if spec.has("podReplacementPolicy") {
        let values: &[&str] = if spec.has("podFailurePolicy") {
            &["Failed"]
        } else {
            &["Failed", "TerminatingOrFailed"]
        };
        cx.one_of(spec, "podReplacementPolicy", values);
    }
}

fn restart(cx: &mut Cx<'_>, holder: &Node, field: &str) {
    let spec = holder.of(field);
    let pod = spec.of("template").of("spec");
    let (at, below) = if pod.is_null() {
        (holder, format!("{field}.template.spec.restartPolicy"))
    } else {
        (pod, "restartPolicy".to_owned())
    };
    match pod.text("restartPolicy") {
        "OnFailure" | "Never" => {}
        "Always" | "" => cx.required(at, &below, "valid values: \"OnFailure\", \"Never\""),
        other => cx.unsupported(at, &below, other, &["OnFailure", "Never"]),
    }
    if spec.has("podFailurePolicy") && pod.text("restartPolicy") != "Never" {
        let detail = "only \"Never\" is supported when podFailurePolicy is specified";
        let value = format!("{:?}", pod.text("restartPolicy"));
        cx.invalid_at(at, &below, &value, detail);
    }
}
