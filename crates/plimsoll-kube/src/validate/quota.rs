//! Whether objects fit into the quotas that stand among them.

use plimsoll_source::Severity;
use plimsoll_yaml::Node;

use super::node::Fields as _;
use super::problem::Problem;
use super::set::may_be_same;
use super::value::quantity_of;
use crate::{Object, Pod, PodOwner};

/// A billionth is what amounts are counted in.
const ONE: i128 = 1_000_000_000;

/// Objects that a quota counts by a word of its own.
const COUNTED: &[(&str, &str)] = &[
    ("configmaps", "ConfigMap"),
    ("persistentvolumeclaims", "PersistentVolumeClaim"),
    ("replicationcontrollers", "ReplicationController"),
    ("resourcequotas", "ResourceQuota"),
    ("secrets", "Secret"),
    ("services", "Service"),
];

/// What is said of each quota that is too small for the objects beside it.
pub(super) fn quotas(objects: &[Object<'_>]) -> Vec<(usize, Problem)> {
    let mut found = Vec::new();
    for (at, quota) in objects.iter().enumerate().filter(|(_, one)| one.is("", "ResourceQuota")) {
        let spec = quota.node.of("spec");
        // Which pods a scope means is the server's matter.
        if !spec.list("scopes").is_empty() || spec.has("scopeSelector") {
            continue;
        }
        for entry in spec.map("hard") {
            let resource = String::from_utf8_lossy(&entry.key);
            let Some(asked) = asked(objects, quota, &resource) else { continue };
            if asked > quantity_of(&entry.value) {
                let problem = exceeded(quota, &entry.value, &resource, asked);
                found.push((at, problem));
            }
        }
    }
    found
}

fn exceeded(quota: &Object<'_>, hard: &Node, resource: &str, asked: i128) -> Problem {
    let thousandths = asked * 1000 / ONE;
    let asked = if thousandths % 1000 == 0 {
        (thousandths / 1000).to_string()
    } else {
        format!("{thousandths}m")
    };
    let limit = super::shown(hard);
    Problem {
        rule: "quota-exceeded",
        severity: Severity::Warning,
        path: crate::field_path(quota.node, hard),
        message: format!(
            "exceeded quota: {}, requested: {resource}={asked}, limited: {resource}={}: the objects beside it ask for more",
            quota.name(),
            limit.trim_matches('"'),
        ),
        span: hard.span,
        help: String::new(),
    }
}

/// How much of a resource the objects of a quota's namespace ask for; `None` where that is not known.
fn asked(objects: &[Object<'_>], quota: &Object<'_>, resource: &str) -> Option<i128> {
    let near = objects.iter().filter(|one| may_be_same(one.namespace(), quota.namespace()));
    if let Some((_, kind)) = COUNTED.iter().find(|(name, _)| *name == resource) {
        return Some(near.filter(|one| one.kind == *kind).count() as i128 * ONE);
    }
    let (list, name) = match resource {
        "pods" => ("", ""),
        "cpu" | "memory" => ("requests", resource),
        _ => resource.split_once('.').filter(|(list, _)| matches!(*list, "requests" | "limits"))?,
    };
    if !list.is_empty() && !matches!(name, "cpu" | "memory" | "ephemeral-storage") {
        return None;
    }
    Some(near.filter_map(Object::pod).map(|pod| pods(&pod) * of_pod(&pod, list, name)).sum())
}

/// How many pods there are of a template at once.
fn pods(pod: &Pod<'_>) -> i128 {
    let spec = pod.object.node.of("spec");
    match pod.owner {
        PodOwner::Pod => 1,
        PodOwner::Deployment
        | PodOwner::StatefulSet
        | PodOwner::ReplicaSet
        | PodOwner::ReplicationController => spec.int("replicas").unwrap_or(1).max(0).into(),
        PodOwner::Job => spec.int("parallelism").unwrap_or(1).max(0).into(),
        _ => 0,
    }
}

/// What one pod asks for: its containers together.
fn of_pod(pod: &Pod<'_>, list: &str, name: &str) -> i128 {
    if list.is_empty() {
        return ONE;
    }
    let own = pod.spec.of("resources").of(list).of(name);
    if !own.is_null() {
        return quantity_of(own);
    }
    let amount = |container: crate::Container<'_>| {
        let asked = container.resource(list, name);
        // k8s: a limit alone is a request too.
        let asked = asked.or_else(|| container.resource("limits", name));
        asked.map_or(0, quantity_of)
    };
    pod.containers().filter(crate::Container::is_long_running).map(amount).sum()
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    use super::*;
    use crate::{objects, read_documents};

    #[track_caller]
    fn check(hard: &str, replicas: usize, want: &[&str]) {
        let text = format!(
            "{{apiVersion: v1, kind: ResourceQuota, metadata: {{name: q}}, spec: {{hard: {hard}}}}}\n---\n{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: d}}, spec: {{replicas: {replicas}, template: {{spec: {{containers: [{{name: a, resources: {{requests: {{cpu: 300m}}, limits: {{memory: 1Gi}}}}}}]}}}}}}}}"
        );
        let documents = read_documents(text.as_bytes(), FileId(0));
        let found = quotas(&objects(&documents));
        let got: Vec<&str> =
            found.iter().map(|(_, one)| one.message.split(": the obj").next().unwrap()).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn quotas_are_for_all_pods_of_all_replicas() {
        check("{cpu: 1, pods: 3, services: 0}", 3, &[]);
        check(
            "{cpu: 1, pods: 3}",
            4,
            &[
                "exceeded quota: q, requested: cpu=1200m, limited: cpu=1",
                "exceeded quota: q, requested: pods=4, limited: pods=3",
            ],
        );
        check(
            "{requests.memory: 1Gi, limits.cpu: 1}",
            2,
            &[
                "exceeded quota: q, requested: requests.memory=2147483648, limited: requests.memory=1Gi",
            ],
        );
    }
}
