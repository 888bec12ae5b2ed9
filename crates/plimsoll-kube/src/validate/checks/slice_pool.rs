//! Pools of devices: their names, and requests for their state.

use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;
use crate::validate::place::Place;

/// The name of a pool: subdomains with slashes between them.
pub(super) fn pool_name(cx: &mut Cx<'_>, name: &Place<'_>) {
    let text = name.text();
    if text.is_empty() {
        name.required(cx, "");
        return;
    }
    if text.len() > 253 {
        name.too_long(cx, 253);
    }
    for part in text.split('/') {
        for word in names::subdomain(part) {
            name.invalid(cx, &format!("{part:?}"), &word);
        }
    }
}

/// `resource.v1alpha3.ResourcePoolStatusRequest`.
pub(in crate::validate) fn pool_status_request(cx: &mut Cx<'_>) {
    let spec = Place::of(cx.root).field("spec");
    let driver_at = spec.field("driver");
    if driver_at.text().is_empty() {
        driver_at.required(cx, "");
    } else {
        driver_at.say(cx, in_bytes(names::subdomain_of_any_case(driver_at.text())));
    }
    if spec.node.has("poolName") {
        status_pool_name(cx, &spec.field("poolName"));
    }
    let limit = spec.field("limit");
    let number = limit.node.as_int();
    if number.is_some_and(|number| number < 1) {
        limit.invalid(cx, &shown(limit.node), "must be greater than or equal to 1");
    }
    if number.is_some_and(|number| number > 1000) {
        limit.invalid(cx, &shown(limit.node), "must be less than or equal to 1000");
    }
}

/// k8s: the same name, told otherwise where tags check it.
fn status_pool_name(cx: &mut Cx<'_>, name: &Place<'_>) {
    if name.text().len() > 253 {
        name.too_long(cx, 253);
    }
    for (at, part) in name.text().split('/').enumerate() {
        if part.is_empty() {
            let word = format!("segment {at}: must not be empty");
            name.invalid(cx, &format!("{:?}", name.text()), &word);
            continue;
        }
        for word in in_bytes(names::subdomain(part)) {
            name.invalid(cx, &format!("{part:?}"), &format!("segment {at}: {word}"));
        }
    }
}

/// k8s: checks by tags count bytes, not characters.
pub(super) fn in_bytes(mut words: names::Words) -> names::Words {
    for word in &mut words {
        if word.starts_with("must be no more than") {
            *word = word.replace("characters", "bytes");
        }
    }
    words
}
