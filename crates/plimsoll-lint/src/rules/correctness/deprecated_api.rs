use plimsoll_kube::Object;

use crate::old_apis::{OldApi, find, help};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Objects are of API versions that stay.
    ///
    /// Asked for the version of `--kube-version`, the newest one where there is none.
    ///
    /// ## Why
    /// The version goes away with an upgrade of the cluster: until then the manifest has to change.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Endpoints
    /// metadata:
    ///   name: api
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: discovery.k8s.io/v1
    /// kind: EndpointSlice
    /// metadata:
    ///   name: api
    /// addressType: IPv4
    /// endpoints: []
    /// ```
    "deprecated-api", Correctness, Warning, [Default], Check::Object(&[], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    let settings = cx.settings;
    let is_deprecated =
        |old: &&OldApi| settings.is_since(old.deprecated) && !settings.is_since(old.removed);
    let Some(old) = find(object).filter(is_deprecated) else { return };
    cx.report(
        (object.node, &["apiVersion"]),
        match old.removed {
            u32::MAX => format!("{} of `{}` is deprecated", object.kind, object.api_version),
            minor => {
                format!("Kubernetes 1.{minor} removes {} of `{}`", object.kind, object.api_version)
            }
        },
        help(old),
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    #[test]
    fn what_is_deprecated_is_still_there() {
        let of = |version: &str, kind: &str| format!("{{apiVersion: {version}, kind: {kind}}}");
        check(&super::RULE, &of("v1", "Endpoints"), &["apiVersion"]);
        check(&super::RULE, &of("v1", "Service"), &[]);
        check(&super::RULE, &of("policy/v1beta1", "PodDisruptionBudget"), &[]);
    }
}
