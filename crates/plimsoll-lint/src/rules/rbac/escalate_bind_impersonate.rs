use plimsoll_kube::{Fields, Object};

use crate::rbac::{grants, lists};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Nobody may give themselves rights.
    ///
    /// `escalate` and `bind` on roles, `impersonate` on users, groups and service accounts.
    ///
    /// ## Why
    /// Each of these verbs is a way to every right in the cluster.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: api
    /// rules:
    ///   - apiGroups: [rbac.authorization.k8s.io]
    ///     resources: [clusterroles]
    ///     verbs: [bind]
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: api
    /// rules:
    ///   - apiGroups: [rbac.authorization.k8s.io]
    ///     resources: [clusterroles]
    ///     verbs: [get]
    /// ```
    "escalate-bind-impersonate", Rbac, Error, [Default], Check::Object(&["Role", "ClusterRole"], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    for rule in object.node.items("rules") {
        let verb = [
            ("escalate", "rbac.authorization.k8s.io", ["roles", "clusterroles"].as_slice()),
            ("bind", "rbac.authorization.k8s.io", &["roles", "clusterroles"]),
            ("impersonate", "", &["users", "groups", "serviceaccounts"]),
        ]
        .into_iter()
        .find(|(verb, group, resources)| {
            lists(rule, "verbs", verb)
                && resources.iter().any(|resource| grants(rule, group, resource, verb))
        });
        let Some((verb, ..)) = verb else { continue };
        cx.report(
            (rule, &[]),
            format!("the rule allows `{verb}`, which leads to every other right"),
            "remove the verb, or name the roles or users with `resourceNames`",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, role};

    #[test]
    fn rules_are_told_one_by_one() {
        check(&super::RULE, &role("", "users", "impersonate"), &["rules[0]"]);
        check(&super::RULE, &role("rbac.authorization.k8s.io", "roles", "escalate"), &["rules[0]"]);
        check(&super::RULE, &role("rbac.authorization.k8s.io", "roles", "get"), &[]);
        check(&super::RULE, &role("other.io", "roles", "bind"), &[]);
        check(&super::RULE, &role("*", "*", "*"), &[]);
    }
}
