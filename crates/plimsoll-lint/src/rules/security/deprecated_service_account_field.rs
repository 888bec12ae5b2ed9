use plimsoll_kube::{Fields, Pod};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Pods name their service account in `serviceAccountName`.
    ///
    /// Pods that have both fields come from a cluster, which writes both.
    ///
    /// ## Why
    /// `serviceAccount` is deprecated; tools that look at manifests read the other field and take the
    /// pod for one with the default account.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   serviceAccount: api
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
    ///   serviceAccountName: api
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    "deprecated-service-account-field", Security, Warning, [Default], Check::Pod(check)
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    let name = pod.spec.text("serviceAccount");
    if name.is_empty() || !pod.spec.text("serviceAccountName").is_empty() {
        return;
    }
    cx.report(
        (pod.spec, &["serviceAccount"]),
        format!("service account `{name}` is named in a deprecated field"),
        "rename `serviceAccount` to `serviceAccountName`",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, pod};

    #[test]
    fn what_a_cluster_writes_is_fine() {
        check(&super::RULE, &pod("serviceAccount: x"), &["spec.serviceAccount"]);
        check(&super::RULE, &pod("serviceAccount: x, serviceAccountName: x"), &[]);
    }
}
