use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value as Json;

use super::{FIRST_MINOR, LAST_MINOR, short_name};

/// A kind that some minor serves.
#[derive(Debug, Default)]
pub(super) struct KindRow {
    /// The short name of its type; empty where no schema is known.
    pub(super) type_name: String,
    pub(super) namespaced: bool,
    /// First and last minor that serve it.
    pub(super) from: u16,
    pub(super) to: u16,
    /// What to write instead, as apiVersion; empty where there is nothing.
    pub(super) replacement: String,
    /// What the newest server warns of; empty for most.
    pub(super) deprecated: String,
}

/// Rows by apiVersion and kind.
pub(super) type Kinds = BTreeMap<(String, String), KindRow>;

/// What went before the first minor: apiVersion, kind, the last minor, what to write instead.
const REMOVED: &[(&str, &str, u16, &str)] = &[
    (
        "admissionregistration.k8s.io/v1beta1",
        "MutatingWebhookConfiguration",
        21,
        "admissionregistration.k8s.io/v1",
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        "ValidatingWebhookConfiguration",
        21,
        "admissionregistration.k8s.io/v1",
    ),
    ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", 21, "apiextensions.k8s.io/v1"),
    ("apiregistration.k8s.io/v1beta1", "APIService", 21, "apiregistration.k8s.io/v1"),
    ("apps/v1beta1", "Deployment", 15, "apps/v1"),
    ("apps/v1beta1", "StatefulSet", 15, "apps/v1"),
    ("apps/v1beta2", "DaemonSet", 15, "apps/v1"),
    ("apps/v1beta2", "Deployment", 15, "apps/v1"),
    ("apps/v1beta2", "ReplicaSet", 15, "apps/v1"),
    ("apps/v1beta2", "StatefulSet", 15, "apps/v1"),
    ("autoscaling/v2beta1", "HorizontalPodAutoscaler", 24, "autoscaling/v2"),
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler", 25, "autoscaling/v2"),
    ("batch/v1beta1", "CronJob", 24, "batch/v1"),
    ("batch/v2alpha1", "CronJob", 20, "batch/v1"),
    ("certificates.k8s.io/v1beta1", "CertificateSigningRequest", 21, "certificates.k8s.io/v1"),
    ("coordination.k8s.io/v1beta1", "Lease", 21, "coordination.k8s.io/v1"),
    ("discovery.k8s.io/v1beta1", "EndpointSlice", 24, "discovery.k8s.io/v1"),
    ("events.k8s.io/v1beta1", "Event", 24, "events.k8s.io/v1"),
    ("extensions/v1beta1", "DaemonSet", 15, "apps/v1"),
    ("extensions/v1beta1", "Deployment", 15, "apps/v1"),
    ("extensions/v1beta1", "Ingress", 21, "networking.k8s.io/v1"),
    ("extensions/v1beta1", "NetworkPolicy", 15, "networking.k8s.io/v1"),
    ("extensions/v1beta1", "PodSecurityPolicy", 15, ""),
    ("extensions/v1beta1", "ReplicaSet", 15, "apps/v1"),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema", 25, "flowcontrol.apiserver.k8s.io/v1"),
    (
        "flowcontrol.apiserver.k8s.io/v1beta1",
        "PriorityLevelConfiguration",
        25,
        "flowcontrol.apiserver.k8s.io/v1",
    ),
    ("networking.k8s.io/v1beta1", "Ingress", 21, "networking.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", "IngressClass", 21, "networking.k8s.io/v1"),
    ("node.k8s.io/v1alpha1", "RuntimeClass", 23, "node.k8s.io/v1"),
    ("node.k8s.io/v1beta1", "RuntimeClass", 24, "node.k8s.io/v1"),
    ("policy/v1beta1", "PodDisruptionBudget", 24, "policy/v1"),
    ("policy/v1beta1", "PodSecurityPolicy", 24, ""),
    ("rbac.authorization.k8s.io/v1alpha1", "ClusterRole", 22, "rbac.authorization.k8s.io/v1"),
    (
        "rbac.authorization.k8s.io/v1alpha1",
        "ClusterRoleBinding",
        22,
        "rbac.authorization.k8s.io/v1",
    ),
    ("rbac.authorization.k8s.io/v1alpha1", "Role", 22, "rbac.authorization.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1alpha1", "RoleBinding", 22, "rbac.authorization.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRole", 21, "rbac.authorization.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding", 21, "rbac.authorization.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1beta1", "Role", 21, "rbac.authorization.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1beta1", "RoleBinding", 21, "rbac.authorization.k8s.io/v1"),
    ("scheduling.k8s.io/v1alpha1", "PriorityClass", 21, "scheduling.k8s.io/v1"),
    ("scheduling.k8s.io/v1beta1", "PriorityClass", 21, "scheduling.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "CSIDriver", 21, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "CSINode", 21, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "CSIStorageCapacity", 26, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "StorageClass", 21, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "VolumeAttachment", 21, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1alpha1", "CSIStorageCapacity", 23, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1alpha1", "VolumeAttachment", 23, "storage.k8s.io/v1"),
];

/// All kinds, with their types, minors and replacements.
pub(super) fn collect(minors: &[(u16, Json)], served: &Json, newest: &Json) -> Result<Kinds> {
    let mut kinds = Kinds::new();
    for (version, rows) in served.as_object().context("served.json is a map")? {
        let minor: u16 = version.split('.').nth(1).context("a minor")?.parse()?;
        for row in rows.as_array().context("rows")? {
            let words: Vec<&str> = row.as_str().unwrap_or_default().split(' ').collect();
            let [api_version, kind, scope] = words[..] else { continue };
            let key = (api_version.to_owned(), kind.to_owned());
            let entry = kinds.entry(key).or_insert_with(|| KindRow {
                from: minor,
                to: minor,
                ..KindRow::default()
            });
            entry.namespaced = scope == "Namespaced";
            entry.from = entry.from.min(minor);
            entry.to = entry.to.max(minor);
        }
    }
    name_types(&mut kinds, minors);
    for row in newest.as_array().context("rows")? {
        let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
        let key = (text("apiVersion"), text("kind"));
        if let Some(kind) = kinds.get_mut(&key) {
            kind.deprecated = text("deprecated");
        }
    }
    for &(api_version, kind, to, replacement) in REMOVED {
        let key = (api_version.to_owned(), kind.to_owned());
        kinds.entry(key).or_insert_with(|| KindRow {
            to,
            replacement: replacement.to_owned(),
            ..KindRow::default()
        });
    }
    replace(&mut kinds);
    Ok(kinds)
}

fn name_types(kinds: &mut Kinds, minors: &[(u16, Json)]) {
    for (_, definitions) in minors {
        for (name, body) in definitions.as_object().into_iter().flatten() {
            let Some(rows) = body["x-kubernetes-group-version-kind"].as_array() else { continue };
            for row in rows {
                let text = |field: &str| row[field].as_str().unwrap_or_default();
                let api_version = match text("group") {
                    "" => text("version").to_owned(),
                    group => format!("{group}/{}", text("version")),
                };
                if let Some(kind) = kinds.get_mut(&(api_version, text("kind").to_owned())) {
                    short_name(name).clone_into(&mut kind.type_name);
                }
            }
        }
    }
}

/// A kind that is gone is replaced by the same kind of its group's best version.
fn replace(kinds: &mut Kinds) {
    let living: Vec<(String, String)> =
        kinds.iter().filter(|(_, row)| row.to == LAST_MINOR).map(|(key, _)| key.clone()).collect();
    for ((api_version, kind), row) in kinds.iter_mut() {
        if row.to == LAST_MINOR || row.to < FIRST_MINOR || !row.replacement.is_empty() {
            continue;
        }
        let group = group_of(api_version);
        let same = living.iter().filter(|(other, name)| name == kind && group_of(other) == group);
        if let Some((other, _)) = same.min_by_key(|(other, _)| stability(other)) {
            row.replacement.clone_from(other);
        }
    }
}

fn group_of(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

fn stability(api_version: &str) -> u8 {
    match api_version {
        beta if beta.contains("beta") => 1,
        alpha if alpha.contains("alpha") => 2,
        _ => 0,
    }
}
