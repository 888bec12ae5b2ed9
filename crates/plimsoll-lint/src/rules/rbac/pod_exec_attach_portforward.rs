use plimsoll_kube::{Fields, Object};

use crate::rbac::{grants, lists};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Roles do not open pods.
    ///
    /// `create` or `get` on `pods/exec`, `pods/attach` and `pods/portforward`.
    ///
    /// ## Why
    /// Who may run commands in a pod has its secrets and its rights, whatever else the role says.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: api
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [pods/exec]
    ///     verbs: [create]
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: api
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [pods/log]
    ///     verbs: [get]
    /// ```
    "pod-exec-attach-portforward", Rbac, Warning, [Default], Check::Object(&["Role", "ClusterRole"], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    for rule in object.node.items("rules") {
        let opens = ["pods/exec", "pods/attach", "pods/portforward"].into_iter().find(|resource| {
            lists(rule, "resources", resource)
                && ["create", "get"].iter().any(|verb| grants(rule, "", resource, verb))
        });
        let Some(resource) = opens else { continue };
        cx.report(
            (rule, &[]),
            format!("the rule opens pods through `{resource}`"),
            "remove the resource; for debugging, bind people to a role of their own",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, role};

    #[test]
    fn rules_are_told_one_by_one() {
        check(&super::RULE, &role("", "pods/exec", "create"), &["rules[0]"]);
        check(&super::RULE, &role("", "pods/exec", "*"), &["rules[0]"]);
        check(&super::RULE, &role("", "pods/log", "get"), &[]);
    }
}
