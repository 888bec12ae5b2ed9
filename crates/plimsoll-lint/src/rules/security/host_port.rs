use plimsoll_kube::{Container, Fields};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Containers take no port of their node.
    ///
    /// Pods with `hostNetwork` are told about that instead.
    ///
    /// ## Why
    /// A port of the node is open to whoever reaches the node, past Services and often past network
    /// policies, and only one such pod fits on a node.
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
    ///       ports:
    ///         - containerPort: 8080
    ///           hostPort: 80
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
    ///       ports:
    ///         - containerPort: 8080
    /// ```
    "host-port", Security, Warning, [Default, PssBaseline, PssRestricted], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    if container.pod.spec.flag("hostNetwork") == Some(true) {
        return;
    }
    for port in container.node.items("ports") {
        let Some(number) = port.integer("hostPort").filter(|number| *number != 0) else { continue };
        cx.report(
            (port, &["hostPort"]),
            format!("{} takes port {number} of its node", called(container)),
            "remove `hostPort`, and let a Service or an Ingress bring the traffic",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container, pod};

    #[test]
    fn ports_of_the_node_are_told_one_by_one() {
        let text = container(
            "ports: [{containerPort: 1}, {containerPort: 2, hostPort: 2}, {hostPort: 0}]",
        );
        check(&super::RULE, &text, &["spec.containers[0].ports[1].hostPort"]);
    }

    #[test]
    fn the_network_of_the_node_is_told_elsewhere() {
        let text = pod("hostNetwork: true").replace("name: a,", "name: a, ports: [{hostPort: 1}],");
        check(&super::RULE, &text, &[]);
    }
}
