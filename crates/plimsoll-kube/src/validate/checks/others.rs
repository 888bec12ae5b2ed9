//! Kinds with few rules of their own.

use plimsoll_yaml::Node;

use super::meta::say;
use super::pod_parts::{one_toleration, taints};
use super::probe::not_negative;
use super::webhook::service;
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::net;
use crate::validate::node::Fields as _;

/// `core.v1.Namespace`.
pub(in crate::validate) fn namespace(cx: &mut Cx<'_>) {
    let spec = cx.root.of("spec");
    for finalizer in spec.list("finalizers") {
        let name = finalizer.str();
        for word in names::qualified(name) {
            cx.invalid_at(spec, "finalizers", &shown(finalizer), &word);
        }
        let standard = ["kubernetes", "orphan", "foregroundDeletion"].contains(&name);
        if !name.contains('/') && !standard {
            let detail = "name is neither a standard finalizer name nor is it fully qualified";
            cx.invalid_at(spec, "finalizers", &shown(finalizer), detail);
        }
    }
}

/// `core.v1.Node`.
pub(in crate::validate) fn node(cx: &mut Cx<'_>) {
    let spec = cx.root.of("spec");
    taints(cx, spec, "taints", "metadata.taints");
    let mut families: Vec<bool> = Vec::new();
    let own = spec.of("podCIDR");
    let all = spec.list("podCIDRs");
    // The one range stands over the list if that does not begin with it.
    let agree = own.str().is_empty() || all.first().is_some_and(|first| first.str() == own.str());
    let list: Vec<&Node> = if agree { all.iter().collect() } else { vec![own] };
    for (at, range) in list.iter().enumerate() {
        for word in net::cidr(range.str(), true) {
            cx.invalid_at(spec, &format!("podCIDRs[{at}]"), &shown(range), &word);
        }
        if let Some(range) = net::parse_cidr(range.str()) {
            families.push(range.ip.is_ipv4());
        }
    }
    if list.len() > 1
        && families.len() == list.len()
        && families.windows(2).any(|pair| pair[0] == pair[1])
        || list.len() > 2
    {
        let detail = "may specify no more than one CIDR for each IP family";
        cx.invalid_at(spec, "podCIDRs", &shown(spec.of("podCIDRs")), detail);
    }
}

/// `networking.v1.ServiceCIDR`.
pub(in crate::validate) fn service_cidr(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    let ranges = spec.list("cidrs");
    if ranges.is_empty() {
        cx.required(root, "spec.cidrs", "at least one CIDR required");
    }
    for range in ranges {
        say(cx, range, net::cidr(range.str(), true));
    }
    let families: Vec<bool> = ranges
        .iter()
        .filter_map(|range| net::parse_cidr(range.str()))
        .map(|range| range.ip.is_ipv4())
        .collect();
    if ranges.len() > 2 {
        let detail = "may only hold up to 2 values";
        cx.invalid_at(spec, "cidrs", &shown(spec.of("cidrs")), detail);
    } else if ranges.len() == 2 && families.len() == 2 && families[0] == families[1] {
        let detail = "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64";
        cx.invalid_at(spec, "cidrs", &shown(spec.of("cidrs")), detail);
    }
}

/// `node.v1.RuntimeClass`.
pub(in crate::validate) fn runtime_class(cx: &mut Cx<'_>) {
    let root = cx.root;
    let handler = root.text("handler");
    for word in names::label(handler) {
        cx.invalid_at(
            root,
            "handler",
            &format!("{handler:?}"),
            &word
                .replace("characters", "bytes")
                .replace("alphanumeric bytes", "alphanumeric characters"),
        );
    }
    let overhead = root.of("overhead");
    super::resources::overhead(cx, overhead);
    let scheduling = root.of("scheduling");
    super::meta::labels(cx, scheduling, "nodeSelector");
    let mut seen: Vec<&Node> = Vec::new();
    for toleration in scheduling.list("tolerations") {
        one_toleration(cx, toleration);
        if seen.iter().any(|known| shown(known) == shown(toleration)) {
            cx.duplicate(toleration, "", &shown(toleration));
        }
        seen.push(toleration);
    }
}

/// `apiregistration.v1.APIService`.
pub(in crate::validate) fn api_service(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    let (group, version) = (spec.text("group"), spec.text("version"));
    let name = root.of("metadata").text("name");
    let want = format!("{version}.{group}");
    if !name.is_empty() && name != want {
        let detail = format!("must be `spec.version+\".\"+spec.group`: {want:?}");
        cx.invalid(root.of("metadata").of("name"), &detail);
    }
    let prefix = root.of("metadata").text("generateName");
    if !prefix.is_empty() && prefix != want {
        let detail = format!("must be `spec.version+\".\"+spec.group`: {want:?}");
        cx.invalid(root.of("metadata").of("generateName"), &detail);
    }
    if group.is_empty() {
        if version != "v1" {
            cx.required(
                root,
                "spec.group",
                "only v1 may have an empty group and it better be legacy kube",
            );
        }
    } else {
        say(cx, spec.of("group"), names::subdomain(group));
    }
    for word in names::label_1035(version) {
        cx.invalid_at(root, "spec.version", &format!("{version:?}"), &word);
    }
    let groups = spec.int("groupPriorityMinimum").unwrap_or(0);
    if !(1..=20000).contains(&groups) {
        let detail = "must be positive and less than 20000";
        cx.invalid_at(root, "spec.groupPriorityMinimum", &groups.to_string(), detail);
    }
    let versions = spec.int("versionPriority").unwrap_or(0);
    if !(1..=1000).contains(&versions) {
        let detail = "must be positive and less than 1000";
        cx.invalid_at(root, "spec.versionPriority", &versions.to_string(), detail);
    }
    if !spec.has("service") {
        if !spec.text("caBundle").is_empty() {
            cx.invalid(spec.of("caBundle"), "local APIServices may not have a caBundle");
        }
        if spec.is_true("insecureSkipTLSVerify") {
            cx.invalid(
                spec.of("insecureSkipTLSVerify"),
                "local APIServices may not have insecureSkipTLSVerify",
            );
        }
        return;
    }
    service(cx, spec.of("service"), false);
    if spec.is_true("insecureSkipTLSVerify") && !spec.text("caBundle").is_empty() {
        cx.invalid(spec.of("insecureSkipTLSVerify"), "may not be true if caBundle is present");
    }
}

/// `coordination.v1.Lease`. Its strategy and preferred holder are dropped: their gate is off.
pub(in crate::validate) fn lease(cx: &mut Cx<'_>) {
    let spec = cx.root.of("spec");
    if spec.int("leaseDurationSeconds").is_some_and(|seconds| seconds <= 0) {
        cx.invalid(spec.of("leaseDurationSeconds"), "must be greater than 0");
    }
    not_negative(cx, spec, "leaseTransitions");
}

/// `scheduling.v1.PriorityClass`.
pub(in crate::validate) fn priority_class(cx: &mut Cx<'_>) {
    let root = cx.root;
    let name = root.of("metadata").text("name");
    if name.starts_with("system-") {
        let known =
            [("system-cluster-critical", 2_000_000_000), ("system-node-critical", 2_000_001_000)];
        let value = root.int("value").unwrap_or(0);
        if !known.contains(&(name, value)) {
            let detail =
                "priority class names with 'system-' prefix are reserved for system use only";
            cx.forbidden(root, "metadata.name", detail);
        }
    } else if root.int("value").is_some_and(|value| value > 1_000_000_000) {
        let detail = "maximum allowed value of a user defined priority is 1000000000";
        cx.forbidden(root, "value", detail);
    }
    if root.has("preemptionPolicy") {
        if root.text("preemptionPolicy").is_empty() {
            cx.required(root, "preemptionPolicy", "");
        } else {
            cx.one_of(root, "preemptionPolicy", &["PreemptLowerPriority", "Never"]);
        }
    }
}

/// `resource.v1.DeviceClass`.
pub(in crate::validate) fn device_class(cx: &mut Cx<'_>) {
    let spec = cx.root.of("spec");
    for (field, most) in [("selectors", 32), ("config", 32)] {
        let count = spec.list(field).len();
        if count > most {
            cx.too_many(spec, field, count, most);
        }
    }
    for selector in spec.list("selectors") {
        device_selector(cx, selector);
    }
    extended_resource(cx, spec);
    for config in spec.list("config") {
        let opaque = config.of("opaque");
        if opaque.is_null() {
            cx.required(config, "opaque", "");
            continue;
        }
        if opaque.text("driver").is_empty() {
            cx.required(opaque, "driver", "");
        } else {
            driver(cx, opaque);
        }
        if !opaque.has("parameters") {
            cx.required(opaque, "parameters", "");
        } else if opaque.of("parameters").as_map().is_empty()
            && opaque.of("parameters").json_kind() != "object"
        {
            let node = opaque.of("parameters");
            cx.invalid_at(node, "", "\"<value omitted>\"", "must be a valid JSON object");
        }
    }
}

fn extended_resource(cx: &mut Cx<'_>, spec: &Node) {
    if !spec.has("extendedResourceName") {
        return;
    }
    let (node, name) = (spec.of("extendedResourceName"), spec.text("extendedResourceName"));
    if !name.contains('/') || name.contains("kubernetes.io/") {
        let detail = "a name must be a domain-prefixed path, such as 'example.com/my-prop'";
        cx.invalid(node, detail);
    }
    if name.starts_with("requests.") {
        cx.invalid(node, "must not have \"requests.\" prefix");
    }
    say(cx, node, names::qualified(&format!("requests.{name}")));
}

/// k8s: drivers may have capitals, which the message says in its own words.
pub(super) fn driver(cx: &mut Cx<'_>, holder: &Node) {
    let driver = holder.text("driver");
    if driver.len() > 63 {
        cx.error(holder, "driver", "Too long: may not be more than 63 characters".to_owned());
    }
    say(cx, holder.of("driver"), names::subdomain_of_any_case(driver));
}

pub(super) fn device_selector(cx: &mut Cx<'_>, selector: &Node) {
    let cel = selector.of("cel");
    if cel.is_null() {
        cx.required(selector, "cel", "");
        return;
    }
    super::cel::device_expression(cx, cel, "expression");
}
