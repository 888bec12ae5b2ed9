use plimsoll_kube::{Document, Object, Pod, objects};

/// All objects that are looked at together: of a release, of a folder.
#[derive(Debug)]
pub struct ObjectSet<'a> {
    objects: Vec<Object<'a>>,
    /// Numbers of objects, sorted by kind.
    by_kind: Vec<u32>,
    pods: Vec<Pod<'a>>,
    namespace: &'a str,
}

impl<'a> ObjectSet<'a> {
    /// The objects of documents; `namespace` is where those go that name none.
    pub fn new(documents: &'a [Document], namespace: &'a str) -> ObjectSet<'a> {
        let objects = objects(documents);
        let mut by_kind: Vec<u32> = (0..objects.len() as u32).collect();
        by_kind.sort_by_key(|&at| objects[at as usize].kind);
        let pods = objects.iter().filter_map(Object::pod).collect();
        ObjectSet { objects, by_kind, pods, namespace }
    }

    /// The objects in the order of the text.
    pub fn objects(&self) -> &[Object<'a>] {
        &self.objects
    }

    /// The objects of a kind of a group (empty: the core group), in the order of the text.
    pub fn of_kind<'s>(
        &'s self,
        group: &'s str,
        kind: &'s str,
    ) -> impl Iterator<Item = &'s Object<'a>> {
        let object = |at: &u32| &self.objects[*at as usize];
        let from = self.by_kind.partition_point(|at| object(at).kind < kind);
        let same = self.by_kind[from..].iter().map(object);
        same.take_while(move |one| one.kind == kind).filter(move |one| one.group() == group)
    }

    /// The namespace that an object ends up in.
    pub fn namespace_of(&self, object: &Object<'a>) -> &'a str {
        let named = object.namespace();
        if named.is_empty() { self.namespace } else { named }
    }

    /// The objects of a kind that share an object's namespace.
    pub fn beside<'s>(
        &'s self,
        object: &Object<'a>,
        group: &'s str,
        kind: &'s str,
    ) -> impl Iterator<Item = &'s Object<'a>> + use<'s, 'a> {
        let namespace = self.namespace_of(object);
        self.of_kind(group, kind).filter(move |one| self.namespace_of(one) == namespace)
    }

    /// The pods and pod templates that share an object's namespace.
    pub fn pods_beside<'s>(
        &'s self,
        object: &Object<'a>,
    ) -> impl Iterator<Item = &'s Pod<'a>> + use<'s, 'a> {
        let namespace = self.namespace_of(object);
        self.pods.iter().filter(move |pod| self.namespace_of(&pod.object) == namespace)
    }

    /// Whether there are objects of kinds that Kubernetes does not know and that may make pods: then
    /// a pod that is not here may still come to be.
    pub fn may_make_pods(&self) -> bool {
        self.objects.iter().any(|object| makes_pods(object) && object.pod().is_none())
    }
}

/// Groups of well-known kinds that make no pods.
const HARMLESS: [&str; 22] = [
    "acme.cert-manager.io",
    "apps",
    "autoscaling",
    "batch",
    "bitnami.com",
    "cert-manager.io",
    "cilium.io",
    "crd.projectcalico.org",
    "extensions",
    "external-secrets.io",
    "gateway.envoyproxy.io",
    "grafana.integreatly.org",
    "keda.sh",
    "kyverno.io",
    "networking.gke.io",
    "networking.istio.io",
    "policy",
    "projectcalico.org",
    "route.openshift.io",
    "security.istio.io",
    "traefik.containo.us",
    "traefik.io",
];

fn makes_pods(object: &Object<'_>) -> bool {
    let group = object.group();
    match group {
        "" => false,
        "monitoring.coreos.com" => {
            matches!(object.kind, "Alertmanager" | "Prometheus" | "PrometheusAgent" | "ThanosRuler")
        }
        _ => !group.ends_with(".k8s.io") && HARMLESS.binary_search(&group).is_err(),
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_kube::read_documents;
    use plimsoll_source::FileId;

    use super::*;

    #[test]
    fn only_foreign_kinds_may_make_pods() {
        let makes = |version: &str, kind: &str| {
            let text = format!("{{apiVersion: {version}, kind: {kind}}}");
            ObjectSet::new(&read_documents(text.as_bytes(), FileId(0)), "default").may_make_pods()
        };
        assert!(HARMLESS.is_sorted());
        assert!(makes("kafka.strimzi.io/v1", "Kafka"));
        assert!(makes("monitoring.coreos.com/v1", "Prometheus"));
        assert!(!makes("monitoring.coreos.com/v1", "ServiceMonitor"));
        assert!(!makes("networking.k8s.io/v1", "Ingress"));
        assert!(!makes("v1", "Service"));
    }
}
