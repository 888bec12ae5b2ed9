//! Environment variables and where they come from.

use plimsoll_yaml::Node;

use super::meta::say;
use super::selector::text_at;
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;

/// The fields of a pod that a variable may show.
const ENV_FIELDS: &[&str] = &[
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// `env` of a container.
pub(super) fn env(cx: &mut Cx<'_>, container: &Node) {
    for variable in container.list("env") {
        let name = variable.text("name");
        if name.is_empty() {
            cx.required(variable, "name", "");
        } else {
            let words = names::env_name(name, cx.minor);
            say(cx, variable.of("name"), words);
        }
        if variable.has("valueFrom") {
            value_from(cx, variable);
        }
    }
}

fn value_from(cx: &mut Cx<'_>, variable: &Node) {
    let source = variable.of("valueFrom");
    let mut count = 0;
    if source.has("fieldRef") {
        count += 1;
        field_ref(cx, source.of("fieldRef"), ENV_FIELDS);
    }
    if source.has("resourceFieldRef") {
        count += 1;
        resource_field_ref(cx, source.of("resourceFieldRef"), false);
    }
    for field in ["configMapKeyRef", "secretKeyRef"] {
        if source.has(field) {
            count += 1;
            key_ref(cx, source.of(field));
        }
    }
    if source.has("fileKeyRef") {
        count += 1;
        file_key_ref(cx, source.of("fileKeyRef"));
    }
    if count == 0 {
        let fields =
            "`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
        cx.invalid(source, &format!("must specify one of: {fields}"));
    } else if !variable.text("value").is_empty() {
        cx.invalid(source, "may not be specified when `value` is not empty");
    } else if count > 1 {
        cx.invalid(source, "may not have more than one field specified at a time");
    }
}

fn key_ref(cx: &mut Cx<'_>, reference: &Node) {
    let name = reference.of("name");
    for word in names::subdomain(name.str()) {
        cx.invalid_at(reference, "name", &shown(name), &word);
    }
    let key = reference.text("key");
    if key.is_empty() {
        cx.required(reference, "key", "");
    } else {
        text_at(cx, reference, "key", names::config_key);
    }
}

fn file_key_ref(cx: &mut Cx<'_>, reference: &Node) {
    for field in ["volumeName", "path", "key"] {
        if reference.text(field).is_empty() {
            cx.required(reference, field, "");
        }
    }
}

/// A field of the pod: its path is known, or names a label or annotation.
pub(super) fn field_ref(cx: &mut Cx<'_>, reference: &Node, known: &[&str]) {
    let version = match reference.text("apiVersion") {
        "" => "v1",
        version => version,
    };
    let path = reference.text("fieldPath");
    if path.is_empty() {
        cx.required(reference, "fieldPath", "");
        return;
    }
    if version != "v1" {
        let detail = format!("error converting fieldPath: unsupported pod version: {version}");
        cx.invalid(reference.of("fieldPath"), &detail);
        return;
    }
    if let Some((base, key)) = subscript(path) {
        subscripted(cx, reference, base, key, path);
        return;
    }
    if !is_convertible(path) {
        let detail = format!("error converting fieldPath: field label not supported: {path}");
        cx.invalid(reference.of("fieldPath"), &detail);
    } else if !known.contains(&path) {
        cx.unsupported(reference, "fieldPath", path, known);
    }
}

/// `metadata.labels['app']` is `metadata.labels` and `app`.
fn subscript(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_suffix("']")?;
    rest.split_once("['").filter(|(base, _)| !base.is_empty())
}

fn subscripted(cx: &mut Cx<'_>, reference: &Node, base: &str, key: &str, path: &str) {
    let words = match base {
        "metadata.labels" => names::qualified(key),
        "metadata.annotations" => names::qualified(&key.to_lowercase()),
        _ => {
            let convertible = is_convertible(base);
            let detail = if convertible {
                format!("{path:?} does not support subscript")
            } else {
                format!(
                    "error converting fieldPath: field label does not support subscript: {path}"
                )
            };
            if convertible {
                cx.invalid_at(reference, "", &format!("{base:?}"), &detail);
            } else {
                cx.invalid(reference.of("fieldPath"), &detail);
            }
            return;
        }
    };
    for word in words {
        cx.invalid_at(reference, "", &format!("{key:?}"), &word);
    }
}

/// What the server can convert from any version of the API, whether or not it may be used here.
fn is_convertible(path: &str) -> bool {
    matches!(
        path,
        "metadata.annotations"
            | "metadata.labels"
            | "metadata.name"
            | "metadata.namespace"
            | "metadata.uid"
            | "spec.nodeName"
            | "spec.restartPolicy"
            | "spec.serviceAccountName"
            | "spec.schedulerName"
            | "status.phase"
            | "status.hostIP"
            | "status.hostIPs"
            | "status.podIP"
            | "status.podIPs"
            | "status.nominatedNodeName"
            | "spec.hostNetwork"
            | "spec.host"
    )
}

/// A resource of a container; in a volume the container has to be named.
pub(super) fn resource_field_ref(cx: &mut Cx<'_>, reference: &Node, in_volume: bool) {
    const RESOURCES: &[&str] = &[
        "limits.cpu",
        "limits.ephemeral-storage",
        "limits.memory",
        "requests.cpu",
        "requests.ephemeral-storage",
        "requests.memory",
    ];
    if in_volume && reference.text("containerName").is_empty() {
        cx.required(reference, "containerName", "");
        return;
    }
    let resource = reference.text("resource");
    if resource.is_empty() {
        cx.required(reference, "resource", "");
        return;
    }
    let huge = ["limits.hugepages-", "requests.hugepages-"];
    if !RESOURCES.contains(&resource) && !huge.iter().any(|prefix| resource.starts_with(prefix)) {
        cx.unsupported(reference, "resource", resource, RESOURCES);
    }
    divisor(cx, reference, resource);
}

fn divisor(cx: &mut Cx<'_>, reference: &Node, resource: &str) {
    use crate::validate::value::{ONE, quantity_of};
    let value = quantity_of(reference.of("divisor"));
    let milli = ONE / 1000;
    let powers = |unit: i128| (0..7).map(move |power| ONE * unit.pow(power));
    let is_cpu = resource.rsplit('.').next() == Some("cpu");
    let good = if is_cpu {
        value == 0 || value == ONE || value == milli
    } else {
        value == 0 || powers(1000).chain(powers(1024)).any(|known| known == value)
    };
    if !good && !reference.of("divisor").is_null() {
        let words = if is_cpu {
            "only divisor's values 1m and 1 are supported with the cpu resource"
        } else {
            "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the memory resource"
        };
        cx.invalid(reference.of("divisor"), words);
    }
}

/// `envFrom` of a container.
pub(super) fn env_from(cx: &mut Cx<'_>, container: &Node) {
    let holder = container.of("envFrom");
    for source in container.list("envFrom") {
        let prefix = source.text("prefix");
        if !prefix.is_empty() {
            let words = names::env_name(prefix, cx.minor);
            say(cx, source.of("prefix"), words);
        }
        let mut count = 0;
        for field in ["configMapRef", "secretRef"] {
            if !source.has(field) {
                continue;
            }
            count += 1;
            let name = source.of(field).of("name");
            if name.str().is_empty() {
                cx.required(source.of(field), "name", "");
            } else {
                // k8s: read as the start of a name.
                say(cx, name, names::as_prefix(name.str(), names::subdomain));
            }
        }
        // k8s: these two are told at the list, not at its item.
        match count {
            1 => {}
            0 => cx.invalid_at(
                holder,
                "",
                &shown(source),
                "must specify one of: `configMapRef` or `secretRef`",
            ),
            _ => cx.invalid_at(
                holder,
                "",
                &shown(source),
                "may not have more than one field specified at a time",
            ),
        }
    }
}
