//! API versions that Kubernetes has deprecated or removed.

use plimsoll_kube::Object;

/// An API version of some kinds.
#[derive(Debug)]
pub(crate) struct OldApi {
    version: &'static str,
    kinds: &'static [&'static str],
    /// The minor version of Kubernetes 1 that deprecated it.
    pub(crate) deprecated: u32,
    /// The minor version of Kubernetes 1 that removed it; `u32::MAX` where none did yet.
    pub(crate) removed: u32,
    /// What to write instead.
    instead: &'static str,
}

/// What is old about an object's API version.
pub(crate) fn find(object: &Object<'_>) -> Option<&'static OldApi> {
    OLD.iter().find(|old| old.version == object.api_version && old.kinds.contains(&object.kind))
}

/// What to do about it.
pub(crate) fn help(old: &OldApi) -> String {
    match old.instead {
        "" => "there is nothing in its place: remove the object".to_owned(),
        instead => format!("write it as {instead}"),
    }
}

const fn old(
    version: &'static str,
    kinds: &'static [&'static str],
    (deprecated, removed): (u32, u32),
    instead: &'static str,
) -> OldApi {
    OldApi { version, kinds, deprecated, removed, instead }
}

const NEVER: u32 = u32::MAX;

const OLD: &[OldApi] = &[
    old("extensions/v1beta1", &["Deployment", "DaemonSet", "ReplicaSet"], (8, 16), "`apps/v1`"),
    old("extensions/v1beta1", &["NetworkPolicy"], (9, 16), "`networking.k8s.io/v1`"),
    old("extensions/v1beta1", &["PodSecurityPolicy"], (10, 16), ""),
    old("extensions/v1beta1", &["Ingress"], (14, 22), "`networking.k8s.io/v1`"),
    old("apps/v1beta1", &["Deployment", "StatefulSet", "ReplicaSet"], (9, 16), "`apps/v1`"),
    old(
        "apps/v1beta2",
        &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"],
        (9, 16),
        "`apps/v1`",
    ),
    old(
        "admissionregistration.k8s.io/v1beta1",
        &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
        (16, 22),
        "`admissionregistration.k8s.io/v1`",
    ),
    old(
        "apiextensions.k8s.io/v1beta1",
        &["CustomResourceDefinition"],
        (16, 22),
        "`apiextensions.k8s.io/v1`",
    ),
    old("apiregistration.k8s.io/v1beta1", &["APIService"], (19, 22), "`apiregistration.k8s.io/v1`"),
    old(
        "certificates.k8s.io/v1beta1",
        &["CertificateSigningRequest"],
        (19, 22),
        "`certificates.k8s.io/v1`",
    ),
    old("coordination.k8s.io/v1beta1", &["Lease"], (19, 22), "`coordination.k8s.io/v1`"),
    old(
        "networking.k8s.io/v1beta1",
        &["Ingress", "IngressClass"],
        (19, 22),
        "`networking.k8s.io/v1`",
    ),
    old(
        "rbac.authorization.k8s.io/v1beta1",
        &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
        (17, 22),
        "`rbac.authorization.k8s.io/v1`",
    ),
    old(
        "rbac.authorization.k8s.io/v1alpha1",
        &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
        (17, 22),
        "`rbac.authorization.k8s.io/v1`",
    ),
    old("scheduling.k8s.io/v1beta1", &["PriorityClass"], (14, 22), "`scheduling.k8s.io/v1`"),
    old(
        "storage.k8s.io/v1beta1",
        &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"],
        (19, 22),
        "`storage.k8s.io/v1`",
    ),
    old("batch/v1beta1", &["CronJob"], (21, 25), "`batch/v1`"),
    old("discovery.k8s.io/v1beta1", &["EndpointSlice"], (21, 25), "`discovery.k8s.io/v1`"),
    old("events.k8s.io/v1beta1", &["Event"], (19, 25), "`events.k8s.io/v1`"),
    old("autoscaling/v2beta1", &["HorizontalPodAutoscaler"], (22, 25), "`autoscaling/v2`"),
    old("policy/v1beta1", &["PodDisruptionBudget"], (21, 25), "`policy/v1`"),
    old("policy/v1beta1", &["PodSecurityPolicy"], (21, 25), ""),
    old("node.k8s.io/v1beta1", &["RuntimeClass"], (20, 25), "`node.k8s.io/v1`"),
    old("autoscaling/v2beta2", &["HorizontalPodAutoscaler"], (23, 26), "`autoscaling/v2`"),
    old(
        "flowcontrol.apiserver.k8s.io/v1beta1",
        &["FlowSchema", "PriorityLevelConfiguration"],
        (23, 26),
        "`flowcontrol.apiserver.k8s.io/v1`",
    ),
    old("storage.k8s.io/v1beta1", &["CSIStorageCapacity"], (24, 27), "`storage.k8s.io/v1`"),
    old(
        "flowcontrol.apiserver.k8s.io/v1beta2",
        &["FlowSchema", "PriorityLevelConfiguration"],
        (26, 29),
        "`flowcontrol.apiserver.k8s.io/v1`",
    ),
    old(
        "flowcontrol.apiserver.k8s.io/v1beta3",
        &["FlowSchema", "PriorityLevelConfiguration"],
        (29, 32),
        "`flowcontrol.apiserver.k8s.io/v1`",
    ),
    old("v1", &["ComponentStatus"], (19, NEVER), ""),
    old("v1", &["Endpoints"], (33, NEVER), "an EndpointSlice of `discovery.k8s.io/v1`"),
];
