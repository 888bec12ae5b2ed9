//! A device of a slice: attributes, counters, conditions, nodes of its own.

use plimsoll_yaml::Node;

use super::affinity::node_selector;
use super::device_capacity::capacity;
use super::device_taint::{taint_effect, taint_label};
use super::meta::say;
use super::resource_slice::counter_name;
use super::slice_pool::in_bytes;
use crate::cel::Semver;
use crate::validate::cx::{Cx, shown};
use crate::validate::names::{self, Words};
use crate::validate::node::Fields as _;
use crate::validate::place::Place;

const NODES: &str = "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec";

/// k8s: the kinds of values that no gate takes away.
const VALUES: &[&str] = &["int", "bool", "string", "version"];

/// A device, which in v1beta1 has all but its name in `basic`.
pub(super) fn device(cx: &mut Cx<'_>, device: &Node, has_nodes: bool) {
    let name = Place::of(device).field("name");
    name.say(cx, names::label(name.text()));
    let basic = device.ptr("basic").unwrap_or(device);
    let before = cx.problems.len();
    size(cx, basic);
    for entry in basic.map("attributes") {
        key(cx, basic, "attributes", &entry.key);
        version(cx, &entry.value);
    }
    for entry in basic.map("capacity") {
        key(cx, basic, "capacity", &entry.key);
        capacity(cx, &entry.value, basic.is_true("allowMultipleAllocations"));
    }
    own_nodes(cx, device, basic, has_nodes);
    conditions(cx, basic);
    let taints = taints(cx, basic);
    for taint in taints {
        taint_label(cx, &Place::of(taint));
    }
    // k8s: checks that no tag makes know the newest version alone.
    for problem in &mut cx.problems[before..] {
        problem.path = problem.path.replacen(".basic", "", 1);
    }
    for entry in basic.map("attributes") {
        one_value(cx, &entry.value);
    }
    consumed(cx, basic);
    for taint in taints {
        taint_effect(cx, &Place::of(taint));
    }
}

fn size(cx: &mut Cx<'_>, basic: &Node) {
    let entries = basic.map("attributes").len() + basic.map("capacity").len();
    if entries > 32 {
        let detail = "the total number of attributes and capacities must not exceed 32";
        cx.invalid_at(basic, "", &entries.to_string(), detail);
    }
}

/// The name of an attribute or a capacity, told at the map.
fn key(cx: &mut Cx<'_>, basic: &Node, field: &str, key: &[u8]) {
    let name = String::from_utf8_lossy(key);
    let parts: Vec<&str> = name.split('/').collect();
    let own = match parts[..] {
        [own] => own,
        [domain, own] => {
            if domain.is_empty() {
                cx.invalid_at(basic, field, "\"\"", "the domain must not be empty");
            } else {
                if domain.len() > 63 {
                    cx.too_long(basic, field, 63);
                }
                for word in names::subdomain(&domain.to_lowercase()) {
                    cx.invalid_at(basic, field, &format!("{domain:?}"), &word);
                }
            }
            if own.is_empty() {
                cx.invalid_at(basic, field, "\"\"", "the name must not be empty");
                return;
            }
            own
        }
        // k8s: more slashes are not looked at.
        _ => return,
    };
    if own.len() > 32 {
        cx.too_long(basic, field, 32);
    }
    for word in names::identifier(own) {
        cx.invalid_at(basic, field, &format!("{own:?}"), &word);
    }
}

/// The texts of an attribute.
fn version(cx: &mut Cx<'_>, attribute: &Node) {
    let (text, version) = (attribute.of("string"), attribute.of("version"));
    if text.str().len() > 64 {
        cx.too_long(text, "", 64);
    }
    if version.is_null() {
        return;
    }
    if Semver::strict(version.str()).is_none() {
        cx.invalid(version, "must be a string compatible with semver.org spec 2.0.0");
    }
    if version.str().len() > 64 {
        cx.too_long(version, "", 64);
    }
}

fn one_value(cx: &mut Cx<'_>, attribute: &Node) {
    let set: Vec<&str> = VALUES.iter().copied().filter(|field| attribute.has(field)).collect();
    let those = "`int`, `bool`, `string`, `version`, `ints`, `bools`, `strings`, `versions`";
    match set.len() {
        0 => cx.invalid_at(attribute, "", "\"\"", &format!("must specify one of: {those}")),
        1 => {}
        _ => {
            let value = format!("\"{{{}}}\"", set.join(", "));
            cx.invalid_at(attribute, "", &value, &format!("must specify exactly one of: {those}"));
        }
    }
}

fn own_nodes(cx: &mut Cx<'_>, device: &Node, basic: &Node, has_nodes: bool) {
    if !has_nodes {
        if ["nodeName", "nodeSelector", "allNodes"].iter().any(|field| basic.has(field)) {
            let detail = "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
            cx.invalid_at(device, "", "null", detail);
        }
        return;
    }
    let mut ways: Vec<&str> = Vec::new();
    if basic.has("nodeName") {
        let name = basic.of("nodeName");
        if name.str().is_empty() {
            cx.invalid(name, "must not be empty");
        } else {
            ways.push("`nodeName`");
            say(cx, name, names::subdomain(name.str()));
        }
    }
    if basic.has("nodeSelector") {
        ways.push("`nodeSelector`");
        node_selector(cx, basic.of("nodeSelector"));
    }
    if basic.is_true("allNodes") {
        ways.push("`allNodes`");
    } else if basic.has("allNodes") {
        cx.invalid(basic.of("allNodes"), "must be either unset or set to true");
    }
    match ways.len() {
        0 => cx.required(device, "", NODES),
        1 => {}
        _ => cx.invalid_at(device, "", &format!("\"{{{}}}\"", ways.join(", ")), NODES),
    }
}

fn conditions(cx: &mut Cx<'_>, basic: &Node) {
    let (good, bad) = ("bindingConditions", "bindingFailureConditions");
    for field in [good, bad] {
        let list = basic.list(field);
        if list.len() > 4 {
            cx.too_many(basic, field, list.len(), 4);
        }
        for (at, condition) in list.iter().enumerate() {
            say(cx, condition, names::qualified(condition.str()));
            if list[..at].iter().any(|other| other.str() == condition.str()) {
                cx.duplicate(condition, "", &shown(condition));
            }
        }
    }
    for condition in basic.list(bad) {
        if basic.list(good).iter().any(|other| other.str() == condition.str()) {
            cx.invalid(
                condition,
                "bindingFailureConditions must not overlap with bindingConditions",
            );
        }
    }
    for (empty, other) in [(good, bad), (bad, good)] {
        if basic.list(empty).is_empty() && !basic.list(other).is_empty() {
            let detail = format!("{empty} are required to use {other}");
            cx.invalid_at(basic, empty, &shown(basic.of(empty)), &detail);
        }
    }
}

/// The counters of a set that a device uses up.
fn consumed(cx: &mut Cx<'_>, basic: &Node) {
    let all = basic.list("consumesCounters");
    if all.len() > 2 {
        cx.too_many(basic, "consumesCounters", all.len(), 2);
        return;
    }
    for (at, one) in all.iter().enumerate() {
        counter_name(cx, &Place::of(one).field("counterSet"));
        counters(cx, one);
        if all[..at].iter().any(|other| other.text("counterSet") == one.text("counterSet")) {
            cx.duplicate(one, "", &shown(one));
        }
    }
}

/// `counters`, whose names are told at the map.
pub(super) fn counters(cx: &mut Cx<'_>, holder: &Node) {
    let all = holder.map("counters");
    if all.is_empty() {
        cx.required(holder, "counters", "");
    }
    if all.len() > 32 {
        cx.too_many(holder, "counters", all.len(), 32);
    }
    for entry in all {
        let name = String::from_utf8_lossy(&entry.key);
        let words: Words = in_bytes(names::label(&name));
        for word in words {
            cx.invalid_at(holder, "counters", &format!("{name:?}"), &word);
        }
    }
}

/// The taints to look at: none of too many.
fn taints<'a>(cx: &mut Cx<'_>, basic: &'a Node) -> &'a [Node] {
    let all = basic.list("taints");
    if all.len() > 16 {
        cx.too_many(basic, "taints", all.len(), 16);
        return &[];
    }
    all
}
