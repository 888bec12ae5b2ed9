use plimsoll_kube::{Fields, Object};

use crate::rbac::lists;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Roles do not reach through nodes.
    ///
    /// ## Why
    /// The kubelet's own interface, behind `nodes/proxy`, runs commands in every pod of the node, and
    /// asks nobody for permission.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: api
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [nodes/proxy]
    ///     verbs: [get]
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
    ///     resources: [nodes/metrics]
    ///     verbs: [get]
    /// ```
    "nodes-proxy", Rbac, Error, [Default], Check::Object(&["Role", "ClusterRole"], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    for rule in object.node.items("rules") {
        let wanted = lists(rule, "resources", "nodes/proxy") && !rule.items("verbs").is_empty();
        if !wanted {
            continue;
        }
        cx.report(
            (rule, &[]),
            "the rule reaches the kubelet through `nodes/proxy`".to_owned(),
            "use `nodes/metrics` or `nodes/stats` for what is read there",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, role};

    #[test]
    fn rules_are_told_one_by_one() {
        check(&super::RULE, &role("", "nodes/proxy", "get"), &["rules[0]"]);
        check(&super::RULE, &role("", "nodes", "get"), &[]);
    }
}
