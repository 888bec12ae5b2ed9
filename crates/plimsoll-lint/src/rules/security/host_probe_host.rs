use plimsoll_kube::{Container, Fields};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Probes and lifecycle hooks ask the pod itself.
    ///
    /// Part of the Pod Security Standards from Kubernetes 1.34 on. Pods with `hostNetwork` are told
    /// about that instead.
    ///
    /// ## Why
    /// The kubelet sends these requests, from the network of the node: with `host` a pod can make it
    /// ask addresses that the pod itself cannot reach.
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
    ///       livenessProbe:
    ///         httpGet:
    ///           host: 169.254.169.254
    ///           port: 80
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
    ///       livenessProbe:
    ///         httpGet:
    ///           path: /healthy
    ///           port: 8080
    /// ```
    "host-probe-host", Security, Warning, [Default, PssBaseline, PssRestricted], Check::Container(check)
}

const HANDLERS: [&[&str]; 5] = [
    &["livenessProbe"],
    &["readinessProbe"],
    &["startupProbe"],
    &["lifecycle", "postStart"],
    &["lifecycle", "preStop"],
];

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    // On the node's own network, which has a rule of its own, the pod is at no other address.
    let of_node = container.pod.spec.flag("hostNetwork") == Some(true);
    if of_node || !cx.settings.is_since(34) {
        return;
    }
    for handler in HANDLERS.iter().filter_map(|path| container.node.at(path)) {
        for kind in ["httpGet", "tcpSocket"] {
            let host = handler.field(kind).map_or("", |request| request.text("host"));
            if host.is_empty() {
                continue;
            }
            cx.report(
                (handler, &[kind, "host"]),
                format!("{} lets the node ask the host `{host}`", called(container)),
                "remove `host`; for a virtual host, set the header `Host` in `httpHeaders`",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container};

    #[test]
    fn probes_and_hooks_are_asked() {
        let text = container(
            "livenessProbe: {tcpSocket: {host: h}}, startupProbe: {httpGet: {host: ''}}, lifecycle: {preStop: {httpGet: {host: x}}}",
        );
        let probe = "spec.containers[0].livenessProbe.tcpSocket.host";
        let hook = "spec.containers[0].lifecycle.preStop.httpGet.host";
        check(&super::RULE, &text, &[probe, hook]);
    }
}
