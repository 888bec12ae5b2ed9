use plimsoll_kube::{Fields, Pod};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Volumes are of the kinds that need no trust.
    ///
    /// These are configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim,
    /// projected and secret.
    ///
    /// ## Why
    /// Other kinds reach the node or a storage server past the control of its administrators; a
    /// PersistentVolumeClaim keeps who may mount what in one place.
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
    ///       nfs:
    ///         server: nfs.example
    ///         path: /data
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
    "restricted-volume-types", Security, Warning, [PssRestricted], Check::Pod(check)
}

const ALLOWED: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

fn check<'a>(cx: &mut Context<'a>, pod: &Pod<'a>) {
    for volume in pod.spec.items("volumes") {
        if ALLOWED.iter().any(|kind| volume.field(kind).is_some()) {
            continue;
        }
        let kind = volume.as_map().iter().find(|entry| entry.key != b"name");
        let kind = kind.map(|entry| String::from_utf8_lossy(&entry.key).into_owned());
        let name = volume.text("name");
        cx.report(
            (volume, &[]),
            match kind {
                Some(kind) => format!("volume `{name}` is of the kind `{kind}`"),
                None => format!("volume `{name}` is of no kind"),
            },
            "use a PersistentVolumeClaim, or `emptyDir` for what need not stay",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, pod};

    #[test]
    fn other_kinds_are_told() {
        let text =
            pod("volumes: [{name: a, hostPath: {path: /x}}, {name: b, emptyDir: {}}, {name: c}]");
        check(&super::RULE, &text, &["spec.volumes[0]", "spec.volumes[2]"]);
    }
}
