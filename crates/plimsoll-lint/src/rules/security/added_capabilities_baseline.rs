use plimsoll_kube::{Container, Fields, Node};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Containers add no capability beyond those that Kubernetes starts them with.
    ///
    /// ## Why
    /// Capabilities such as SYS_ADMIN, NET_ADMIN or SYS_PTRACE let a container change its node or
    /// look into its neighbours.
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
    ///           add: [SYS_ADMIN]
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
    "added-capabilities-baseline", Security, Error, [Default, PssBaseline, PssRestricted], Check::Container(check)
}

/// The Pod Security Standards' list.
pub(super) const ALLOWED: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    // The restricted level's own check takes this one's place, and has nothing to say of Windows.
    if cx.settings.is_restricted() && container.pod.is_windows() && cx.settings.is_since(25) {
        return;
    }
    let added = container.node.at(&["securityContext", "capabilities", "add"]);
    for one in added.map(Node::as_list).unwrap_or_default() {
        let Some(name) = one.as_str().filter(|name| !ALLOWED.contains(name)) else { continue };
        let unprefixed = name.strip_prefix("CAP_").filter(|name| ALLOWED.contains(name));
        cx.report(
            (one, &[]),
            format!("{} adds the capability `{name}`", called(container)),
            match unprefixed {
                Some(name) => format!("write it as Kubernetes does: `{name}`"),
                None => "remove it, or move what needs it to a pod of its own".to_owned(),
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container};

    #[test]
    fn every_capability_is_told_by_itself() {
        let add =
            |list: &str| container(&format!("securityContext: {{capabilities: {{add: {list}}}}}"));
        let path = |at: usize| format!("spec.containers[0].securityContext.capabilities.add[{at}]");
        let text = add("[CHOWN, SYS_ADMIN, NET_ADMIN]");
        check(&super::RULE, &text, &[&path(1), &path(2)]);
        check(&super::RULE, &add("[ALL]"), &[&path(0)]);
        check(&super::RULE, &add("[CAP_CHOWN]"), &[&path(0)]);
        check(&super::RULE, &add("[]"), &[]);
    }
}
