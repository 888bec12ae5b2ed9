use plimsoll_kube::{Fields, Pod};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Pods do not reach the container runtime of their node.
    ///
    /// These are the sockets of Docker, containerd, CRI-O and cri-dockerd, wherever they are mounted
    /// from.
    ///
    /// ## Why
    /// Who speaks to the container runtime starts containers of any kind, privileged ones too: the
    /// socket is root on the node.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   volumes:
    ///     - name: docker
    ///       hostPath:
    ///         path: /var/run/docker.sock
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
    ///     - name: docker
    ///       emptyDir: {}
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    "container-runtime-socket", Security, Error, [Default, PssBaseline, PssRestricted], Check::Pod(check)
}

const SOCKETS: [&str; 4] = ["docker.sock", "containerd.sock", "crio.sock", "cri-dockerd.sock"];

/// Whether a path is the socket of a container runtime.
pub(super) fn is_runtime_socket(path: &str) -> bool {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    SOCKETS.contains(&name)
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    for volume in pod.spec.items("volumes") {
        let Some(host) = volume.field("hostPath") else { continue };
        if !is_runtime_socket(host.text("path")) {
            continue;
        }
        cx.report(
            (volume, &["hostPath", "path"]),
            format!("volume `{}` is the socket of the container runtime", volume.text("name")),
            "remove the volume; to build images, use a builder that needs no daemon",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, pod};

    #[test]
    fn sockets_are_known_by_their_names() {
        let volume =
            |path: &str| pod(&format!("volumes: [{{name: v, hostPath: {{path: {path}}}}}]"));
        for path in
            ["/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/crio/crio.sock"]
        {
            check(&super::RULE, &volume(path), &["spec.volumes[0].hostPath.path"]);
        }
        check(&super::RULE, &volume("/run/docker"), &[]);
    }
}
