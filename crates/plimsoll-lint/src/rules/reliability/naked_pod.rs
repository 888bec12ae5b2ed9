use plimsoll_kube::{Fields, Pod, PodOwner};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Pods are made by something that makes them again.
    ///
    /// Pods that Helm runs as hooks, tests among them, are meant to end.
    ///
    /// ## Why
    /// A pod by itself is gone when its node fails or is drained, and nothing brings it back.
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
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    /// spec:
    ///   selector:
    ///     matchLabels:
    ///       app: api
    ///   template:
    ///     metadata:
    ///       labels:
    ///         app: api
    ///     spec:
    ///       containers:
    ///         - name: api
    ///           image: registry.example/api:1.4.2
    /// ```
    "naked-pod", Reliability, Warning, [Default], Check::Pod(check)
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    let owned = pod.object.metadata().is_some_and(|own| !own.items("ownerReferences").is_empty());
    if pod.owner != PodOwner::Pod || owned || pod.object.is_helm_hook() {
        return;
    }
    cx.report(
        (pod.object.node, &["kind"]),
        "nothing brings this pod back when its node fails",
        "make it the template of a Deployment, a StatefulSet or a Job",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, pod};

    #[test]
    fn hooks_and_owned_pods_are_fine() {
        check(&super::RULE, &pod(""), &["kind"]);
        let with =
            |metadata: &str| pod("").replace("spec:", &format!("metadata: {{{metadata}}}, spec:"));
        check(&super::RULE, &with("annotations: {helm.sh/hook: test}"), &[]);
        check(&super::RULE, &with("ownerReferences: [{kind: Job}]"), &[]);
    }
}
