use plimsoll_kube::{Fields, Object};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Nobody gets rights without a name.
    ///
    /// ## Why
    /// Whoever reaches the API server has these rights, without a password and without a trace.
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
    ///     name: system:unauthenticated
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
    "anonymous-binding", Rbac, Error, [Default], Check::Object(&["ClusterRoleBinding", "RoleBinding"], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    for subject in object.node.items("subjects") {
        let name = subject.text("name");
        if !["system:anonymous", "system:unauthenticated"].contains(&name)
            || subject.text("kind") == "ServiceAccount"
        {
            continue;
        }
        cx.report(
            (subject, &["name"]),
            format!("the binding to `{name}` gives rights to whoever asks"),
            "bind the users or service accounts that are meant",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    #[test]
    fn subjects_are_told_one_by_one() {
        let text = "{kind: RoleBinding, apiVersion: rbac.authorization.k8s.io/v1, subjects: [{kind: User, name: jo}, {kind: Group, name: 'system:unauthenticated'}]}";
        check(&super::RULE, text, &["subjects[1].name"]);
    }
}
