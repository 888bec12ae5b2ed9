//! Security contexts of containers.

use plimsoll_yaml::Node;

use super::pod::PodFacts;
use super::pod_security::{app_armor, id, seccomp, selinux_and_windows};
use crate::validate::cx::{Cx, shown};
use crate::validate::node::Fields as _;

/// `securityContext` of a container.
pub(super) fn container_security(cx: &mut Cx<'_>, pod: &PodFacts<'_>, container: &Node) {
    let context = container.of("securityContext");
    if context.is_null() {
        return;
    }
    id(cx, context, "runAsUser");
    id(cx, context, "runAsGroup");
    seccomp(cx, context);
    app_armor(cx, context);
    if context.has("procMount") {
        cx.one_of(context, "procMount", &["Default", "Unmasked"]);
        if context.text("procMount") == "Unmasked" && !pod.own_users {
            cx.invalid(context.of("procMount"), "`hostUsers` must be false to use `Unmasked`");
        }
    }
    escalation(cx, context);
    selinux_and_windows(cx, context);
}

fn escalation(cx: &mut Cx<'_>, context: &Node) {
    if context.of("allowPrivilegeEscalation").as_bool() != Some(false) {
        return;
    }
    if context.is_true("privileged") {
        let detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
        cx.invalid_at(context, "", &shown(context), detail);
    }
    for capability in context.of("capabilities").list("add") {
        if capability.str() == "CAP_SYS_ADMIN" {
            let detail = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
            cx.invalid_at(context, "", &shown(context), detail);
        }
    }
}
