use plimsoll_kube::{Container, Fields, Node, Pod};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Containers do not run as root.
    ///
    /// A container counts as safe if `runAsNonRoot` is true or `runAsUser` is not 0, on the container
    /// or on its pod; the container's own setting wins. The restricted profile takes `runAsNonRoot`
    /// alone, and wants no `false` on the pod either. With `hostUsers: false` root inside is nobody
    /// outside, so that such pods are left alone from Kubernetes 1.35 on.
    ///
    /// ## Why
    /// Who breaks out of a container that runs as root is root on the node. Without `runAsNonRoot`
    /// the image alone decides, and a new version of it may decide otherwise.
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
    "run-as-non-root", Security, Warning, [Default, PssRestricted], Check::Pod(check)
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    if pod.has_own_users() && cx.settings.is_since(35) {
        return;
    }
    let of_pod = pod.security_context().and_then(|own| own.flag("runAsNonRoot"));
    let mut told = false;
    for container in pod.containers() {
        if !is_safe(cx, &container) {
            report(cx, container.node, format!("{} may run as root", called(&container)));
            told = true;
        }
    }
    if cx.settings.is_restricted() && of_pod == Some(false) && !told {
        report(cx, pod.spec, "the pod says that it may run as root".to_owned());
    }
}

fn is_safe(cx: &Context<'_>, container: &Container<'_>) -> bool {
    let by_user = container.run_as_user().is_some_and(|user| user > 0);
    container.run_as_non_root() == Some(true) || (by_user && !cx.settings.is_restricted())
}

fn report(cx: &mut Context<'_>, node: &Node, message: String) {
    cx.report(
        (node, &["securityContext", "runAsNonRoot"]),
        message,
        "set `securityContext.runAsNonRoot: true`, and `runAsUser` if the image's own user is root",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container, pod};

    const PATH: &str = "spec.containers[0].securityContext.runAsNonRoot";

    #[test]
    fn the_pod_answers_for_its_containers() {
        check(&super::RULE, &pod("securityContext: {runAsNonRoot: true}"), &[]);
        check(&super::RULE, &pod("securityContext: {runAsUser: 1000}"), &[]);
        check(&super::RULE, &container("securityContext: {runAsUser: 1000}"), &[]);
    }

    #[test]
    fn the_container_has_the_last_word() {
        let own = |of_pod: &str, own: &str| {
            let own = format!("name: a, securityContext: {{{own}}},");
            pod(&format!("securityContext: {{{of_pod}}}")).replace("name: a,", &own)
        };
        check(&super::RULE, &own("runAsNonRoot: true", "runAsNonRoot: false"), &[PATH]);
        check(&super::RULE, &own("runAsUser: 1000", "runAsUser: 0"), &[PATH]);
        check(&super::RULE, &own("runAsNonRoot: false", "runAsNonRoot: true"), &[]);
    }

    #[test]
    fn a_text_is_no_boolean() {
        check(&super::RULE, &pod("securityContext: {runAsNonRoot: 'true'}"), &[PATH]);
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
        check(&super::RULE, &pod("hostUsers: false"), &[]);
    }
}
