//! Containers of the three sorts.

use plimsoll_yaml::Node;

use super::env::{env, env_from};
use super::meta::say;
use super::pod::PodFacts;
use super::probe::{lifecycle, probes};
use super::resources::{container_resources, resize_policy};
use super::security::container_security;
use super::volume_mount::{volume_devices, volume_mounts};
use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::node::Fields as _;

/// Where a container stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::validate) enum Place {
    Main,
    Init,
    Ephemeral,
}

impl Place {
    fn field(self) -> &'static str {
        match self {
            Place::Main => "containers",
            Place::Init => "initContainers",
            Place::Ephemeral => "ephemeralContainers",
        }
    }
}

/// The containers of one list, and that no name stands twice in the pod.
pub(in crate::validate) fn containers(cx: &mut Cx<'_>, pod: &PodFacts<'_>, place: Place) {
    let mut names: Vec<&str> = match place {
        Place::Main => Vec::new(),
        Place::Init => names_of(pod.spec, Place::Main).collect(),
        Place::Ephemeral => {
            names_of(pod.spec, Place::Main).chain(names_of(pod.spec, Place::Init)).collect()
        }
    };
    for container in pod.spec.list(place.field()) {
        let name = container.text("name");
        if name.is_empty() {
            cx.required(container, "name", "");
        } else {
            say(cx, container.of("name"), names::label(name));
            if names.contains(&name) {
                cx.duplicate(container, "name", &format!("{name:?}"));
            }
            names.push(name);
        }
        one(cx, pod, container, place);
    }
}

fn names_of(spec: &Node, place: Place) -> impl Iterator<Item = &str> {
    spec.list(place.field()).iter().map(|container| container.text("name"))
}

fn one(cx: &mut Cx<'_>, pod: &PodFacts<'_>, container: &Node, place: Place) {
    image(cx, pod, container);
    cx.maybe_text_of(container, "terminationMessagePolicy", &["File", "FallbackToLogsOnError"]);
    cx.maybe_text_of(container, "imagePullPolicy", &["Always", "IfNotPresent", "Never"]);
    ports(cx, pod, container);
    env(cx, container);
    env_from(cx, container);
    volume_mounts(cx, pod, container, place);
    volume_devices(cx, pod, container);
    restart(cx, container, place);
    resize_policy(cx, pod, container);
    container_resources(cx, pod, container);
    container_security(cx, pod, container);
    let sidecar = container.text("restartPolicy") == "Always";
    match place {
        Place::Main => {
            lifecycle(cx, pod, container);
            probes(cx, container);
        }
        Place::Init if sidecar => {
            lifecycle(cx, pod, container);
            probes(cx, container);
        }
        Place::Init => {
            for field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
                if container.has(field) {
                    let detail = "may not be set for init containers without restartPolicy=Always";
                    cx.forbidden(container, field, detail);
                }
            }
        }
        Place::Ephemeral => {}
    }
}

fn image(cx: &mut Cx<'_>, pod: &PodFacts<'_>, container: &Node) {
    let image = container.text("image");
    if image.is_empty() {
        cx.required(container, "image", "");
    } else if image.trim() != image && !pod.is_template {
        cx.invalid(container.of("image"), "must not have leading or trailing whitespace");
    }
}

fn ports(cx: &mut Cx<'_>, pod: &PodFacts<'_>, container: &Node) {
    let mut seen: Vec<&str> = Vec::new();
    for port in container.list("ports") {
        let name = port.text("name");
        if !name.is_empty() {
            let words = names::port_name(name);
            let good = words.is_empty();
            say(cx, port.of("name"), words);
            if good {
                if seen.contains(&name) {
                    cx.duplicate(port, "name", &format!("{name:?}"));
                }
                seen.push(name);
            }
        }
        let number = port.int("containerPort").unwrap_or(0);
        if number == 0 {
            cx.required(port, "containerPort", "");
        } else {
            say(cx, port.of("containerPort"), names::port_number(number));
        }
        let host = port.int("hostPort").unwrap_or(0);
        if host != 0 {
            say(cx, port.of("hostPort"), names::port_number(host));
        }
        if pod.host_network && host != 0 && host != number {
            cx.invalid(
                port.of("hostPort"),
                "must match `containerPort` when `hostNetwork` is true",
            );
        }
        cx.maybe_text_of(port, "protocol", &["SCTP", "TCP", "UDP"]);
    }
}

/// The same port of a node cannot be taken twice, init containers apart from the others.
pub(in crate::validate) fn host_ports(cx: &mut Cx<'_>, pod: &PodFacts<'_>) {
    let spec = pod.spec;
    let sidecars =
        spec.list("initContainers").iter().filter(|c| c.text("restartPolicy") == "Always");
    let all: Vec<&Node> = spec.list("containers").iter().chain(sidecars).collect();
    unique_host_ports(cx, pod, &all);
    for container in spec.list("initContainers") {
        if container.text("restartPolicy") != "Always" {
            unique_host_ports(cx, pod, &[container]);
        }
    }
}

fn unique_host_ports(cx: &mut Cx<'_>, pod: &PodFacts<'_>, containers: &[&Node]) {
    let (spec, is_template) = (pod.spec, pod.is_template);
    // Only in Pods themselves does the network of the host imply ports of the host.
    let host_network = spec.is_true("hostNetwork") && !is_template;
    let mut seen: Vec<(String, &str, i64)> = Vec::new();
    for port in containers.iter().flat_map(|container| container.list("ports")) {
        let mut host = port.int("hostPort").unwrap_or(0);
        if host == 0 && host_network {
            host = port.int("containerPort").unwrap_or(0);
        }
        if host == 0 {
            continue;
        }
        let protocol = match port.text("protocol") {
            "" => "TCP",
            protocol => protocol,
        };
        let key = (port.text("hostIP").to_owned(), protocol, host);
        if seen.contains(&key) {
            cx.duplicate(port, "hostPort", &format!("\"{}/{}/{}\"", key.1, key.0, key.2));
        }
        seen.push(key);
    }
}

fn restart(cx: &mut Cx<'_>, container: &Node, place: Place) {
    if place == Place::Ephemeral || !container.has("restartPolicy") {
        if !container.list("restartPolicyRules").is_empty() && place != Place::Ephemeral {
            cx.required(
                container,
                "restartPolicy",
                "must specify restartPolicy when restart rules are used",
            );
        }
        return;
    }
    let values: &[&str] =
        if cx.minor >= 34 { &["Always", "Never", "OnFailure"] } else { &["Always"] };
    if cx.minor < 34 && place == Place::Main {
        cx.forbidden(container, "restartPolicy", "may not be set for non-init containers");
        return;
    }
    cx.one_of(container, "restartPolicy", values);
    rules(cx, container);
}

fn rules(cx: &mut Cx<'_>, container: &Node) {
    let rules = container.list("restartPolicyRules");
    if rules.len() > 20 {
        cx.too_many(container, "restartPolicyRules", rules.len(), 20);
    }
    for rule in rules {
        cx.one_of(rule, "action", &["Restart", "RestartAllContainers"]);
        if !rule.has("exitCodes") {
            cx.required(rule, "exitCodes", "must be specified");
            continue;
        }
        let codes = rule.of("exitCodes");
        cx.one_of(codes, "operator", &["In", "NotIn"]);
        if codes.list("values").len() > 255 {
            cx.too_many(codes, "values", codes.list("values").len(), 255);
        }
    }
}
