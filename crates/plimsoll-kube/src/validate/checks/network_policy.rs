//! NetworkPolicies.

use plimsoll_yaml::{Kind, Node};

use super::meta::say;
use super::selector::label_selector;
use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::net;
use crate::validate::node::Fields as _;

/// `networking.v1.NetworkPolicy`.
pub(in crate::validate) fn network_policy(cx: &mut Cx<'_>) {
    let spec = cx.root.of("spec");
    label_selector(cx, spec.of("podSelector"));
    for (rules, peers) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.list(rules) {
            rule.list("ports").iter().for_each(|port| one_port(cx, port));
            rule.list(peers).iter().for_each(|peer| one_peer(cx, peer));
        }
    }
    let types = spec.list("policyTypes");
    if types.len() > 2 {
        cx.invalid(spec.of("policyTypes"), "may not specify more than two policyTypes");
        return;
    }
    for kind in types {
        if !matches!(kind.str(), "Ingress" | "Egress") {
            cx.unsupported(kind, "", kind.str(), &["Ingress", "Egress"]);
        }
    }
}

fn one_port(cx: &mut Cx<'_>, rule: &Node) {
    cx.maybe_text_of(rule, "protocol", &["TCP", "UDP", "SCTP"]);
    if rule.has("protocol") && rule.text("protocol").is_empty() {
        cx.one_of(rule, "protocol", &["TCP", "UDP", "SCTP"]);
    }
    let port = rule.of("port");
    let end = rule.int("endPort");
    match &port.kind {
        Kind::Null => {
            if end.is_some() {
                let detail = "may not be specified when `port` is not specified";
                cx.invalid(rule.of("endPort"), detail);
            }
        }
        Kind::Text(_) => {
            if end.is_some() {
                cx.invalid(rule.of("endPort"), "may not be specified when `port` is non-numeric");
            }
            say(cx, port, names::port_name(port.str()));
        }
        _ => {
            let number = port.as_int().unwrap_or(0);
            say(cx, port, names::port_number(number));
            if let Some(end) = end {
                if end < number {
                    cx.invalid(rule.of("endPort"), "must be greater than or equal to `port`");
                }
                say(cx, rule.of("endPort"), names::port_number(end));
            }
        }
    }
}

fn one_peer(cx: &mut Cx<'_>, peer: &Node) {
    let mut peers = 0;
    for field in ["podSelector", "namespaceSelector"] {
        if peer.has(field) {
            peers += 1;
            label_selector(cx, peer.of(field));
        }
    }
    let block = peer.has("ipBlock");
    if block {
        ip_block(cx, peer.of("ipBlock"));
    }
    if block && peers > 0 {
        cx.forbidden(peer, "", "may not specify both ipBlock and another peer");
    } else if !block && peers == 0 {
        cx.required(peer, "", "must specify a peer");
    }
}

fn ip_block(cx: &mut Cx<'_>, block: &Node) {
    let text = block.text("cidr");
    if text.is_empty() {
        cx.required(block, "cidr", "");
        return;
    }
    let strict = cx.minor >= 36;
    let words = net::cidr(text, strict);
    say(cx, block.of("cidr"), words);
    let Some(range) = net::parse_cidr(text) else {
        for except in block.list("except") {
            let words = net::cidr(except.str(), strict);
            say(cx, except, words);
        }
        return;
    };
    for except in block.list("except") {
        let words = net::cidr(except.str(), strict);
        say(cx, except, words);
        let Some(inner) = net::parse_cidr(except.str()) else { continue };
        if !range.contains(&inner) || inner.prefix <= range.prefix {
            cx.invalid(except, "must be a strict subset of `cidr`");
        }
    }
}
