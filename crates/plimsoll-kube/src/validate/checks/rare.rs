//! Kinds that controllers write rather than people, a few lines each.

use super::meta::say;
use super::volume_sources::driver_name;
use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::net;
use crate::validate::node::Fields as _;

/// `storage.v1.VolumeAttachment`.
pub(in crate::validate) fn volume_attachment(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    driver_name(cx, spec, "attacher");
    let source = spec.of("source");
    let (name, inline) = (source.has("persistentVolumeName"), source.has("inlineVolumeSpec"));
    let detail = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
    match (name, inline) {
        (false, false) => cx.required(root, "spec.source", detail),
        (true, true) => cx.forbidden(source, "", detail),
        (false, true) if !source.of("inlineVolumeSpec").has("csi") => {
            let detail = "has to be specified in the context of inline volumes";
            cx.required(source.of("inlineVolumeSpec"), "csi", detail);
        }
        _ => {}
    }
    if name {
        let volume = source.text("persistentVolumeName");
        if volume.is_empty() {
            let detail = "must specify non empty persistentVolumeName";
            cx.required(source, "persistentVolumeName", detail);
        }
        say(cx, source.of("persistentVolumeName"), names::subdomain(volume));
    }
    let node = spec.text("nodeName");
    for word in names::subdomain(node) {
        cx.invalid_at(root, "spec.nodeName", &format!("{node:?}"), &word);
    }
}

/// `networking.v1.IPAddress`.
pub(in crate::validate) fn ip_address(cx: &mut Cx<'_>) {
    let root = cx.root;
    for field in ["name", "generateName"] {
        let name = root.of("metadata").of(field);
        if !name.str().is_empty() {
            say(cx, name, net::ip(name.str(), true));
        }
    }
    let spec = root.of("spec");
    let parent = spec.of("parentRef");
    if parent.is_null() {
        cx.required(root, "spec.parentRef", "");
        return;
    }
    if !parent.text("group").is_empty() {
        say(cx, parent.of("group"), names::subdomain(parent.text("group")));
    }
    for field in ["resource", "name"] {
        if parent.text(field).is_empty() {
            cx.required(parent, field, "");
        } else {
            say(cx, parent.of(field), names::path_segment(parent.text(field)));
        }
    }
    if !parent.text("namespace").is_empty() {
        say(cx, parent.of("namespace"), names::path_segment(parent.text("namespace")));
    }
}

/// `apps.v1.ControllerRevision`.
pub(in crate::validate) fn controller_revision(cx: &mut Cx<'_>) {
    let root = cx.root;
    match root.of("data").json_kind() {
        "object" => {}
        "null" => cx.required(root, "data", "data is mandatory"),
        _ => cx.required(root, "data", "data must be a valid JSON object"),
    }
    super::probe::not_negative(cx, root, "revision");
}
