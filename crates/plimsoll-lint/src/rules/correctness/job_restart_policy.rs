use plimsoll_kube::{Fields, Pod, PodOwner};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Pods restart as what makes them wants it.
    ///
    /// A Job or CronJob wants `Never` or `OnFailure`, and has to say which; whatever keeps pods
    /// running wants `Always`.
    ///
    /// ## Why
    /// The API server refuses anything else. A Job that says nothing gets `Always`, which it does not
    /// take.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: migrate
    /// spec:
    ///   template:
    ///     spec:
    ///       containers:
    ///         - name: migrate
    ///           image: registry.example/migrate:1.4.2
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: migrate
    /// spec:
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       containers:
    ///         - name: migrate
    ///           image: registry.example/migrate:1.4.2
    /// ```
    "job-restart-policy", Correctness, Error, [Default], Check::Pod(check)
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    use PodOwner::{
        CronJob, DaemonSet, Deployment, Job, ReplicaSet, ReplicationController, StatefulSet,
    };
    let policy = pod.spec.text("restartPolicy");
    let (right, help) = match pod.owner {
        Job | CronJob => (
            matches!(policy, "Never" | "OnFailure"),
            "set `restartPolicy: Never`, or `OnFailure` to start again in the same pod",
        ),
        Deployment | StatefulSet | DaemonSet | ReplicaSet | ReplicationController => {
            (matches!(policy, "" | "Always"), "remove `restartPolicy`: it is `Always` here")
        }
        _ => return,
    };
    if right {
        return;
    }
    let kind = pod.object.kind;
    let message = match policy {
        "" => format!("a {kind} has to say when its pods restart"),
        policy => format!("a {kind} does not take the restart policy `{policy}`"),
    };
    cx.report((pod.spec, &["restartPolicy"]), message, help);
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    #[test]
    fn every_owner_has_its_own() {
        let of = |kind: &str, group: &str, policy: &str| {
            format!(
                "{{kind: {kind}, apiVersion: {group}/v1, spec: {{template: {{spec: {{restartPolicy: {policy}, containers: [{{name: a}}]}}}}}}}}"
            )
        };
        let path = "spec.template.spec.restartPolicy";
        check(&super::RULE, &of("Job", "batch", "Always"), &[path]);
        check(&super::RULE, &of("Job", "batch", "null"), &[path]);
        check(&super::RULE, &of("Job", "batch", "OnFailure"), &[]);
        check(&super::RULE, &of("Deployment", "apps", "Never"), &[path]);
        check(&super::RULE, &of("Deployment", "apps", "null"), &[]);
        check(&super::RULE, &of("Rollout", "argoproj.io", "Never"), &[]);
    }
}
