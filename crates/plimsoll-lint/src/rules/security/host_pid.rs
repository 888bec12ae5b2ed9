use plimsoll_kube::{Fields, Pod};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Pods do not share the processes of their node.
    ///
    /// ## Why
    /// Such a pod sees every process of its node with its environment, secrets included, and may
    /// signal them.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   hostPID: true
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
    ///   hostPID: false
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    "host-pid", Security, Error, [Default, PssBaseline, PssRestricted], Check::Pod(check)
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    if pod.spec.flag("hostPID") == Some(true) {
        cx.report(
            (pod.spec, &["hostPID"]),
            "the pod shares the processes of its node",
            "remove `hostPID`, unless the pod is an agent that looks after the node",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, pod};

    #[test]
    fn only_true_shares() {
        check(&super::RULE, &pod("hostPID: true"), &["spec.hostPID"]);
        check(&super::RULE, &pod("hostPID: false"), &[]);
        check(&super::RULE, &pod(""), &[]);
    }
}
