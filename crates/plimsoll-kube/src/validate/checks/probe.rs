//! Probes and hooks of a container's life.

use plimsoll_yaml::{Kind, Node};

use super::pod::PodFacts;
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;

/// The three probes.
pub(super) fn probes(cx: &mut Cx<'_>, container: &Node) {
    for field in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let probe = container.of(field);
        if probe.is_null() {
            continue;
        }
        handler(cx, probe, true);
        for number in [
            "initialDelaySeconds",
            "timeoutSeconds",
            "periodSeconds",
            "successThreshold",
            "failureThreshold",
        ] {
            not_negative(cx, probe, number);
        }
        if let Some(grace) = probe.int("terminationGracePeriodSeconds")
            && grace <= 0
        {
            cx.invalid(probe.of("terminationGracePeriodSeconds"), "must be greater than 0");
        }
        if field == "readinessProbe" {
            if probe.has("terminationGracePeriodSeconds") {
                let node = probe.of("terminationGracePeriodSeconds");
                cx.invalid(node, "must not be set for readinessProbes");
            }
        } else if !matches!(probe.int("successThreshold"), None | Some(0 | 1)) {
            cx.invalid(probe.of("successThreshold"), "must be 1");
        }
    }
}

/// The number of a field is not below nought.
pub(in crate::validate) fn not_negative(cx: &mut Cx<'_>, holder: &Node, field: &str) {
    if holder.int(field).is_some_and(|number| number < 0) {
        cx.invalid(holder.of(field), "must be greater than or equal to 0");
    }
}

fn handler(cx: &mut Cx<'_>, node: &Node, is_probe: bool) {
    let mut count = 0;
    let fields: &[&str] = if is_probe {
        &["exec", "httpGet", "tcpSocket", "grpc"]
    } else {
        &["exec", "httpGet", "tcpSocket", "sleep"]
    };
    for field in fields {
        let action = node.of(field);
        if action.is_null() {
            continue;
        }
        count += 1;
        if count > 1 {
            cx.forbidden(node, field, "may not specify more than 1 handler type");
            continue;
        }
        match *field {
            "exec" if action.list("command").is_empty() => cx.required(action, "command", ""),
            "httpGet" => http_get(cx, action),
            "tcpSocket" => port(cx, action, "port"),
            "grpc" => say_port(cx, action, action.int("port").unwrap_or(0)),
            _ => {}
        }
    }
    if count == 0 {
        cx.required(node, "", "must specify a handler type");
    }
}

fn http_get(cx: &mut Cx<'_>, action: &Node) {
    // The path is `/` where none is given.
    port(cx, action, "port");
    if action.has("scheme") && !action.text("scheme").is_empty() {
        cx.one_of(action, "scheme", &["HTTP", "HTTPS"]);
    }
    for header in action.list("httpHeaders") {
        let name = header.text("name");
        for word in names::header(name) {
            cx.invalid_at(action, "httpHeaders", &format!("{name:?}"), &word);
        }
    }
}

/// A number of a port or its name.
pub(in crate::validate) fn port(cx: &mut Cx<'_>, holder: &Node, field: &str) {
    let node = holder.of(field);
    match &node.kind {
        Kind::Text(_) => {
            for word in names::port_name(node.str()) {
                cx.invalid_at(holder, field, &shown(node), &word);
            }
        }
        _ => say_port(cx, holder, node.as_int().unwrap_or(0)),
    }
}

fn say_port(cx: &mut Cx<'_>, holder: &Node, number: i64) {
    for word in names::port_number(number) {
        cx.invalid_at(holder, "port", &number.to_string(), &word);
    }
}

/// `lifecycle` of a container.
pub(super) fn lifecycle(cx: &mut Cx<'_>, pod: &PodFacts<'_>, container: &Node) {
    let lifecycle = container.of("lifecycle");
    for field in ["postStart", "preStop"] {
        let hook = lifecycle.of(field);
        if hook.is_null() {
            continue;
        }
        handler(cx, hook, false);
        let sleep = hook.of("sleep");
        let seconds = sleep.int("seconds").unwrap_or(0);
        if !sleep.is_null() && !(0..=pod.grace.max(0)).contains(&seconds) {
            let detail = format!(
                "must be non-negative and less than terminationGracePeriodSeconds ({})",
                pod.grace
            );
            cx.invalid_at(hook, "sleep", &seconds.to_string(), &detail);
        }
    }
}
