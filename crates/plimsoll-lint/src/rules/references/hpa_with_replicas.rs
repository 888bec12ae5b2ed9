use plimsoll_kube::{Fields, Object};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// What an autoscaler scales has no number of replicas of its own.
    ///
    /// ## Why
    /// Every upgrade sets the number back to what the manifest says, in the middle of the load that
    /// the autoscaler has scaled for.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: api
    /// spec:
    ///   scaleTargetRef:
    ///     apiVersion: apps/v1
    ///     kind: Deployment
    ///     name: api
    ///   maxReplicas: 10
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    /// spec:
    ///   replicas: 3
    ///   selector:
    ///     matchLabels:
    ///       app: api
    ///   template:
    ///     metadata:
    ///       labels:
    ///         app: api
    ///     spec:
    ///       containers:
    ///         - name: api
    ///           image: registry.example/api:1.4.2
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: api
    /// spec:
    ///   scaleTargetRef:
    ///     apiVersion: apps/v1
    ///     kind: Deployment
    ///     name: api
    ///   maxReplicas: 10
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    /// spec:
    ///   selector:
    ///     matchLabels:
    ///       app: api
    ///   template:
    ///     metadata:
    ///       labels:
    ///         app: api
    ///     spec:
    ///       containers:
    ///         - name: api
    ///           image: registry.example/api:1.4.2
    /// ```
    "hpa-with-replicas", References, Warning, [Default], Check::Object(&["Deployment", "StatefulSet", "ReplicaSet"], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    let Some(spec) = object.spec().filter(|spec| spec.field("replicas").is_some()) else { return };
    let set = cx.set;
    let mut scalers = set.beside(object, "autoscaling", "HorizontalPodAutoscaler");
    let targets = |scaler: &&Object<'a>| {
        let target = scaler.spec().and_then(|spec| spec.field("scaleTargetRef"));
        target.is_some_and(|target| {
            target.text("kind") == object.kind && target.text("name") == object.name()
        })
    };
    let Some(scaler) = scalers.find(targets) else { return };
    cx.report(
        (spec, &["replicas"]),
        format!(
            "`replicas` is set, and HorizontalPodAutoscaler `{}` scales this too",
            scaler.name()
        ),
        "leave `replicas` out where there is an autoscaler; set its `minReplicas`",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    #[test]
    fn only_what_is_scaled_is_told() {
        let release = |target: &str, replicas: &str| {
            format!(
                "{{kind: HorizontalPodAutoscaler, apiVersion: autoscaling/v2, spec: {{scaleTargetRef: {{kind: Deployment, name: {target}}}}}}}\n---\n{{kind: Deployment, apiVersion: apps/v1, metadata: {{name: d}}, spec: {{replicas: {replicas}}}}}\n"
            )
        };
        check(&super::RULE, &release("d", "3"), &["spec.replicas"]);
        check(&super::RULE, &release("d", "null"), &[]);
        check(&super::RULE, &release("e", "3"), &[]);
    }
}
