use plimsoll_kube::{Fields, Pod};

use super::container_runtime_socket::is_runtime_socket;
use super::sensitive_host_path::is_sensitive;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Pods mount no folder of their node.
    ///
    /// Folders of the system and sockets of container runtimes have rules of their own.
    ///
    /// ## Why
    /// What is on a node belongs to no pod: the data is gone when the pod moves, and a pod that may
    /// write there may break out. Agents that read logs are the exception.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    /// spec:
    ///   volumes:
    ///     - name: data
    ///       hostPath:
    ///         path: /srv/data
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
    ///     - name: data
    ///       persistentVolumeClaim:
    ///         claimName: data
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    /// ```
    "host-path-volume", Security, Warning, [Default, PssBaseline, PssRestricted], Check::Pod(check)
}

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    for volume in pod.spec.items("volumes") {
        let Some(host) = volume.field("hostPath") else { continue };
        let path = host.text("path");
        if is_sensitive(path) || is_runtime_socket(path) {
            continue;
        }
        cx.report(
            (volume, &["hostPath"]),
            format!("volume `{}` is the folder `{path}` of the node", volume.text("name")),
            "use a PersistentVolumeClaim for data that stays, `emptyDir` for what does not",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, pod};

    #[test]
    fn other_rules_speak_of_the_system() {
        let volume =
            |path: &str| pod(&format!("volumes: [{{name: v, hostPath: {{path: {path}}}}}]"));
        check(&super::RULE, &volume("/srv/data"), &["spec.volumes[0].hostPath"]);
        check(&super::RULE, &volume("/etc/ssl"), &[]);
        check(&super::RULE, &volume("/run/docker.sock"), &[]);
        check(&super::RULE, &pod("volumes: [{name: v, emptyDir: {}}]"), &[]);
    }
}
