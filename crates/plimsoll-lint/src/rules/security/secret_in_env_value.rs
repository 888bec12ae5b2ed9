use plimsoll_kube::{Container, Fields};

use crate::context::called;
use crate::secrets::secret;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Secrets do not stand in the manifest.
    ///
    /// A variable whose name speaks of a password, a token or a key and whose value is written down,
    /// a value in the form of a well-known key, and a URL with a password in it. References, paths,
    /// numbers and names of files are left alone.
    ///
    /// ## Why
    /// Whoever may read the Deployment, the chart's values or their history in git has the secret,
    /// and so has every backup of them.
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
    ///         - name: DB_PASSWORD
    ///           value: correct-horse
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
    ///         - name: DB_PASSWORD
    ///           valueFrom:
    ///             secretKeyRef:
    ///               name: db
    ///               key: password
    /// ```
    "secret-in-env-value", Security, Error, [Default], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    for one in container.node.items("env") {
        let (name, value) = (one.text("name"), one.text("value"));
        let Some(what) = secret(name, value) else { continue };
        cx.report(
            (one, &["value"]),
            format!("{} has {what} written into `{name}`", called(container)),
            "put it into a Secret, and refer to that with `valueFrom.secretKeyRef`",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, container};

    #[test]
    fn values_are_told_and_references_are_not() {
        let env = |text: &str| container(&format!("env: [{{name: {text}}}]"));
        let path = "spec.containers[0].env[0].value";
        check(&super::RULE, &env("API_TOKEN, value: abc"), &[path]);
        check(&super::RULE, &env("API_TOKEN, valueFrom: {secretKeyRef: {name: a, key: b}}"), &[]);
        check(&super::RULE, &env("LEVEL, value: debug"), &[]);
    }
}
