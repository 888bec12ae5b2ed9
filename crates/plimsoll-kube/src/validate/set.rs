//! What objects say of each other: references to what is not among them, keys and ports that are not
//! there, quotas that are too small.

use plimsoll_source::Severity;
use plimsoll_yaml::Node;

use super::node::Fields as _;
use super::problem::Problem;
use super::quota::quotas;
use crate::{Container, Object, Pod};

/// Names of objects that every cluster or namespace has.
const GIVEN: &[(&str, &str)] =
    &[("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default"), ("Service", "kubernetes")];

/// Namespaces that every cluster has.
const NAMESPACES: &[&str] = &["default", "kube-node-lease", "kube-public", "kube-system"];

/// Workloads that an autoscaler can scale.
const SCALED: &[&str] = &["Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"];

/// What is said of each object because of the others, by the object's number. Nothing of it keeps an
/// object from being taken: what is missing may have been made elsewhere.
pub fn check_set<'a>(objects: &[Object<'a>], references: &References<'a>) -> Vec<(usize, Problem)> {
    let mut set = Set { objects, names: names(objects), at: 0, found: Vec::new() };
    for reference in &references.all {
        set.at = reference.at;
        set.reference(reference);
    }
    for (at, object) in objects.iter().enumerate() {
        set.at = at;
        set.namespace(object);
    }
    let mut found = set.found;
    found.extend(quotas(objects));
    found
}

/// What objects name, collected while each is looked at anyway.
#[derive(Default)]
pub struct References<'a> {
    all: Vec<Reference<'a>>,
    /// The object that is looked at.
    at: usize,
}

struct Reference<'a> {
    at: usize,
    kind: &'a str,
    name: &'a Node,
    part: Part<'a>,
}

/// What of an object is meant.
enum Part<'a> {
    Whole,
    Key(&'a Node),
    /// The keys of `items`.
    Items(&'a [Node]),
    /// A port of a Service.
    Port(&'a Node),
}

impl<'a> References<'a> {
    /// Takes in the next object.
    pub fn add(&mut self, object: &Object<'a>) {
        if let Some(pod) = object.pod() {
            self.pod(&pod);
        }
        match (object.group(), object.kind) {
            ("networking.k8s.io", "Ingress") => self.ingress(object.node),
            ("autoscaling", "HorizontalPodAutoscaler") => {
                let target = object.node.of("spec").of("scaleTargetRef");
                if SCALED.contains(&target.text("kind")) {
                    self.named(target.text("kind"), target.of("name"));
                }
            }
            ("apps", "StatefulSet") => {
                self.named("Service", object.node.of("spec").of("serviceName"));
            }
            ("rbac.authorization.k8s.io", "RoleBinding") => self.subjects(object),
            _ => {}
        }
        self.at += 1;
    }

    fn subjects(&mut self, object: &Object<'a>) {
        for subject in object.node.list("subjects") {
            let other = !may_be_same(subject.text("namespace"), object.namespace());
            if subject.text("kind") == "ServiceAccount" && !other {
                self.named("ServiceAccount", subject.of("name"));
            }
        }
    }

    fn pod(&mut self, pod: &Pod<'a>) {
        self.named("ServiceAccount", pod.spec.of("serviceAccountName"));
        for secret in pod.spec.list("imagePullSecrets") {
            self.named("Secret", secret.of("name"));
        }
        for volume in pod.spec.list("volumes") {
            self.held("ConfigMap", volume.of("configMap"), "name");
            self.held("Secret", volume.of("secret"), "secretName");
            self.named("PersistentVolumeClaim", volume.of("persistentVolumeClaim").of("claimName"));
            for source in volume.of("projected").list("sources") {
                self.held("ConfigMap", source.of("configMap"), "name");
                self.held("Secret", source.of("secret"), "name");
            }
        }
        pod.containers().for_each(|container| self.container(&container));
    }

    fn container(&mut self, container: &Container<'a>) {
        for source in container.node.list("envFrom") {
            self.held("ConfigMap", source.of("configMapRef"), "name");
            self.held("Secret", source.of("secretRef"), "name");
        }
        for variable in container.node.list("env") {
            let source = variable.of("valueFrom");
            self.key_of("ConfigMap", source.of("configMapKeyRef"));
            self.key_of("Secret", source.of("secretKeyRef"));
        }
    }

    /// A ConfigMap or Secret whose keys become files or variables.
    fn held(&mut self, kind: &'a str, source: &'a Node, name: &str) {
        if !source.is_null() && !source.is_true("optional") {
            self.part(kind, source.of(name), Part::Items(source.list("items")));
        }
    }

    fn key_of(&mut self, kind: &'a str, source: &'a Node) {
        if !source.is_null() && !source.is_true("optional") {
            self.part(kind, source.of("name"), Part::Key(source.of("key")));
        }
    }

    fn ingress(&mut self, ingress: &'a Node) {
        let spec = ingress.of("spec");
        self.backend(spec.of("defaultBackend"));
        for rule in spec.list("rules") {
            for path in rule.of("http").list("paths") {
                self.backend(path.of("backend"));
            }
        }
    }

    fn backend(&mut self, backend: &'a Node) {
        let service = backend.of("service");
        self.part("Service", service.of("name"), Part::Port(service.of("port")));
    }

    fn named(&mut self, kind: &'a str, name: &'a Node) {
        self.part(kind, name, Part::Whole);
    }

    fn part(&mut self, kind: &'a str, name: &'a Node, part: Part<'a>) {
        if !name.str().is_empty() && !GIVEN.contains(&(kind, name.str())) {
            self.all.push(Reference { at: self.at, kind, name, part });
        }
    }
}

fn names<'a>(objects: &[Object<'a>]) -> Vec<(&'a str, &'a str, usize)> {
    let mut names: Vec<(&str, &str, usize)> =
        objects.iter().enumerate().map(|(at, one)| (one.kind, one.name(), at)).collect();
    names.sort_unstable();
    names
}

/// Whether two namespaces may be the same: an object may leave its own to whoever applies it.
pub(super) fn may_be_same(one: &str, other: &str) -> bool {
    one == other || one.is_empty() || other.is_empty()
}

struct Set<'s, 'a> {
    objects: &'s [Object<'a>],
    /// Kind, name and number of each object, sorted.
    names: Vec<(&'a str, &'a str, usize)>,
    /// The object that is looked at.
    at: usize,
    found: Vec<(usize, Problem)>,
}

impl<'a> Set<'_, 'a> {
    fn reference(&mut self, reference: &Reference<'a>) {
        let held = self.named(reference.kind, reference.name);
        match reference.part {
            Part::Whole => {}
            Part::Key(key) => self.key(reference.kind, &held, key),
            Part::Items(items) => {
                for item in items {
                    self.key(reference.kind, &held, item.of("key"));
                }
            }
            Part::Port(port) => self.port(&held, port),
        }
    }

    fn namespace(&mut self, object: &Object<'a>) {
        let name = object.namespace();
        let start = self.names.partition_point(|(kind, ..)| *kind < "Namespace");
        let makes_some = self.names.get(start).is_some_and(|(kind, ..)| *kind == "Namespace");
        if name.is_empty() || !makes_some || NAMESPACES.contains(&name) {
            return;
        }
        if self
            .names
            .binary_search_by(|(kind, known, _)| (*kind, *known).cmp(&("Namespace", name)))
            .is_err()
        {
            self.missing("Namespace", object.node.of("metadata").of("namespace"));
        }
    }

    fn key(&mut self, kind: &str, held: &[Object<'a>], key: &'a Node) {
        let fields = ["data", "binaryData", "stringData"];
        let has = |one: &Object<'_>| {
            let is_there = fields.iter().any(|field| one.node.of(field).get(key.str()).is_some());
            // What is empty is filled by somebody else.
            is_there || fields.iter().all(|field| one.node.map(field).is_empty())
        };
        if let Some(first) = held.first()
            && !held.iter().any(has)
            && !key.str().is_empty()
        {
            let message = format!("the {kind} {:?} has no key {:?}", first.name(), key.str());
            self.say("missing-key", Severity::Warning, key, message);
        }
    }

    fn port(&mut self, held: &[Object<'a>], node: &Node) {
        let Some(first) = held.first() else { return };
        let (name, number) = (node.text("name"), node.int("number"));
        let fits = |port: &Node| match number {
            Some(number) => port.int("port") == Some(number),
            None => port.text("name") == name,
        };
        let has = |one: &Object<'_>| {
            let ports = one.node.of("spec").list("ports");
            ports.is_empty() || ports.iter().any(fits)
        };
        if !held.iter().any(has) {
            let port = number.map_or_else(|| format!("{name:?}"), |number| number.to_string());
            let message = format!("the Service {:?} has no port {port}", first.name());
            self.say("missing-port", Severity::Warning, node, message);
        }
    }

    /// The objects of a kind that a text names, more than one where they stand twice; where there
    /// are none, that is told.
    fn named(&mut self, kind: &str, name: &'a Node) -> Vec<Object<'a>> {
        let text = name.str();
        let own = self.objects[self.at].namespace();
        let start = self.names.partition_point(|(one, other, _)| (*one, *other) < (kind, text));
        let alike =
            self.names[start..].iter().take_while(|(one, other, _)| (*one, *other) == (kind, text));
        let found: Vec<Object<'a>> = alike
            .map(|(.., at)| self.objects[*at])
            .filter(|one| may_be_same(one.namespace(), own))
            .collect();
        if found.is_empty() {
            self.missing(kind, name);
        }
        found
    }

    fn missing(&mut self, kind: &str, name: &Node) {
        let message = format!("the {kind} {:?} is not among these objects", name.str());
        let known = |(at, problem): &(usize, Problem)| *at == self.at && problem.message == message;
        if !self.found.iter().rev().take_while(|(at, _)| *at == self.at).any(known) {
            self.say("missing-reference", Severity::Info, name, message);
        }
    }

    fn say(&mut self, rule: &'static str, severity: Severity, node: &Node, message: String) {
        let root = self.objects[self.at].node;
        let path = crate::field_path(root, node);
        let problem =
            Problem { rule, severity, path, message, span: node.span, help: String::new() };
        self.found.push((self.at, problem));
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    use super::*;
    use crate::{objects, read_documents};

    #[track_caller]
    fn check(text: &str, want: &[&str]) {
        let documents = read_documents(text.as_bytes(), FileId(0));
        let objects = objects(&documents);
        let mut references = References::default();
        for object in &objects {
            references.add(object);
        }
        let found = check_set(&objects, &references);
        let got: Vec<String> = found
            .iter()
            .map(|(at, one)| format!("{at} {} {}: {}", one.rule, one.path, one.message))
            .collect();
        assert_eq!(got, want);
    }

    const POD: &str = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {serviceAccountName: sa, volumes: [{name: v, secret: {secretName: s}}, {name: w, configMap: {name: o, optional: true}}], containers: [{name: a, env: [{name: A, valueFrom: {configMapKeyRef: {name: c, key: k}}}], envFrom: [{secretRef: {name: s}}]}]}}";

    #[test]
    fn what_is_named_and_not_there_is_told_once() {
        check(
            POD,
            &[
                "0 missing-reference spec.serviceAccountName: the ServiceAccount \"sa\" is not among these objects",
                "0 missing-reference spec.volumes[0].secret.secretName: the Secret \"s\" is not among these objects",
                "0 missing-reference spec.containers[0].env[0].valueFrom.configMapKeyRef.name: the ConfigMap \"c\" is not among these objects",
            ],
        );
        let others = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: sa}}\n---\n{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: other}}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {k: v}}";
        check(&format!("{POD}\n---\n{others}"), &[]);
    }

    #[test]
    fn keys_and_ports_are_looked_for() {
        let map = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {x: v}}";
        let secret = "{apiVersion: v1, kind: Secret, metadata: {name: s}}";
        let account = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: sa}}";
        let text = format!("{POD}\n---\n{map}\n---\n{secret}\n---\n{account}");
        let key = "0 missing-key spec.containers[0].env[0].valueFrom.configMapKeyRef.key: the ConfigMap \"c\" has no key \"k\"";
        check(&text, &[key]);
        let service = "{apiVersion: v1, kind: Service, metadata: {name: w}, spec: {ports: [{name: http, port: 80}]}}";
        for (port, want) in [
            ("{number: 80}", None),
            ("{name: http}", None),
            (
                "{number: 8080}",
                Some(
                    "0 missing-port spec.defaultBackend.service.port: the Service \"w\" has no port 8080",
                ),
            ),
        ] {
            let ingress = format!(
                "{{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {{name: i}}, spec: {{defaultBackend: {{service: {{name: w, port: {port}}}}}}}}}"
            );
            check(&format!("{ingress}\n---\n{service}"), want.as_slice());
        }
    }

    #[test]
    fn targets_subjects_and_namespaces_are_looked_for() {
        check(
            "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h}, spec: {scaleTargetRef: {kind: Deployment, name: d}}}\n---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: r, namespace: a}, subjects: [{kind: ServiceAccount, name: x, namespace: b}, {kind: ServiceAccount, name: yy, namespace: a}]}\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: b}}",
            &[
                "0 missing-reference spec.scaleTargetRef.name: the Deployment \"d\" is not among these objects",
                "1 missing-reference subjects[1].name: the ServiceAccount \"yy\" is not among these objects",
                "1 missing-reference metadata.namespace: the Namespace \"a\" is not among these objects",
            ],
        );
    }
}
