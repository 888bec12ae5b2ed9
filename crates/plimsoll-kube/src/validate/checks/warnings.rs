//! What the server warns of when it takes an object.

use plimsoll_yaml::Node;

use super::pod_warnings::{address, fractions, pod, told};
use crate::crd;
use crate::schema::find_type;
use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::node::Fields as _;
use crate::validate::pair;

/// Where the kinds have their pods.
const PODS: &[(&str, &[&str])] = &[
    ("apps.v1.DaemonSet", &["spec", "template"]),
    ("apps.v1.Deployment", &["spec", "template"]),
    ("apps.v1.ReplicaSet", &["spec", "template"]),
    ("apps.v1.StatefulSet", &["spec", "template"]),
    ("batch.v1.CronJob", &["spec", "jobTemplate", "spec", "template"]),
    ("batch.v1.Job", &["spec", "template"]),
    ("core.v1.Pod", &[]),
    ("core.v1.PodTemplate", &["template"]),
    ("core.v1.ReplicationController", &["spec", "template"]),
];

/// Warns of an object that is valid.
pub(in crate::validate) fn warn(cx: &mut Cx<'_>, type_name: &str) {
    let root = cx.root;
    if let Ok(at) = PODS.binary_search_by(|(name, _)| (*name).cmp(type_name)) {
        let template = PODS[at].1.iter().fold(root, |node, step| node.of(step));
        host_name(cx, type_name);
        pod(cx, template);
    }
    match type_name {
        "core.v1.Service" => service(cx),
        "core.v1.Secret" => secret(cx),
        "core.v1.PersistentVolume" => volume(cx),
        "core.v1.PersistentVolumeClaim" => claim(cx, root),
        "apps.v1.StatefulSet" => {
            for template in root.of("spec").list("volumeClaimTemplates") {
                claim(cx, template);
            }
        }
        "storage.v1.CSIDriver" => driver(cx),
        "apiextensions.v1.CustomResourceDefinition" => definition(cx),
        _ => {}
    }
}

/// Names that pods take over.
fn host_name(cx: &mut Cx<'_>, type_name: &str) {
    let meta = cx.root.of("metadata");
    let name = meta.text("name");
    let words = names::label(name);
    let what = match type_name {
        "core.v1.Pod" => "the Pod's hostname",
        "apps.v1.Deployment"
        | "apps.v1.ReplicaSet"
        | "core.v1.ReplicationController"
        | "batch.v1.Job" => "Pod names and hostnames",
        _ => return,
    };
    if !words.is_empty() && !name.is_empty() {
        // k8s: a short word stands for the long one where the dots are all that is wrong.
        let told = if names::label(&name.replace('.', "-")).is_empty() {
            "must not contain dots".to_owned()
        } else {
            words.join(" ")
        };
        let text = format!(
            "metadata.name: this is used in {what}, which can result in surprising behavior; a DNS label is recommended: [{told}]"
        );
        cx.warn(meta.of("name"), "", text);
    }
}

fn service(cx: &mut Cx<'_>) {
    let spec = cx.root.of("spec");
    let headless = spec.text("clusterIP") == "None";
    let external = spec.text("type") == "ExternalName";
    let mut say = |field: &str, text: &str| cx.warn(spec.of(field), "", text.to_owned());
    if headless {
        if !spec.text("loadBalancerIP").is_empty() {
            say("loadBalancerIP", "spec.loadBalancerIP is ignored for headless services");
        }
        if !spec.list("externalIPs").is_empty() {
            say("externalIPs", "spec.externalIPs is ignored for headless services");
        }
        if spec.text("sessionAffinity") == "ClientIP" {
            say("sessionAffinity", "spec.SessionAffinity is ignored for headless services");
        }
    }
    if !spec.text("externalName").is_empty() && !external {
        say("externalName", "spec.externalName is ignored when spec.type is not \"ExternalName\"");
    }
    if !spec.list("externalIPs").is_empty() && cx.minor >= 36 {
        let text =
            "spec.externalIPs is deprecated and may no longer be implemented in some clusters";
        cx.warn(spec.of("externalIPs"), "", text.to_owned());
    }
    if spec.text("trafficDistribution") == "PreferClose" && cx.minor >= 35 {
        let text = "\"PreferClose\" is deprecated; use \"PreferSameZone\"";
        told(cx, spec.of("trafficDistribution"), text);
    }
    if cx.minor >= 34 {
        let lists = ["clusterIPs", "externalIPs"];
        for node in lists.iter().flat_map(|field| spec.list(field)) {
            address(cx, node);
        }
        if !headless {
            address(cx, spec.of("loadBalancerIP"));
        }
    }
}

fn secret(cx: &mut Cx<'_>) {
    let root = cx.root;
    if root.text("type") != "kubernetes.io/tls" {
        return;
    }
    let [certificate, key] =
        ["tls.crt", "tls.key"].map(|key| super::config::value(root, key).unwrap_or_default());
    for (bytes, key, what) in [(&certificate, "tls.crt", "certificate"), (&key, "tls.key", "key")] {
        let begins = bytes.windows(11).any(|part| part == b"-----BEGIN ");
        if !begins {
            let text = format!("tls: failed to find any PEM data in {what} input");
            return cx.warn(root, &format!("data[{key}]"), text);
        }
    }
    if let Some(why) = pair::mismatch(&certificate, &key) {
        cx.warn(root, "data[tls.key]", why.to_owned());
    }
}

fn volume(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    class_annotation(cx, root);
    if root.of("metadata").of("annotations").has("volume.beta.kubernetes.io/mount-options") {
        let text = "metadata.annotations[volume.beta.kubernetes.io/mount-options]: deprecated since v1.31; use \"mountOptions\" attribute instead";
        cx.warn(root.of("metadata").of("annotations"), "", text.to_owned());
    }
    if spec.text("persistentVolumeReclaimPolicy") == "Recycle" {
        let text = "The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.";
        told(cx, spec.of("persistentVolumeReclaimPolicy"), text);
    }
    for (source, text) in super::pod_warnings::OLD_VOLUMES {
        if spec.has(source) {
            told(cx, spec.of(source), text);
        }
    }
}

fn class_annotation(cx: &mut Cx<'_>, holder: &Node) {
    let annotations = holder.of("metadata").of("annotations");
    if annotations.has("volume.beta.kubernetes.io/storage-class") {
        let path = cx.path(annotations);
        let text = format!(
            "{path}[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use \"storageClassName\" attribute instead"
        );
        cx.warn(annotations, "", text);
    }
}

fn claim(cx: &mut Cx<'_>, holder: &Node) {
    class_annotation(cx, holder);
    let resources = holder.of("spec").of("resources");
    fractions(cx, resources, "requests");
    fractions(cx, resources, "limits");
}

fn driver(cx: &mut Cx<'_>) {
    let spec = cx.root.of("spec");
    let field = "serviceAccountTokenInSecrets";
    let known = find_type("storage.v1.CSIDriverSpec")
        .and_then(|kind| kind.body(cx.minor))
        .is_some_and(|body| body.field(field.as_bytes()).is_some());
    if known && !spec.list("tokenRequests").is_empty() && !spec.has(field) {
        let text = "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes";
        cx.warn(spec.of("tokenRequests"), "", text.to_owned());
    }
}

/// Formats that are not looked at.
fn definition(cx: &mut Cx<'_>) {
    let mut formats: Vec<String> = Vec::new();
    for version in cx.root.of("spec").list("versions") {
        let mut open = vec![version.of("schema").of("openAPIV3Schema")];
        while let Some(schema) = open.pop() {
            let (format, kind) = (schema.text("format"), schema.text("type"));
            if !format.is_empty() && !crd::knows_format(kind, format) {
                formats.push(format!("unrecognized format {format:?}"));
            }
            open.extend(schema.map("properties").iter().map(|entry| &entry.value));
            let others = ["items", "additionalProperties"];
            open.extend(others.iter().filter_map(|field| schema.ptr(field)));
        }
    }
    formats.sort();
    formats.dedup();
    for text in formats {
        cx.warn(cx.root, "", text);
    }
}
