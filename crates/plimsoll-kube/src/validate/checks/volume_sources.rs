//! Sources of volumes that pods and persistent volumes have in common.

use plimsoll_yaml::Node;

use super::meta::say;
use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::node::Fields as _;

const HOST_PATH_TYPES: &[&str] = &[
    "",
    "BlockDevice",
    "CharDevice",
    "Directory",
    "DirectoryOrCreate",
    "File",
    "FileOrCreate",
    "Socket",
];

/// A source by the name of its field.
pub(super) fn source(cx: &mut Cx<'_>, field: &str, node: &Node) {
    match field {
        "hostPath" => host_path(cx, node),
        "gitRepo" => {
            required(cx, node, &["repository"]);
            super::volume::local_path(cx, node, "directory", true);
        }
        "nfs" => {
            required(cx, node, &["server", "path"]);
            absolute(cx, node, "path");
        }
        "iscsi" => iscsi(cx, node),
        "fc" => fibre_channel(cx, node),
        "persistentVolumeClaim" => required(cx, node, &["claimName"]),
        "gcePersistentDisk" => {
            required(cx, node, &["pdName"]);
            partition(cx, node);
        }
        "awsElasticBlockStore" => {
            required(cx, node, &["volumeID"]);
            partition(cx, node);
        }
        "glusterfs" => {
            required(cx, node, &["endpoints", "path"]);
        }
        "flexVolume" => required(cx, node, &["driver"]),
        "rbd" => {
            if node.list("monitors").is_empty() {
                cx.required(node, "monitors", "");
            }
            required(cx, node, &["image"]);
        }
        "cinder" => required(cx, node, &["volumeID"]),
        "cephfs" if node.list("monitors").is_empty() => cx.required(node, "monitors", ""),
        "flocker" => flocker(cx, node),
        "azureFile" => required(cx, node, &["secretName", "shareName"]),
        "vsphereVolume" => required(cx, node, &["volumePath"]),
        "photonPersistentDisk" => required(cx, node, &["pdID"]),
        "portworxVolume" => required(cx, node, &["volumeID"]),
        "azureDisk" => azure_disk(cx, node),
        "storageos" if node.text("volumeName").is_empty() => cx.required(node, "volumeName", ""),
        "scaleIO" => required(cx, node, &["gateway", "system", "volumeName"]),
        "quobyte" => required(cx, node, &["registry", "volume"]),
        "image" => {
            required(cx, node, &["reference"]);
            cx.maybe_text_of(node, "pullPolicy", &["Always", "IfNotPresent", "Never"]);
        }
        "local" => {
            required(cx, node, &["path"]);
            no_way_back(cx, node);
        }
        _ => {}
    }
}

/// Texts that may not be empty.
pub(in crate::validate) fn required(cx: &mut Cx<'_>, node: &Node, fields: &[&str]) {
    for field in fields {
        if node.text(field).is_empty() {
            cx.required(node, field, "");
        }
    }
}

fn absolute(cx: &mut Cx<'_>, node: &Node, field: &str) {
    let path = node.of(field);
    if !path.str().is_empty() && !path.str().starts_with('/') {
        cx.invalid(path, "must be an absolute path");
    }
}

fn no_way_back(cx: &mut Cx<'_>, node: &Node) {
    let path = node.of("path");
    if path.str().split('/').any(|part| part == "..") {
        cx.invalid(path, "must not contain '..'");
    }
}

fn host_path(cx: &mut Cx<'_>, node: &Node) {
    if node.text("path").is_empty() {
        cx.required(node, "path", "");
        return;
    }
    no_way_back(cx, node);
    cx.maybe_one_of(node, "type", HOST_PATH_TYPES);
}

fn partition(cx: &mut Cx<'_>, node: &Node) {
    if node.int("partition").is_some_and(|number| !(0..=255).contains(&number)) {
        cx.invalid(node.of("partition"), "must be between 0 and 255, inclusive");
    }
}

fn iscsi(cx: &mut Cx<'_>, node: &Node) {
    required(cx, node, &["targetPortal"]);
    let iqn = node.text("iqn");
    if iqn.is_empty() {
        cx.required(node, "iqn", "");
    } else if !["iqn", "eui", "naa"].iter().any(|prefix| iqn.starts_with(prefix)) {
        cx.invalid(node.of("iqn"), "must be valid format starting with iqn, eui, or naa");
    }
    if node.int("lun").is_some_and(|number| !(0..=255).contains(&number)) {
        cx.invalid(node.of("lun"), "must be between 0 and 255, inclusive");
    }
    let chap = node.is_true("chapAuthDiscovery") || node.is_true("chapAuthSession");
    if chap && !node.has("secretRef") {
        cx.required(node, "secretRef", "");
    }
}

fn fibre_channel(cx: &mut Cx<'_>, node: &Node) {
    let (names, ids) = (node.list("targetWWNs"), node.list("wwids"));
    if names.is_empty() == ids.is_empty() {
        let detail = "must specify either targetWWNs or wwids, but not both";
        if names.is_empty() {
            cx.required(node, "targetWWNs", detail);
        } else {
            cx.invalid(node.of("targetWWNs"), detail);
        }
    }
    if !names.is_empty() && ids.is_empty() {
        match node.int("lun") {
            None => cx.required(node, "lun", "lun is required if targetWWNs is specified"),
            Some(lun) if !(0..=255).contains(&lun) => {
                cx.invalid(node.of("lun"), "must be between 0 and 255, inclusive");
            }
            _ => {}
        }
    }
}

fn flocker(cx: &mut Cx<'_>, node: &Node) {
    let (name, id) = (node.text("datasetName"), node.text("datasetUUID"));
    if name.is_empty() && id.is_empty() {
        cx.required(node, "", "one of datasetName and datasetUUID is required");
    } else if !name.is_empty() && !id.is_empty() {
        cx.invalid_at(
            node,
            "",
            "\"resource\"",
            "datasetName and datasetUUID can not be specified simultaneously",
        );
    }
    if name.contains('/') {
        cx.invalid(node.of("datasetName"), "must not contain '/'");
    }
}

fn azure_disk(cx: &mut Cx<'_>, node: &Node) {
    required(cx, node, &["diskName", "diskURI"]);
    cx.maybe_text_of(node, "cachingMode", &["None", "ReadOnly", "ReadWrite"]);
    cx.maybe_text_of(node, "kind", &["Dedicated", "Managed", "Shared"]);
    let (kind, uri) = (node.text("kind"), node.text("diskURI"));
    let managed = kind == "Managed";
    if !uri.is_empty()
        && managed != uri.starts_with("/subscriptions/")
        && (managed || uri.starts_with('/'))
    {
        cx.invalid(node.of("diskURI"), "must fit the kind of the disk");
    }
}

/// The name of a driver of the container storage interface.
pub(in crate::validate) fn driver_name(cx: &mut Cx<'_>, holder: &Node, field: &str) {
    let driver = holder.text(field);
    if driver.is_empty() {
        cx.required(holder, field, "");
        return;
    }
    if driver.len() > 63 {
        cx.too_long(holder, field, 63);
    }
    say(cx, holder.of(field), names::subdomain(&driver.to_lowercase()));
}
