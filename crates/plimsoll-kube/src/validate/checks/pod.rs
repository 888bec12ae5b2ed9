//! A pod's spec, wherever it stands: in a Pod, in a template of a workload, in a custom resource.

use plimsoll_yaml::Node;

use super::affinity::affinity;
use super::container::{Place, containers};
use super::meta::{annotations_at, labels_at, say};
use super::pod_parts::{dns, host_aliases, host_users, os, resource_claims, tolerations};
use super::pod_security::pod_security;
use super::selector::label_selector;
use super::spread::spread;
use super::volume::volumes;
use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::node::Fields as _;

/// What the checks within a pod have to know of it.
pub(in crate::validate) struct PodFacts<'a> {
    pub(in crate::validate) spec: &'a Node,
    /// Names that mounts may use: volumes, and claims of a StatefulSet.
    pub(in crate::validate) volume_names: Vec<&'a str>,
    /// `restartPolicy`, `Always` where it is not said.
    pub(in crate::validate) restart: &'a str,
    pub(in crate::validate) host_network: bool,
    /// `hostUsers: false`.
    pub(in crate::validate) own_users: bool,
    /// `terminationGracePeriodSeconds`, 30 where it is not said.
    pub(in crate::validate) grace: i64,
    /// A template of a workload, no Pod itself.
    pub(in crate::validate) is_template: bool,
}

/// A template of pods: its labels, annotations and spec.
pub(in crate::validate) fn pod_template(cx: &mut Cx<'_>, template: &Node, claims: &[&str]) {
    let meta = template.of("metadata");
    labels_at(cx, template, "labels", meta.of("labels"));
    annotations_at(cx, template, "annotations", meta.of("annotations"));
    app_armor_annotations(cx, template, meta);
    pod_spec(cx, template, "spec", claims, true);
    let spec = template.of("spec");
    if !spec.list("ephemeralContainers").is_empty() {
        cx.forbidden(
            spec,
            "ephemeralContainers",
            "ephemeral containers not allowed in pod template",
        );
    }
}

fn app_armor_annotations(cx: &mut Cx<'_>, template: &Node, meta: &Node) {
    const PREFIX: &str = "container.apparmor.security.beta.kubernetes.io/";
    let names: Vec<&str> = ["containers", "initContainers"]
        .iter()
        .flat_map(|field| template.of("spec").list(field))
        .map(|container| container.text("name"))
        .collect();
    for entry in meta.map("annotations") {
        let key = String::from_utf8_lossy(&entry.key).into_owned();
        let Some(container) = key.strip_prefix(PREFIX) else { continue };
        let value = entry.value.str();
        let good = matches!(value, "" | "runtime/default" | "unconfined")
            || value.starts_with("localhost/");
        if !good {
            cx.invalid(&entry.value, "invalid AppArmor profile name");
        } else if !names.contains(&container) {
            cx.invalid_at(&entry.value, "", &format!("{container:?}"), "container not found");
        }
    }
}

/// The spec at `field` of `holder`; `claims` are names that mounts may use beside the volumes.
pub(in crate::validate) fn pod_spec(
    cx: &mut Cx<'_>,
    holder: &Node,
    field: &str,
    claims: &[&str],
    is_template: bool,
) {
    let spec = holder.of(field);
    let mut volume_names: Vec<&str> = spec.list("volumes").iter().map(|v| v.text("name")).collect();
    volume_names.retain(|name| !name.is_empty());
    volume_names.extend(claims);
    let restart = match spec.text("restartPolicy") {
        "" => "Always",
        policy => policy,
    };
    let facts = PodFacts {
        spec,
        volume_names,
        restart,
        host_network: spec.is_true("hostNetwork"),
        own_users: spec.get("hostUsers").is_some_and(|node| node.as_bool() == Some(false)),
        grace: spec.int("terminationGracePeriodSeconds").unwrap_or(30),
        is_template,
    };
    volumes(cx, spec);
    if spec.list("containers").is_empty() {
        let below = format!("{field}.containers");
        let (at, below) =
            if spec.is_null() { (holder, below.as_str()) } else { (spec, "containers") };
        cx.required(at, below, "");
    }
    containers(cx, &facts, Place::Main);
    containers(cx, &facts, Place::Init);
    containers(cx, &facts, Place::Ephemeral);
    super::container::host_ports(cx, &facts);
    policies(cx, spec);
    dns(cx, spec);
    names_of_parts(cx, spec);
    pod_security(cx, &facts);
    affinity(cx, spec);
    tolerations(cx, spec);
    spread(cx, spec);
    host_aliases(cx, spec);
    host_users(cx, &facts);
    os(cx, spec);
    resource_claims(cx, spec);
    numbers(cx, spec);
    super::resources::pod_resources(cx, spec);
    super::meta::labels(cx, spec, "nodeSelector");
}

fn policies(cx: &mut Cx<'_>, spec: &Node) {
    cx.maybe_text_of(spec, "restartPolicy", &["Always", "OnFailure", "Never"]);
    let values = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
    cx.maybe_text_of(spec, "dnsPolicy", &values);
    cx.maybe_one_of(spec, "preemptionPolicy", &["PreemptLowerPriority", "Never"]);
    for gate in spec.list("readinessGates") {
        super::selector::text_at(cx, gate, "conditionType", names::qualified);
    }
    let mut seen: Vec<&str> = Vec::new();
    for gate in spec.list("schedulingGates") {
        let name = gate.text("name");
        for word in names::qualified(name) {
            cx.invalid_at(gate, "", &format!("{name:?}"), &word);
        }
        if seen.contains(&name) {
            cx.duplicate(gate, "", &format!("{name:?}"));
        }
        seen.push(name);
    }
}

fn names_of_parts(cx: &mut Cx<'_>, spec: &Node) {
    for field in ["serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName"] {
        let node = spec.of(field);
        let empty_counts = field == "runtimeClassName" && spec.has(field);
        if !node.str().is_empty() || empty_counts {
            say(cx, node, names::subdomain(node.str()));
        }
    }
    // k8s: the old name of the field is told as the new one.
    let old = spec.text("serviceAccount");
    if spec.text("serviceAccountName").is_empty() && !old.is_empty() {
        for word in names::subdomain(old) {
            cx.invalid_at(spec, "serviceAccountName", &format!("{old:?}"), &word);
        }
    }
    if spec.has("hostnameOverride") {
        hostname_override(cx, spec);
    }
    let hostname = spec.of("hostname");
    if !hostname.str().is_empty() {
        say(cx, hostname, names::label(hostname.str()));
    }
    let subdomain = spec.of("subdomain");
    if !subdomain.str().is_empty() {
        say(cx, subdomain, names::subdomain(subdomain.str()));
    }
}

fn hostname_override(cx: &mut Cx<'_>, spec: &Node) {
    for field in ["setHostnameAsFQDN", "hostNetwork"] {
        if spec.is_true(field) {
            let detail = format!("may not be specified when {field} is true");
            cx.forbidden(spec, "hostnameOverride", &detail);
        }
    }
    let name = spec.of("hostnameOverride");
    if name.str().len() > 64 {
        cx.too_long(spec, "hostnameOverride", 64);
    }
    say(cx, name, names::subdomain(name.str()));
}

fn numbers(cx: &mut Cx<'_>, spec: &Node) {
    if let Some(seconds) = spec.int("activeDeadlineSeconds")
        && !(1..=i64::from(i32::MAX)).contains(&seconds)
    {
        cx.invalid(spec.of("activeDeadlineSeconds"), "must be between 1 and 2147483647, inclusive");
    }
    // A negative grace period counts as one second.
}

/// What workloads that keep pods running ask of a template.
pub(in crate::validate) fn long_running(cx: &mut Cx<'_>, template: &Node, what: &str) {
    let spec = template.of("spec");
    let restart = spec.text("restartPolicy");
    if !matches!(restart, "" | "Always") {
        cx.unsupported(spec, "restartPolicy", restart, &["Always"]);
    }
    if spec.has("activeDeadlineSeconds") {
        let detail = format!("activeDeadlineSeconds in {what} is not Supported");
        cx.forbidden(spec, "activeDeadlineSeconds", &detail);
    }
}

/// A selector that has to match the template's labels.
pub(in crate::validate) fn selects_template(cx: &mut Cx<'_>, holder: &Node, what: &str) {
    let selector = holder.of("selector");
    if !holder.has("selector") {
        cx.required(holder, "selector", "");
        return;
    }
    label_selector(cx, selector);
    if super::selector::is_empty(selector) {
        cx.invalid(selector, &format!("empty selector is invalid for {what}"));
    }
    if !super::selector::is_readable(selector) {
        cx.invalid(selector, "invalid label selector");
    } else if !super::selector::is_empty(selector) {
        template_matches(cx, holder, selector);
    }
}

fn template_matches(cx: &mut Cx<'_>, holder: &Node, selector: &Node) {
    let meta = holder.of("template").of("metadata");
    if super::selector::matches(selector, meta.of("labels")) {
        return;
    }
    let detail = "`selector` does not match template `labels`";
    let value = crate::validate::cx::shown(meta.of("labels"));
    cx.invalid_at(holder, "template.metadata.labels", &value, detail);
}
