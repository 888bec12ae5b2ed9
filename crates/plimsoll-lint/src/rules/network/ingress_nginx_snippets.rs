use plimsoll_kube::Object;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Ingresses carry no configuration for nginx.
    ///
    /// ## Why
    /// Whoever may write an Ingress writes nginx's configuration with a snippet, and reads the
    /// secrets of the controller: those of the whole cluster (CVE-2021-25742).
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/server-snippet: "location /x { return 200; }"
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/proxy-body-size: 8m
    /// ```
    "ingress-nginx-snippets", Network, Error, [Default], Check::Object(&["Ingress"], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    for entry in object.annotations() {
        let key = String::from_utf8_lossy(&entry.key);
        let snippet = key.strip_prefix("nginx.ingress.kubernetes.io/");
        if snippet.is_none_or(|name| !name.ends_with("-snippet")) {
            continue;
        }
        cx.report(
            (&entry.value, &[]),
            format!("`{key}` writes nginx's configuration"),
            "use an annotation made for the purpose; controllers refuse snippets by default",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    #[test]
    fn every_kind_of_snippet_is_told() {
        let ingress = |key: &str| {
            format!(
                "{{kind: Ingress, apiVersion: networking.k8s.io/v1, metadata: {{annotations: {{nginx.ingress.kubernetes.io/{key}: x}}}}}}"
            )
        };
        let path = |key: &str| format!("metadata.annotations[nginx.ingress.kubernetes.io/{key}]");
        for key in ["server-snippet", "configuration-snippet", "auth-snippet"] {
            check(&super::RULE, &ingress(key), &[&path(key)]);
        }
        check(&super::RULE, &ingress("rewrite-target"), &[]);
    }
}
