use plimsoll_kube::{Container, Fields, Node};

use super::added_capabilities_baseline::ALLOWED;
use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Containers add no capability but NET_BIND_SERVICE.
    ///
    /// What goes beyond the baseline is told by `added-capabilities-baseline`.
    ///
    /// ## Why
    /// Each capability is a part of root's power. Only binding to a port below 1024 is harmless.
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
    ///       securityContext:
    ///         capabilities:
    ///           add: [CHOWN]
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
    ///           add: [NET_BIND_SERVICE]
    /// ```
    "added-capabilities-restricted", Security, Warning, [PssRestricted], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    let exempt = container.pod.is_windows() && cx.settings.is_since(25);
    if exempt || cx.settings.is_pss_before(22) {
        return;
    }
    let added = container.node.at(&["securityContext", "capabilities", "add"]);
    for one in added.map(Node::as_list).unwrap_or_default() {
        let forbidden = |name: &&str| *name != "NET_BIND_SERVICE" && ALLOWED.contains(name);
        let Some(name) = one.as_str().filter(forbidden) else { continue };
        cx.report(
            (one, &[]),
            format!("{} adds the capability `{name}`", called(container)),
            "remove it, and let the image do without: own its files, run as its own user",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container, pod};

    #[test]
    fn only_low_ports_are_allowed() {
        let path = "spec.containers[0].securityContext.capabilities.add[1]";
        let text = "securityContext: {capabilities: {add: [NET_BIND_SERVICE, KILL, SYS_ADMIN]}}";
        check(&super::RULE, &container(text), &[path]);
    }

    #[test]
    fn windows_has_no_capabilities() {
        let text = pod("os: {name: windows}")
            .replace("name: a,", "name: a, securityContext: {capabilities: {add: [KILL]}},");
        check(&super::RULE, &text, &[]);
    }
}
