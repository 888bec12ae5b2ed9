use plimsoll_kube::{Fields, Object, selects};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Disruption budgets select pods.
    ///
    /// Asked where the manifests hold pods of the budget's namespace. Beside kinds that Kubernetes
    /// does not know, which may make pods, nothing is said.
    ///
    /// ## Why
    /// A budget without pods protects nothing: all replicas may be drained at once.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: api
    /// spec:
    ///   maxUnavailable: 1
    ///   selector:
    ///     matchLabels:
    ///       app: apo
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
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: api
    /// spec:
    ///   maxUnavailable: 1
    ///   selector:
    ///     matchLabels:
    ///       app: api
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
    "pdb-dangling", References, Warning, [Default], Check::Object(&["PodDisruptionBudget"], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    let set = cx.set;
    let Some(spec) = object.spec() else { return };
    let Some(selector) = spec.field("selector") else { return };
    let mut pods = set.pods_beside(object).peekable();
    if pods.peek().is_none() || set.may_make_pods() {
        return;
    }
    if !pods.any(|pod| selects(selector, pod.labels())) {
        cx.report(
            (spec, &["selector"]),
            "the disruption budget selects no pod",
            "let `selector` hold labels that the pods have",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    #[test]
    fn an_empty_selector_selects_all() {
        let release = |selector: &str| {
            format!(
                "{{kind: PodDisruptionBudget, apiVersion: policy/v1, spec: {{selector: {selector}}}}}\n---\n{{kind: Pod, apiVersion: v1, metadata: {{labels: {{a: x}}}}, spec: {{}}}}\n"
            )
        };
        check(&super::RULE, &release("{}"), &[]);
        check(&super::RULE, &release("{matchLabels: {a: x}}"), &[]);
        check(&super::RULE, &release("{matchLabels: {a: z}}"), &["spec.selector"]);
    }
}
