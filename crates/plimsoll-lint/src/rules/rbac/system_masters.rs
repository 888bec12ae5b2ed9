use plimsoll_kube::{Fields, Object};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Nobody is bound to the group `system:masters`.
    ///
    /// ## Why
    /// Members of this group pass every check, and no change of roles takes that away.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: api
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: api-reader
    /// subjects:
    ///   - kind: Group
    ///     name: system:masters
    ///     apiGroup: rbac.authorization.k8s.io
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: api
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: api-reader
    /// subjects:
    ///   - kind: ServiceAccount
    ///     name: api
    ///     namespace: shop
    /// ```
    "system-masters", Rbac, Error, [Default], Check::Object(&["ClusterRoleBinding", "RoleBinding"], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    for subject in object.node.items("subjects") {
        let name = subject.text("name");
        if !["system:masters"].contains(&name) || subject.text("kind") == "ServiceAccount" {
            continue;
        }
        cx.report(
            (subject, &["name"]),
            format!("the binding to `{name}` speaks of a group that passes every check"),
            "bind the users or service accounts that are meant",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    #[test]
    fn subjects_are_told_one_by_one() {
        let text = "{kind: RoleBinding, apiVersion: rbac.authorization.k8s.io/v1, subjects: [{kind: User, name: jo}, {kind: Group, name: 'system:masters'}]}";
        check(&super::RULE, text, &["subjects[1].name"]);
    }
}
