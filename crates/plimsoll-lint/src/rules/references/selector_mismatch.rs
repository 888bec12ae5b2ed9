use plimsoll_kube::{Fields, Node, Pod, PodOwner, selects};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// The selector of a workload selects its own pods.
    ///
    /// Asked of Deployments, StatefulSets, DaemonSets and ReplicaSets.
    ///
    /// ## Why
    /// The API server refuses a workload whose pods it would not find again, and one without a
    /// selector.
    ///
    /// ## Fails
    /// ```yaml
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
    ///         app: shop
    ///     spec:
    ///       containers:
    ///         - name: api
    ///           image: registry.example/api:1.4.2
    /// ```
    ///
    /// ## Passes
    /// ```yaml
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
    "selector-mismatch", References, Error, [Default], Check::Pod(check)
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    use PodOwner::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
    if !matches!(pod.owner, Deployment | StatefulSet | DaemonSet | ReplicaSet) {
        return;
    }
    let Some(spec) = pod.object.spec() else { return };
    let selector = spec.field("selector");
    // The API server fills in a selector for versions before apps/v1.
    if selector.is_none() && (pod.object.group() != "apps" || pod.object.version() != "v1") {
        return;
    }
    if selector.is_some_and(|selector| selects(selector, pod.labels()) && !is_empty(selector)) {
        return;
    }
    let kind = pod.object.kind;
    cx.report(
        (spec, &["selector"]),
        match selector {
            None => format!("the {kind} has no selector"),
            Some(selector) if is_empty(selector) => format!("the selector of the {kind} is empty"),
            Some(_) => format!("the selector of the {kind} does not select its own pods"),
        },
        "let `selector.matchLabels` hold labels that `template.metadata.labels` has too",
    );
}

fn is_empty(selector: &Node) -> bool {
    let labels = selector.field("matchLabels").is_none_or(|labels| labels.as_map().is_empty());
    labels && selector.items("matchExpressions").is_empty()
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    #[test]
    fn selectors_are_read_whole() {
        let with = |version: &str, selector: &str| {
            format!(
                "{{kind: Deployment, apiVersion: {version}, spec: {{{selector} template: {{metadata: {{labels: {{a: x, b: y}}}}, spec: {{containers: [{{name: a}}]}}}}}}}}"
            )
        };
        let v1 = |selector: &str| with("apps/v1", selector);
        check(&super::RULE, &v1("selector: {matchLabels: {a: x}},"), &[]);
        check(&super::RULE, &v1("selector: {matchLabels: {a: z}},"), &["spec.selector"]);
        check(&super::RULE, &v1("selector: {},"), &["spec.selector"]);
        check(&super::RULE, &v1(""), &["spec.selector"]);
        check(&super::RULE, &with("extensions/v1beta1", ""), &[]);
        let expression = "selector: {matchExpressions: [{key: a, operator: In, values: [x]}]},";
        check(&super::RULE, &v1(expression), &[]);
    }
}
