use plimsoll_kube::{Fields, Pod};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Pods set only kernel parameters that are safe on a shared node.
    ///
    /// The list of safe ones has grown with Kubernetes 1.27, 1.29, 1.32 and 1.37.
    ///
    /// ## Why
    /// Other parameters change the whole node or starve its other pods; the kubelet refuses them
    /// unless its administrator allowed them.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   securityContext:
    ///     sysctls:
    ///       - name: kernel.msgmax
    ///         value: "65536"
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   securityContext:
    ///     sysctls:
    ///       - name: net.ipv4.ip_unprivileged_port_start
    ///         value: "0"
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    "unsafe-sysctls", Security, Error, [Default, PssBaseline, PssRestricted], Check::Pod(check)
}

/// Safe parameters, and the minor version of Kubernetes 1 since which they are known as safe.
const SAFE: [(&str, u32); 14] = [
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_wmem", 32),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
    ("net.ipv4.tcp_notsent_lowat", 37),
];

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    let settings = cx.settings;
    let sysctls = pod.security_context().map(|own| own.items("sysctls")).unwrap_or_default();
    for one in sysctls {
        let name = one.text("name");
        if SAFE.iter().any(|(safe, since)| *safe == name && settings.is_since(*since)) {
            continue;
        }
        cx.report(
            (one, &["name"]),
            format!("the pod sets the kernel parameter `{name}`"),
            "set it on the nodes that need it, and let the pod choose those nodes",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, pod};

    #[test]
    fn parameters_are_told_one_by_one() {
        let text = pod(
            "securityContext: {sysctls: [{name: net.ipv4.tcp_wmem}, {name: a.b}, {name: net.core.somaxconn}]}",
        );
        let path = |at: usize| format!("spec.securityContext.sysctls[{at}].name");
        check(&super::RULE, &text, &[&path(1), &path(2)]);
    }
}
