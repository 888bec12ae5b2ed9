use plimsoll_kube::{Container, Fields, Node};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Containers cannot gain privileges.
    ///
    /// `allowPrivilegeEscalation` must be false; Kubernetes takes a missing one for true. Windows
    /// knows nothing of it (from Kubernetes 1.25 on), and containers that are privileged or have
    /// SYS_ADMIN are told about that instead.
    ///
    /// ## Why
    /// With `allowPrivilegeEscalation: false` a process never gets more rights than its parent, so
    /// that a setuid program in the image is no way to root.
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
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    ///       securityContext:
    ///         allowPrivilegeEscalation: false
    /// ```
    "allow-privilege-escalation", Security, Warning, [Default, PssRestricted], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    let exempt = container.pod.is_windows() && cx.settings.is_since(25);
    let set = container.security("allowPrivilegeEscalation").and_then(Node::as_bool);
    if set == Some(false) || exempt || is_privileged(container) || cx.settings.is_pss_before(8) {
        return;
    }
    cx.report(
        (container.node, &["securityContext", "allowPrivilegeEscalation"]),
        format!("{} may gain privileges that it was not started with", called(container)),
        "set `securityContext.allowPrivilegeEscalation: false`",
    );
}

/// Privileges that imply escalation; the API server refuses `false` beside them.
fn is_privileged(container: &Container<'_>) -> bool {
    let added = container.node.at(&["securityContext", "capabilities", "add"]);
    let added = added.map(Node::as_list).unwrap_or_default();
    container.security("privileged").and_then(Node::as_bool) == Some(true)
        || added.iter().any(|one| matches!(one.as_str(), Some("SYS_ADMIN" | "CAP_SYS_ADMIN")))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container, pod};

    const PATH: &str = "spec.containers[0].securityContext.allowPrivilegeEscalation";

    #[test]
    fn what_is_not_said_is_allowed() {
        check(&super::RULE, &container(""), &[PATH]);
        check(
            &super::RULE,
            &container("securityContext: {allowPrivilegeEscalation: true}"),
            &[PATH],
        );
        check(&super::RULE, &container("securityContext: {allowPrivilegeEscalation: false}"), &[]);
    }

    #[test]
    fn windows_has_no_such_thing() {
        check(&super::RULE, &pod("os: {name: windows}"), &[]);
        check(&super::RULE, &pod("os: {name: linux}"), &[PATH]);
    }

    #[test]
    fn who_is_privileged_is_told_elsewhere() {
        check(&super::RULE, &container("securityContext: {privileged: true}"), &[]);
        let text = "securityContext: {capabilities: {add: [SYS_ADMIN]}}";
        check(&super::RULE, &container(text), &[]);
    }
}
