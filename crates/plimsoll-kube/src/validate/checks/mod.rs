//! What the server checks beyond types: one file for a kind or a part of kinds, found by the name of
//! the type.

mod admission_policy;
mod affinity;
mod amount;
mod autoscaler;
mod cel;
mod certificate;
mod claim;
mod config;
mod container;
mod crd;
mod crd_cost;
mod crd_rules;
mod crd_schema;
mod cron;
mod cron_job;
mod device_capacity;
mod device_claim;
mod device_taint;
mod disruption;
mod endpoints;
mod env;
mod event;
mod flow;
mod ingress;
mod job;
mod lease_candidate;
mod meta;
mod network_policy;
mod others;
mod pod;
mod pod_failure;
mod pod_parts;
mod pod_security;
mod pod_warnings;
mod probe;
mod quota;
mod rare;
mod rbac;
mod resource_slice;
mod resources;
mod review;
mod security;
mod selector;
mod service;
mod service_address;
mod slice_device;
mod slice_pool;
mod spread;
mod storage;
mod storage_version;
mod volume;
mod volume_kinds;
mod volume_mount;
mod volume_paths;
mod volume_sources;
mod warnings;
mod webhook;
mod workload;

pub(super) use cron::is_duration;
pub(super) use meta::{MetaRules, object_meta};
pub(super) use pod::{pod_spec, pod_template};
pub(super) use warnings::warn;

use super::cx::Cx;
use super::names;

/// The check of a kind.
type Check = fn(&mut Cx<'_>);

/// By kind's type, in order.
const CHECKS: &[(&str, Check)] = &[
    ("admissionregistration.v1.MutatingAdmissionPolicy", admission_policy::mutating),
    ("admissionregistration.v1.MutatingAdmissionPolicyBinding", admission_policy::binding),
    ("admissionregistration.v1.MutatingWebhookConfiguration", webhook::mutating),
    ("admissionregistration.v1.ValidatingAdmissionPolicy", admission_policy::validating),
    ("admissionregistration.v1.ValidatingAdmissionPolicyBinding", admission_policy::binding),
    ("admissionregistration.v1.ValidatingWebhookConfiguration", webhook::validating),
    ("apiextensions.v1.CustomResourceDefinition", crd::definition),
    ("apiregistration.v1.APIService", others::api_service),
    ("apiserverinternal.v1alpha1.StorageVersion", storage_version::storage_version),
    ("apps.v1.ControllerRevision", rare::controller_revision),
    ("apps.v1.DaemonSet", workload::daemon_set),
    ("apps.v1.Deployment", workload::deployment),
    ("apps.v1.ReplicaSet", workload::replica_set),
    ("apps.v1.StatefulSet", workload::stateful_set),
    ("authentication.v1.TokenReview", review::token_review),
    ("authorization.v1.LocalSubjectAccessReview", review::local_access_review),
    ("authorization.v1.SelfSubjectAccessReview", review::self_access_review),
    ("authorization.v1.SelfSubjectRulesReview", review::rules_review),
    ("authorization.v1.SubjectAccessReview", review::access_review),
    ("autoscaling.v1.HorizontalPodAutoscaler", autoscaler::autoscaler),
    ("autoscaling.v2.HorizontalPodAutoscaler", autoscaler::autoscaler),
    ("batch.v1.CronJob", cron_job::cron_job),
    ("batch.v1.Job", job::job),
    ("certificates.v1.CertificateSigningRequest", certificate::signing_request),
    ("certificates.v1.ClusterTrustBundle", certificate::trust_bundle),
    ("certificates.v1.PodCertificateRequest", certificate::pod_certificate),
    ("coordination.v1.Lease", others::lease),
    ("coordination.v1alpha2.LeaseCandidate", lease_candidate::lease_candidate),
    ("coordination.v1beta1.LeaseCandidate", lease_candidate::lease_candidate),
    ("core.v1.Binding", review::binding),
    ("core.v1.ConfigMap", config::config_map),
    ("core.v1.Endpoints", endpoints::endpoints),
    ("core.v1.Event", event::event),
    ("core.v1.LimitRange", quota::limit_range),
    ("core.v1.Namespace", others::namespace),
    ("core.v1.Node", others::node),
    ("core.v1.PersistentVolume", volume_kinds::persistent_volume),
    ("core.v1.PersistentVolumeClaim", claim::claim),
    ("core.v1.Pod", workload::pod),
    ("core.v1.PodTemplate", workload::template_kind),
    ("core.v1.ReplicationController", workload::replication_controller),
    ("core.v1.ResourceQuota", quota::resource_quota),
    ("core.v1.Secret", config::secret),
    ("core.v1.Service", service::service),
    ("discovery.v1.EndpointSlice", endpoints::endpoint_slice),
    ("events.v1.Event", event::event_of_group),
    ("flowcontrol.v1.FlowSchema", flow::flow_schema),
    ("flowcontrol.v1.PriorityLevelConfiguration", flow::priority_level),
    ("networking.v1.IPAddress", rare::ip_address),
    ("networking.v1.Ingress", ingress::ingress),
    ("networking.v1.IngressClass", ingress::ingress_class),
    ("networking.v1.NetworkPolicy", network_policy::network_policy),
    ("networking.v1.ServiceCIDR", others::service_cidr),
    ("node.v1.RuntimeClass", others::runtime_class),
    ("policy.v1.PodDisruptionBudget", disruption::disruption_budget),
    ("rbac.v1.ClusterRole", rbac::cluster_role),
    ("rbac.v1.ClusterRoleBinding", rbac::cluster_role_binding),
    ("rbac.v1.Role", rbac::role),
    ("rbac.v1.RoleBinding", rbac::role_binding),
    ("resource.v1.DeviceClass", others::device_class),
    ("resource.v1.DeviceTaintRule", device_taint::device_taint_rule),
    ("resource.v1.ResourceClaim", device_claim::resource_claim),
    ("resource.v1.ResourceClaimTemplate", device_claim::resource_claim_template),
    ("resource.v1.ResourceSlice", resource_slice::resource_slice),
    ("resource.v1alpha3.ResourcePoolStatusRequest", slice_pool::pool_status_request),
    ("scheduling.v1.PriorityClass", others::priority_class),
    ("storage.v1.CSIDriver", storage::csi_driver),
    ("storage.v1.CSINode", storage::csi_node),
    ("storage.v1.CSIStorageCapacity", storage::storage_capacity),
    ("storage.v1.StorageClass", storage::storage_class),
    ("storage.v1.VolumeAttachment", rare::volume_attachment),
    ("storage.v1.VolumeAttributesClass", storage::volume_attributes_class),
    ("storagemigration.v1.StorageVersionMigration", storage_version::migration),
];

/// Runs the check of a kind; whether there is one.
pub(super) fn run(cx: &mut Cx<'_>, type_name: &str) -> bool {
    let Some(check) = of_type(type_name).or_else(|| of_type(&stable(type_name)?)) else {
        return false;
    };
    check(cx);
    true
}

fn of_type(type_name: &str) -> Option<Check> {
    let at = CHECKS.binary_search_by(|(name, _)| (*name).cmp(type_name)).ok()?;
    Some(CHECKS[at].1)
}

/// The type of a kind's stable version, which validates as those before it do: `networking.v1.Ingress`
/// of `networking.v1beta1.Ingress`.
fn stable(type_name: &str) -> Option<String> {
    let (group, rest) = type_name.split_once('.')?;
    let (version, kind) = rest.split_once('.')?;
    let number = version.find("alpha").or_else(|| version.find("beta"))?;
    Some(format!("{group}.{}.{kind}", &version[..number]))
}

/// Whether objects of a kind have names: questions are answered, never stored.
pub(super) fn has_name(type_name: &str) -> bool {
    !type_name.starts_with("authentication.") && !type_name.starts_with("authorization.")
}

/// What names of a kind look like, by its type.
pub(super) fn meta_rules(type_name: &str, namespaced: bool, minor: u16) -> MetaRules {
    let stable = stable(type_name);
    let type_name = stable.as_deref().unwrap_or(type_name);
    let name: meta::NameForm = match type_name {
        "core.v1.Namespace" => names::label,
        "core.v1.Service" if minor >= 36 => names::label,
        "core.v1.Service" => names::label_1035,
        "apps.v1.StatefulSet" if minor >= 36 => names::label,
        "networking.v1.IPAddress"
        | "apiregistration.v1.APIService"
        | "apiserverinternal.v1.StorageVersion"
        | "certificates.v1.CertificateSigningRequest"
        | "certificates.v1.ClusterTrustBundle"
        | "coordination.v1.LeaseCandidate"
        | "core.v1.Event"
        | "policy.v1.PodDisruptionBudget"
        | "rbac.v1.Role"
        | "rbac.v1.RoleBinding"
        | "rbac.v1.ClusterRole"
        | "rbac.v1.ClusterRoleBinding" => names::path_segment,
        _ => names::subdomain,
    };
    let generic = [
        "admissionregistration.",
        "apiextensions.",
        "apiregistration.",
        "coordination.",
        "core.v1.Event",
        "node.",
        "policy.",
    ]
    .iter()
    .any(|prefix| type_name.starts_with(prefix));
    MetaRules {
        name,
        namespaced,
        known_finalizers: !generic,
        free_prefix: matches!(
            type_name,
            "resource.v1.DeviceClass"
                | "resource.v1.ResourceClaim"
                | "resource.v1.ResourceClaimTemplate"
        ),
        may_lack_name: type_name == "core.v1.LimitRange",
        keeps_generation: keeps_generation(type_name),
    }
}

/// k8s: strategies of workloads and policies count generations themselves.
fn keeps_generation(type_name: &str) -> bool {
    let counted = ["core.v1.Pod", "core.v1.PodTemplate", "core.v1.ReplicationController"];
    let prefixes = [
        "apiregistration.",
        "certificates.",
        "coordination.",
        "core.",
        "events.",
        "node.",
        "rbac.",
        "resource.v1.ResourceClaim",
        "resource.v1.ResourcePoolStatusRequest",
        "storage.",
        "storagemigration.",
    ];
    matches!(type_name, "apps.v1.ControllerRevision" | "networking.v1.ServiceCIDR")
        || !counted.contains(&type_name)
            && prefixes.iter().any(|prefix| type_name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_every_type_exists() {
        assert!(CHECKS.is_sorted_by_key(|(name, _)| *name));
        for (name, _) in CHECKS {
            assert!(crate::schema::find_type(name).is_some(), "{name}");
        }
    }
}
