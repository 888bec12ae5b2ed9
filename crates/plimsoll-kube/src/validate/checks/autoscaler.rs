//! HorizontalPodAutoscalers of both versions.

use plimsoll_yaml::Node;

use super::meta::say;
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;
use crate::validate::value::quantity_of;

const TYPES: &[&str] = &["ContainerResource", "External", "Object", "Pods", "Resource"];

/// `autoscaling.v2.HorizontalPodAutoscaler`, and v1, whose fields are some of these.
pub(in crate::validate) fn autoscaler(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    let (at, prefix) = if spec.is_null() { (root, "spec.") } else { (spec, "") };
    let least = spec.int("minReplicas").unwrap_or(1);
    let to_nought = spec
        .list("metrics")
        .iter()
        .any(|metric| matches!(metric.text("type"), "Object" | "External"));
    let bottom = i64::from(cx.minor < 36);
    if least < bottom {
        let detail = format!("must be greater than or equal to {bottom}");
        cx.invalid(spec.of("minReplicas"), &detail);
    }
    let most = spec.int("maxReplicas").unwrap_or(0);
    if most == 0 {
        cx.required(at, &format!("{prefix}maxReplicas"), "");
    } else if most < 1 {
        cx.invalid(spec.of("maxReplicas"), "must be greater than or equal to 1");
    }
    if most < least {
        let detail = "must be greater than or equal to `minReplicas`";
        cx.invalid_at(at, &format!("{prefix}maxReplicas"), &most.to_string(), detail);
    }
    target(cx, at, prefix, spec.of("scaleTargetRef"));
    if spec.int("minReplicas") == Some(0) && !to_nought {
        let detail = "must specify at least one Object or External metric to support scaling to zero replicas";
        cx.forbidden(at, &format!("{prefix}metrics"), detail);
    }
    for metric in spec.list("metrics") {
        one_metric(cx, metric);
    }
    if let Some(percent) = spec.int("targetCPUUtilizationPercentage")
        && percent < 1
    {
        // The field of v1 becomes a metric of v2 before it is looked at.
        let below = "metrics[0].resource.target.averageUtilization";
        cx.invalid_at(spec, below, &percent.to_string(), "must be greater than 0");
    }
    for field in ["scaleUp", "scaleDown"] {
        let rules = spec.of("behavior").of(field);
        if !rules.is_null() {
            scaling(cx, rules);
        }
    }
}

fn target(cx: &mut Cx<'_>, at: &Node, prefix: &str, target: &Node) {
    for field in ["kind", "name"] {
        let text = target.text(field);
        if text.is_empty() {
            cx.required(at, &format!("{prefix}scaleTargetRef.{field}"), "");
        } else {
            say(cx, target.of(field), names::path_segment(text));
        }
    }
    let version = target.text("apiVersion");
    if cx.minor >= 37 && version.matches('/').count() > 1 {
        cx.invalid_at(
            at,
            &format!("{prefix}scaleTargetRef.apiVersion"),
            &format!("{version:?}"),
            &format!("unexpected GroupVersion string: {version}"),
        );
    }
    let groupless = !version.contains('/') && target.text("kind") != "ReplicationController";
    if cx.minor >= 37 && groupless && !target.is_null() {
        let detail = "apiVersion must specify API group";
        cx.invalid_at(
            at,
            &format!("{prefix}scaleTargetRef.apiVersion"),
            &format!("{version:?}"),
            detail,
        );
    }
}

const SOURCES: &[(&str, &str)] = &[
    ("Object", "object"),
    ("Pods", "pods"),
    ("Resource", "resource"),
    ("ContainerResource", "containerResource"),
    ("External", "external"),
];

fn one_metric(cx: &mut Cx<'_>, metric: &Node) {
    let kind = metric.text("type");
    if kind.is_empty() {
        cx.required(metric, "type", "must specify a metric source type");
    } else if !TYPES.contains(&kind) {
        cx.unsupported(metric, "type", kind, TYPES);
    }
    let several = SOURCES.iter().filter(|(_, field)| metric.has(field)).count() > 1;
    for &(name, field) in SOURCES {
        let source = metric.of(field);
        if source.is_null() {
            continue;
        }
        one_source(cx, name, source);
        if several && name != kind {
            cx.forbidden(metric, field, "must populate the given metric source only");
        }
    }
    if let Some((_, field)) = SOURCES.iter().find(|(name, _)| *name == kind)
        && !metric.has(field)
    {
        cx.required(metric, field, "must populate information for the given metric source");
    }
}

fn one_source(cx: &mut Cx<'_>, kind: &str, source: &Node) {
    let target = source.of("target");
    match kind {
        "Object" => {
            let described = source.of("describedObject");
            for field in ["kind", "name"] {
                let text = described.text(field);
                if text.is_empty() {
                    cx.required(source, &format!("describedObject.{field}"), "");
                } else {
                    say(cx, described.of(field), names::path_segment(text));
                }
            }
            identifier(cx, source);
            metric_target(cx, source, target);
            if !target.has("value") && !target.has("averageValue") {
                cx.required(
                    source,
                    "target.averageValue",
                    "must set either a target value or averageValue",
                );
            }
        }
        "Pods" => {
            identifier(cx, source);
            metric_target(cx, source, target);
            if !target.has("averageValue") || quantity_of(target.of("averageValue")) <= 0 {
                cx.required(
                    source,
                    "target.averageValue",
                    "must specify a positive target averageValue",
                );
            }
        }
        "External" => {
            identifier(cx, source);
            metric_target(cx, source, target);
            match (target.has("value"), target.has("averageValue")) {
                (true, true) => cx.forbidden(
                    source,
                    "target.value",
                    "may not set both a target value for metric and a per-pod target",
                ),
                (false, false) => cx.required(
                    source,
                    "target.averageValue",
                    "must set either a target value for metric or a per-pod target",
                ),
                _ => {}
            }
        }
        _ => resource(cx, kind, source, target),
    }
}

fn resource(cx: &mut Cx<'_>, kind: &str, source: &Node, target: &Node) {
    if source.text("name").is_empty() {
        cx.required(source, "name", "must specify a resource name");
    }
    if kind == "ContainerResource" && source.text("container").is_empty() {
        cx.required(source, "container", "must specify a container");
    }
    metric_target(cx, source, target);
    match (target.has("averageUtilization"), target.has("averageValue")) {
        (true, true) => cx.forbidden(
            source,
            "target.averageValue",
            "may not set both a target raw value and a target utilization",
        ),
        (false, false) => cx.required(
            source,
            "target.averageUtilization",
            "must set either a target raw value or a target utilization",
        ),
        _ => {}
    }
}

fn identifier(cx: &mut Cx<'_>, source: &Node) {
    let metric = source.of("metric");
    let name = metric.text("name");
    if name.is_empty() {
        cx.required(source, "metric.name", "must specify a metric name");
    } else {
        say(cx, metric.of("name"), names::path_segment(name));
    }
}

fn metric_target(cx: &mut Cx<'_>, source: &Node, target: &Node) {
    match target.text("type") {
        "" => cx.required(source, "target.type", "must specify a metric target type"),
        "Utilization" | "Value" | "AverageValue" => {}
        _ => cx.invalid(target.of("type"), "must be either Utilization, Value, or AverageValue"),
    }
    for field in ["value", "averageValue"] {
        if target.has(field) && quantity_of(target.of(field)) <= 0 {
            cx.invalid(target.of(field), "must be positive");
        }
    }
    if target.int("averageUtilization").is_some_and(|number| number < 1) {
        cx.invalid(target.of("averageUtilization"), "must be greater than 0");
    }
}

fn scaling(cx: &mut Cx<'_>, rules: &Node) {
    if let Some(seconds) = rules.int("stabilizationWindowSeconds") {
        let node = rules.of("stabilizationWindowSeconds");
        if seconds < 0 {
            cx.invalid(node, "must be greater than or equal to zero");
        } else if seconds > 3600 {
            cx.invalid(node, "must be less than or equal to 3600");
        }
    }
    cx.maybe_one_of(rules, "selectPolicy", &["Disabled", "Max", "Min"]);
    if rules.has("tolerance") && quantity_of(rules.of("tolerance")) < 0 {
        cx.invalid(rules.of("tolerance"), "must be greater than or equal to 0");
    }
    if rules.has("policies") && rules.list("policies").is_empty() {
        cx.required(rules, "policies", "must specify at least one Policy");
    }
    for policy in rules.list("policies") {
        cx.one_of(policy, "type", &["Percent", "Pods"]);
        if policy.int("value").unwrap_or(0) <= 0 {
            cx.invalid_at(policy, "value", &shown(policy.of("value")), "must be greater than zero");
        }
        let seconds = policy.int("periodSeconds").unwrap_or(0);
        if seconds <= 0 {
            cx.invalid_at(
                policy,
                "periodSeconds",
                &seconds.to_string(),
                "must be greater than zero",
            );
        } else if seconds > 1800 {
            cx.invalid(policy.of("periodSeconds"), "must be less than or equal to 1800");
        }
    }
}
