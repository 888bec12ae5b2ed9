//! Classes of storage and the drivers behind them.

use plimsoll_yaml::Node;

use super::meta::say;
use super::probe::not_negative;
use super::selector::label_selector;
use super::volume_sources::driver_name;
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;
use crate::validate::value::quantity_of;

/// `storage.v1.StorageClass`.
pub(in crate::validate) fn storage_class(cx: &mut Cx<'_>) {
    let root = cx.root;
    provisioner(cx, root, "provisioner");
    parameters(cx, root, true);
    cx.maybe_text_of(root, "reclaimPolicy", &["Delete", "Retain"]);
    cx.maybe_one_of(root, "volumeBindingMode", &["Immediate", "WaitForFirstConsumer"]);
    topologies(cx, root);
}

fn provisioner(cx: &mut Cx<'_>, root: &Node, field: &str) {
    let name = root.text(field);
    if name.is_empty() {
        cx.required(root, field, "");
    } else {
        say(cx, root.of(field), names::qualified(&name.to_lowercase()));
    }
}

fn parameters(cx: &mut Cx<'_>, root: &Node, may_be_empty: bool) {
    let entries = root.map("parameters");
    let size: usize = entries.iter().map(|entry| entry.key.len() + entry.value.str().len()).sum();
    if !may_be_empty && entries.is_empty() {
        cx.required(root, "parameters", "must contain at least one key/value pair");
    }
    if entries.len() > 512 {
        cx.too_long(root, "parameters", 512);
    }
    if entries.iter().any(|entry| entry.key.is_empty()) {
        cx.invalid_at(root, "parameters", "\"\"", "field can not be empty.");
    }
    if size > 256 * 1024 {
        cx.too_long(root, "parameters", 256 * 1024);
    }
}

fn topologies(cx: &mut Cx<'_>, root: &Node) {
    let mut terms: Vec<Vec<(&str, Vec<&str>)>> = Vec::new();
    for term in root.list("allowedTopologies") {
        let mut keys: Vec<&str> = Vec::new();
        let mut this: Vec<(&str, Vec<&str>)> = Vec::new();
        for expression in term.list("matchLabelExpressions") {
            let key = expression.text("key");
            super::selector::text_at(cx, expression, "key", names::qualified);
            if keys.contains(&key) {
                cx.duplicate(expression, "key", &format!("{key:?}"));
            }
            keys.push(key);
            this.push((key, values(cx, expression)));
        }
        this.sort();
        if this.is_empty() || terms.contains(&this) {
            cx.duplicate(term, "matchLabelExpressions", "\"\"");
        }
        terms.push(this);
    }
}

fn values<'a>(cx: &mut Cx<'_>, expression: &'a Node) -> Vec<&'a str> {
    let mut seen: Vec<&str> = Vec::new();
    if expression.list("values").is_empty() {
        cx.required(expression, "values", "");
    }
    for value in expression.list("values") {
        say(cx, value, names::label_value(value.str()));
        if seen.contains(&value.str()) {
            cx.duplicate(value, "", &shown(value));
        }
        seen.push(value.str());
    }
    seen.sort_unstable();
    seen
}

/// `storage.v1.VolumeAttributesClass`.
pub(in crate::validate) fn volume_attributes_class(cx: &mut Cx<'_>) {
    let root = cx.root;
    provisioner(cx, root, "driverName");
    parameters(cx, root, false);
}

/// `storage.v1.CSIDriver`.
pub(in crate::validate) fn csi_driver(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    let name = root.of("metadata").text("name");
    if name.len() > 63 {
        cx.too_long(root, "metadata.name", 63);
    }
    for mode in spec.list("volumeLifecycleModes") {
        if !matches!(mode.str(), "Persistent" | "Ephemeral") {
            cx.unsupported(spec, "volumeLifecycleModes", mode.str(), &["Persistent", "Ephemeral"]);
        }
    }
    cx.maybe_one_of(spec, "fsGroupPolicy", &["File", "None", "ReadWriteOnceWithFSType"]);
    if spec.has("serviceAccountTokenInSecrets") && spec.list("tokenRequests").is_empty() {
        let detail = "serviceAccountTokenInSecrets is set but no tokenRequests are specified";
        cx.invalid(spec.of("serviceAccountTokenInSecrets"), detail);
    }
    let mut seen: Vec<&str> = Vec::new();
    for request in spec.list("tokenRequests") {
        let audience = request.text("audience");
        if seen.contains(&audience) {
            cx.duplicate(request, "audience", &format!("{audience:?}"));
        }
        seen.push(audience);
        match request.int("expirationSeconds") {
            Some(seconds) if seconds < 600 => {
                let detail = "may not specify a duration less than 10 minutes";
                cx.invalid(request.of("expirationSeconds"), detail);
            }
            Some(seconds) if seconds > 1 << 32 => {
                let detail = "may not specify a duration larger than 2^32 seconds";
                cx.invalid(request.of("expirationSeconds"), detail);
            }
            _ => {}
        }
    }
    if spec.int("nodeAllocatableUpdatePeriodSeconds").is_some_and(|seconds| seconds < 10) {
        let detail = "must be greater than or equal to 10 seconds";
        cx.invalid(spec.of("nodeAllocatableUpdatePeriodSeconds"), detail);
    }
}

/// `storage.v1.CSINode`.
pub(in crate::validate) fn csi_node(cx: &mut Cx<'_>) {
    let mut seen: Vec<&str> = Vec::new();
    for driver in cx.root.of("spec").list("drivers") {
        driver_name(cx, driver, "name");
        let id = driver.text("nodeID");
        if id.is_empty() {
            cx.required(driver, "nodeID", "");
        } else if id.len() > 256 {
            cx.too_long(driver, "nodeID", 256);
        }
        not_negative(cx, driver.of("allocatable"), "count");
        let name = driver.text("name");
        if seen.contains(&name) {
            cx.duplicate(driver, "name", &format!("{name:?}"));
        }
        seen.push(name);
        let mut keys: Vec<&str> = Vec::new();
        for key in driver.list("topologyKeys") {
            if key.str().is_empty() {
                cx.required(driver, "", "");
            }
            if keys.contains(&key.str()) {
                cx.duplicate(driver, "", &shown(key));
            }
            keys.push(key.str());
            for word in names::qualified(key.str()) {
                cx.invalid_at(driver, "", &shown(key), &word);
            }
        }
    }
}

/// `storage.v1.CSIStorageCapacity`.
pub(in crate::validate) fn storage_capacity(cx: &mut Cx<'_>) {
    let root = cx.root;
    let class = root.text("storageClassName");
    for word in names::subdomain(class) {
        cx.invalid_at(root, "storageClassName", &format!("{class:?}"), &word);
    }
    label_selector(cx, root.of("nodeTopology"));
    if quantity_of(root.of("capacity")) < 0 {
        cx.invalid(root.of("capacity"), "must be greater than or equal to 0");
    }
}
