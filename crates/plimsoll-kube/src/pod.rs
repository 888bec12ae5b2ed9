use plimsoll_yaml::Node;

use crate::{Container, ContainerRole, Fields, Object};

/// What makes the pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PodOwner {
    /// Nothing: a pod by itself.
    Pod,
    /// apps `Deployment`
    Deployment,
    /// apps `StatefulSet`
    StatefulSet,
    /// apps `DaemonSet`
    DaemonSet,
    /// apps `ReplicaSet`
    ReplicaSet,
    /// `ReplicationController`
    ReplicationController,
    /// batch `Job`
    Job,
    /// batch `CronJob`
    CronJob,
    /// A `PodTemplate`.
    PodTemplate,
    /// A kind that Kubernetes does not know, with a pod template in the usual place: an Argo
    /// `Rollout`, a Knative `Service`.
    Other,
}

/// A pod or the template of one.
#[derive(Clone, Copy, Debug)]
pub struct Pod<'a> {
    /// The object that it stands in.
    pub object: Object<'a>,
    /// What makes it.
    pub owner: PodOwner,
    /// The node that holds the pod's `metadata` and `spec`.
    pub template: &'a Node,
    /// The pod's `spec`.
    pub spec: &'a Node,
}

const TEMPLATE: &[&str] = &["spec", "template"];
const JOB_TEMPLATE: &[&str] = &["spec", "jobTemplate", "spec", "template"];

/// Groups, kind, who makes the pod, where its template is.
const KINDS: &[(&[&str], &str, PodOwner, &[&str])] = &[
    (&[""], "Pod", PodOwner::Pod, &[]),
    (&["apps", "extensions"], "Deployment", PodOwner::Deployment, TEMPLATE),
    (&["apps"], "StatefulSet", PodOwner::StatefulSet, TEMPLATE),
    (&["apps", "extensions"], "DaemonSet", PodOwner::DaemonSet, TEMPLATE),
    (&["apps", "extensions"], "ReplicaSet", PodOwner::ReplicaSet, TEMPLATE),
    (&[""], "ReplicationController", PodOwner::ReplicationController, TEMPLATE),
    (&["batch"], "Job", PodOwner::Job, TEMPLATE),
    (&["batch"], "CronJob", PodOwner::CronJob, JOB_TEMPLATE),
    (&[""], "PodTemplate", PodOwner::PodTemplate, &["template"]),
];

/// Where containers are listed, in the order in which they run.
const LISTS: [(&str, ContainerRole); 3] = [
    ("initContainers", ContainerRole::Init),
    ("containers", ContainerRole::Main),
    ("ephemeralContainers", ContainerRole::Ephemeral),
];

impl<'a> Pod<'a> {
    pub(crate) fn of(object: Object<'a>) -> Option<Pod<'a>> {
        let group = object.group();
        let known =
            KINDS.iter().find(|(groups, kind, ..)| *kind == object.kind && groups.contains(&group));
        match known {
            Some(&(_, _, owner, path)) => Pod::at(object, owner, path),
            None => [TEMPLATE, JOB_TEMPLATE]
                .into_iter()
                .filter_map(|path| Pod::at(object, PodOwner::Other, path))
                .find(|pod| !pod.spec.items("containers").is_empty()),
        }
    }

    fn at(object: Object<'a>, owner: PodOwner, path: &[&str]) -> Option<Pod<'a>> {
        let template = object.node.at(path)?;
        let spec = template.field("spec")?;
        Some(Pod { object, owner, template, spec })
    }

    /// The pod's labels: those of the template, not of its owner.
    pub fn labels(&self) -> Option<&'a Node> {
        self.template.at(&["metadata", "labels"])
    }

    /// The text of an annotation of the pod.
    pub fn annotation(&self, key: &str) -> Option<&'a str> {
        self.template.at(&["metadata", "annotations", key]).and_then(Node::as_str)
    }

    /// The pod's `securityContext`.
    pub fn security_context(&self) -> Option<&'a Node> {
        self.spec.field("securityContext")
    }

    /// Whether it is said to run on Windows.
    pub fn is_windows(&self) -> bool {
        self.spec.at(&["os", "name"]).and_then(Node::as_str) == Some("windows")
    }

    /// Whether it has user namespaces: `hostUsers: false`.
    pub fn has_own_users(&self) -> bool {
        self.spec.flag("hostUsers") == Some(false)
    }

    /// All containers: init containers first, as they run, ephemeral ones last.
    pub fn containers(&self) -> impl Iterator<Item = Container<'a>> + use<'a> {
        let pod = *self;
        LISTS.into_iter().flat_map(move |(key, role)| {
            let nodes = pod.spec.items(key).iter();
            nodes.map(move |node| Container::new(pod, node, role))
        })
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    use super::*;
    use crate::{objects, read_documents};

    #[track_caller]
    fn check(head: &str, spec_at: &str, owner: Option<PodOwner>) {
        let pod = "{containers: [{name: a}, {name: b}]}";
        let (open, close) = spec_at
            .split('.')
            .map(|key| (format!("{{{key}: "), "}"))
            .fold((String::new(), String::new()), |(open, close), (key, end)| {
                (open + &key, close + end)
            });
        let body = format!("{open}{pod}{close}");
        let text = format!("{{{head}, {}", &body[1..]);
        let documents = read_documents(text.as_bytes(), FileId(0));
        let found = objects(&documents)[0].pod();
        assert_eq!(found.map(|pod| pod.owner), owner, "{text}");
        if let Some(pod) = found {
            assert_eq!(pod.containers().map(|c| c.name()).collect::<Vec<_>>(), ["a", "b"]);
        }
    }

    #[test]
    fn every_workload_has_its_pod() {
        check("kind: Pod, apiVersion: v1", "spec", Some(PodOwner::Pod));
        check(
            "kind: Deployment, apiVersion: apps/v1",
            "spec.template.spec",
            Some(PodOwner::Deployment),
        );
        check(
            "kind: CronJob, apiVersion: batch/v1",
            "spec.jobTemplate.spec.template.spec",
            Some(PodOwner::CronJob),
        );
        check("kind: PodTemplate, apiVersion: v1", "template.spec", Some(PodOwner::PodTemplate));
        check("kind: Service, apiVersion: v1", "spec", None);
    }

    #[test]
    fn foreign_kinds_are_known_by_their_shape() {
        let rollout = "kind: Rollout, apiVersion: argoproj.io/v1alpha1";
        check(rollout, "spec.template.spec", Some(PodOwner::Other));
        let knative = "kind: Service, apiVersion: serving.knative.dev/v1";
        check(knative, "spec.template.spec", Some(PodOwner::Other));
    }
}
