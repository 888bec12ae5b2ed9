//! Taints of devices, and the rules that set them.

use super::slice_pool::pool_name;
use super::volume_sources::driver_name;
use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::node::Fields as _;
use crate::validate::place::Place;

const EFFECTS: &[&str] = &["NoExecute", "NoSchedule", "None"];

/// `resource.v1.DeviceTaintRule`.
pub(in crate::validate) fn device_taint_rule(cx: &mut Cx<'_>) {
    let spec = Place::of(cx.root).field("spec");
    let selector = spec.field("deviceSelector").node;
    if selector.has("driver") {
        driver_name(cx, selector, "driver");
    }
    if selector.has("pool") {
        pool_name(cx, &Place::of(selector).field("pool"));
    }
    if selector.has("device") {
        let device = Place::of(selector).field("device");
        device.say(cx, names::label(device.text()));
    }
    let taint = spec.field("taint");
    taint_label(cx, &taint);
    taint_effect(cx, &taint);
}

/// The key and the value of a device's taint.
pub(super) fn taint_label(cx: &mut Cx<'_>, taint: &Place<'_>) {
    let key = taint.field("key");
    key.say(cx, names::qualified(key.text()));
    let value = taint.field("value");
    value.say(cx, names::label_value(value.text()));
}

/// What it does to pods.
pub(super) fn taint_effect(cx: &mut Cx<'_>, taint: &Place<'_>) {
    let effect = taint.field("effect");
    match effect.text() {
        "" => effect.required(cx, ""),
        known if EFFECTS.contains(&known) => {}
        _ => effect.unsupported(cx, EFFECTS),
    }
}

/// `tolerations` of a request for devices.
pub(super) fn device_tolerations(cx: &mut Cx<'_>, request: &plimsoll_yaml::Node) {
    for toleration in request.list("tolerations") {
        let at = Place::of(toleration);
        let (key, value) = (at.field("key"), at.field("value"));
        if !key.text().is_empty() {
            key.say(cx, names::qualified(key.text()));
        }
        match toleration.text("operator") {
            "Exists" if !value.text().is_empty() => {
                value.say(cx, vec!["must be empty for operator `Exists`".to_owned()]);
            }
            "Exists" => {}
            // The default operator.
            "Equal" | "" => value.say(cx, names::label_value(value.text())),
            _ => at.field("operator").unsupported(cx, &["Equal", "Exists"]),
        }
        cx.maybe_text_of(toleration, "effect", EFFECTS);
    }
}
