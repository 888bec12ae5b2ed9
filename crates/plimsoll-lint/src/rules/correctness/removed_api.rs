use plimsoll_kube::Object;

use crate::old_apis::{find, help};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Objects are of API versions that the cluster has.
    ///
    /// Asked for the version of `--kube-version`, the newest one where there is none.
    ///
    /// ## Why
    /// The API server does not know the version any more: the release cannot be installed.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: networking.k8s.io/v1beta1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    /// ```
    "removed-api", Correctness, Error, [Default], Check::Object(&[], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    let Some(old) = find(object).filter(|old| cx.settings.is_since(old.removed)) else { return };
    let kind = object.kind;
    cx.report(
        (object.node, &["apiVersion"]),
        format!("Kubernetes 1.{} has removed {kind} of `{}`", old.removed, object.api_version),
        help(old),
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    #[test]
    fn what_is_removed_depends_on_kind_and_version() {
        let of = |version: &str, kind: &str| format!("{{apiVersion: {version}, kind: {kind}}}");
        check(&super::RULE, &of("extensions/v1beta1", "Ingress"), &["apiVersion"]);
        check(&super::RULE, &of("policy/v1beta1", "PodDisruptionBudget"), &["apiVersion"]);
        check(&super::RULE, &of("apps/v1", "Deployment"), &[]);
        check(&super::RULE, &of("extensions/v1beta1", "Unknown"), &[]);
    }
}
