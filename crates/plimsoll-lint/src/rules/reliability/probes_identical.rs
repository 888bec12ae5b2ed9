use plimsoll_kube::{Container, Fields, same};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Liveness and readiness are different questions.
    ///
    /// Told where both probes of a container say exactly the same.
    ///
    /// ## Why
    /// A container that is too busy to be ready is then restarted as well, which makes the others
    /// busier: an overload becomes an outage.
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
    ///         httpGet: {path: /health, port: 8080}
    ///       readinessProbe:
    ///         httpGet: {path: /health, port: 8080}
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
    ///         httpGet: {path: /health, port: 8080}
    ///         failureThreshold: 10
    ///       readinessProbe:
    ///         httpGet: {path: /health, port: 8080}
    /// ```
    "probes-identical", Reliability, Warning, [Default], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    let liveness = container.node.field("livenessProbe");
    let readiness = container.node.field("readinessProbe");
    if let (Some(liveness), Some(readiness)) = (liveness, readiness)
        && same(liveness, readiness)
    {
        cx.report(
            (container.node, &["livenessProbe"]),
            format!("{} has the same probe for liveness and readiness", called(container)),
            "let liveness wait longer (`failureThreshold`), ask something simpler, or drop it",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container};

    #[test]
    fn a_threshold_makes_the_difference() {
        let probes = |more: &str| {
            container(&format!(
                "readinessProbe: {{tcpSocket: {{port: 1}}}}, livenessProbe: {{tcpSocket: {{port: 1}}{more}}}"
            ))
        };
        check(&super::RULE, &probes(""), &["spec.containers[0].livenessProbe"]);
        check(&super::RULE, &probes(", periodSeconds: 30"), &[]);
    }
}
