use plimsoll_kube::{Container, Fields};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Probes and hooks name ports that the container has.
    ///
    /// Numbers are left alone: a container listens where it likes.
    ///
    /// ## Why
    /// The kubelet finds no port of that name, so that the probe fails for ever: the container is
    /// never ready, or restarted again and again.
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
    ///         - name: web
    ///           containerPort: 8080
    ///       readinessProbe:
    ///         httpGet:
    ///           port: http
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
    ///         - name: http
    ///           containerPort: 8080
    ///       readinessProbe:
    ///         httpGet:
    ///           port: http
    /// ```
    "probe-port-not-exposed", Correctness, Error, [Default], Check::Container(check)
}

const HANDLERS: [&[&str]; 5] = [
    &["livenessProbe"],
    &["readinessProbe"],
    &["startupProbe"],
    &["lifecycle", "postStart"],
    &["lifecycle", "preStop"],
];

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    let ports = container.node.items("ports");
    for handler in HANDLERS.iter().filter_map(|path| container.node.at(path)) {
        for kind in ["httpGet", "tcpSocket"] {
            let name = handler.field(kind).map_or("", |request| request.text("port"));
            // The API server takes a text of digits for a name, and refuses it as one.
            if name.is_empty() || ports.iter().any(|port| port.text("name") == name) {
                continue;
            }
            let known: Vec<String> = ports
                .iter()
                .map(|port| port.text("name"))
                .filter(|name| !name.is_empty())
                .map(|name| format!("`{name}`"))
                .collect();
            cx.report(
                (handler, &[kind, "port"]),
                format!("{} has no port `{name}`", called(container)),
                match known.as_slice() {
                    [] => "give the port this name in `ports`, or write its number".to_owned(),
                    known => format!("its ports are {}", known.join(", ")),
                },
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container};

    #[test]
    fn names_must_be_known_and_numbers_need_not() {
        let probe = |port: &str| {
            container(&format!(
                "ports: [{{name: http, containerPort: 80}}], startupProbe: {{tcpSocket: {{port: {port}}}}}"
            ))
        };
        check(&super::RULE, &probe("http"), &[]);
        check(&super::RULE, &probe("9999"), &[]);
        check(&super::RULE, &probe("web"), &["spec.containers[0].startupProbe.tcpSocket.port"]);
    }
}
