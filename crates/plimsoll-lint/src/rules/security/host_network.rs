use plimsoll_kube::{Fields, Pod};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Pods do not share the network of their node.
    ///
    /// ## Why
    /// Such a pod hears all traffic of its node, reaches services that listen on localhost there, and
    /// is seen by no network policy.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   hostNetwork: true
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
    ///   hostNetwork: false
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    "host-network", Security, Error, [Default, PssBaseline, PssRestricted], Check::Pod(check)
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    if pod.spec.flag("hostNetwork") == Some(true) {
        cx.report(
            (pod.spec, &["hostNetwork"]),
            "the pod shares the network of its node",
            "remove `hostNetwork`, unless the pod is an agent that looks after the node",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, pod};

    #[test]
    fn only_true_shares() {
        check(&super::RULE, &pod("hostNetwork: true"), &["spec.hostNetwork"]);
        check(&super::RULE, &pod("hostNetwork: false"), &[]);
        check(&super::RULE, &pod(""), &[]);
    }
}
