use plimsoll_kube::{Container, Fields, Node};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Containers drop all capabilities.
    ///
    /// `capabilities.drop` must hold `ALL`; what is needed can be added again. Windows has no
    /// capabilities.
    ///
    /// ## Why
    /// Containers start with a dozen of root's powers, among them to send raw packets and to change
    /// the owner of files. Hardly a program needs them; attackers do.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
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
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    ///       securityContext:
    ///         capabilities:
    ///           drop: [ALL]
    /// ```
    "drop-all-capabilities", Security, Warning, [Default, PssRestricted], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    let exempt = container.pod.is_windows() && cx.settings.is_since(25);
    if exempt || cx.settings.is_pss_before(22) {
        return;
    }
    let dropped = container.node.at(&["securityContext", "capabilities", "drop"]);
    let dropped = dropped.map(Node::as_list).unwrap_or_default();
    if dropped.iter().any(|one| one.as_str() == Some("ALL")) {
        return;
    }
    let lower = dropped.iter().any(|one| one.as_str() == Some("all"));
    cx.report(
        (container.node, &["securityContext", "capabilities", "drop"]),
        if lower {
            format!(
                "{} drops `all`, and Kubernetes' own policies only know `ALL`",
                called(container)
            )
        } else {
            format!("{} keeps capabilities that it may not need", called(container))
        },
        "set `securityContext.capabilities.drop: [ALL]`, and `add` what it cannot do without",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container, pod};

    const PATH: &str = "spec.containers[0].securityContext.capabilities.drop";

    #[test]
    fn all_means_all() {
        let drop =
            |list: &str| container(&format!("securityContext: {{capabilities: {{drop: {list}}}}}"));
        check(&super::RULE, &drop("[ALL]"), &[]);
        check(&super::RULE, &drop("[NET_RAW]"), &[PATH]);
        check(&super::RULE, &drop("[all]"), &[PATH]);
        check(&super::RULE, &drop("[CHOWN, ALL]"), &[]);
    }

    #[test]
    fn windows_has_no_capabilities() {
        check(&super::RULE, &pod("os: {name: windows}"), &[]);
    }
}
