//! Claims of persistent volumes, by themselves, in StatefulSets and in pods.

use plimsoll_yaml::Node;

use super::meta::say;
use super::selector::label_selector;
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;
use crate::validate::value::quantity_of;

const ACCESS_MODES: &[&str] =
    &["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/// `core.v1.PersistentVolumeClaim`.
pub(in crate::validate) fn claim(cx: &mut Cx<'_>) {
    let root = cx.root;
    checked(cx, root, true);
}

/// The `spec` of anything that holds one like a claim's.
pub(in crate::validate) fn claim_spec(cx: &mut Cx<'_>, holder: &Node) {
    checked(cx, holder, false);
}

fn checked(cx: &mut Cx<'_>, holder: &Node, dropped: bool) {
    let spec = holder.of("spec");
    let (at, prefix) = if spec.is_null() { (holder, "spec.") } else { (spec, "") };
    if spec.list("accessModes").is_empty() {
        cx.required(at, &format!("{prefix}accessModes"), "at least 1 access mode is required");
    }
    if spec.has("selector") {
        label_selector(cx, spec.of("selector"));
    }
    access_modes(cx, spec);
    match spec.of("resources").of("requests").get("storage") {
        None => cx.required(at, &format!("{prefix}resources[storage]"), ""),
        Some(storage) if quantity_of(storage) <= 0 => {
            cx.invalid_at(
                at,
                &format!("{prefix}resources[storage]"),
                &shown(storage),
                "must be greater than zero",
            );
        }
        Some(_) => {}
    }
    if !spec.text("storageClassName").is_empty() {
        say(cx, spec.of("storageClassName"), names::subdomain(spec.text("storageClassName")));
    }
    cx.maybe_one_of(spec, "volumeMode", &["Block", "Filesystem"]);
    sources(cx, spec, dropped);
    if spec.has("volumeAttributesClassName") && !spec.text("volumeAttributesClassName").is_empty() {
        let node = spec.of("volumeAttributesClassName");
        say(cx, node, names::subdomain(node.str()));
    }
}

/// Access modes, of which one stands alone.
pub(super) fn access_modes(cx: &mut Cx<'_>, spec: &Node) {
    let modes = spec.list("accessModes");
    let mut alone = false;
    for mode in modes {
        if !ACCESS_MODES.contains(&mode.str()) {
            cx.unsupported(spec, "accessModes", mode.str(), ACCESS_MODES);
        }
        alone |= mode.str() == "ReadWriteOncePod";
    }
    // Equal modes count as one.
    if alone && modes.iter().any(|mode| ACCESS_MODES[..3].contains(&mode.str())) {
        cx.forbidden(spec, "accessModes", "may not use ReadWriteOncePod with other access modes");
    }
}

fn sources(cx: &mut Cx<'_>, spec: &Node, dropped: bool) {
    for field in ["dataSource", "dataSourceRef"] {
        let source = spec.of(field);
        // Its gate is off: a reference into another namespace is forgotten.
        if field == "dataSourceRef" && !source.text("namespace").is_empty() {
            continue;
        }
        if source.is_null() || dropped && field == "dataSource" && !is_old_source(spec, source) {
            continue;
        }
        for name in ["name", "kind"] {
            if source.text(name).is_empty() {
                cx.required(source, name, "");
            }
        }
        let group = source.text("apiGroup");
        if group.is_empty() && source.text("kind") != "PersistentVolumeClaim" {
            let detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
            cx.invalid(source, detail);
        }
        if !group.is_empty() {
            say(cx, source.of("apiGroup"), names::subdomain(group));
        }
    }
    let (source, reference) = (spec.of("dataSource"), spec.of("dataSourceRef"));
    let gone = dropped && !is_old_source(spec, source);
    if gone || source.is_null() || reference.is_null() || !reference.text("namespace").is_empty() {
        return;
    }
    let differ = ["apiGroup", "kind", "name"]
        .iter()
        .any(|field| source.text(field) != reference.text(field));
    if differ {
        cx.invalid_at(spec, "", &shown(source), "must match dataSourceRef");
    }
}

/// The server forgets a source of any other kind, as long as there is no newer reference.
fn is_old_source(spec: &Node, source: &Node) -> bool {
    spec.has("dataSourceRef")
        || match source.text("apiGroup") {
            "" => source.text("kind") == "PersistentVolumeClaim",
            "snapshot.storage.k8s.io" => source.text("kind") == "VolumeSnapshot",
            _ => false,
        }
}
