use plimsoll_kube::{Fields, Object};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Nobody is bound to `cluster-admin`.
    ///
    /// ## Why
    /// The role allows everything everywhere: one leaked token of its account is the whole cluster.
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
    ///   name: cluster-admin
    /// subjects:
    ///   - kind: ServiceAccount
    ///     name: api
    ///     namespace: shop
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
    "cluster-admin-binding", Rbac, Warning, [Default], Check::Object(&["ClusterRoleBinding", "RoleBinding"], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    let Some(role) = object.node.field("roleRef") else { return };
    if role.text("kind") != "ClusterRole" || role.text("name") != "cluster-admin" {
        return;
    }
    let reach = match object.kind {
        "RoleBinding" => "everything in its namespace",
        _ => "everything in the cluster",
    };
    cx.report(
        (role, &["name"]),
        format!("the binding allows {reach}"),
        "bind a role that names what is needed",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    #[test]
    fn a_role_of_that_name_is_another() {
        let binding = |kind: &str| {
            format!(
                "{{kind: RoleBinding, apiVersion: rbac.authorization.k8s.io/v1, roleRef: {{kind: {kind}, name: cluster-admin}}}}"
            )
        };
        check(&super::RULE, &binding("ClusterRole"), &["roleRef.name"]);
        check(&super::RULE, &binding("Role"), &[]);
    }
}
