//! Services.

use plimsoll_yaml::{Kind, Node};

use super::meta::{labels, say};
use super::service_address::{addresses, families};
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::net;
use crate::validate::node::Fields as _;

const TYPES: &[&str] = &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

/// `core.v1.Service`.
pub(in crate::validate) fn service(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    let kind = match spec.text("type") {
        "" => "ClusterIP",
        kind => kind,
    };
    let headless = spec.text("clusterIP") == "None"
        || spec.list("clusterIPs").first().is_some_and(|ip| ip.str() == "None");
    if spec.list("ports").is_empty() && !headless && kind != "ExternalName" {
        let (at, below) = if spec.is_null() { (root, "spec.ports") } else { (spec, "ports") };
        cx.required(at, below, "");
    }
    of_type(cx, spec, kind, headless);
    ports(cx, spec, kind);
    labels(cx, spec, "selector");
    affinity(cx, spec);
    addresses(cx, spec, kind);
    families(cx, spec, kind);
    if !TYPES.contains(&kind) {
        cx.unsupported(spec, "type", kind, TYPES);
    }
    node_ports(cx, spec, kind);
    load_balancer(cx, spec, kind);
    traffic(cx, spec, kind);
}

fn of_type(cx: &mut Cx<'_>, spec: &Node, kind: &str, headless: bool) {
    match kind {
        "LoadBalancer" | "NodePort" if headless => {
            let detail = format!("may not be set to 'None' for {kind} services");
            cx.invalid_at(spec, "clusterIPs[0]", "\"None\"", &detail);
        }
        "ExternalName" => {
            if spec.has("clusterIPs") && !spec.list("clusterIPs").is_empty() {
                cx.forbidden(spec, "clusterIPs", "may not be set for ExternalName services");
            }
            let name =
                spec.text("externalName").strip_suffix('.').unwrap_or(spec.text("externalName"));
            if name.is_empty() {
                cx.required(spec, "externalName", "");
            } else {
                say(cx, spec.of("externalName"), names::subdomain(name));
            }
        }
        _ => {}
    }
}

fn ports(cx: &mut Cx<'_>, spec: &Node, kind: &str) {
    let ports = spec.list("ports");
    let mut seen_names: Vec<&str> = Vec::new();
    let mut seen: Vec<(&str, i64)> = Vec::new();
    for port in ports {
        let name = port.text("name");
        if name.is_empty() {
            if ports.len() > 1 {
                cx.required(port, "name", "");
            }
        } else {
            say(cx, port.of("name"), names::label(name));
            if seen_names.contains(&name) {
                cx.duplicate(port, "name", &format!("{name:?}"));
            }
            seen_names.push(name);
        }
        let number = port.int("port").unwrap_or(0);
        for word in names::port_number(number) {
            cx.invalid_at(port, "port", &number.to_string(), &word);
        }
        cx.maybe_text_of(port, "protocol", &["SCTP", "TCP", "UDP"]);
        if kind != "ExternalName" {
            target_port(cx, port);
        }
        if port.has("appProtocol") {
            say(cx, port.of("appProtocol"), names::qualified(port.text("appProtocol")));
        }
        let protocol = protocol(port);
        if seen.contains(&(protocol, number)) {
            cx.duplicate(port, "", &format!("{{\"protocol\":{protocol:?},\"port\":{number}}}"));
        }
        seen.push((protocol, number));
    }
}

fn protocol(port: &Node) -> &str {
    match port.text("protocol") {
        "" => "TCP",
        protocol => protocol,
    }
}

fn target_port(cx: &mut Cx<'_>, port: &Node) {
    let target = port.of("targetPort");
    let words = match &target.kind {
        Kind::Null => return,
        Kind::Text(_) if target.str().is_empty() => return,
        Kind::Text(_) => names::port_name(target.str()),
        // Nought counts as unset.
        _ if target.as_int() == Some(0) => return,
        _ => names::port_number(target.as_int().unwrap_or(0)),
    };
    say(cx, target, words);
}

fn affinity(cx: &mut Cx<'_>, spec: &Node) {
    cx.maybe_text_of(spec, "sessionAffinity", &["ClientIP", "None"]);
    let config = spec.of("sessionAffinityConfig");
    // Defaulting takes the configuration of no affinity away.
    if spec.text("sessionAffinity") != "ClientIP" {
        return;
    }
    let client = config.of("clientIP");
    if let Some(seconds) = client.int("timeoutSeconds")
        && !(1..=86400).contains(&seconds)
    {
        let detail = "must be greater than 0 and less than 86400";
        cx.invalid(client.of("timeoutSeconds"), detail);
    }
}

fn node_ports(cx: &mut Cx<'_>, spec: &Node, kind: &str) {
    let mut seen: Vec<(&str, i64)> = Vec::new();
    for port in spec.list("ports") {
        let node = port.int("nodePort").unwrap_or(0);
        if node == 0 {
            continue;
        }
        if matches!(kind, "ClusterIP" | "ExternalName") {
            if kind == "ClusterIP" {
                cx.forbidden(port, "nodePort", "may not be used when `type` is 'ClusterIP'");
            }
            continue;
        }
        let key = (protocol(port), node);
        if seen.contains(&key) {
            cx.duplicate(port, "nodePort", &node.to_string());
        }
        seen.push(key);
    }
}

fn load_balancer(cx: &mut Cx<'_>, spec: &Node, kind: &str) {
    let balanced = kind == "LoadBalancer";
    let only = "may only be used when `type` is 'LoadBalancer'";
    let ranges = spec.list("loadBalancerSourceRanges");
    if !ranges.is_empty() && !balanced {
        cx.forbidden(spec, "LoadBalancerSourceRanges", only);
    }
    if balanced {
        for (at, range) in ranges.iter().enumerate() {
            for word in net::cidr(range.str().trim(), false) {
                let below = format!("LoadBalancerSourceRanges[{at}]");
                cx.invalid_at(spec, &below, &shown(range), &word);
            }
        }
        source_range_annotation(cx);
    }
    if spec.has("allocateLoadBalancerNodePorts") && !balanced {
        cx.forbidden(spec, "allocateLoadBalancerNodePorts", only);
    }
    if spec.has("loadBalancerClass") {
        if balanced {
            say(cx, spec.of("loadBalancerClass"), names::qualified(spec.text("loadBalancerClass")));
        } else {
            cx.forbidden(spec, "loadBalancerClass", only);
        }
    }
}

fn source_range_annotation(cx: &mut Cx<'_>) {
    const KEY: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";
    let root = cx.root;
    let annotations = root.of("metadata").of("annotations");
    let text = annotations.text(KEY).trim();
    if text.is_empty() {
        return;
    }
    for range in text.split(',') {
        if net::parse_cidr(range.trim()).is_none() {
            let detail = "must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24";
            cx.invalid(annotations.of(KEY), detail);
        }
    }
}

fn traffic(cx: &mut Cx<'_>, spec: &Node, kind: &str) {
    let external = spec.text("externalTrafficPolicy");
    let outside = matches!(kind, "LoadBalancer" | "NodePort")
        || kind == "ClusterIP" && !spec.list("externalIPs").is_empty();
    if !external.is_empty() {
        if !outside {
            let detail = "may only be set for externally-accessible services";
            cx.invalid(spec.of("externalTrafficPolicy"), detail);
        }
        if outside {
            cx.one_of(spec, "externalTrafficPolicy", &["Cluster", "Local"]);
        }
    }
    if spec.has("internalTrafficPolicy") {
        cx.one_of(spec, "internalTrafficPolicy", &["Cluster", "Local"]);
    }
    let health = spec.int("healthCheckNodePort").unwrap_or(0);
    if health != 0 && !(kind == "LoadBalancer" && external == "Local") {
        let detail =
            "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
        cx.invalid(spec.of("healthCheckNodePort"), detail);
    }
    if spec.has("trafficDistribution") {
        let values = ["PreferClose", "PreferSameZone", "PreferSameNode"];
        let known = if cx.minor >= 34 { &values[..] } else { &values[..1] };
        cx.one_of(spec, "trafficDistribution", known);
    }
}
