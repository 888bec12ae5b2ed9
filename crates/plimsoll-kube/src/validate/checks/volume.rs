//! Volumes of a pod: names, exactly one source, and what each source asks for.

use plimsoll_yaml::Node;

use super::env::{field_ref, resource_field_ref};
use super::meta::say;
use super::volume_sources::{driver_name, source};
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;

/// The fields of a volume that are sources, in the order in which the server counts them.
const SOURCES: &[&str] = &[
    "emptyDir",
    "hostPath",
    "gitRepo",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "flocker",
    "persistentVolumeClaim",
    "rbd",
    "cinder",
    "cephfs",
    "quobyte",
    "downwardAPI",
    "fc",
    "flexVolume",
    "configMap",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "storageos",
    "projected",
    "scaleIO",
    "csi",
    "ephemeral",
    "image",
];

/// The volumes of a pod's spec.
pub(super) fn volumes(cx: &mut Cx<'_>, spec: &Node) {
    let mut seen: Vec<&str> = Vec::new();
    for volume in spec.list("volumes") {
        let mut count = 0;
        for field in SOURCES {
            let node = volume.of(field);
            if node.is_null() {
                continue;
            }
            count += 1;
            if count > 1 {
                // k8s: two of them are written otherwise here.
                let told = match *field {
                    "cephfs" => "cephFS",
                    "downwardAPI" => "downwarAPI",
                    field => field,
                };
                cx.forbidden(volume, told, "may not specify more than 1 volume type");
            } else {
                one(cx, spec, field, node);
            }
        }
        let name = volume.text("name");
        if name.is_empty() {
            cx.required(volume, "name", "");
        } else {
            let words = names::label(name);
            let good = words.is_empty();
            say(cx, volume.of("name"), words);
            if good && seen.contains(&name) {
                cx.duplicate(volume, "name", &format!("{name:?}"));
            }
        }
        seen.push(name);
    }
}

fn one(cx: &mut Cx<'_>, spec: &Node, field: &str, node: &Node) {
    match field {
        "emptyDir" => {
            let limit = crate::validate::value::quantity_of(node.of("sizeLimit"));
            if limit < 0 {
                cx.forbidden(
                    node,
                    "sizeLimit",
                    "SizeLimit field must be a valid resource quantity",
                );
            }
        }
        "secret" => {
            if node.text("secretName").is_empty() {
                cx.required(node, "secretName", "");
            }
            mode(cx, node, "defaultMode");
            items(cx, node);
        }
        "configMap" => {
            if node.text("name").is_empty() {
                cx.required(node, "name", "");
            }
            mode(cx, node, "defaultMode");
            items(cx, node);
        }
        "downwardAPI" => {
            mode(cx, node, "defaultMode");
            for item in node.list("items") {
                downward_item(cx, node, item);
            }
        }
        "projected" => projected(cx, spec, node),
        "csi" => {
            driver_name(cx, node, "driver");
            let secret = node.of("nodePublishSecretRef");
            if !secret.is_null() && secret.text("name").is_empty() {
                cx.required(secret, "name", "");
            }
        }
        "ephemeral" => ephemeral(cx, node),
        _ => source(cx, field, node),
    }
}

/// A file's permissions.
pub(super) fn mode(cx: &mut Cx<'_>, holder: &Node, field: &str) {
    if holder.int(field).is_some_and(|mode| !(0..=0o777).contains(&mode)) {
        cx.invalid(holder.of(field), "must be a number between 0 and 0777 (octal), both inclusive");
    }
}

/// `items` of a volume that shows keys as files.
pub(super) fn items(cx: &mut Cx<'_>, holder: &Node) {
    for item in holder.list("items") {
        if item.text("key").is_empty() {
            cx.required(item, "key", "");
        }
        if item.text("path").is_empty() {
            cx.required(item, "path", "");
        } else {
            local_path(cx, item, "path", true);
        }
        mode(cx, item, "mode");
    }
}

/// A path below the volume; where `strict` it may not even begin with two full stops.
pub(in crate::validate) fn local_path(cx: &mut Cx<'_>, holder: &Node, field: &str, strict: bool) {
    let node = holder.of(field);
    for word in local_path_words(node.str(), strict) {
        cx.invalid(node, word);
    }
}

/// What is wrong with such a path.
pub(in crate::validate) fn local_path_words(path: &str, strict: bool) -> Vec<&'static str> {
    let mut words = Vec::new();
    if path.starts_with('/') {
        words.push("must be a relative path");
    }
    if path.split('/').any(|part| part == "..") {
        words.push("must not contain '..'");
    }
    if strict && path.starts_with("..") && !path.starts_with("../") {
        words.push("must not start with '..'");
    }
    words
}

/// The fields of a pod that a file may show.
const VOLUME_FIELDS: &[&str] = &[
    "metadata.name",
    "metadata.namespace",
    "metadata.labels",
    "metadata.annotations",
    "metadata.uid",
];

// k8s: the paths of these errors lack the item's number.
fn downward_item(cx: &mut Cx<'_>, holder: &Node, item: &Node) {
    let path = item.text("path");
    if path.is_empty() {
        cx.required(holder, "path", "");
    }
    for word in local_path_words(path, true) {
        cx.invalid_at(holder, "path", &format!("{path:?}"), word);
    }
    if item.has("fieldRef") {
        field_ref(cx, item.of("fieldRef"), VOLUME_FIELDS);
        if item.has("resourceFieldRef") {
            cx.invalid_at(
                holder,
                "",
                "\"resource\"",
                "fieldRef and resourceFieldRef can not be specified simultaneously",
            );
        }
    } else if item.has("resourceFieldRef") {
        let reference = item.of("resourceFieldRef");
        if reference.text("containerName").is_empty() {
            cx.required(holder, "resourceFieldRef.containerName", "");
        } else {
            resource_field_ref(cx, reference, true);
        }
    } else {
        cx.required(holder, "", "one of fieldRef and resourceFieldRef is required");
    }
    if item.int("mode").is_some_and(|mode| !(0..=0o777).contains(&mode)) {
        let detail = "must be a number between 0 and 0777 (octal), both inclusive";
        cx.invalid_at(holder, "mode", &shown(item.of("mode")), detail);
    }
}

fn projected(cx: &mut Cx<'_>, spec: &Node, node: &Node) {
    mode(cx, node, "defaultMode");
    let mut paths: Vec<&str> = Vec::new();
    for source in node.list("sources") {
        let mut count = 0;
        for field in [
            "secret",
            "configMap",
            "downwardAPI",
            "serviceAccountToken",
            "clusterTrustBundle",
            "podCertificate",
        ] {
            let inner = source.of(field);
            if inner.is_null() {
                continue;
            }
            count += 1;
            projected_source(cx, spec, node, field, inner, &mut paths);
        }
        match count {
            0 => cx.required(source, "", "must specify one of the supported projections"),
            1 => {}
            _ => cx.forbidden(source, "", "may not specify more than 1 volume type per source"),
        }
    }
}

fn projected_source<'a>(
    cx: &mut Cx<'_>,
    spec: &Node,
    node: &Node,
    field: &str,
    inner: &'a Node,
    paths: &mut Vec<&'a str>,
) {
    let mut take = |cx: &mut Cx<'_>, path: &'a str| {
        if !path.is_empty() {
            if paths.contains(&path) {
                cx.invalid_at(node, "", &format!("{path:?}"), "conflicting duplicate paths");
            }
            paths.push(path);
        }
    };
    match field {
        "secret" | "configMap" => {
            if inner.text("name").is_empty() {
                cx.required(inner, "name", "");
            }
            items(cx, inner);
            inner.list("items").iter().for_each(|item| take(cx, item.text("path")));
        }
        "downwardAPI" => {
            for item in inner.list("items") {
                downward_item(cx, inner, item);
                take(cx, item.text("path"));
            }
        }
        "serviceAccountToken" => {
            token(cx, node, spec, inner);
            take(cx, inner.text("path"));
        }
        "clusterTrustBundle" => {
            let (name, signer) = (inner.has("name"), inner.has("signerName"));
            if name == signer {
                cx.invalid(inner, "exactly one of name and signerName must be provided");
            }
            if inner.text("path").is_empty() {
                cx.required(inner, "path", "");
            }
            local_path(cx, inner, "path", true);
            take(cx, inner.text("path"));
        }
        _ => {
            for name in ["keyPath", "certificateChainPath", "credentialBundlePath"] {
                local_path(cx, inner, name, true);
                take(cx, inner.text(name));
            }
        }
    }
}

fn token(cx: &mut Cx<'_>, holder: &Node, spec: &Node, inner: &Node) {
    if spec.text("serviceAccountName").is_empty() && spec.text("serviceAccount").is_empty() {
        cx.forbidden(inner, "", "must not be specified when serviceAccountName is not set");
    }
    match inner.int("expirationSeconds") {
        Some(seconds) if seconds < 600 => {
            cx.invalid(
                inner.of("expirationSeconds"),
                "may not specify a duration less than 10 minutes",
            );
        }
        Some(seconds) if seconds > 1 << 32 => {
            cx.invalid(
                inner.of("expirationSeconds"),
                "may not specify a duration larger than 2^32 seconds",
            );
        }
        _ => {}
    }
    // k8s: told at the volume, not at its source.
    let path = inner.text("path");
    if path.is_empty() {
        cx.required(holder, "path", "");
    }
    for word in local_path_words(path, true) {
        cx.invalid_at(holder, "path", &format!("{path:?}"), word);
    }
}

fn ephemeral(cx: &mut Cx<'_>, node: &Node) {
    let template = node.of("volumeClaimTemplate");
    if template.is_null() {
        cx.required(node, "volumeClaimTemplate", "");
        return;
    }
    let meta = template.of("metadata");
    for field in ["name", "generateName", "namespace"] {
        if !meta.text(field).is_empty() {
            cx.forbidden(meta, field, "cannot be set");
        }
    }
    super::meta::labels_at(cx, template, "metadata.labels", meta.of("labels"));
    super::meta::annotations_at(cx, template, "metadata.annotations", meta.of("annotations"));
    super::claim::claim_spec(cx, template);
}
