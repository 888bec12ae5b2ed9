use plimsoll_kube::{Fields, Object};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Autoscalers scale something that is there.
    ///
    /// Asked for Deployments, StatefulSets and ReplicaSets, where the manifests hold pods of the
    /// namespace.
    ///
    /// ## Why
    /// An autoscaler without its target does nothing, and says so only in its status.
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
    ///     name: apo
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
    "dangling-hpa", References, Warning, [Default], Check::Object(&["HorizontalPodAutoscaler"], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    let set = cx.set;
    let Some(target) = object.spec().and_then(|spec| spec.field("scaleTargetRef")) else { return };
    let (kind, name) = (target.text("kind"), target.text("name"));
    let known = matches!(kind, "Deployment" | "StatefulSet" | "ReplicaSet");
    let mut pods = set.pods_beside(object).peekable();
    if !known || pods.peek().is_none() {
        return;
    }
    let mut same = set.beside(object, "apps", kind);
    if same.any(|one| one.name() == name) {
        return;
    }
    let others: Vec<String> =
        set.beside(object, "apps", kind).map(|one| format!("`{}`", one.name())).collect();
    cx.report(
        (target, &["name"]),
        format!("there is no {kind} `{name}`"),
        match others.as_slice() {
            [] => format!("name what is to be scaled: there is no {kind} here"),
            others => format!("name what is to be scaled: {}", others.join(", ")),
        },
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    #[test]
    fn names_are_compared_within_a_kind() {
        let release = |kind: &str, target: &str| {
            format!(
                "{{kind: HorizontalPodAutoscaler, apiVersion: autoscaling/v2, spec: {{scaleTargetRef: {{kind: {kind}, name: {target}}}}}}}\n---\n{{kind: Deployment, apiVersion: apps/v1, metadata: {{name: d}}, spec: {{template: {{spec: {{}}}}}}}}\n"
            )
        };
        let path = &["spec.scaleTargetRef.name"];
        check(&super::RULE, &release("Deployment", "d"), &[]);
        check(&super::RULE, &release("Deployment", "e"), path);
        check(&super::RULE, &release("StatefulSet", "d"), path);
        check(&super::RULE, &release("Rollout", "d"), &[]);
    }
}
