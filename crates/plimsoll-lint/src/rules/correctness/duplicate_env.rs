use plimsoll_kube::{Container, Fields};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Each variable of a container is set once.
    ///
    /// ## Why
    /// The last one wins, in silence. Charts that put variables together from several lists do it
    /// without noticing, and a merge of manifests may keep either.
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
    ///       env:
    ///         - name: LEVEL
    ///           value: info
    ///         - name: LEVEL
    ///           value: debug
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
    ///       env:
    ///         - name: LEVEL
    ///           value: debug
    /// ```
    "duplicate-env", Correctness, Warning, [Default], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    let mut seen: Vec<&str> = Vec::new();
    for one in container.node.items("env") {
        let name = one.text("name");
        if name.is_empty() {
            continue;
        }
        match seen.binary_search(&name) {
            Err(at) => seen.insert(at, name),
            Ok(_) => cx.report(
                (one, &["name"]),
                format!("{} sets `{name}` once more", called(container)),
                "keep one of them: the last one is what the container sees",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container};

    #[test]
    fn the_second_one_is_told() {
        let text = container("env: [{name: A}, {name: B}, {name: A}, {name: A}]");
        let path = |at: usize| format!("spec.containers[0].env[{at}].name");
        check(&super::RULE, &text, &[&path(2), &path(3)]);
    }
}
