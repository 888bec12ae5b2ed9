//! The order in which Helm installs, and prints, kinds.

use plimsoll_gotmpl::Compat;

/// helm: kind_sorter.go, InstallOrder. The last two are Helm 4's alone.
const INSTALL_ORDER: [&str; 38] = [
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

const HELM_4_KINDS: usize = 2;

/// Sorts stably by kind as Helm does: the known kinds in their order, then the others by name.
pub fn sort_by_kind<T>(items: &mut [T], compat: Compat, kind: impl Fn(&T) -> &str) {
    let known = match compat {
        Compat::Helm3 => &INSTALL_ORDER[..INSTALL_ORDER.len() - HELM_4_KINDS],
        Compat::Helm4 => &INSTALL_ORDER[..],
    };
    let rank = |kind: &str| known.iter().position(|one| *one == kind).unwrap_or(known.len());
    items.sort_by(|a, b| {
        let (a, b) = (kind(a), kind(b));
        let (rank_a, rank_b) = (rank(a), rank(b));
        let unknown = rank_a == known.len() && rank_b == known.len();
        rank_a.cmp(&rank_b).then_with(|| if unknown { a.cmp(b) } else { std::cmp::Ordering::Equal })
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(compat: Compat, kinds: &[&str], sorted: &[&str]) {
        let mut kinds = kinds.to_vec();
        sort_by_kind(&mut kinds, compat, |kind| kind);
        assert_eq!(kinds, sorted);
    }

    #[test]
    fn unknown_kinds_come_last_by_name() {
        check(
            Compat::Helm4,
            &["b", "Job", "", "ValidatingWebhookConfiguration", "Secret", "A"],
            &["Secret", "Job", "ValidatingWebhookConfiguration", "", "A", "b"],
        );
    }

    #[test]
    fn helm_3_does_not_know_webhooks() {
        check(
            Compat::Helm3,
            &["MutatingWebhookConfiguration", "A", "APIService"],
            &["APIService", "A", "MutatingWebhookConfiguration"],
        );
    }
}
