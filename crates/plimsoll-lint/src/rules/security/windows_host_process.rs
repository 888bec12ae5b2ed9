use plimsoll_kube::{Fields, Node, Pod};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// No container runs as a process of its Windows node.
    ///
    /// ## Why
    /// A host process has the node's files, network and devices: it is Windows' privileged container.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   securityContext:
    ///     windowsOptions:
    ///       hostProcess: true
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
    ///     windowsOptions:
    ///       runAsUserName: ContainerUser
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    "windows-host-process", Security, Error, [Default, PssBaseline, PssRestricted], Check::Pod(check)
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    report(cx, pod.spec, "the pod");
    for container in pod.containers() {
        report(cx, container.node, &called(&container));
    }
}

fn report(cx: &mut Context<'_>, node: &Node, who: &str) {
    let keys = ["securityContext", "windowsOptions", "hostProcess"];
    if node.at(&keys).and_then(Node::as_bool) == Some(true) {
        cx.report(
            (node, &keys),
            format!("{who} runs as a process of its Windows node"),
            "remove `hostProcess`, unless the pod is an agent that looks after the node",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container, pod};

    #[test]
    fn pods_and_containers_are_told_apart() {
        let text = "securityContext: {windowsOptions: {hostProcess: true}}";
        check(&super::RULE, &pod(text), &["spec.securityContext.windowsOptions.hostProcess"]);
        let path = "spec.containers[0].securityContext.windowsOptions.hostProcess";
        check(&super::RULE, &container(text), &[path]);
        check(&super::RULE, &container(&text.replace("true", "false")), &[]);
    }
}
