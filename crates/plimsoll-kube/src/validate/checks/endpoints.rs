//! EndpointSlices and the older Endpoints.

use plimsoll_yaml::Node;

use super::meta::say;
use super::service_address::reserved;
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::net;
use crate::validate::node::Fields as _;

const TYPES: &[&str] = &["FQDN", "IPv4", "IPv6"];

/// `discovery.v1.EndpointSlice`.
pub(in crate::validate) fn endpoint_slice(cx: &mut Cx<'_>) {
    let root = cx.root;
    let kind = root.text("addressType");
    if kind.is_empty() {
        cx.required(root, "addressType", "");
    } else if !TYPES.contains(&kind) {
        cx.unsupported(root, "addressType", kind, TYPES);
    }
    if root.list("endpoints").len() > 1000 {
        cx.too_many(root, "endpoints", root.list("endpoints").len(), 1000);
    }
    for endpoint in root.list("endpoints") {
        one(cx, endpoint, kind);
    }
    ports(cx, root);
}

fn one(cx: &mut Cx<'_>, endpoint: &Node, kind: &str) {
    let addresses = endpoint.list("addresses");
    if addresses.is_empty() {
        cx.required(endpoint, "addresses", "");
    } else if addresses.len() > 100 {
        cx.too_many(endpoint, "addresses", addresses.len(), 100);
    }
    for address in addresses {
        let text = address.str();
        if kind == "FQDN" {
            say(cx, address, names::subdomain(text));
            continue;
        }
        if !matches!(kind, "IPv4" | "IPv6") {
            continue;
        }
        let words = net::ip(text, true);
        if words.is_empty() {
            say(cx, address, reserved(text));
        }
        say(cx, address, words);
        if let Some((ip, _)) = net::parse_ip(text)
            && ip.is_ipv4() != (kind == "IPv4")
        {
            let detail =
                if kind == "IPv4" { "must be an IPv4 address" } else { "must be an IPv6 address" };
            cx.invalid_at(endpoint, "addresses", &shown(address), detail);
        }
    }
    if endpoint.has("nodeName") {
        say(cx, endpoint.of("nodeName"), names::subdomain(endpoint.text("nodeName")));
    }
    if endpoint.has("hostname") {
        say(cx, endpoint.of("hostname"), names::label(endpoint.text("hostname")));
    }
    let mut zones: Vec<&str> = Vec::new();
    for zone in endpoint.of("hints").list("forZones") {
        let name = zone.text("name");
        if zones.contains(&name) {
            cx.duplicate(zone, "name", &format!("{name:?}"));
        }
        zones.push(name);
        say(cx, zone.of("name"), names::label_value(name));
    }
    let mut nodes: Vec<&str> = Vec::new();
    for node in endpoint.of("hints").list("forNodes") {
        let name = node.text("name");
        if nodes.contains(&name) {
            cx.duplicate(node, "name", &format!("{name:?}"));
        }
        nodes.push(name);
        for word in names::subdomain(name) {
            cx.invalid_at(node, "name", &format!("{name:?}"), &word);
        }
    }
}

fn ports(cx: &mut Cx<'_>, root: &Node) {
    let mut seen: Vec<&str> = Vec::new();
    if root.list("ports").len() > 20000 {
        cx.too_many(root, "ports", root.list("ports").len(), 20000);
    }
    for port in root.list("ports") {
        let name = port.text("name");
        if !name.is_empty() {
            say(cx, port.of("name"), names::label(name));
        }
        if seen.contains(&name) {
            cx.duplicate(port, "name", &format!("{name:?}"));
        }
        seen.push(name);
        if port.has("protocol") {
            cx.one_of(port, "protocol", &["SCTP", "TCP", "UDP"]);
        }
        if port.has("appProtocol") {
            say(cx, port.of("appProtocol"), names::qualified(port.text("appProtocol")));
        }
    }
}

/// `core.v1.Endpoints`.
pub(in crate::validate) fn endpoints(cx: &mut Cx<'_>) {
    let root = cx.root;
    for subset in root.list("subsets") {
        if subset.list("addresses").is_empty() && subset.list("notReadyAddresses").is_empty() {
            cx.required(subset, "", "must specify `addresses` or `notReadyAddresses`");
        }
        for field in ["addresses", "notReadyAddresses"] {
            for address in subset.list(field) {
                let text = address.text("ip");
                let mut words = net::ip(text, cx.minor >= 36);
                if words.is_empty() {
                    words = reserved(text);
                }
                for word in words {
                    cx.invalid_at(address, "ip", &format!("{text:?}"), &word);
                }
                if !address.text("hostname").is_empty() {
                    say(cx, address.of("hostname"), names::label(address.text("hostname")));
                }
            }
        }
        let ports = subset.list("ports");
        for port in ports {
            let name = port.text("name");
            if name.is_empty() && ports.len() > 1 {
                cx.required(port, "name", "");
            } else if !name.is_empty() {
                say(cx, port.of("name"), names::label(name));
            }
            let number = port.int("port").unwrap_or(0);
            for word in names::port_number(number) {
                cx.invalid_at(port, "port", &number.to_string(), &word);
            }
            cx.maybe_text_of(port, "protocol", &["SCTP", "TCP", "UDP"]);
        }
    }
}
