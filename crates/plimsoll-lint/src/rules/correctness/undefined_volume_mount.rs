use plimsoll_kube::{Container, Fields, PodOwner};

use crate::context::called;

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Containers mount volumes that their pod has.
    ///
    /// Claims of a StatefulSet's `volumeClaimTemplates` are volumes of its pods. Kinds that
    /// Kubernetes does not know are left alone: who makes their pods may add volumes.
    ///
    /// ## Why
    /// The API server refuses the pod.
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
    ///       volumeMounts:
    ///         - name: data
    ///           mountPath: /data
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
    ///       emptyDir: {}
    ///   containers:
    ///     - name: api
    ///       image: registry.example/api:1.4.2
    ///       volumeMounts:
    ///         - name: data
    ///           mountPath: /data
    /// ```
    "undefined-volume-mount", Correctness, Error, [Default], Check::Container(check)
}

fn check<'a>(cx: &mut Context<'a>, container: &Container<'a>) {
    let pod = &container.pod;
    if pod.owner == PodOwner::Other {
        return;
    }
    let volumes = || pod.spec.items("volumes").iter().map(|volume| volume.text("name"));
    let claims = pod.object.spec().filter(|_| pod.owner == PodOwner::StatefulSet);
    let claims = claims.map(|spec| spec.items("volumeClaimTemplates")).unwrap_or_default();
    let claimed =
        || claims.iter().filter_map(|one| one.field("metadata")).map(|one| one.text("name"));
    for list in ["volumeMounts", "volumeDevices"] {
        for mount in container.node.items(list) {
            let name = mount.text("name");
            if volumes().chain(claimed()).any(|known| known == name) {
                continue;
            }
            cx.report(
                (mount, &["name"]),
                format!(
                    "{} mounts the volume `{name}`, which its pod does not have",
                    called(container)
                ),
                "add the volume to the pod's `volumes`, or remove the mount",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, pod};

    #[test]
    fn claims_of_a_stateful_set_are_volumes() {
        let set = |kind: &str| {
            format!(
                "{{kind: {kind}, apiVersion: apps/v1, spec: {{volumeClaimTemplates: [{{metadata: {{name: d}}}}], template: {{spec: {{containers: [{{name: a, volumeMounts: [{{name: d}}]}}]}}}}}}}}"
            )
        };
        check(&super::RULE, &set("StatefulSet"), &[]);
        let path = "spec.template.spec.containers[0].volumeMounts[0].name";
        check(&super::RULE, &set("Deployment"), &[path]);
        let foreign = set("Kafka").replace("apps/v1", "kafka.example/v1");
        check(&super::RULE, &foreign, &[]);
    }

    #[test]
    fn volumes_of_the_pod_are_found() {
        let text = pod("volumes: [{name: v}]")
            .replace("name: a,", "name: a, volumeMounts: [{name: v}, {name: w}],");
        check(&super::RULE, &text, &["spec.containers[0].volumeMounts[1].name"]);
    }
}
