//! The security context of a pod, and what containers' contexts share with it.

use plimsoll_yaml::Node;

use super::pod::PodFacts;
use super::volume::local_path_words;
use crate::validate::cx::Cx;
use crate::validate::node::Fields as _;

/// `securityContext` of a pod's spec, and the namespaces of the host beside it.
pub(super) fn pod_security(cx: &mut Cx<'_>, pod: &PodFacts<'_>) {
    let spec = pod.spec;
    if spec.is_true("shareProcessNamespace") && spec.is_true("hostPID") {
        let detail = "ShareProcessNamespace and HostPID cannot both be enabled";
        cx.invalid(spec.of("shareProcessNamespace"), detail);
    }
    let context = spec.of("securityContext");
    host_process(cx, pod, context);
    if context.is_null() {
        return;
    }
    for field in ["fsGroup", "runAsUser", "runAsGroup"] {
        id(cx, context, field);
    }
    for group in context.list("supplementalGroups") {
        let number = group.as_int().unwrap_or(0);
        if !(0..=i64::from(i32::MAX)).contains(&number) {
            cx.invalid(group, "must be between 0 and 2147483647, inclusive");
        }
    }
    if context.has("fsGroupChangePolicy") {
        cx.one_of(context, "fsGroupChangePolicy", &["OnRootMismatch", "Always"]);
    }
    cx.maybe_one_of(context, "supplementalGroupsPolicy", &["Merge", "Strict"]);
    cx.maybe_one_of(context, "seLinuxChangePolicy", &["MountOption", "Recursive"]);
    seccomp(cx, context);
    app_armor(cx, context);
    sysctls(cx, pod, context);
    selinux_and_windows(cx, context);
}

/// A user's or group's number.
pub(super) fn id(cx: &mut Cx<'_>, context: &Node, field: &str) {
    if context.int(field).is_some_and(|number| !(0..=i64::from(i32::MAX)).contains(&number)) {
        cx.invalid(context.of(field), "must be between 0 and 2147483647, inclusive");
    }
}

/// `seccompProfile`.
pub(super) fn seccomp(cx: &mut Cx<'_>, context: &Node) {
    let profile = context.of("seccompProfile");
    if profile.is_null() {
        return;
    }
    let kind = profile.text("type");
    if kind.is_empty() {
        cx.required(profile, "type", "type is required when seccompProfile is set");
        return;
    }
    let path = profile.of("localhostProfile");
    if kind == "Localhost" {
        if path.is_null() {
            cx.required(profile, "localhostProfile", "must be set when seccomp type is Localhost");
        }
        for word in local_path_words(path.str(), false) {
            cx.invalid(path, word);
        }
    } else {
        if !path.is_null() {
            cx.invalid(path, "can only be set when seccomp type is Localhost");
        }
        cx.one_of(profile, "type", &["Localhost", "RuntimeDefault", "Unconfined"]);
    }
}

/// `appArmorProfile`.
pub(super) fn app_armor(cx: &mut Cx<'_>, context: &Node) {
    let profile = context.of("appArmorProfile");
    if profile.is_null() {
        return;
    }
    let kind = profile.text("type");
    let path = profile.of("localhostProfile");
    match kind {
        "Localhost" => {
            let name = path.str().trim();
            if path.is_null() || name.is_empty() {
                cx.required(
                    profile,
                    "localhostProfile",
                    "must be set when AppArmor type is Localhost",
                );
            } else if name != path.str() {
                cx.invalid(path, "must not be padded with whitespace");
            } else if name.len() > 4095 {
                cx.too_long(profile, "localhostProfile", 4095);
            }
        }
        "RuntimeDefault" | "Unconfined" => {
            if !path.is_null() {
                cx.invalid(path, "can only be set when AppArmor type is Localhost");
            }
        }
        "" => cx.required(profile, "type", "type is required when appArmorProfile is set"),
        other => {
            cx.unsupported(profile, "type", other, &["Localhost", "RuntimeDefault", "Unconfined"]);
        }
    }
}

fn sysctls(cx: &mut Cx<'_>, pod: &PodFacts<'_>, context: &Node) {
    let mut seen: Vec<&str> = Vec::new();
    for sysctl in context.list("sysctls") {
        let name = sysctl.text("name");
        if name.is_empty() {
            cx.required(sysctl, "name", "");
        } else if !is_sysctl(name) {
            let form = "must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
            cx.invalid(sysctl.of("name"), form);
        } else if seen.contains(&name) {
            cx.duplicate(sysctl, "name", &format!("{name:?}"));
        } else if pod.host_network && name.starts_with("net.") {
            cx.invalid(sysctl.of("name"), "sysctl not allowed with host net enabled");
        } else if pod.spec.is_true("hostIPC") && is_ipc(name) {
            cx.invalid(sysctl.of("name"), "sysctl not allowed with host ipc enabled");
        }
        seen.push(name);
    }
}

fn is_sysctl(name: &str) -> bool {
    let edge = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.len() <= 253
        && name.split(['.', '/']).all(|part| {
            let bytes = part.as_bytes();
            bytes.first().copied().is_some_and(edge)
                && bytes.last().copied().is_some_and(edge)
                && bytes.iter().all(|&byte| edge(byte) || matches!(byte, b'-' | b'_'))
        })
}

fn is_ipc(name: &str) -> bool {
    let plain = name.replace('/', ".");
    ["kernel.msg", "kernel.sem", "kernel.shm", "fs.mqueue."].iter().any(|p| plain.starts_with(p))
}

/// `windowsOptions`.
pub(super) fn selinux_and_windows(cx: &mut Cx<'_>, context: &Node) {
    let options = context.of("windowsOptions");
    if options.is_null() {
        return;
    }
    if options.has("gmsaCredentialSpecName") {
        let name = options.of("gmsaCredentialSpecName");
        super::meta::say(cx, name, crate::validate::names::subdomain(name.str()));
    }
    if options.has("gmsaCredentialSpec") && options.text("gmsaCredentialSpec").is_empty() {
        cx.invalid(
            options.of("gmsaCredentialSpec"),
            "gmsaCredentialSpec cannot be an empty string",
        );
    }
    if options.has("runAsUserName") {
        user_name(cx, options);
    }
}

fn user_name(cx: &mut Cx<'_>, options: &Node) {
    let node = options.of("runAsUserName");
    let name = node.str();
    let parts: Vec<&str> = name.split('\\').collect();
    let user = parts.last().copied().unwrap_or_default();
    if name.is_empty() {
        cx.invalid(node, "runAsUserName cannot be an empty string");
    } else if name.chars().any(char::is_control) {
        cx.invalid(node, "runAsUserName cannot contain control characters");
    } else if parts.len() > 2 {
        cx.invalid(node, "runAsUserName cannot contain more than one backslash");
    } else if user.is_empty() {
        cx.invalid(node, "runAsUserName's User cannot be empty");
    } else if user.len() > 104 {
        cx.invalid(node, "runAsUserName's User length must not be longer than 104 characters");
    }
}

fn host_process(cx: &mut Cx<'_>, pod: &PodFacts<'_>, context: &Node) {
    let spec = pod.spec;
    let flag = |context: &Node| context.of("windowsOptions").of("hostProcess").as_bool();
    let of_pod = flag(context);
    let mut any = of_pod == Some(true);
    let mut counts = (0, 0);
    for field in ["containers", "initContainers"] {
        for container in spec.list(field) {
            let own = flag(container.of("securityContext"));
            if own.or(of_pod).unwrap_or(false) {
                counts.0 += 1;
                any = true;
            } else {
                counts.1 += 1;
            }
        }
    }
    if any && counts.0 > 0 && counts.1 > 0 {
        let detail = "If pod contains any hostProcess containers then all containers must be HostProcess containers";
        cx.invalid_at(spec, "", "\"\"", detail);
    }
    if any && !pod.host_network {
        let detail = "hostNetwork must be true if pod contains any hostProcess containers";
        cx.invalid_at(spec, "hostNetwork", "false", detail);
    }
}
