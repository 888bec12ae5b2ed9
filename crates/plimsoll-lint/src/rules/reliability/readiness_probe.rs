use plimsoll_kube::{Container, ContainerRole, Fields, Object, Pod, PodOwner, has_labels};

use crate::context::called;
use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Containers behind a Service have a readiness probe.
    ///
    /// Asked of the main containers of a Deployment, StatefulSet, DaemonSet or ReplicaSet whose pods
    /// a Service of the same namespace selects.
    ///
    /// ## Why
    /// Without a probe a pod gets requests as soon as its process has started, before it can answer
    /// them, and goes on getting them when it no longer can: every rollout loses requests.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: api
    /// spec:
    ///   selector:
    ///     app: api
    ///   ports:
    ///     - port: 80
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    /// spec:
    ///   selector:
    ///     matchLabels:
    ///       app: api
    ///   template:
    ///     metadata:
    ///       labels:
    ///         app: api
    ///     spec:
    ///       containers:
    ///         - name: api
    ///           image: registry.example/api:1.4.2
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: api
    /// spec:
    ///   selector:
    ///     app: api
    ///   ports:
    ///     - port: 80
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    /// spec:
    ///   selector:
    ///     matchLabels:
    ///       app: api
    ///   template:
    ///     metadata:
    ///       labels:
    ///         app: api
    ///     spec:
    ///       containers:
    ///         - name: api
    ///           image: registry.example/api:1.4.2
    ///           readinessProbe:
    ///             httpGet:
    ///               path: /ready
    ///               port: 8080
    /// ```
    "readiness-probe", Reliability, Warning, [Default], Check::Pod(check)
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    use PodOwner::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
    if !matches!(pod.owner, Deployment | StatefulSet | DaemonSet | ReplicaSet) {
        return;
    }
    let without = |one: &Container<'a>| {
        one.role == ContainerRole::Main && one.node.field("readinessProbe").is_none()
    };
    let mut containers = pod.containers().filter(without).peekable();
    if containers.peek().is_none() {
        return;
    }
    let set = cx.set;
    let mut services = set.beside(&cx.object, "", "Service");
    let Some(service) = services.find(|service| targets(service, pod)) else { return };
    for container in containers {
        cx.report(
            (container.node, &["readinessProbe"]),
            format!(
                "{} has no readiness probe, and Service `{}` sends it requests",
                called(&container),
                service.name()
            ),
            "set `readinessProbe` to a request that only succeeds once the container can serve",
        );
    }
}

fn targets(service: &Object<'_>, pod: &Pod<'_>) -> bool {
    let Some(spec) = service.spec().filter(|spec| spec.text("type") != "ExternalName") else {
        return false;
    };
    let selector = spec.field("selector").filter(|selector| !selector.as_map().is_empty());
    selector.is_some_and(|selector| has_labels(selector, pod.labels()))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    fn release(service: &str, kind: &str) -> String {
        format!(
            "{{kind: Service, apiVersion: v1, metadata: {{name: s}}, spec: {{{service}}}}}\n---\n\
             {{kind: {kind}, apiVersion: apps/v1, spec: {{template: {{metadata: {{labels: {{app: a, x: y}}}}, spec: {{initContainers: [{{name: i}}], containers: [{{name: c}}]}}}}}}}}\n"
        )
    }

    #[test]
    fn a_service_must_select_the_pod() {
        let path = "spec.template.spec.containers[0].readinessProbe";
        check(&super::RULE, &release("selector: {app: a}", "Deployment"), &[path]);
        check(&super::RULE, &release("selector: {app: b}", "Deployment"), &[]);
        check(&super::RULE, &release("selector: {}", "Deployment"), &[]);
        check(&super::RULE, &release("", "Deployment"), &[]);
        check(&super::RULE, &release("type: ExternalName, selector: {app: a}", "Deployment"), &[]);
    }

    #[test]
    fn jobs_are_never_asked() {
        let text = release("selector: {app: a}", "Job").replace("apps/v1", "batch/v1");
        check(&super::RULE, &text, &[]);
    }

    #[test]
    fn another_namespace_is_another_world() {
        let text = release("selector: {app: a}", "StatefulSet");
        let text = text.replace("name: s", "name: s, namespace: other");
        check(&super::RULE, &text, &[]);
    }
}
