use plimsoll_kube::{Fields, Node, Pod};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// No pod or container asks for the user 0.
    ///
    /// With `hostUsers: false` root inside is nobody outside, so that such pods are left alone from
    /// Kubernetes 1.35 on.
    ///
    /// ## Why
    /// `runAsUser: 0` is root, whatever the image says. Who breaks out of such a container is root on
    /// the node.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   securityContext:
    ///     runAsUser: 0
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
    ///     runAsUser: 10001
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    "run-as-root-user", Security, Error, [Default, PssRestricted], Check::Pod(check)
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    let settings = cx.settings;
    if (pod.has_own_users() && settings.is_since(35)) || settings.is_pss_before(23) {
        return;
    }
    report(cx, pod.spec, "the pod");
    for container in pod.containers() {
        report(cx, container.node, &called(&container));
    }
}

fn report(cx: &mut Context<'_>, node: &Node, who: &str) {
    if node.field("securityContext").and_then(|own| own.integer("runAsUser")) == Some(0) {
        cx.report(
            (node, &["securityContext", "runAsUser"]),
            format!("{who} is set to run as root"),
            "set `runAsUser` to a user that the image knows, or leave it out",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container, pod};

    #[test]
    fn pods_and_containers_are_told_apart() {
        let at_pod = "spec.securityContext.runAsUser";
        let at_container = "spec.containers[0].securityContext.runAsUser";
        check(&super::RULE, &pod("securityContext: {runAsUser: 0}"), &[at_pod]);
        check(&super::RULE, &container("securityContext: {runAsUser: 0}"), &[at_container]);
        check(&super::RULE, &container("securityContext: {runAsUser: 1}"), &[]);
    }

    #[test]
    fn root_without_power_is_left_alone() {
        check(&super::RULE, &pod("hostUsers: false, securityContext: {runAsUser: 0}"), &[]);
    }
}
