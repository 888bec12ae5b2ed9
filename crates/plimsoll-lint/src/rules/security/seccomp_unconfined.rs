use plimsoll_kube::{Fields, Node, Pod};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// No pod or container turns system call filtering off.
    ///
    /// Kubernetes before 1.19 had annotations for it, which are read for those versions.
    ///
    /// ## Why
    /// The default seccomp profile refuses the system calls that most breakouts of the last years
    /// needed, and no ordinary program uses them.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   securityContext:
    ///     seccompProfile:
    ///       type: Unconfined
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
    ///     seccompProfile:
    ///       type: RuntimeDefault
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    "seccomp-unconfined", Security, Error, [Default, PssBaseline, PssRestricted], Check::Pod(check)
}

/// Whether a profile filters system calls.
pub(super) fn filters(profile: &Node) -> bool {
    matches!(profile.text("type"), "RuntimeDefault" | "Localhost")
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    // The restricted level's own check takes this one's place, and has nothing to say of Windows.
    if cx.settings.is_restricted() && pod.is_windows() && cx.settings.is_since(25) {
        return;
    }
    if cx.settings.is_since(19) {
        report(cx, pod.spec, "the pod");
        for container in pod.containers() {
            report(cx, container.node, &called(&container));
        }
        return;
    }
    let mut keys = vec!["seccomp.security.alpha.kubernetes.io/pod".to_owned()];
    keys.extend(
        pod.containers()
            .map(|one| format!("container.seccomp.security.alpha.kubernetes.io/{}", one.name())),
    );
    for key in keys {
        let allowed = |value: &str| {
            matches!(value, "runtime/default" | "docker/default") || value.starts_with("localhost/")
        };
        let Some(value) = pod.annotation(&key).filter(|value| !allowed(value)) else { continue };
        cx.report(
            (pod.template, &["metadata", "annotations", &key]),
            format!("the annotation gives it the seccomp profile `{value}`"),
            "write `runtime/default`",
        );
    }
}

fn report(cx: &mut Context<'_>, node: &Node, who: &str) {
    let profile = node.at(&["securityContext", "seccompProfile"]);
    let Some(profile) = profile.filter(|profile| !filters(profile)) else { return };
    cx.report(
        (profile, &["type"]),
        match profile.text("type") {
            "" => format!("{who} has a seccomp profile without a type"),
            kind => format!("{who} has the seccomp profile `{kind}`"),
        },
        "write `RuntimeDefault`",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container, pod};

    #[test]
    fn pods_and_containers_are_told_apart() {
        let profile = |kind: &str| format!("securityContext: {{seccompProfile: {{type: {kind}}}}}");
        let of_pod = "spec.securityContext.seccompProfile.type";
        let of_container = "spec.containers[0].securityContext.seccompProfile.type";
        check(&super::RULE, &pod(&profile("Unconfined")), &[of_pod]);
        check(&super::RULE, &container(&profile("Unconfined")), &[of_container]);
        check(&super::RULE, &container(&profile("Localhost")), &[]);
        check(&super::RULE, &container(""), &[]);
    }
}
