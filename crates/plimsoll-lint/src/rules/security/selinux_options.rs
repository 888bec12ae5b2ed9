use plimsoll_kube::{Fields, Node, Pod};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// SELinux labels stay among those for containers.
    ///
    /// Allowed are the types `container_t`, `container_init_t`, `container_kvm_t` and, from
    /// Kubernetes 1.31 on, `container_engine_t`; a user or role may not be set.
    ///
    /// ## Why
    /// Another label may take a container out of the confinement that SELinux gives containers.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   securityContext:
    ///     seLinuxOptions:
    ///       type: spc_t
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
    ///   securityContext:
    ///     seLinuxOptions:
    ///       type: container_t
    ///       level: "s0:c123,c456"
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    "selinux-options", Security, Error, [Default, PssBaseline, PssRestricted], Check::Pod(check)
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    report(cx, pod.spec, "the pod");
    for container in pod.containers() {
        report(cx, container.node, &called(&container));
    }
}

fn report(cx: &mut Context<'_>, node: &Node, who: &str) {
    let Some(options) = node.at(&["securityContext", "seLinuxOptions"]) else { return };
    let allowed = match options.text("type") {
        "" | "container_t" | "container_init_t" | "container_kvm_t" => true,
        "container_engine_t" => cx.settings.is_since(31),
        _ => false,
    };
    let wrong = ["user", "role"].into_iter().filter(|key| !options.text(key).is_empty());
    let wrong: Vec<&str> = wrong.chain((!allowed).then_some("type")).collect();
    for key in wrong {
        cx.report(
            (options, &[key]),
            format!("{who} sets the SELinux {key} `{}`", options.text(key)),
            format!("remove `{key}`; `level` alone keeps pods apart"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container, pod};

    #[test]
    fn types_users_and_roles_are_told_one_by_one() {
        let options = |text: &str| format!("securityContext: {{seLinuxOptions: {{{text}}}}}");
        let path = |key: &str| format!("spec.containers[0].securityContext.seLinuxOptions.{key}");
        let text = container(&options("type: spc_t, role: r, user: u"));
        check(&super::RULE, &text, &[&path("type"), &path("role"), &path("user")]);
        check(&super::RULE, &container(&options("type: container_engine_t, level: s0")), &[]);
        check(
            &super::RULE,
            &pod(&options("user: u")),
            &["spec.securityContext.seLinuxOptions.user"],
        );
    }
}
