use plimsoll_kube::Container;

use crate::context::called;
use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Containers do not run as root.
    ///
    /// A container counts as safe if `runAsNonRoot` is true or `runAsUser` is not 0, on the container
    /// or on its pod; the container's own setting wins. With `hostUsers: false` root inside is nobody
    /// outside, so that such pods are left alone from Kubernetes 1.35 on.
    ///
    /// ## Why
    /// Who breaks out of a container that runs as root is root on the node. Without `runAsNonRoot` the
    /// image alone decides, and a new version of it may decide otherwise.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   securityContext:
    ///     runAsNonRoot: true
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    "run-as-non-root", Security, Warning, [Default, PssRestricted], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    let by_user = container.run_as_user().is_some_and(|user| user > 0);
    let exempt = container.pod.has_own_users() && cx.settings.is_since(35);
    if container.run_as_non_root() == Some(true) || by_user || exempt {
        return;
    }
    cx.report(
        (container.node, &["securityContext", "runAsNonRoot"]),
        format!("{} may run as root", called(container)),
        "set `securityContext.runAsNonRoot: true`, and `runAsUser` if the image's own user is root",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    fn pod(pod: &str, container: &str) -> String {
        format!(
            "{{kind: Pod, apiVersion: v1, spec: {{{pod} containers: [{{name: a, {container}}}]}}}}"
        )
    }

    #[test]
    fn the_pod_answers_for_its_containers() {
        check(&super::RULE, &pod("securityContext: {runAsNonRoot: true},", ""), &[]);
        check(&super::RULE, &pod("securityContext: {runAsUser: 1000},", ""), &[]);
    }

    #[test]
    fn the_container_has_the_last_word() {
        let text =
            pod("securityContext: {runAsNonRoot: true},", "securityContext: {runAsNonRoot: false}");
        check(&super::RULE, &text, &["spec.containers[0].securityContext.runAsNonRoot"]);
        let text = pod("securityContext: {runAsUser: 1000},", "securityContext: {runAsUser: 0}");
        check(&super::RULE, &text, &["spec.containers[0].securityContext.runAsNonRoot"]);
    }

    #[test]
    fn a_text_is_no_boolean() {
        let text = pod("securityContext: {runAsNonRoot: 'true'},", "");
        check(&super::RULE, &text, &["spec.containers[0].securityContext.runAsNonRoot"]);
    }

    #[test]
    fn every_container_counts() {
        let text = "{kind: Pod, apiVersion: v1, spec: {initContainers: [{name: a}], containers: [{name: b}], ephemeralContainers: [{name: c}]}}";
        let places = ["initContainers", "containers", "ephemeralContainers"];
        let paths = places.map(|list| format!("spec.{list}[0].securityContext.runAsNonRoot"));
        check(&super::RULE, text, &paths.each_ref().map(String::as_str));
    }

    #[test]
    fn a_user_namespace_makes_root_harmless() {
        check(&super::RULE, &pod("hostUsers: false,", ""), &[]);
    }
}
