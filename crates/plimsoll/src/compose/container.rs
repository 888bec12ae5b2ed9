//! The container of a service, and what of it belongs to the pod.

use super::out::{Entries, Out};
use super::ports::Port;
use super::section::{Item, Section};
use super::{health, volumes};

/// Writes the container; `mounts` and `resources` were translated before.
pub(super) fn container(
    service: &Section<'_>,
    ports: &[Port],
    mounts: &mut volumes::Mounts,
    resources: Entries,
) -> Out {
    let mut out = Entries::default();
    image(service, &mut out);
    let words = |key: &str| service.get(key).map(|item| item.words()).unwrap_or_default();
    out.put("command", Out::texts(words("entrypoint")));
    out.put("args", Out::texts(words("command")));
    out.put_text("workingDir", service.text("working_dir"));
    let env = service.get("environment").map(|item| item.pairs()).unwrap_or_default();
    let env = env.into_iter().map(|(key, value)| (key, Out::Text(value)));
    out.put("env", Out::Map(env.collect()));
    out.put("ports", Out::List(ports.iter().map(Port::of_container).collect()));
    health::probes(service, &mut out);
    out.put("resources", resources.into_out());
    out.put("securityContext", security(service));
    out.put("volumeMounts", Out::List(std::mem::take(&mut mounts.inside)));
    out.put_bool("stdin", service.bool("stdin_open").filter(|open| *open));
    out.put_bool("tty", service.bool("tty").filter(|tty| *tty));
    out.into_out()
}

fn image(service: &Section<'_>, out: &mut Entries) {
    let Some(image) = service.text("image").filter(|image| !image.is_empty()) else {
        if service.get("image").is_none() {
            service.missing("no `image`: build one, and name it here");
        }
        return;
    };
    let name = image.rfind('/').map_or(0, |at| at + 1);
    match image[name..].find(':') {
        Some(at) if !image.contains('@') => {
            out.put_text("image", Some(image[..name + at].to_owned()));
            out.put_text("imageTag", Some(image[name + at + 1..].to_owned()));
        }
        _ => out.put_text("image", Some(image)),
    }
    let policy = match service.text("pull_policy").as_deref() {
        Some("always") => Some("Always"),
        Some("never") => Some("Never"),
        Some("missing" | "if_not_present") => Some("IfNotPresent"),
        Some(_) => {
            service
                .note("pull_policy", "a cluster builds nothing, and pulls always, never or once");
            None
        }
        None => None,
    };
    out.put_text("imagePullPolicy", policy.map(str::to_owned));
}

fn security(service: &Section<'_>) -> Out {
    let mut out = Entries::default();
    if let Some(item) = service.get("user") {
        let text = item.text().unwrap_or_default();
        let (user, group) = text.split_once(':').unwrap_or((&text, ""));
        match user.parse() {
            Ok(user) => out.put_int("runAsUser", Some(user)),
            Err(_) => item.note("users are numbers in a cluster: `securityContext.runAsUser`"),
        }
        out.put_int("runAsGroup", group.parse().ok());
        out.put_bool("runAsNonRoot", (user == "0").then_some(false));
    }
    let read_only = service.bool("read_only") == Some(true);
    out.put_bool("readOnlyRootFilesystem", (!read_only).then_some(false));
    let privileged = service.bool("privileged").filter(|privileged| *privileged);
    out.put_bool("privileged", privileged);
    out.put_bool("allowPrivilegeEscalation", privileged);
    let mut capabilities = Entries::default();
    for (key, name) in [("cap_add", "add"), ("cap_drop", "drop")] {
        let items = service.get(key).map(|item| item.words()).unwrap_or_default();
        let names = items.iter().map(|name| name.trim_start_matches("CAP_"));
        capabilities.put(name, Out::texts(names));
    }
    out.put("capabilities", capabilities.into_out());
    out.into_out()
}

/// What a service says of its pod.
pub(super) fn pod(service: &Section<'_>, out: &mut Entries) {
    out.put_text("hostname", service.text("hostname"));
    for (key, name) in [("network_mode", "hostNetwork"), ("pid", "hostPID"), ("ipc", "hostIPC")] {
        match service.text(key).as_deref() {
            Some("host") => out.put_bool(name, Some(true)),
            Some("none") => service.note(key, "use `networkPolicies` to cut a pod off"),
            Some("bridge" | "shareable" | "private" | "") | None => {}
            Some(_) => service.note(key, "pods share this by being one pod: use `sidecars`"),
        }
    }
    let grace = service.text("stop_grace_period").and_then(|text| super::units::seconds(&text));
    out.put_int("terminationGracePeriodSeconds", grace);
    if let Some(platform) = service.text("platform") {
        let mut parts = platform.split('/');
        let mut selector = Entries::default();
        selector.put_text("kubernetes.io/os", parts.next().map(str::to_owned));
        selector.put_text("kubernetes.io/arch", parts.next().map(str::to_owned));
        out.put("nodeSelector", selector.into_out());
    }
    if let Some(item) = service.get("labels") {
        let labels = item.pairs().into_iter().map(|(key, value)| (key, Out::Text(value)));
        out.put("podAnnotations", Out::Map(labels.collect()));
    }
    out.put("hostAliases", Out::List(service.get("extra_hosts").iter().flat_map(hosts).collect()));
    let mut dns = Entries::default();
    for (key, name) in [("dns", "nameservers"), ("dns_search", "searches")] {
        dns.put(name, Out::texts(service.get(key).map(|item| item.words()).unwrap_or_default()));
    }
    out.put("dnsConfig", dns.into_out());
    if let Some(item) = service.get("sysctls") {
        let sysctl =
            |(name, value)| Out::map([("name", Out::Text(name)), ("value", Out::Text(value))]);
        let sysctls = Out::List(item.pairs().into_iter().map(sysctl).collect());
        out.put("securityContext", Out::map([("sysctls", sysctls)]));
    }
    if service.text("restart").is_some_and(|policy| !is_always(&policy)) {
        service.note("restart", ALWAYS);
    }
}

/// What a cluster does with every workload.
fn is_always(policy: &str) -> bool {
    matches!(policy, "always" | "unless-stopped" | "any" | "")
}

/// Why a policy of restarts is left out.
pub(super) const ALWAYS: &str = "a workload is always restarted; what ends is a Job: `jobs`";

/// `name:address`, `name=address`, or a map.
fn hosts(item: &Item<'_>) -> Vec<Out> {
    let alias = |name: &str, address: &str| {
        Out::map([("ip", Out::text(address)), ("hostnames", Out::texts([name]))])
    };
    if let plimsoll_yaml::Kind::Map(_) = item.node.kind {
        return item.pairs().iter().map(|(name, address)| alias(name, address)).collect();
    }
    let mut aliases = Vec::new();
    for item in item.items() {
        let text = item.text().unwrap_or_default();
        match text.split_once(['=', ':']) {
            Some((name, address)) if address != "host-gateway" => {
                aliases.push(alias(name, address));
            }
            _ => item.note("the node's own address is not known to a pod; use `status.hostIP`"),
        }
    }
    aliases
}

/// An init container that waits until a port of another service answers.
pub(super) fn wait_for(other: &str, port: &Port) -> Out {
    let line = format!("until nc -z {other} {}; do sleep 1; done", port.number);
    Out::map([
        ("image", Out::text("busybox")),
        ("imageTag", Out::text("1.37")),
        ("command", Out::texts(["sh", "-c", &line])),
        ("securityContext", Out::map([("runAsUser", Out::Int(65534))])),
    ])
}
