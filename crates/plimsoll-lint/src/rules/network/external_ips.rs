use plimsoll_kube::{Fields, Object};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Services take no addresses that are not theirs.
    ///
    /// ## Why
    /// With `externalIPs` a Service catches the traffic that pods of the cluster send to any address,
    /// and nobody checks whose it is (CVE-2020-8554).
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: api
    /// spec:
    ///   externalIPs: [203.0.113.7]
    ///   ports:
    ///     - port: 80
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: api
    /// spec:
    ///   type: LoadBalancer
    ///   ports:
    ///     - port: 80
    /// ```
    "external-ips", Network, Error, [Default], Check::Object(&["Service"], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    let Some(spec) = object.spec().filter(|spec| !spec.items("externalIPs").is_empty()) else {
        return;
    };
    cx.report(
        (spec, &["externalIPs"]),
        "the Service catches traffic to addresses that nobody gave it",
        "remove `externalIPs`, and use `type: LoadBalancer` or an Ingress",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    #[test]
    fn an_empty_list_catches_nothing() {
        let service = |list: &str| {
            format!("{{kind: Service, apiVersion: v1, spec: {{externalIPs: {list}}}}}")
        };
        check(&super::RULE, &service("[1.2.3.4]"), &["spec.externalIPs"]);
        check(&super::RULE, &service("[]"), &[]);
    }
}
