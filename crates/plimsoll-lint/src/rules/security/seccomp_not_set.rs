use plimsoll_kube::{Fields, Pod};

use super::seccomp_unconfined::filters;
use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Containers have a seccomp profile.
    ///
    /// Asked of the pod once: `securityContext.seccompProfile` on the pod, or on every container.
    /// Windows has no system calls of this kind.
    ///
    /// ## Why
    /// Without a profile Kubernetes leaves all system calls open, those too that most breakouts of
    /// the last years needed.
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
    ///   securityContext:
    ///     seccompProfile:
    ///       type: RuntimeDefault
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    "seccomp-not-set", Security, Warning, [Default, PssRestricted], Check::Pod(check)
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    let exempt = pod.is_windows() && cx.settings.is_since(25);
    let of_pod = pod.security_context().and_then(|own| own.field("seccompProfile"));
    if exempt || of_pod.is_some_and(filters) || !cx.settings.is_since(19) {
        return;
    }
    let without = pod.containers().filter(|one| one.security("seccompProfile").is_none());
    let without: Vec<String> = without.map(|one| called(&one)).collect();
    if of_pod.is_some() || without.is_empty() {
        return;
    }
    let have = if without.len() == 1 { "has" } else { "have" };
    cx.report(
        (pod.spec, &["securityContext", "seccompProfile"]),
        format!("{} {have} no seccomp profile", without.join(", ")),
        "set `securityContext.seccompProfile.type: RuntimeDefault` on the pod",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container, pod};

    const PATH: &str = "spec.securityContext.seccompProfile";

    #[test]
    fn the_pod_or_every_container() {
        check(&super::RULE, &pod(""), &[PATH]);
        check(&super::RULE, &pod("securityContext: {seccompProfile: {type: Localhost}}"), &[]);
        check(
            &super::RULE,
            &container("securityContext: {seccompProfile: {type: RuntimeDefault}}"),
            &[],
        );
    }

    #[test]
    fn a_cron_job_has_its_pod_deep_inside() {
        let text = "{kind: CronJob, apiVersion: batch/v1, spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a}, {name: b}]}}}}}}";
        check(
            &super::RULE,
            text,
            &["spec.jobTemplate.spec.template.spec.securityContext.seccompProfile"],
        );
    }

    #[test]
    fn what_is_unconfined_is_told_elsewhere() {
        check(&super::RULE, &pod("securityContext: {seccompProfile: {type: Unconfined}}"), &[]);
        check(&super::RULE, &pod("os: {name: windows}"), &[]);
    }
}
