use plimsoll_kube::{Entry, Fields, Node, Object, Pod, same};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Services select pods.
    ///
    /// Asked where the manifests hold pods of the Service's namespace. Kinds that Kubernetes does not
    /// know may make pods that nobody sees here; beside them nothing is said. Nor is anything said
    /// where a label is missing and the others fit: programs label their own pods, as the active one
    /// of several.
    ///
    /// ## Why
    /// A Service without pods refuses every connection. Most often a label was renamed in one of two
    /// places.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: api
    /// spec:
    ///   selector:
    ///     app: apo
    ///   ports:
    ///     - port: 80
    ///       targetPort: http
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
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: api
    /// spec:
    ///   selector:
    ///     app: api
    ///   ports:
    ///     - port: 80
    ///       targetPort: http
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
    "dangling-service", References, Warning, [Default], Check::Object(&["Service"], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    let set = cx.set;
    let Some((spec, selector)) = selector(object) else { return };
    let mut pods = set.pods_beside(object).peekable();
    if pods.peek().is_none() || set.may_make_pods() {
        return;
    }
    let mut nearest: Option<(usize, &Pod<'a>)> = None;
    for pod in pods {
        let wrong = missing(selector, pod).count();
        if wrong == 0 || may_come(selector, pod, wrong) {
            return;
        }
        if nearest.is_none_or(|(known, _)| wrong < known) {
            nearest = Some((wrong, pod));
        }
    }
    let help = match nearest.filter(|(wrong, _)| *wrong < selector.as_map().len().max(2)) {
        Some((_, pod)) => hint(selector, pod),
        None => "let `selector` hold labels that the pods have".to_owned(),
    };
    cx.report((spec, &["selector"]), "the Service selects no pod", help);
}

/// What a Service selects pods by, if it does.
pub(super) fn selector<'a>(object: &Object<'a>) -> Option<(&'a Node, &'a Node)> {
    let spec = object.spec().filter(|spec| spec.text("type") != "ExternalName")?;
    let selector = spec.field("selector").filter(|selector| !selector.as_map().is_empty())?;
    (object.group().is_empty()).then_some((spec, selector))
}

fn missing<'s>(selector: &'s Node, pod: &Pod<'s>) -> impl Iterator<Item = &'s Entry> + use<'s> {
    let labels = pod.labels();
    selector.as_map().iter().filter(move |wanted| {
        let found = labels.and_then(|labels| labels.get(std::str::from_utf8(&wanted.key).ok()?));
        found.is_none_or(|found| !same(found, &wanted.value))
    })
}

/// Whether all that a pod lacks are labels that it may be given while it runs.
fn may_come(selector: &Node, pod: &Pod<'_>, wrong: usize) -> bool {
    let absent = |wanted: &Entry| {
        let key = std::str::from_utf8(&wanted.key).ok();
        key.is_some_and(|key| pod.labels().is_none_or(|labels| labels.get(key).is_none()))
    };
    wrong < selector.as_map().len() && missing(selector, pod).all(absent)
        || missing(selector, pod).all(|wanted| wanted.key == b"statefulset.kubernetes.io/pod-name")
}

fn hint(selector: &Node, pod: &Pod<'_>) -> String {
    let Some(wanted) = missing(selector, pod).next() else { return String::new() };
    let key = String::from_utf8_lossy(&wanted.key);
    let found = pod.labels().map_or("", |labels| labels.text(&key));
    let value = wanted.value.as_str().unwrap_or_default();
    let who = format!("the pods of {} `{}`", pod.object.kind, pod.object.name());
    match found {
        "" => format!("{who} lack the label `{key}: {value}`"),
        found => format!("{who} have `{key}: {found}`, and the Service wants `{key}: {value}`"),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    fn release(selector: &str, more: &str) -> String {
        format!(
            "{{kind: Service, apiVersion: v1, spec: {{selector: {selector}}}}}\n---\n{{kind: Pod, apiVersion: v1, metadata: {{labels: {{a: x, b: z}}}}, spec: {{}}}}\n---\n{more}\n"
        )
    }

    #[test]
    fn all_labels_must_be_there() {
        check(&super::RULE, &release("{a: x}", ""), &[]);
        check(&super::RULE, &release("{a: x, b: other}", ""), &["spec.selector"]);
        check(&super::RULE, &release("{c: x}", ""), &["spec.selector"]);
        check(&super::RULE, &release("{}", ""), &[]);
    }

    #[test]
    fn labels_may_come_while_a_pod_runs() {
        check(&super::RULE, &release("{a: x, active: 'true'}", ""), &[]);
        check(&super::RULE, &release("{statefulset.kubernetes.io/pod-name: a-0}", ""), &[]);
    }

    #[test]
    fn what_cannot_be_known_is_not_told() {
        check(
            &super::RULE,
            &release("{c: x}", "{kind: Kafka, apiVersion: kafka.strimzi.io/v1}"),
            &[],
        );
        check(&super::RULE, "{kind: Service, apiVersion: v1, spec: {selector: {a: x}}}", &[]);
        let elsewhere = release("{c: x}", "")
            .replace("apiVersion: v1, spec", "apiVersion: v1, metadata: {namespace: o}, spec");
        check(&super::RULE, &elsewhere, &[]);
    }
}
