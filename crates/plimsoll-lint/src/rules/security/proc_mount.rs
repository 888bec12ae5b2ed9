use plimsoll_kube::{Container, Node};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Containers see `/proc` with its secrets masked.
    ///
    /// From Kubernetes 1.35 on pods with `hostUsers: false` may see more, except under the restricted
    /// profile.
    ///
    /// ## Why
    /// Behind the masks lie the kernel's memory and settings of the whole node.
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
    ///       securityContext:
    ///         procMount: Unmasked
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
    ///         procMount: Default
    /// ```
    "proc-mount", Security, Error, [Default, PssBaseline, PssRestricted], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    let settings = cx.settings;
    let exempt =
        container.pod.has_own_users() && settings.is_since(35) && !settings.is_restricted();
    let kind = container.security("procMount").and_then(Node::as_str);
    let Some(kind) = kind.filter(|kind| *kind != "Default" && !exempt) else { return };
    cx.report(
        (container.node, &["securityContext", "procMount"]),
        format!("{} sees `/proc` as `{kind}`", called(container)),
        "remove `procMount`, or give the pod users of its own with `hostUsers: false`",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container, pod};

    #[test]
    fn only_the_default_is_masked() {
        let path = "spec.containers[0].securityContext.procMount";
        check(&super::RULE, &container("securityContext: {procMount: Unmasked}"), &[path]);
        check(&super::RULE, &container("securityContext: {procMount: Default}"), &[]);
        let text = pod("hostUsers: false")
            .replace("name: a,", "name: a, securityContext: {procMount: Unmasked},");
        check(&super::RULE, &text, &[]);
    }
}
