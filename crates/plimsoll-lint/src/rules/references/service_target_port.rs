use plimsoll_kube::{Fields, Object, Pod, has_labels};

use super::dangling_service::selector;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Services name ports that their pods have.
    ///
    /// Numbers are left alone: a container listens where it likes.
    ///
    /// ## Why
    /// A name that no pod knows leads nowhere: the Service has no endpoint for that port.
    ///
    /// ## Fails
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
    ///           ports:
    ///             - name: web
    ///               containerPort: 8080
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
    ///           ports:
    ///             - name: http
    ///               containerPort: 8080
    /// ```
    "service-target-port", References, Error, [Default], Check::Object(&["Service"], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    let set = cx.set;
    let Some((spec, selector)) = selector(object) else { return };
    let selected = |pod: &&Pod<'a>| has_labels(selector, pod.labels());
    let pods: Vec<&Pod<'a>> = set.pods_beside(object).filter(selected).collect();
    if pods.is_empty() {
        return;
    }
    for port in spec.items("ports") {
        let name = port.text("targetPort");
        if name.is_empty() || pods.iter().any(|pod| has_port(pod, name)) {
            continue;
        }
        let known: Vec<String> = pods.iter().flat_map(|pod| ports(pod)).collect();
        cx.report(
            (port, &["targetPort"]),
            format!("no pod of the Service has a port `{name}`"),
            match known.as_slice() {
                [] => "give the container's port this name, or write its number".to_owned(),
                known => format!("the pods have {}", known.join(", ")),
            },
        );
    }
}

fn has_port(pod: &Pod<'_>, name: &str) -> bool {
    pod.containers().any(|one| one.node.items("ports").iter().any(|port| port.text("name") == name))
}

fn ports(pod: &Pod<'_>) -> Vec<String> {
    let ports = pod.containers().flat_map(|one| one.node.items("ports"));
    let names = ports.map(|port| port.text("name")).filter(|name| !name.is_empty());
    names.map(|name| format!("`{name}`")).collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    fn release(port: &str) -> String {
        format!(
            "{{kind: Service, apiVersion: v1, spec: {{selector: {{a: x}}, ports: [{{port: 1, targetPort: {port}}}]}}}}\n---\n{{kind: Pod, apiVersion: v1, metadata: {{labels: {{a: x}}}}, spec: {{containers: [{{ports: [{{name: http}}]}}]}}}}\n"
        )
    }

    #[test]
    fn names_must_be_known_and_numbers_need_not() {
        check(&super::RULE, &release("http"), &[]);
        check(&super::RULE, &release("8080"), &[]);
        check(&super::RULE, &release("web"), &["spec.ports[0].targetPort"]);
        check(&super::RULE, &release("web").replace("labels: {a: x}", "labels: {a: z}"), &[]);
    }
}
