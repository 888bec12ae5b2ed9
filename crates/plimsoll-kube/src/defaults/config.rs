use plimsoll_source::encoding::encode_base64;
use plimsoll_yaml::{Kind, Node};

use super::tree::{Tree as _, flag, int, map, node, text};

const RBAC: &str = "rbac.authorization.k8s.io";

/// Kinds that make no pods.
pub(super) fn apply(object: &mut Node, group: &str, kind: &str) {
    match (group, kind) {
        ("", "Service") => service(object.sub("spec")),
        ("", "Secret") => secret(object),
        ("", "PersistentVolumeClaim") => claim(object.sub("spec")),
        ("", "PersistentVolume") => {
            let spec = object.sub("spec");
            spec.default_text("persistentVolumeReclaimPolicy", "Retain");
            spec.default_text("volumeMode", "Filesystem");
            super::pod::quantities(spec.field_mut("capacity"));
            if let Some(path) = spec.field_mut("hostPath") {
                path.default("type", text(""));
            }
        }
        ("", "ResourceQuota") => super::pod::quantities(object.sub("spec").field_mut("hard")),
        ("", "Namespace") => namespace(object),
        ("networking.k8s.io", "NetworkPolicy") => network_policy(object.sub("spec")),
        ("networking.k8s.io", "IngressClass") => {
            if let Some(parameters) = object.sub("spec").field_mut("parameters") {
                parameters.default_text("scope", "Cluster");
            }
        }
        ("storage.k8s.io", "StorageClass") => {
            object.default_text("reclaimPolicy", "Delete");
            object.default_text("volumeBindingMode", "Immediate");
        }
        ("storage.k8s.io", "CSIDriver") => csi_driver(object.sub("spec")),
        ("scheduling.k8s.io", "PriorityClass") => {
            object.default_text("preemptionPolicy", "PreemptLowerPriority");
        }
        ("discovery.k8s.io", "EndpointSlice") => {
            for port in object.list_mut("ports") {
                port.default_text("protocol", "TCP");
                port.default("name", text(""));
            }
            object.list_mut("endpoints").iter_mut().for_each(|one| {
                one.sub("conditions");
            });
        }
        (RBAC, "RoleBinding" | "ClusterRoleBinding") => binding(object),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definition(object.sub("spec")),
        ("admissionregistration.k8s.io", kind) => admission(object, kind),
        ("flowcontrol.apiserver.k8s.io", "FlowSchema") => {
            object.sub("spec").default_int("matchingPrecedence", 1000);
        }
        ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration") => {
            if let Some(limited) = object.sub("spec").field_mut("limited") {
                limited.default("nominalConcurrencyShares", int(30));
                limited.default("lendablePercent", int(0));
            }
        }
        _ => {}
    }
}

fn service(spec: &mut Node) {
    spec.default_text("type", "ClusterIP");
    spec.default_text("sessionAffinity", "None");
    if spec.word("sessionAffinity") == "ClientIP" {
        let client = spec.sub("sessionAffinityConfig").sub("clientIP");
        client.default("timeoutSeconds", int(10800));
    }
    let kind = spec.word("type").to_owned();
    if kind != "ExternalName" {
        spec.default_text("internalTrafficPolicy", "Cluster");
    }
    if matches!(kind.as_str(), "NodePort" | "LoadBalancer") {
        spec.default_text("externalTrafficPolicy", "Cluster");
    }
    if kind == "LoadBalancer" {
        spec.default("allocateLoadBalancerNodePorts", flag(true));
    }
    for port in spec.list_mut("ports") {
        port.default_text("protocol", "TCP");
        let unset = port.get("targetPort").is_none_or(|target| {
            matches!(&target.kind, Kind::Null | Kind::Int(0)) || target.as_str() == Some("")
        });
        if unset && let Some(number) = port.get("port").cloned() {
            port.put("targetPort", number);
        }
    }
}

fn secret(secret: &mut Node) {
    secret.default_text("type", "Opaque");
    let texts: Vec<(String, Vec<u8>)> = secret
        .get("stringData")
        .map(Node::as_map)
        .unwrap_or_default()
        .iter()
        .map(|entry| {
            let key = String::from_utf8_lossy(&entry.key).into_owned();
            (key, entry.value.as_bytes().unwrap_or_default().to_vec())
        })
        .collect();
    for (key, value) in texts {
        secret.sub("data").put(&key, text(&encode_base64(&value)));
    }
    // What was written there is never read again.
    if let Kind::Map(entries) = &mut secret.kind {
        entries.retain(|entry| entry.key != b"stringData");
    }
}

fn claim(spec: &mut Node) {
    spec.default_text("volumeMode", "Filesystem");
    if let Some(source) = spec.get("dataSource").filter(|source| !source.is_null()).cloned() {
        spec.default("dataSourceRef", source);
    }
}

fn namespace(object: &mut Node) {
    let name = object.get("metadata").map(|meta| meta.word("name").to_owned()).unwrap_or_default();
    if !name.is_empty() {
        object.sub("metadata").sub("labels").put("kubernetes.io/metadata.name", text(&name));
    }
    let finalizers = node(Kind::List(vec![text("kubernetes")].into()));
    object.sub("spec").default("finalizers", finalizers);
}

fn network_policy(spec: &mut Node) {
    let mut types = vec![text("Ingress")];
    if !spec.list_mut("egress").is_empty() {
        types.push(text("Egress"));
    }
    spec.default("policyTypes", node(Kind::List(types.into())));
    for field in ["ingress", "egress"] {
        for rule in spec.list_mut(field) {
            for port in rule.list_mut("ports") {
                port.default("protocol", text("TCP"));
            }
        }
    }
}

fn csi_driver(spec: &mut Node) {
    spec.default("attachRequired", flag(true));
    for field in [
        "podInfoOnMount",
        "storageCapacity",
        "requiresRepublish",
        "seLinuxMount",
        "preventPodSchedulingIfMissing",
    ] {
        spec.default(field, flag(false));
    }
    spec.default_text("fsGroupPolicy", "ReadWriteOnceWithFSType");
    spec.default("volumeLifecycleModes", node(Kind::List(vec![text("Persistent")].into())));
}

fn binding(object: &mut Node) {
    object.sub("roleRef").default_text("apiGroup", RBAC);
    for subject in object.list_mut("subjects") {
        if matches!(subject.word("kind"), "User" | "Group") {
            subject.default_text("apiGroup", RBAC);
        }
    }
}

fn definition(spec: &mut Node) {
    spec.sub("conversion").default_text("strategy", "None");
    let names = spec.sub("names");
    let kind = names.word("kind").to_owned();
    names.default_text("singular", &kind.to_lowercase());
    names.default_text("listKind", &format!("{kind}List"));
}

fn admission(object: &mut Node, kind: &str) {
    for hook in object.list_mut("webhooks") {
        hook.default_text("failurePolicy", "Fail");
        hook.default("timeoutSeconds", int(10));
        matching(hook);
        hook.list_mut("rules").iter_mut().for_each(|rule| rule.default("scope", text("*")));
        let service = hook.field_mut("clientConfig").and_then(|client| client.field_mut("service"));
        if let Some(service) = service {
            service.default("port", int(443));
        }
        if kind.starts_with("Mutating") {
            hook.default_text("reinvocationPolicy", "Never");
        }
    }
    match kind {
        "ValidatingAdmissionPolicy" | "MutatingAdmissionPolicy" => {
            let spec = object.sub("spec");
            spec.default_text("failurePolicy", "Fail");
            if let Some(constraints) = spec.field_mut("matchConstraints") {
                resources(constraints);
            }
        }
        "ValidatingAdmissionPolicyBinding" | "MutatingAdmissionPolicyBinding" => {
            if let Some(matched) = object.sub("spec").field_mut("matchResources") {
                resources(matched);
            }
        }
        _ => {}
    }
}

fn matching(holder: &mut Node) {
    holder.default_text("matchPolicy", "Equivalent");
    holder.default("namespaceSelector", map());
    holder.default("objectSelector", map());
}

fn resources(holder: &mut Node) {
    matching(holder);
    for field in ["resourceRules", "excludeResourceRules"] {
        holder.list_mut(field).iter_mut().for_each(|rule| rule.default("scope", text("*")));
    }
}
