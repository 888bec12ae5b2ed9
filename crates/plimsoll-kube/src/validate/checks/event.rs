//! Events, in their old group and in their own.

use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::node::Fields as _;
use crate::validate::place::Place;

/// `core.v1.Event`.
pub(in crate::validate) fn event(cx: &mut Cx<'_>) {
    namespace(cx, "involvedObject");
    if cx.root.has("eventTime") {
        new_event(cx, "reportingComponent", "message");
    }
}

/// `events.v1.Event`, of which more is asked.
pub(in crate::validate) fn event_of_group(cx: &mut Cx<'_>) {
    namespace(cx, "regarding");
    let root = Place::of(cx.root);
    if cx.root.has("eventTime") {
        new_event(cx, "reportingController", "note");
    }
    // The version before checks as the old group does.
    if cx.root.text("apiVersion") != "events.k8s.io/v1" {
        return;
    }
    series(cx);
    if !cx.root.has("eventTime") {
        root.field("eventTime").required(cx, "");
    }
    let kind = cx.root.text("type");
    if !matches!(kind, "Normal" | "Warning") {
        cx.invalid_at(cx.root, "type", "\"\"", &format!("has invalid value: {kind}"));
    }
    let unset = [
        ("deprecatedFirstTimestamp", "firstTimestamp"),
        ("deprecatedLastTimestamp", "lastTimestamp"),
        ("deprecatedCount", "count"),
        ("deprecatedSource", "source"),
    ];
    for (field, told) in unset {
        let node = cx.root.of(field);
        let is_set = match field {
            "deprecatedCount" => node.as_int().is_some_and(|count| count != 0),
            "deprecatedSource" => {
                !node.text("component").is_empty() || !node.text("host").is_empty()
            }
            _ => !node.is_null(),
        };
        if is_set {
            cx.invalid_at(cx.root, told, "\"\"", "needs to be unset");
        }
    }
}

/// An event's namespace is its object's; those of objects without one are in the default one.
fn namespace(cx: &mut Cx<'_>, field: &str) {
    let root = cx.root;
    let object = root.of(field).text("namespace");
    let own = match root.of("metadata").text("namespace") {
        "" => "default",
        namespace => namespace,
    };
    let is_new = root.has("eventTime");
    let is_wrong = if object.is_empty() {
        own != "default" && !(is_new && own == "kube-system")
    } else {
        !is_new && object != own
    };
    if is_wrong {
        let detail = "does not match event.namespace";
        cx.invalid_at(root, "involvedObject.namespace", &format!("{object:?}"), detail);
    }
}

fn new_event(cx: &mut Cx<'_>, controller: &str, note: &str) {
    let root = Place::of(cx.root);
    let controller = root.field(controller);
    if controller.text().is_empty() {
        controller.required(cx, "");
    }
    controller.say(cx, names::qualified(controller.text()));
    for field in ["reportingInstance", "action", "reason"] {
        let at = root.field(field);
        if at.text().is_empty() {
            at.required(cx, "");
        }
        if at.text().len() > 128 {
            at.invalid(cx, "\"\"", "can have at most 128 characters");
        }
    }
    if cx.root.text(note).len() > 1024 {
        cx.invalid_at(cx.root, "message", "\"\"", "can have at most 1024 characters");
    }
}

fn series(cx: &mut Cx<'_>) {
    let series = Place::of(cx.root.of("series"));
    if series.node.is_null() {
        return;
    }
    let count = series.field("count");
    if count.node.as_int().unwrap_or(0) < 2 {
        count.invalid(cx, "\"\"", "should be at least 2");
    }
    if !series.node.has("lastObservedTime") {
        series.field("lastObservedTime").required(cx, "");
    }
}
