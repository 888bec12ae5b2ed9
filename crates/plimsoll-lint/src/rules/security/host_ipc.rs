use plimsoll_kube::{Fields, Pod};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Pods do not share the shared memory of their node.
    ///
    /// ## Why
    /// Such a pod reads and writes the shared memory and semaphores of every process of its node.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   hostIPC: true
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
    ///   hostIPC: false
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    "host-ipc", Security, Error, [Default, PssBaseline, PssRestricted], Check::Pod(check)
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    if pod.spec.flag("hostIPC") == Some(true) {
        cx.report(
            (pod.spec, &["hostIPC"]),
            "the pod shares the shared memory of its node",
            "remove `hostIPC`, unless the pod is an agent that looks after the node",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, pod};

    #[test]
    fn only_true_shares() {
        check(&super::RULE, &pod("hostIPC: true"), &["spec.hostIPC"]);
        check(&super::RULE, &pod("hostIPC: false"), &[]);
        check(&super::RULE, &pod(""), &[]);
    }
}
