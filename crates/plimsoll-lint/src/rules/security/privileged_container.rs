use plimsoll_kube::{Container, Node};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Containers are not privileged.
    ///
    /// ## Why
    /// A privileged container has all devices and capabilities of its node and none of its
    /// protections: whoever is in it is on the node.
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
    ///         privileged: true
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
    ///         capabilities:
    ///           add: [NET_BIND_SERVICE]
    /// ```
    "privileged-container", Security, Error, [Default, PssBaseline, PssRestricted], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    if container.security("privileged").and_then(Node::as_bool) != Some(true) {
        return;
    }
    cx.report(
        (container.node, &["securityContext", "privileged"]),
        format!("{} is privileged", called(container)),
        "remove `privileged`, and add the capabilities that it needs with `capabilities.add`",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container, pod};

    #[test]
    fn only_true_is_privileged() {
        let path = "spec.containers[0].securityContext.privileged";
        check(&super::RULE, &container("securityContext: {privileged: true}"), &[path]);
        check(&super::RULE, &container("securityContext: {privileged: false}"), &[]);
        check(&super::RULE, &container(""), &[]);
    }

    #[test]
    fn a_pod_cannot_be_privileged_itself() {
        check(&super::RULE, &pod("securityContext: {privileged: true}"), &[]);
    }
}
