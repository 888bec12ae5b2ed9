use plimsoll_kube::Container;

use crate::context::called;
use crate::resources::is_limited;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Containers that keep running have a memory limit.
    ///
    /// A limit on the pod (`spec.resources`, from Kubernetes 1.34 on) or a default of a LimitRange in
    /// the same namespace counts too. Init containers are left alone: they end.
    ///
    /// ## Why
    /// A container without a limit that leaks memory takes it from its neighbours, until the kernel
    /// kills one of the processes on the node, not necessarily the one at fault.
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
    ///       resources:
    ///         limits:
    ///           cpu: "1"
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
    ///       resources:
    ///         limits:
    ///           memory: 256Mi
    /// ```
    "memory-limit", Reliability, Warning, [Default], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    if !container.is_long_running() || is_limited(cx, container, "memory") {
        return;
    }
    cx.report(
        (container.node, &["resources", "limits", "memory"]),
        format!("{} has no memory limit", called(container)),
        "set `resources.limits.memory` to what it needs at its peak, for example `256Mi`",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container, pod};

    const MISSING: &str = "spec.containers[0].resources.limits.memory";

    #[test]
    fn nothing_is_no_limit() {
        check(&super::RULE, &container("resources: {limits: {memory: 0}}"), &[MISSING]);
        check(&super::RULE, &container("resources: {requests: {memory: 1Gi}}"), &[MISSING]);
        check(&super::RULE, &container("resources: {limits: {memory: 1000000}}"), &[]);
    }

    #[test]
    fn the_pod_may_have_the_limit() {
        check(&super::RULE, &pod("resources: {limits: {memory: 1Gi}}"), &[]);
    }

    #[test]
    fn init_containers_end_and_sidecars_stay() {
        let text = "{kind: Pod, apiVersion: v1, spec: {initContainers: [{name: a}, {name: b, restartPolicy: Always}]}}";
        check(&super::RULE, text, &["spec.initContainers[1].resources.limits.memory"]);
    }

    #[test]
    fn a_limit_range_of_the_namespace_counts() {
        let range = |namespace: &str| {
            format!(
                "kind: LimitRange\napiVersion: v1\nmetadata: {{namespace: {namespace}}}\nspec: {{limits: [{{type: Container, default: {{memory: 1Gi}}}}]}}\n---\n"
            )
        };
        check(&super::RULE, &(range("default") + &container("")), &[]);
        check(&super::RULE, &(range("other") + &container("")), &[MISSING]);
    }
}
