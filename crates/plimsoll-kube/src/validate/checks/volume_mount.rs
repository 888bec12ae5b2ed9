//! Where a container mounts its pod's volumes.

use plimsoll_yaml::Node;

use super::container::Place;
use super::pod::PodFacts;
use super::volume::local_path_words;
use crate::validate::cx::Cx;
use crate::validate::node::Fields as _;

/// `volumeMounts` of a container.
pub(super) fn volume_mounts(cx: &mut Cx<'_>, pod: &PodFacts<'_>, container: &Node, place: Place) {
    let list = container.of("volumeMounts");
    let devices: Vec<&str> =
        container.list("volumeDevices").iter().map(|device| device.text("devicePath")).collect();
    let mut paths: Vec<&str> = Vec::new();
    for mount in list.as_list() {
        let name = mount.text("name");
        if name.is_empty() {
            cx.required(mount, "name", "");
        }
        if !pod.volume_names.contains(&name) {
            cx.not_found(mount, "name", &format!("{name:?}"));
        }
        let path = mount.text("mountPath");
        if path.is_empty() {
            cx.required(mount, "mountPath", "");
        }
        if paths.contains(&path) {
            cx.invalid_at(mount, "mountPath", &format!("{path:?}"), "must be unique");
        }
        paths.push(path);
        if !path.is_empty() && devices.contains(&path) {
            cx.invalid_at(
                mount,
                "mountPath",
                &format!("{path:?}"),
                "must not already exist in volumeDevices",
            );
        }
        sub_paths(cx, list, mount, place);
        propagation(cx, list, mount, container);
    }
}

// k8s: the paths of these errors lack the mount's number.
fn sub_paths(cx: &mut Cx<'_>, list: &Node, mount: &Node, place: Place) {
    let (path, expr) = (mount.text("subPath"), mount.text("subPathExpr"));
    if place == Place::Ephemeral {
        for (field, value) in [("subPath", path), ("subPathExpr", expr)] {
            if !value.is_empty() {
                cx.forbidden(mount, field, "cannot be set for an Ephemeral Container");
            }
        }
    }
    for word in local_path_words(path, false) {
        cx.invalid_at(list, "subPath", &format!("{path:?}"), word);
    }
    if !path.is_empty() && !expr.is_empty() {
        let detail = "subPathExpr and subPath are mutually exclusive";
        cx.invalid(mount.of("subPathExpr"), detail);
    }
    for word in local_path_words(expr, false) {
        cx.invalid_at(list, "subPathExpr", &format!("{expr:?}"), word);
    }
}

fn propagation(cx: &mut Cx<'_>, list: &Node, mount: &Node, container: &Node) {
    let value = mount.of("mountPropagation");
    let privileged = container.of("securityContext").is_true("privileged");
    if !value.is_null() {
        match value.str() {
            "Bidirectional" if !privileged => {
                let detail =
                    "Bidirectional mount propagation is available only to privileged containers";
                cx.forbidden(list, "mountPropagation", detail);
            }
            "Bidirectional" | "HostToContainer" | "None" => {}
            other => cx.unsupported(
                list,
                "mountPropagation",
                other,
                &["Bidirectional", "HostToContainer", "None"],
            ),
        }
    }
    recursive(cx, list, mount, value.str());
}

fn recursive(cx: &mut Cx<'_>, list: &Node, mount: &Node, propagation: &str) {
    let value = mount.of("recursiveReadOnly");
    if value.is_null() || value.str() == "Disabled" {
        return;
    }
    match value.str() {
        "IfPossible" | "Enabled" => {
            if !mount.is_true("readOnly") {
                cx.forbidden(
                    list,
                    "recursiveReadOnly",
                    "may only be specified when readOnly is true",
                );
            }
            if !matches!(propagation, "" | "None") {
                let detail = "may only be specified when mountPropagation is None or not specified";
                cx.forbidden(list, "recursiveReadOnly", detail);
            }
        }
        _ => cx.unsupported(
            list,
            "recursiveReadOnly",
            value.str(),
            &["Disabled", "IfPossible", "Enabled"],
        ),
    }
}

/// `volumeDevices` of a container: block devices come from claims.
pub(super) fn volume_devices(cx: &mut Cx<'_>, pod: &PodFacts<'_>, container: &Node) {
    let mut paths: Vec<&str> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for device in container.list("volumeDevices") {
        let name = device.text("name");
        if name.is_empty() {
            cx.required(device, "name", "");
        }
        if names.contains(&name) {
            cx.invalid(device.of("name"), "must be unique");
        }
        let volume = pod.spec.list("volumes").iter().find(|volume| volume.text("name") == name);
        let from_claim =
            volume.is_some_and(|v| v.has("persistentVolumeClaim") || v.has("ephemeral"));
        if !name.is_empty() && volume.is_some() && !from_claim {
            let detail = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
            cx.invalid(device.of("name"), detail);
        } else if !pod.volume_names.contains(&name) {
            cx.not_found(device, "name", &format!("{name:?}"));
        }
        let path = device.text("devicePath");
        if path.is_empty() {
            cx.required(device, "devicePath", "");
        } else {
            if paths.contains(&path) {
                cx.invalid(device.of("devicePath"), "must be unique");
            }
            if path.split('/').any(|part| part == "..") {
                cx.invalid(device.of("devicePath"), "can not contain backsteps ('..')");
            }
            let mounted =
                container.list("volumeMounts").iter().any(|m| m.text("mountPath") == path);
            if mounted {
                cx.invalid(device.of("devicePath"), "must not already exist in volumeMounts");
            }
            paths.push(path);
        }
        names.push(name);
    }
    if pod.own_users && !container.list("volumeDevices").is_empty() {
        cx.forbidden(container, "volumeDevices", "when `hostUsers` is false");
    }
}
