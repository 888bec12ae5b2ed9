use plimsoll_kube::Container;

use crate::context::called;
use crate::resources::is_requested;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Containers that keep running request memory.
    ///
    /// A limit stands for a request that is missing. A request on the pod (`spec.resources`, from
    /// Kubernetes 1.34 on) or a default of a LimitRange in the same namespace counts too. Init
    /// containers are left alone: they end.
    ///
    /// ## Why
    /// Without a request the scheduler takes the container for one that needs nothing and puts too
    /// many on a node; when memory runs short there, such containers are the first to be killed.
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
    ///           memory: 64Mi
    /// ```
    "memory-request", Reliability, Warning, [Default], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    if !container.is_long_running() || is_requested(cx, container, "memory") {
        return;
    }
    cx.report(
        (container.node, &["resources", "requests", "memory"]),
        format!("{} requests no memory", called(container)),
        "set `resources.requests.memory` to what it needs in ordinary times, for example `64Mi`",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container};

    const MISSING: &str = "spec.containers[0].resources.requests.memory";

    #[test]
    fn a_limit_is_a_request() {
        check(&super::RULE, &container(""), &[MISSING]);
        check(&super::RULE, &container("resources: {limits: {memory: 1}}"), &[]);
        check(&super::RULE, &container("resources: {limits: {memory: 0}}"), &[MISSING]);
        check(&super::RULE, &container("resources: {requests: {memory: 1}}"), &[]);
    }

    #[test]
    fn a_limit_range_gives_requests() {
        let range = "kind: LimitRange\napiVersion: v1\nspec: {limits: [{type: Container, defaultRequest: {memory: 1}}]}\n---\n";
        check(&super::RULE, &(range.to_owned() + &container("")), &[]);
    }
}
