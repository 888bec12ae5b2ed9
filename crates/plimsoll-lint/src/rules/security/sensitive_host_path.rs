use plimsoll_kube::{Fields, Pod};

use super::container_runtime_socket::is_runtime_socket;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Pods mount no folder of their node's system.
    ///
    /// These are `/`, `/boot`, `/dev`, `/etc`, `/lib`, `/proc`, `/sys`, `/usr`, `/var/run` and
    /// `/var/lib/kubelet`, and what is in them.
    ///
    /// ## Why
    /// Whoever writes there changes the node, and whoever reads there finds its keys: those of the
    /// kubelet open the cluster.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   volumes:
    ///     - name: etc
    ///       hostPath:
    ///         path: /etc/kubernetes
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
    ///   volumes:
    ///     - name: logs
    ///       hostPath:
    ///         path: /var/log/pods
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    "sensitive-host-path", Security, Error, [Default, PssBaseline, PssRestricted], Check::Pod(check)
}

const SENSITIVE: [&str; 9] =
    ["/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr", "/var/run", "/var/lib/kubelet"];

/// Whether a path is the root, or one of the system's folders, or in one.
pub(super) fn is_sensitive(path: &str) -> bool {
    let parts = || path.split('/').filter(|part| !part.is_empty() && *part != ".");
    let within = |folder: &str| {
        let mut parts = parts();
        folder.split('/').skip(1).all(|wanted| parts.next() == Some(wanted))
    };
    path.starts_with('/') && (parts().next().is_none() || SENSITIVE.into_iter().any(within))
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    for volume in pod.spec.items("volumes") {
        let Some(host) = volume.field("hostPath") else { continue };
        let path = host.text("path");
        if !is_sensitive(path) || is_runtime_socket(path) {
            continue;
        }
        cx.report(
            (volume, &["hostPath", "path"]),
            format!("volume `{}` is `{path}`, a part of the node's system", volume.text("name")),
            "remove the volume, or mount the one file that is needed with `readOnly: true`",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, pod};

    #[test]
    fn folders_are_compared_part_by_part() {
        let volume =
            |path: &str| pod(&format!("volumes: [{{name: v, hostPath: {{path: {path}}}}}]"));
        let sensitive =
            ["/", "//", "/etc", "/etc/", "/etc/ssl", "//var/run/x", "/var/./lib/kubelet"];
        for path in sensitive {
            check(&super::RULE, &volume(path), &["spec.volumes[0].hostPath.path"]);
        }
        for path in
            ["/etcetera", "/var/lib", "/var/log", "/srv/etc", "/run/containerd/containerd.sock"]
        {
            check(&super::RULE, &volume(path), &[]);
        }
    }
}
