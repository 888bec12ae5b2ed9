//! PersistentVolumes.

use plimsoll_yaml::Node;

use super::affinity::node_selector;
use super::claim::access_modes;
use super::meta::say;
use super::volume_sources::{driver_name, required, source};
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;
use crate::validate::value::quantity_of;

const SOURCES: &[&str] = &[
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "glusterfs",
    "flocker",
    "nfs",
    "rbd",
    "quobyte",
    "cephfs",
    "iscsi",
    "cinder",
    "fc",
    "flexVolume",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "scaleIO",
    "local",
    "storageos",
    "csi",
];

/// `core.v1.PersistentVolume`.
pub(in crate::validate) fn persistent_volume(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    let (at, prefix) = if spec.is_null() { (root, "spec.") } else { (spec, "") };
    if spec.list("accessModes").is_empty() {
        cx.required(at, &format!("{prefix}accessModes"), "");
    }
    access_modes(cx, spec);
    capacity(cx, at, prefix, spec);
    sources(cx, root, spec);
    affinity(cx, spec);
    cx.maybe_text_of(spec, "persistentVolumeReclaimPolicy", &["Delete", "Recycle", "Retain"]);
    if spec.of("hostPath").text("path") == "/"
        && spec.text("persistentVolumeReclaimPolicy") == "Recycle"
    {
        let detail = "may not be 'recycle' for a hostPath mount of '/'";
        cx.forbidden(spec, "persistentVolumeReclaimPolicy", detail);
    }
    if !spec.text("storageClassName").is_empty() {
        say(cx, spec.of("storageClassName"), names::subdomain(spec.text("storageClassName")));
    }
    cx.maybe_one_of(spec, "volumeMode", &["Block", "Filesystem"]);
    if spec.has("volumeAttributesClassName") {
        let node = spec.of("volumeAttributesClassName");
        if node.str().is_empty() {
            cx.required(spec, "volumeAttributesClassName", "an empty string is disallowed");
        } else {
            say(cx, node, names::subdomain(node.str()));
        }
        if !spec.has("csi") {
            cx.required(spec, "csi", "has to be specified when using volumeAttributesClassName");
        }
    }
}

fn capacity(cx: &mut Cx<'_>, at: &Node, prefix: &str, spec: &Node) {
    let entries = spec.map("capacity");
    if entries.is_empty() {
        cx.required(at, &format!("{prefix}capacity"), "");
    }
    let storage = spec.of("capacity").get("storage").is_some();
    if !entries.is_empty() && (!storage || entries.len() > 1) {
        cx.unsupported(spec, "capacity", &shown(spec.of("capacity")), &["storage"]);
    }
    for entry in entries {
        let mut value = quantity_of(&entry.value);
        // What does not fit into 64 bits becomes negative.
        if ((value / crate::validate::value::ONE) as i64) < 0 {
            value = -1;
        }
        if value < 0 {
            cx.invalid(&entry.value, "must be a valid resource quantity");
        }
        if value <= 0 {
            cx.invalid(&entry.value, "must be greater than zero");
        }
    }
}

fn sources(cx: &mut Cx<'_>, root: &Node, spec: &Node) {
    let mut count = 0;
    for field in SOURCES {
        let node = spec.of(field);
        if node.is_null() {
            continue;
        }
        count += 1;
        // k8s: nobody minds this one beside another.
        if count > 1 && *field != "flexVolume" {
            cx.forbidden(spec, field, "may not specify more than 1 volume type");
            continue;
        }
        if *field == "csi" {
            driver_name(cx, node, "driver");
            required(cx, node, &["volumeHandle"]);
            secrets(cx, node);
        } else {
            source(cx, field, node);
        }
    }
    if count == 0 {
        cx.required(root, "spec", "must specify a volume type");
    }
}

fn secrets(cx: &mut Cx<'_>, node: &Node) {
    for field in [
        "controllerPublishSecretRef",
        "nodeStageSecretRef",
        "nodePublishSecretRef",
        "controllerExpandSecretRef",
        "nodeExpandSecretRef",
    ] {
        if node.has(field) {
            required(cx, node.of(field), &["name", "namespace"]);
        }
    }
}

fn affinity(cx: &mut Cx<'_>, spec: &Node) {
    let affinity = spec.of("nodeAffinity");
    if affinity.is_null() {
        if spec.has("local") {
            cx.required(spec, "nodeAffinity", "Local volume requires node affinity");
        }
        return;
    }
    if affinity.has("required") {
        node_selector(cx, affinity.of("required"));
    } else {
        cx.required(affinity, "required", "must specify required node constraints");
    }
}
