use plimsoll_kube::{Fields, Node, Pod};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// No pod or container turns AppArmor off.
    ///
    /// Fields and annotations are read; a pod that says nothing has the runtime's own profile.
    ///
    /// ## Why
    /// AppArmor keeps a process in a container from writing to the kernel's files and from mounting,
    /// also where it runs as root.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   securityContext:
    ///     appArmorProfile:
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
    ///     appArmorProfile:
    ///       type: RuntimeDefault
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    "apparmor-unconfined", Security, Error, [Default, PssBaseline, PssRestricted], Check::Pod(check)
}

const ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    report(cx, pod.spec, "the pod");
    for container in pod.containers() {
        report(cx, container.node, &called(&container));
    }
    let annotations = pod.template.at(&["metadata", "annotations"]);
    for entry in annotations.map(Node::as_map).unwrap_or_default() {
        let Some(value) = entry.value.as_str() else { continue };
        let allowed =
            value.is_empty() || value == "runtime/default" || value.starts_with("localhost/");
        if !entry.key.starts_with(ANNOTATION.as_bytes()) || allowed {
            continue;
        }
        cx.report(
            (&entry.value, &[]),
            format!("the annotation gives a container the AppArmor profile `{value}`"),
            "write `runtime/default`, or remove the annotation",
        );
    }
}

fn report(cx: &mut Context<'_>, node: &Node, who: &str) {
    let profile = node.at(&["securityContext", "appArmorProfile"]);
    let allowed = |profile: &Node| matches!(profile.text("type"), "RuntimeDefault" | "Localhost");
    let Some(profile) = profile.filter(|profile| !allowed(profile)) else { return };
    cx.report(
        (profile, &["type"]),
        match profile.text("type") {
            "" => format!("{who} has an AppArmor profile without a type"),
            kind => format!("{who} has the AppArmor profile `{kind}`"),
        },
        "write `RuntimeDefault`, or remove the profile",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container, pod};

    #[test]
    fn nothing_is_as_good_as_the_default() {
        let profile =
            |kind: &str| format!("securityContext: {{appArmorProfile: {{type: {kind}}}}}");
        let path = "spec.containers[0].securityContext.appArmorProfile.type";
        check(&super::RULE, &container(""), &[]);
        check(&super::RULE, &container(&profile("Localhost")), &[]);
        check(&super::RULE, &container(&profile("Unconfined")), &[path]);
        check(
            &super::RULE,
            &pod(&profile("Unconfined")),
            &["spec.securityContext.appArmorProfile.type"],
        );
    }

    #[test]
    fn annotations_are_read() {
        let with = |value: &str| {
            format!(
                "{{kind: Pod, apiVersion: v1, metadata: {{annotations: {{{}a: {value}}}}}, spec: {{containers: [{{name: a}}]}}}}",
                super::ANNOTATION
            )
        };
        let path = format!("metadata.annotations[{}a]", super::ANNOTATION);
        check(&super::RULE, &with("unconfined"), &[&path]);
        check(&super::RULE, &with("localhost/x"), &[]);
    }
}
