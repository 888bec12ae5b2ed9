use plimsoll_yaml::{Kind, Node};

use super::tree::{Tree as _, flag, map};

/// A template's pod.
pub(super) fn template(template: &mut Node) {
    template.sub("metadata");
    spec(template.sub("spec"));
}

/// A pod's spec.
pub(super) fn spec(spec: &mut Node) {
    spec.default_text("restartPolicy", "Always");
    spec.default_text("dnsPolicy", "ClusterFirst");
    spec.default_text("schedulerName", "default-scheduler");
    spec.default("terminationGracePeriodSeconds", super::tree::int(30));
    spec.default("securityContext", map());
    let account = spec.word("serviceAccountName").to_owned();
    if !account.is_empty() {
        spec.default_text("serviceAccount", &account);
    }
    for field in ["containers", "initContainers", "ephemeralContainers"] {
        spec.list_mut(field).iter_mut().for_each(container);
    }
    spec.list_mut("volumes").iter_mut().for_each(volume);
    quantities(spec.field_mut("overhead"));
}

/// What only a Pod itself is given.
pub(super) fn of_pod(spec: &mut Node) {
    spec.default("enableServiceLinks", flag(true));
    let host = spec.get("hostNetwork").and_then(Node::as_bool) == Some(true);
    for field in ["containers", "initContainers"] {
        for container in spec.list_mut(field) {
            if let Some(resources) = container.field_mut("resources") {
                requests_from_limits(resources);
            }
            if !host {
                continue;
            }
            for port in container.list_mut("ports") {
                if let Some(number) = port.get("containerPort").cloned() {
                    port.default("hostPort", number);
                }
            }
        }
    }
    if let Some(resources) = spec.field_mut("resources") {
        requests_from_limits(resources);
    }
}

fn requests_from_limits(resources: &mut Node) {
    let limits: Vec<(String, Node)> = resources
        .get("limits")
        .map(Node::as_map)
        .unwrap_or_default()
        .iter()
        .map(|entry| (String::from_utf8_lossy(&entry.key).into_owned(), entry.value.clone()))
        .collect();
    for (name, amount) in limits {
        resources.sub("requests").default(&name, amount);
    }
}

fn container(container: &mut Node) {
    let policy = if is_latest(container.word("image")) { "Always" } else { "IfNotPresent" };
    container.default_text("imagePullPolicy", policy);
    container.default_text("terminationMessagePath", "/dev/termination-log");
    container.default_text("terminationMessagePolicy", "File");
    let resources = container.sub("resources");
    for field in ["limits", "requests"] {
        quantities(resources.field_mut(field));
    }
    for port in container.list_mut("ports") {
        port.default_text("protocol", "TCP");
    }
    for variable in container.list_mut("env") {
        if let Some(reference) =
            variable.field_mut("valueFrom").and_then(|s| s.field_mut("fieldRef"))
        {
            reference.default_text("apiVersion", "v1");
        }
    }
    for field in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(probe) = container.field_mut(field) {
            self::probe(probe);
        }
    }
    for field in ["postStart", "preStop"] {
        let hook =
            container.field_mut("lifecycle").and_then(|lifecycle| lifecycle.field_mut(field));
        if let Some(hook) = hook {
            http_get(hook);
        }
    }
}

/// A number is kept as text.
pub(super) fn quantities(amounts: Option<&mut Node>) {
    for value in amounts.into_iter().flat_map(super::tree::Tree::values_mut) {
        if let Kind::Int(number) = value.kind {
            value.kind = Kind::Text(number.to_string().into_bytes());
        }
    }
}

/// Whether an image names no tag, or the latest.
fn is_latest(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or_default();
    !name.contains('@') && name.split_once(':').is_none_or(|(_, tag)| tag == "latest")
}

fn probe(probe: &mut Node) {
    probe.default_int("timeoutSeconds", 1);
    probe.default_int("periodSeconds", 10);
    probe.default_int("successThreshold", 1);
    probe.default_int("failureThreshold", 3);
    http_get(probe);
    if let Some(grpc) = probe.field_mut("grpc") {
        grpc.default_text("service", "");
    }
}

fn http_get(handler: &mut Node) {
    if let Some(action) = handler.field_mut("httpGet") {
        action.default_text("path", "/");
        action.default_text("scheme", "HTTP");
    }
}

fn volume(volume: &mut Node) {
    let bare = volume.as_map().iter().all(|entry| entry.key == b"name" || entry.value.is_null());
    if bare {
        volume.put("emptyDir", map());
    }
    for field in ["configMap", "secret", "downwardAPI", "projected"] {
        if let Some(source) = volume.field_mut(field) {
            source.default("defaultMode", super::tree::int(420));
            downward(source);
        }
    }
    if let Some(path) = volume.field_mut("hostPath") {
        path.default("type", super::tree::text(""));
    }
    if let Some(projected) = volume.field_mut("projected") {
        for source in projected.list_mut("sources") {
            if let Some(token) = source.field_mut("serviceAccountToken") {
                token.default("expirationSeconds", super::tree::int(3600));
            }
            if let Some(downward_api) = source.field_mut("downwardAPI") {
                downward(downward_api);
            }
        }
    }
    let claim = volume.field_mut("ephemeral").and_then(|e| e.field_mut("volumeClaimTemplate"));
    if let Some(claim) = claim {
        claim.sub("spec").default_text("volumeMode", "Filesystem");
    }
}

fn downward(source: &mut Node) {
    for item in source.list_mut("items") {
        if let Some(reference) = item.field_mut("fieldRef") {
            reference.default_text("apiVersion", "v1");
        }
    }
}
