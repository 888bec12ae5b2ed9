use plimsoll_kube::Container;

use crate::context::called;
use crate::resources::is_requested;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Containers that keep running request CPU.
    ///
    /// A limit stands for a request that is missing. A request on the pod (`spec.resources`, from
    /// Kubernetes 1.34 on) or a default of a LimitRange in the same namespace counts too. Init
    /// containers are left alone: they end.
    ///
    /// ## Why
    /// Without a request the scheduler takes the container for one that needs nothing, and when its
    /// node is busy it gets next to no time. An autoscaler that looks at the CPU does nothing without
    /// requests.
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
    ///       resources:
    ///         requests:
    ///           cpu: 50m
    /// ```
    "cpu-request", Reliability, Warning, [Default], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    if !container.is_long_running() || is_requested(cx, container, "cpu") {
        return;
    }
    cx.report(
        (container.node, &["resources", "requests", "cpu"]),
        format!("{} requests no CPU", called(container)),
        "set `resources.requests.cpu` to what it needs in ordinary times, for example `50m`",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container};

    const MISSING: &str = "spec.containers[0].resources.requests.cpu";

    #[test]
    fn a_limit_is_a_request() {
        check(&super::RULE, &container(""), &[MISSING]);
        check(&super::RULE, &container("resources: {limits: {cpu: 1}}"), &[]);
        check(&super::RULE, &container("resources: {limits: {cpu: 0}}"), &[MISSING]);
        check(&super::RULE, &container("resources: {requests: {cpu: 1}}"), &[]);
    }

    #[test]
    fn a_limit_range_gives_requests() {
        let range = "kind: LimitRange\napiVersion: v1\nspec: {limits: [{type: Container, defaultRequest: {cpu: 1}}]}\n---\n";
        check(&super::RULE, &(range.to_owned() + &container("")), &[]);
    }
}
