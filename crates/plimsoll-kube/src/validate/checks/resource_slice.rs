//! What a driver says of its devices: where they are, what they share.

use plimsoll_yaml::Node;

use super::affinity::node_selector;
use super::slice_device::{counters, device};
use super::slice_pool::{in_bytes, pool_name};
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;
use crate::validate::place::Place;

const ONE_OF: &str =
    "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";

/// `resource.v1.ResourceSlice`.
pub(in crate::validate) fn resource_slice(cx: &mut Cx<'_>) {
    let spec = Place::of(cx.root).field("spec");
    let driver = spec.field("driver");
    driver_of_slice(cx, &driver);
    pool(cx, &spec.field("pool"));
    nodes(cx, &spec);
    if spec.node.has("sharedCounters") && spec.node.has("devices") {
        spec.invalid(cx, "\"\"", "only one of `sharedCounters` or `devices` is allowed");
    }
    devices(cx, spec.node);
    shared_counters(cx, spec.node);
}

fn driver_of_slice(cx: &mut Cx<'_>, driver: &Place<'_>) {
    let text = driver.text();
    if text.is_empty() {
        driver.required(cx, "");
        return;
    }
    if text.len() > 63 {
        driver.too_long(cx, 63);
    }
    driver.say(cx, names::subdomain(&text.to_lowercase()));
}

fn pool(cx: &mut Cx<'_>, pool: &Place<'_>) {
    pool_name(cx, &pool.field("name"));
    let count = pool.field("resourceSliceCount");
    let number = count.node.as_int().unwrap_or(0);
    if number <= 0 {
        count.invalid(cx, &number.to_string(), "must be greater than zero");
    }
    let generation = pool.field("generation");
    if generation.node.as_int().is_some_and(|number| number < 0) {
        let detail = "must be greater than or equal to zero";
        generation.invalid(cx, &shown(generation.node), detail);
    }
}

/// Which nodes have the devices: one way of four.
fn nodes(cx: &mut Cx<'_>, spec: &Place<'_>) {
    let mut ways: Vec<&str> = Vec::new();
    let name = spec.field("nodeName");
    if name.text().is_empty() {
        if spec.node.has("nodeName") {
            name.invalid(cx, "\"\"", "must be either unset or set to a non-empty string");
        }
    } else {
        ways.push("`nodeName`");
        name.say(cx, names::subdomain(name.text()));
    }
    if spec.node.has("nodeSelector") {
        ways.push("`nodeSelector`");
        let selector = spec.field("nodeSelector");
        node_selector(cx, selector.node);
        if selector.node.list("nodeSelectorTerms").len() != 1 {
            let terms = selector.field("nodeSelectorTerms");
            terms.invalid(cx, &shown(terms.node), "must have exactly one node selector term");
        }
    }
    for (field, told) in
        [("allNodes", "`allNodes`"), ("perDeviceNodeSelection", "`perDeviceNodeSelection`")]
    {
        if spec.node.is_true(field) {
            ways.push(told);
        } else if spec.node.has(field) {
            spec.field(field).invalid(cx, "false", "must be either unset or set to true");
        }
    }
    match ways.len() {
        0 => spec.required(cx, ONE_OF),
        1 => {}
        _ => {
            let value = format!("\"{{{}}}\"", ways.join(", "));
            spec.invalid(cx, &value, &format!("{ONE_OF}, but multiple fields are set"));
        }
    }
}

fn devices(cx: &mut Cx<'_>, spec: &Node) {
    let all = spec.list("devices");
    let most = if all.iter().any(is_advanced) { 64 } else { 128 };
    if all.len() > most {
        cx.too_many(spec, "devices", all.len(), most);
        return;
    }
    let each_has_nodes = spec.is_true("perDeviceNodeSelection");
    let mut seen: Vec<&str> = Vec::new();
    for one in all {
        device(cx, one, each_has_nodes);
        let name = one.text("name");
        if seen.contains(&name) {
            cx.duplicate(one, "", &format!("{name:?}"));
        }
        seen.push(name);
    }
}

/// Devices with taints or shared counters: fewer of them fit into a slice.
fn is_advanced(device: &Node) -> bool {
    let basic = device.ptr("basic").unwrap_or(device);
    !basic.list("taints").is_empty() || !basic.list("consumesCounters").is_empty()
}

fn shared_counters(cx: &mut Cx<'_>, spec: &Node) {
    let sets = spec.list("sharedCounters");
    if sets.len() > 8 {
        cx.too_many(spec, "sharedCounters", sets.len(), 8);
        return;
    }
    let mut seen: Vec<&str> = Vec::new();
    for set in sets {
        counter_name(cx, &Place::of(set).field("name"));
        counters(cx, set);
        let name = set.text("name");
        if seen.contains(&name) {
            cx.duplicate(set, "", &shown(set));
        }
        seen.push(name);
    }
}

/// The name of a set of counters.
pub(super) fn counter_name(cx: &mut Cx<'_>, name: &Place<'_>) {
    if name.text().is_empty() {
        name.required(cx, "");
    } else {
        name.say(cx, in_bytes(names::label(name.text())));
    }
}
