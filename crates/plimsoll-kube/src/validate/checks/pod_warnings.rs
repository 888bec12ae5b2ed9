//! What the server warns of in a pod: what is old, what stands twice, what does nothing.

use plimsoll_source::Severity;
use plimsoll_yaml::Node;

use crate::validate::cx::Cx;
use crate::validate::net::parse_ip;
use crate::validate::node::Fields as _;
use crate::validate::value::{ONE, quantity_of};

/// Labels of nodes that have another name now.
const OLD_LABELS: &[(&str, &str, &str)] = &[
    ("beta.kubernetes.io/arch", "v1.14", "kubernetes.io/arch"),
    ("beta.kubernetes.io/os", "v1.14", "kubernetes.io/os"),
    ("beta.kubernetes.io/instance-type", "v1.17", "node.kubernetes.io/instance-type"),
    ("failure-domain.beta.kubernetes.io/region", "v1.17", "topology.kubernetes.io/region"),
    ("failure-domain.beta.kubernetes.io/zone", "v1.17", "topology.kubernetes.io/zone"),
];

/// Sources of volumes that went, and when.
pub(super) const OLD_VOLUMES: &[(&str, &str)] = &[
    ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
    ("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
    ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
    ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
];

/// Warns of a pod or a template of pods: the node that holds `metadata` and `spec`.
pub(in crate::validate) fn pod(cx: &mut Cx<'_>, template: &Node) {
    let spec = template.of("spec");
    node_selector(cx, spec);
    annotations(cx, template);
    spread(cx, spec);
    twice(cx, spec, "hostAliases", "ip", "duplicate ip");
    pull_secrets(cx, spec);
    volumes(cx, spec);
    for field in ["initContainers", "containers"] {
        for container in spec.list(field) {
            one_container(cx, container);
        }
    }
    for container in spec.list("initContainers") {
        ports(cx, &container.list("ports").iter().collect::<Vec<_>>());
    }
    let all = spec.list("containers").iter().flat_map(|container| container.list("ports"));
    ports(cx, &all.collect::<Vec<_>>());
    port_names(cx, spec);
    fractions(cx, spec, "overhead");
}

/// A warning that begins with the place that it is about.
pub(super) fn told(cx: &mut Cx<'_>, node: &Node, text: &str) {
    if cx.is_full_of(Severity::Warning) {
        return;
    }
    let path = cx.path(node);
    cx.warn(node, "", format!("{path}: {text}"));
}

fn node_selector(cx: &mut Cx<'_>, spec: &Node) {
    for entry in spec.map("nodeSelector") {
        let old = OLD_LABELS.iter().find(|(name, ..)| name.as_bytes() == entry.key);
        if let Some((_, since, instead)) = old {
            told(cx, &entry.value, &format!("deprecated since {since}; use \"{instead}\" instead"));
        }
    }
    let affinity = spec.of("affinity").of("nodeAffinity");
    let required = affinity.of("requiredDuringSchedulingIgnoredDuringExecution");
    let preferred = affinity.list("preferredDuringSchedulingIgnoredDuringExecution");
    let terms = required.list("nodeSelectorTerms").iter();
    for term in terms.chain(preferred.iter().map(|one| one.of("preference"))) {
        for expression in term.list("matchExpressions") {
            let key = expression.text("key");
            if let Some((_, since, instead)) = OLD_LABELS.iter().find(|(name, ..)| *name == key) {
                let text = format!("{key} is deprecated since {since}; use \"{instead}\" instead");
                told(cx, expression.of("key"), &text);
            }
        }
    }
}

fn annotations(cx: &mut Cx<'_>, template: &Node) {
    for entry in template.of("metadata").map("annotations") {
        let key = String::from_utf8_lossy(&entry.key);
        let text = if key == "seccomp.security.alpha.kubernetes.io/pod"
            || key.starts_with("container.seccomp.security.alpha.kubernetes.io/")
        {
            "non-functional in v1.27+; use the \"seccompProfile\" field instead"
        } else if key.starts_with("container.apparmor.security.beta.kubernetes.io/")
            && cx.minor >= 30
        {
            "deprecated since v1.30; use the \"appArmorProfile\" field instead"
        } else {
            continue;
        };
        let path = format!("{}[{key}]", cx.path(template.of("metadata").of("annotations")));
        cx.warn(&entry.value, "", format!("{path}: {text}"));
    }
}

fn spread(cx: &mut Cx<'_>, spec: &Node) {
    let text = "a null labelSelector results in matching no pod";
    let mut terms: Vec<(&Node, &str)> =
        spec.list("topologySpreadConstraints").iter().map(|one| (one, "labelSelector")).collect();
    for kind in ["podAffinity", "podAntiAffinity"] {
        let affinity = spec.of("affinity").of(kind);
        let required = affinity.list("requiredDuringSchedulingIgnoredDuringExecution");
        let preferred = affinity.list("preferredDuringSchedulingIgnoredDuringExecution");
        terms.extend(required.iter().map(|one| (one, "labelSelector")));
        terms.extend(preferred.iter().map(|one| (one, "podAffinityTerm.labelSelector")));
    }
    for (term, below) in terms {
        let holder = if below.starts_with("pod") { term.of("podAffinityTerm") } else { term };
        if !holder.has("labelSelector") {
            let path = format!("{}.{below}", cx.path(term));
            cx.warn(term, below, format!("{path}: {text}"));
        }
    }
}

/// Items whose field is the same as that of an item before.
fn twice(cx: &mut Cx<'_>, spec: &Node, list: &str, field: &str, text: &str) {
    let mut seen: Vec<&str> = Vec::new();
    for item in spec.list(list) {
        let value = item.text(field);
        if seen.contains(&value) {
            told(cx, item.of(field), &format!("{text} {value:?}"));
        }
        seen.push(value);
    }
}

fn pull_secrets(cx: &mut Cx<'_>, spec: &Node) {
    for (at, secret) in spec.list("imagePullSecrets").iter().enumerate() {
        if secret.text("name").is_empty() {
            let path = format!("{}[{at}].name", cx.path(spec.of("imagePullSecrets")));
            cx.warn(secret, "", format!("{path}: invalid empty name \"\""));
        }
    }
    twice(cx, spec, "imagePullSecrets", "name", "duplicate name");
}

fn volumes(cx: &mut Cx<'_>, spec: &Node) {
    for volume in spec.list("volumes") {
        for (source, text) in OLD_VOLUMES {
            if volume.has(source) {
                told(cx, volume.of(source), text);
            }
        }
        if cx.minor >= 30 {
            super::volume_paths::overlaps(cx, volume);
        }
        let claim = volume.of("ephemeral").of("volumeClaimTemplate").of("spec");
        fractions(cx, claim.of("resources"), "requests");
        fractions(cx, claim.of("resources"), "limits");
        if volume.of("emptyDir").has("sizeLimit") {
            fraction(cx, volume.of("emptyDir").of("sizeLimit"));
        }
    }
}

fn one_container(cx: &mut Cx<'_>, container: &Node) {
    let mut seen: Vec<&str> = Vec::new();
    for variable in container.list("env") {
        let name = variable.text("name");
        if seen.contains(&name) && !variable.text("value").contains(&format!("$({name})")) {
            let text = "which may be dropped when using apply";
            told(cx, variable, &format!("hides previous definition of {name:?}, {text}"));
        }
        seen.push(name);
    }
    for field in ["limits", "requests"] {
        fractions(cx, container.of("resources"), field);
    }
}

fn protocol(port: &Node) -> &str {
    match port.text("protocol") {
        "" => "TCP",
        other => other,
    }
}

/// Ports that one address of a pod would have twice.
fn ports(cx: &mut Cx<'_>, all: &[&Node]) {
    for (at, port) in all.iter().enumerate() {
        let host = port.int("hostPort").unwrap_or(0);
        let ip = port.text("hostIP");
        if !ip.is_empty() && host == 0 {
            let text = format!(
                "hostIP set without hostPort: {{Name:{} HostPort:0 ContainerPort:{} Protocol:{} HostIP:{ip}}}",
                port.text("name"),
                port.int("containerPort").unwrap_or(0),
                protocol(port),
            );
            told(cx, port, &text);
        }
        let same = all[..at].iter().find(|other| {
            let their_ip = other.text("hostIP");
            other.int("containerPort") == port.int("containerPort")
                && protocol(other) == protocol(port)
                && other.int("hostPort").unwrap_or(0) == host
                && (ip == their_ip || ip.is_empty() || their_ip.is_empty())
        });
        if let Some(other) = same.filter(|_| !cx.is_full_of(Severity::Warning)) {
            let path = cx.path(other);
            told(cx, port, &format!("duplicate port definition with {path}"));
        }
    }
}

/// Names of ports that two containers have.
fn port_names(cx: &mut Cx<'_>, spec: &Node) {
    let mut seen: Vec<(&str, &Node, usize)> = Vec::new();
    for (at, container) in spec.list("containers").iter().enumerate() {
        for port in container.list("ports") {
            let name = port.text("name");
            if name.is_empty() {
                continue;
            }
            match seen.iter().find(|(known, ..)| *known == name) {
                Some((_, first, of)) if *of != at => {
                    let first = cx.path(first);
                    let text = format!(
                        "duplicate port name {name:?} with {first}, services and probes that select ports by name will use {first}"
                    );
                    told(cx, port, &text);
                }
                Some(_) => {}
                None => seen.push((name, port, at)),
            }
        }
    }
}

/// Amounts of bytes that are no whole number.
pub(super) fn fractions(cx: &mut Cx<'_>, holder: &Node, field: &str) {
    for entry in holder.map(field) {
        if matches!(&*entry.key, b"memory" | b"ephemeral-storage" | b"storage") {
            fraction(cx, &entry.value);
        }
    }
}

fn fraction(cx: &mut Cx<'_>, amount: &Node) {
    let worth = quantity_of(amount);
    if worth % ONE != 0 {
        // The server rounds up to thousandths and writes them.
        let part = (worth + ONE / 1000 - 1) / (ONE / 1000);
        let text = format!("fractional byte value \"{part}m\" is invalid, must be an integer");
        told(cx, amount, &text);
    }
}

/// An address that is written as it should not be any more.
pub(super) fn address(cx: &mut Cx<'_>, node: &Node) {
    let text = node.str();
    let Some((ip, zeros)) = parse_ip(text) else { return };
    let ip = ip.to_canonical();
    if zeros || ip.to_string() != text {
        let what = if zeros || text.starts_with("::ffff:") {
            format!("non-standard IP address {text:?} is invalid: use \"{ip}\"")
        } else {
            format!("IPv6 address {text:?} should be in RFC 5952 canonical format (\"{ip}\")")
        };
        told(cx, node, &what);
    }
}
