//! `deploy`: replicas, updates, resources, placement.

use super::container::ALWAYS;
use super::out::{Entries, Out};
use super::section::{Item, Section, not_translated};
use super::units;

/// What `deploy` says of the workload, and of its container.
#[derive(Default)]
pub(super) struct Deploy {
    pub(super) global: bool,
    pub(super) job: bool,
    pub(super) replicas: Option<i64>,
    pub(super) workload: Entries,
    pub(super) resources: Entries,
}

pub(super) fn deploy(service: &Section<'_>) -> Deploy {
    let mut found = Deploy { replicas: service.int("scale"), ..Deploy::default() };
    let Some(deploy) = service.section("deploy") else {
        found.limits(service);
        return found;
    };
    match deploy.text("mode").as_deref() {
        Some("global") => found.global = true,
        Some("replicated-job" | "global-job") => found.job = true,
        _ => {}
    }
    found.replicas = deploy.int("replicas").or(found.replicas);
    if let Some(update) = deploy.section("update_config") {
        found.update(&update);
    }
    deploy
        .note("rollback_config", "a rollback in Kubernetes goes the way of an update: `strategy`");
    if let Some(labels) = deploy.get("labels") {
        let labels = labels.pairs().into_iter().map(|(key, value)| (key, Out::Text(value)));
        found.workload.put("annotations", Out::Map(labels.collect()));
    }
    if let Some(placement) = deploy.section("placement") {
        found.placement(&placement);
    }
    if let Some(resources) = deploy.section("resources") {
        found.resources(&resources);
    }
    found.limits(service);
    if let Some(policy) = deploy.section("restart_policy") {
        if matches!(policy.text("condition").as_deref(), Some("none" | "on-failure")) {
            policy.note("condition", ALWAYS);
        }
        for key in ["delay", "max_attempts", "window"] {
            policy.note(key, "the cluster restarts for ever, each time after a longer while");
        }
        policy.finish(not_translated);
    }
    if deploy.text("endpoint_mode").is_some_and(|mode| mode != "vip") {
        deploy
            .note("endpoint_mode", "set `clusterIP: None` of the Service for one name of all pods");
    }
    deploy.finish(not_translated);
    found
}

impl Deploy {
    /// `parallelism` pods at a time; `start-first` brings the new ones up before.
    fn update(&mut self, update: &Section<'_>) {
        let at_once = update.int("parallelism").unwrap_or(1);
        let at_once = if at_once == 0 { Out::text("100%") } else { Out::Int(at_once) };
        let first = update.text("order").as_deref() == Some("start-first");
        let (surge, gone) = if first { (at_once, Out::Int(0)) } else { (Out::Int(0), at_once) };
        let rolling = Out::map([("maxSurge", surge), ("maxUnavailable", gone)]);
        self.workload.put(
            "strategy",
            Out::map([("type", Out::text("RollingUpdate")), ("rollingUpdate", rolling)]),
        );
        let delay = update.text("delay").and_then(|text| units::seconds(&text));
        self.workload.put_int("minReadySeconds", delay.filter(|delay| *delay > 0));
        let monitor = update.text("monitor").and_then(|text| units::seconds(&text));
        self.workload.put_int("progressDeadlineSeconds", monitor.map(|seconds| seconds.max(60)));
        update.note(
            "failure_action",
            "an update that fails stops by itself; who installs the chart rolls back \
             (`helm upgrade --rollback-on-failure`)",
        );
        update
            .note("max_failure_ratio", "an update stops at the first pod that does not get ready");
        update.finish(not_translated);
    }

    fn placement(&mut self, placement: &Section<'_>) {
        let mut selector = Vec::new();
        for item in placement.get("constraints").iter().flat_map(Item::items) {
            let Some(text) = item.text() else { continue };
            let equal = text.split_once("==").map(|(key, value)| (key.trim(), value.trim()));
            match equal.and_then(|(key, value)| Some((key.strip_prefix("node.labels.")?, value))) {
                Some((label, value)) => selector.push((label.to_owned(), Out::text(value))),
                None if equal == Some(("node.role", "worker")) => {}
                None => item.note("only `node.labels.NAME == VALUE` is translated; use `affinity`"),
            }
        }
        self.workload.put("nodeSelector", Out::Map(selector));
        placement.note("preferences", "use `topologySpreadConstraints`");
        placement.note("max_replicas_per_node", "use `topologySpreadConstraints`");
        placement.finish(not_translated);
    }

    fn resources(&mut self, resources: &Section<'_>) {
        for (key, wanted) in [("reservations", "requests"), ("limits", "limits")] {
            let Some(section) = resources.section(key) else { continue };
            let mut amounts = Entries::default();
            quantity(&section, "cpus", "cpu", units::cpus, &mut amounts);
            quantity(&section, "memory", "memory", units::memory, &mut amounts);
            section.note("pids", "the node limits processes");
            section.note("devices", not_translated("devices"));
            section.finish(not_translated);
            self.resources.put(wanted, amounts.into_out());
        }
        resources.finish(not_translated);
    }

    /// The older keys on the service itself.
    fn limits(&mut self, service: &Section<'_>) {
        let (mut requests, mut limits) = (Entries::default(), Entries::default());
        quantity(service, "cpus", "cpu", units::cpus, &mut limits);
        quantity(service, "mem_limit", "memory", units::memory, &mut limits);
        quantity(service, "mem_reservation", "memory", units::memory, &mut requests);
        self.resources.put("requests", requests.into_out());
        self.resources.put("limits", limits.into_out());
    }
}

fn quantity(
    section: &Section<'_>,
    key: &str,
    name: &str,
    convert: fn(&str) -> Option<String>,
    amounts: &mut Entries,
) {
    let Some(item) = section.get(key) else { return };
    let amount = item.text().and_then(|text| convert(&text));
    if amount.is_none() {
        item.note("this is no amount");
    }
    amounts.put_text(name, amount);
}
