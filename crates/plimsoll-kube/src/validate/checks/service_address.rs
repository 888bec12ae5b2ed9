//! The addresses of Services and the families that they belong to.

use plimsoll_yaml::Node;

use super::meta::say;
use crate::validate::cx::{Cx, shown};
use crate::validate::names::Words;
use crate::validate::net;
use crate::validate::node::Fields as _;

/// `clusterIP`, `clusterIPs` and `externalIPs`.
pub(super) fn addresses(cx: &mut Cx<'_>, spec: &Node, kind: &str) {
    for ip in spec.list("externalIPs") {
        let words = net::ip(ip.str(), true);
        if words.is_empty() {
            say(cx, ip, reserved(ip.str()));
        } else {
            say(cx, ip, words);
        }
    }
    if kind != "ExternalName" {
        cluster_ips(cx, spec);
    }
}

fn cluster_ips(cx: &mut Cx<'_>, spec: &Node) {
    let first = spec.text("clusterIP");
    let all = spec.list("clusterIPs");
    if first.is_empty() {
        if !all.is_empty() {
            let value = shown(spec.of("clusterIPs"));
            cx.invalid_at(
                spec,
                "clusterIPs",
                &value,
                "must be empty when `clusterIP` is not specified",
            );
        }
        return;
    }
    if all.first().is_some_and(|ip| ip.str() != first) {
        let value = shown(spec.of("clusterIPs"));
        cx.invalid_at(spec, "clusterIPs", &value, "first value must match `clusterIP`");
    }
    let own = [spec.of("clusterIP")];
    let list: Vec<&Node> = if all.is_empty() { own.to_vec() } else { all.iter().collect() };
    let mut kinds: Vec<bool> = Vec::new();
    for (at, ip) in list.iter().enumerate() {
        let below = format!("clusterIPs[{at}]");
        if ip.str() == "None" {
            if list.len() > 1 {
                cx.invalid_at(spec, &below, "\"None\"", "'None' must be the first and only value");
            }
            continue;
        }
        let words = net::ip(ip.str(), true);
        if let Some((address, _)) = net::parse_ip(ip.str()) {
            kinds.push(address.is_ipv4());
        }
        for word in words {
            cx.invalid_at(spec, &below, &shown(ip), &word);
        }
    }
    if list.len() > 2 {
        let detail = "may only hold up to 2 values";
        cx.invalid_at(spec, "clusterIPs", &shown(spec.of("clusterIPs")), detail);
    }
    if kinds.len() == 2 && kinds[0] == kinds[1] {
        let detail = "may specify no more than one IP for each IP family";
        cx.invalid_at(spec, "clusterIPs", &shown(spec.of("clusterIPs")), detail);
    }
}

/// `ipFamilies` and `ipFamilyPolicy`.
pub(super) fn families(cx: &mut Cx<'_>, spec: &Node, kind: &str) {
    if kind == "ExternalName" {
        for field in ["ipFamilies", "ipFamilyPolicy"] {
            if spec.has(field) {
                cx.forbidden(spec, field, "may not be set for ExternalName services");
            }
        }
        return;
    }
    let mut seen: Vec<&str> = Vec::new();
    for (at, family) in spec.list("ipFamilies").iter().enumerate() {
        let name = family.str();
        if !matches!(name, "IPv4" | "IPv6") {
            cx.unsupported(family, "", name, &["IPv4", "IPv6"]);
        }
        if seen.contains(&name) {
            cx.duplicate(spec, &format!("ipFamilies[{at}]"), &format!("{name:?}"));
        }
        seen.push(name);
    }
    let policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];
    cx.maybe_one_of(spec, "ipFamilyPolicy", &policies);
    let several = seen.len() > 1 || spec.list("clusterIPs").len() > 1;
    let free = spec.map("selector").is_empty() && spec.text("clusterIP") == "None";
    let single = match spec.text("ipFamilyPolicy") {
        "SingleStack" => true,
        "" => !free,
        _ => false,
    };
    if several && single {
        let detail = "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified";
        cx.invalid_at(spec, "ipFamilyPolicy", "\"SingleStack\"", detail);
    }
    for (ip, family) in spec.list("clusterIPs").iter().zip(&seen) {
        let Some((address, _)) = net::parse_ip(ip.str()) else { continue };
        let expected = if address.is_ipv4() { "IPv4" } else { "IPv6" };
        if expected != *family {
            cx.invalid(ip, &format!("expected an {family} value as indicated by `ipFamilies`"));
        }
    }
}

/// Addresses that no traffic may be sent to.
pub(in crate::validate) fn reserved(text: &str) -> Words {
    use std::net::IpAddr;
    let Some((ip, _)) = net::parse_ip(text) else { return Words::new() };
    let link_local = match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.segments()[0] & 0xffc0 == 0xfe80,
    };
    let link_multicast = match ip {
        IpAddr::V4(ip) => ip.octets()[..3] == [224, 0, 0],
        IpAddr::V6(ip) => ip.segments()[0] & 0xff0f == 0xff02,
    };
    let found = [
        (ip.is_unspecified(), format!("may not be unspecified ({text})")),
        (ip.is_loopback(), "may not be in the loopback range (127.0.0.0/8, ::1/128)".to_owned()),
        (link_local, "may not be in the link-local range (169.254.0.0/16, fe80::/10)".to_owned()),
        (
            link_multicast,
            "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)".to_owned(),
        ),
    ];
    found.into_iter().filter(|(wrong, _)| *wrong).map(|(_, words)| words).collect()
}
