use plimsoll_kube::{Fields, Object};

use crate::rbac::lists;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Roles name what they allow.
    ///
    /// ## Why
    /// `*` allows what does not exist yet too: the next custom resource, the next verb. Whoever reads
    /// the role cannot tell what it is for.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: api
    /// rules:
    ///   - apiGroups: ["*"]
    ///     resources: ["*"]
    ///     verbs: ["*"]
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: api
    /// rules:
    ///   - apiGroups: [apps]
    ///     resources: [deployments]
    ///     verbs: [get, list]
    /// ```
    "wildcard-rules", Rbac, Warning, [Default], Check::Object(&["Role", "ClusterRole"], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    for rule in object.node.items("rules") {
        let wild =
            ["verbs", "resources", "apiGroups"].into_iter().filter(|key| lists(rule, key, "*"));
        let wild: Vec<String> = wild.map(|key| format!("`{key}`")).collect();
        if wild.is_empty() {
            continue;
        }
        cx.report(
            (rule, &[]),
            format!("the rule allows everything in {}", wild.join(", ")),
            "name the groups, resources and verbs that are needed",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, role};

    #[test]
    fn rules_are_told_one_by_one() {
        check(&super::RULE, &role("apps", "deployments", "*"), &["rules[0]"]);
        check(&super::RULE, &role("*", "deployments", "get"), &["rules[0]"]);
        check(&super::RULE, &role("apps", "deployments", "get"), &[]);
    }
}
