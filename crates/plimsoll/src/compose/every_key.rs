//! Every key of the compose specification (schema of 2026-06-23) is translated or listed. What means
//! the same in a cluster without being there is left out: `healthcheck.disable`, `restart: always`.

use plimsoll_source::FileId;

use super::{Imported, import};

/// Keys of a service with a value that means something.
const SERVICE: &[(&str, &str)] = &[
    ("annotations", "{a: b}"),
    ("attach", "false"),
    ("blkio_config", "{weight: 300}"),
    ("build", "."),
    ("cap_add", "[NET_ADMIN]"),
    ("cap_drop", "[ALL]"),
    ("cgroup", "host"),
    ("cgroup_parent", "m"),
    ("command", "[a]"),
    ("configs", "[c]"),
    ("container_name", "n"),
    ("cpu_count", "2"),
    ("cpu_percent", "50"),
    ("cpu_period", "100"),
    ("cpu_quota", "100"),
    ("cpu_rt_period", "100"),
    ("cpu_rt_runtime", "100"),
    ("cpu_shares", "73"),
    ("cpus", "0.5"),
    ("cpuset", "0-3"),
    ("credential_spec", "{file: f}"),
    ("depends_on", "[db]"),
    ("depends_on", "{db: {condition: service_completed_successfully}}"),
    ("depends_on", "{db: {condition: service_started, restart: true}}"),
    ("depends_on", "{db: {condition: service_started, required: false}}"),
    ("deploy", "{endpoint_mode: dnsrr}"),
    ("deploy", "{labels: {a: b}}"),
    ("deploy", "{mode: global}"),
    ("deploy", "{placement: {constraints: [node.labels.a == b]}}"),
    ("deploy", "{placement: {preferences: [{spread: node.labels.a}]}}"),
    ("deploy", "{placement: {max_replicas_per_node: 2}}"),
    ("deploy", "{replicas: 3}"),
    ("deploy", "{resources: {limits: {cpus: 1}}}"),
    ("deploy", "{resources: {limits: {memory: 1g}}}"),
    ("deploy", "{resources: {limits: {pids: 1}}}"),
    ("deploy", "{resources: {reservations: {cpus: 1}}}"),
    ("deploy", "{resources: {reservations: {memory: 1g}}}"),
    ("deploy", "{resources: {reservations: {devices: [{capabilities: [gpu]}]}}}"),
    (
        "deploy",
        "{resources: {reservations: {generic_resources: [{discrete_resource_spec: {kind: g}}]}}}",
    ),
    ("deploy", "{restart_policy: {condition: on-failure}}"),
    ("deploy", "{restart_policy: {delay: 5s}}"),
    ("deploy", "{restart_policy: {max_attempts: 3}}"),
    ("deploy", "{restart_policy: {window: 120s}}"),
    ("deploy", "{rollback_config: {parallelism: 1}}"),
    ("deploy", "{update_config: {parallelism: 2}}"),
    ("deploy", "{update_config: {delay: 10s}}"),
    ("deploy", "{update_config: {failure_action: rollback}}"),
    ("deploy", "{update_config: {monitor: 10s}}"),
    ("deploy", "{update_config: {max_failure_ratio: 0.1}}"),
    ("deploy", "{update_config: {order: start-first}}"),
    ("develop", "{watch: [{path: ., action: sync}]}"),
    ("device_cgroup_rules", "['c 1:3 mr']"),
    ("devices", "[/dev/a]"),
    ("dns", "8.8.8.8"),
    ("dns_opt", "[use-vc]"),
    ("dns_search", "a.b"),
    ("domainname", "d"),
    ("entrypoint", "[a]"),
    ("env_file", ".env"),
    ("environment", "{A: b}"),
    ("expose", "['80']"),
    ("extends", "{service: db}"),
    ("external_links", "[a]"),
    ("extra_hosts", "['a:1.2.3.4']"),
    ("gpus", "all"),
    ("group_add", "[mail]"),
    ("healthcheck", "{test: [CMD, a]}"),
    ("healthcheck", "{test: a, interval: 7s}"),
    ("healthcheck", "{test: a, retries: 7}"),
    ("healthcheck", "{test: a, timeout: 7s}"),
    ("healthcheck", "{test: a, start_period: 70s}"),
    ("healthcheck", "{test: a, start_period: 70s, start_interval: 7s}"),
    ("hostname", "h"),
    ("init", "true"),
    ("ipc", "host"),
    ("isolation", "default"),
    ("label_file", "f"),
    ("labels", "{a: b}"),
    ("links", "[db]"),
    ("logging", "{driver: none}"),
    ("mac_address", "a"),
    ("mem_limit", "1g"),
    ("mem_reservation", "1g"),
    ("mem_swappiness", "10"),
    ("memswap_limit", "1g"),
    ("models", "[m]"),
    ("network_mode", "host"),
    ("network_mode", "none"),
    ("networks", "[n]"),
    ("oom_kill_disable", "true"),
    ("oom_score_adj", "1"),
    ("pid", "host"),
    ("pids_limit", "1"),
    ("platform", "linux/arm64"),
    ("ports", "['80']"),
    ("ports", "[{target: 80, app_protocol: http}]"),
    ("ports", "[{target: 80, host_ip: 127.0.0.1}]"),
    ("ports", "[{target: 80, mode: host}]"),
    ("ports", "[{target: 80, name: web}]"),
    ("ports", "[{target: 80, protocol: udp}]"),
    ("ports", "[{target: 80, published: '8080'}]"),
    ("post_start", "[{command: a}]"),
    ("pre_stop", "[{command: a}]"),
    ("privileged", "true"),
    ("profiles", "[p]"),
    ("provider", "{type: p}"),
    ("pull_policy", "always"),
    ("pull_policy", "build"),
    ("pull_refresh_after", "1h"),
    ("read_only", "true"),
    ("restart", "'no'"),
    ("restart", "on-failure:3"),
    ("runtime", "r"),
    ("scale", "3"),
    ("secrets", "[s]"),
    ("security_opt", "[no-new-privileges]"),
    ("shm_size", "1g"),
    ("stdin_open", "true"),
    ("stop_grace_period", "1m"),
    ("stop_signal", "SIGINT"),
    ("storage_opt", "{size: 1G}"),
    ("sysctls", "{net.core.somaxconn: 1024}"),
    ("tmpfs", "/x"),
    ("tty", "true"),
    ("ulimits", "{nproc: 1}"),
    ("use_api_socket", "true"),
    ("user", "'7'"),
    ("userns_mode", "host"),
    ("uts", "host"),
    ("volumes", "['named:/x']"),
    ("volumes", "['./x:/x']"),
    ("volumes", "[{type: bind, source: ./x, target: /x, bind: {propagation: shared}}]"),
    ("volumes", "[{type: volume, source: named, target: /x, consistency: cached}]"),
    ("volumes", "[{type: volume, source: named, target: /x, read_only: true}]"),
    ("volumes", "[{type: volume, source: named, target: /x, volume: {nocopy: true}}]"),
    ("volumes", "[{type: volume, source: named, target: /x, volume: {subpath: s}}]"),
    ("volumes", "[{type: tmpfs, target: /x, tmpfs: {mode: 700}}]"),
    ("volumes", "[{type: tmpfs, target: /x, tmpfs: {size: 1g}}]"),
    ("volumes", "[{type: image, source: i, target: /x, image: {subpath: s}}]"),
    ("volumes_from", "[db]"),
    ("working_dir", "/x"),
];

/// Keys of the file, and of what it names beside services.
const TOP: &[&str] = &[
    "configs: {c: {file: f}}",
    "include: [a.yml]",
    "models: {m: {model: a}}",
    "networks: {n: {internal: true}}",
    "secrets: {s: {file: f}}",
    "volumes: {named: {driver: nfs}}",
    "volumes: {named: {driver_opts: {type: nfs}}}",
    "volumes: {named: {external: true}}",
    "volumes: {named: {labels: {a: b}}}",
    "volumes: {named: {name: other}}",
];

/// A service with a key, another one to speak of, and what stands at the top.
fn run(key: &str, top: &str) -> Imported {
    let text = format!(
        "services:\n  db: {{image: d, ports: ['5432']}}\n  web:\n    image: i\n{key}{top}\n"
    );
    import(text.as_bytes(), FileId(0), &|_| None).unwrap_or_else(|error| panic!("{text}{error:?}"))
}

#[test]
fn every_key_changes_the_values_or_is_listed() {
    let mut silent = Vec::new();
    for (key, value) in SERVICE {
        let named = if value.contains("named") { "volumes: {named: }" } else { "" };
        let (with, without) = (run(&format!("    {key}: {value}\n"), named), run("", named));
        // The same key with less in it, where it is the inner one that is looked at.
        let less = less(value).map(|less| run(&format!("    {key}: {less}\n"), named));
        let base = less.as_ref().unwrap_or(&without);
        if with.values == base.values && with.notes.len() <= base.notes.len() {
            silent.push(format!("{key}: {value}"));
        }
    }
    for top in TOP {
        let mount = "    volumes: ['named:/x']\n";
        let (with, without) = (run(mount, top), run(mount, "volumes: {named: }"));
        if with.values == without.values && with.notes.len() <= without.notes.len() {
            silent.push((*top).to_owned());
        }
    }
    assert!(silent.is_empty(), "said of none:\n{}", silent.join("\n"));
}

/// What a value is without its innermost last key.
fn less(value: &str) -> Option<String> {
    if value.contains("start_interval") {
        return Some("{test: a, start_period: 70s}".to_owned());
    }
    let first = value.find("test: a, ").map(|_| "{test: a}".to_owned());
    let port = value.starts_with("[{target: 80").then(|| "[{target: 80}]".to_owned());
    let volume = value.find(", target: /x, ").map(|at| format!("{}, target: /x}}]", &value[..at]));
    let condition =
        value.contains("service_started").then(|| "{db: {condition: service_started}}".to_owned());
    first.or(port).or(volume).or(condition)
}
