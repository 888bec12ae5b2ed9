use plimsoll_kube::{Container, Fields, Node, Quantity};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Requests and limits are amounts, and no request exceeds its limit.
    ///
    /// Also amounts that cannot be read, memory in parts of a byte (`128m` is an eighth of a byte,
    /// not 128 megabytes), and extended resources whose request is not their limit.
    ///
    /// ## Why
    /// The API server refuses such a container, or the kubelet cannot start it.
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
    ///       resources:
    ///         requests:
    ///           memory: 512Mi
    ///         limits:
    ///           memory: 256Mi
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    ///       resources:
    ///         requests:
    ///           memory: 256Mi
    ///         limits:
    ///           memory: 256Mi
    /// ```
    "resource-request-exceeds-limit", Correctness, Error, [Default], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    for list in ["requests", "limits"] {
        let amounts = container.node.at(&["resources", list]);
        for entry in amounts.map(Node::as_map).unwrap_or_default() {
            let Ok(name) = std::str::from_utf8(&entry.key) else { continue };
            let problem = problem(container, list, name, &entry.value);
            if let Some((message, help)) = problem {
                let message = format!("{} {message}", called(container));
                cx.report((container.node, &["resources", list, name]), message, help);
            }
        }
    }
}

fn problem(
    container: &Container<'_>,
    list: &str,
    name: &str,
    node: &Node,
) -> Option<(String, &'static str)> {
    if node.is_null() {
        return None;
    }
    let singular = list.trim_end_matches('s');
    let Some(amount) = Quantity::of(node) else {
        let message = format!("has a {name} {singular} that is no amount");
        return Some((message, "write a number with a suffix such as `m`, `Mi` or `Gi`"));
    };
    if matches!(name, "memory" | "ephemeral-storage") && !amount.is_whole() {
        let message = format!("has a {name} {singular} of less than a byte");
        return Some((message, "write `Mi` for megabytes: `m` is a thousandth"));
    }
    let limit = container.resource("limits", name).and_then(Quantity::of);
    let limit = limit.filter(|_| list == "requests")?;
    if amount > limit {
        let message = format!("requests more {name} than its limit allows");
        return Some((message, "raise the limit, or lower the request"));
    }
    let extended = name.contains('/') && !name.starts_with("kubernetes.io/");
    let message = format!("requests less {name} than its limit, which must be equal");
    (extended && amount != limit).then_some((message, "write the same amount for both"))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container};

    #[test]
    fn amounts_are_compared_as_amounts() {
        let both = |request: &str, limit: &str| {
            container(&format!(
                "resources: {{requests: {{cpu: {request}}}, limits: {{cpu: {limit}}}}}"
            ))
        };
        let path = "spec.containers[0].resources.requests.cpu";
        check(&super::RULE, &both("1001m", "1"), &[path]);
        check(&super::RULE, &both("1000m", "1"), &[]);
        check(&super::RULE, &both("2", "10"), &[]);
    }

    #[test]
    fn what_is_no_amount_is_told() {
        let limit = |text: &str| container(&format!("resources: {{limits: {{{text}}}}}"));
        let path = |name: &str| format!("spec.containers[0].resources.limits.{name}");
        check(&super::RULE, &limit("memory: 128m"), &[&path("memory")]);
        check(&super::RULE, &limit("memory: 1GB"), &[&path("memory")]);
        check(&super::RULE, &limit("cpu: 0.5, memory: 1.5Gi"), &[]);
    }

    #[test]
    fn extended_resources_are_equal() {
        let text =
            container("resources: {requests: {nvidia.com/gpu: 1}, limits: {nvidia.com/gpu: 2}}");
        check(&super::RULE, &text, &["spec.containers[0].resources.requests[nvidia.com/gpu]"]);
    }
}
