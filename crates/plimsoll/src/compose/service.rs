//! A service as a workload and what stands beside it.

use super::out::{Entries, Out};
use super::section::{Notes, Section};
use super::volumes::{self, Named, object_name};
use super::{container, deploy, ports};

/// The families of the values.
#[derive(Default)]
pub(super) struct Families {
    deployments: Vec<(String, Out)>,
    stateful_sets: Vec<(String, Out)>,
    daemon_sets: Vec<(String, Out)>,
    jobs: Vec<(String, Out)>,
    services: Vec<(String, Out)>,
    pub(super) pvcs: Vec<(String, Out)>,
}

impl Families {
    pub(super) fn into_values(self) -> Out {
        let mut values = Entries::default();
        values.put_text("profile", Some("modern".to_owned()));
        // Services keep their names, which is how compose's neighbours know them.
        values.put_text("releasePrefix", Some("-".to_owned()));
        for (name, family) in [
            ("deployments", self.deployments),
            ("statefulSets", self.stateful_sets),
            ("daemonSets", self.daemon_sets),
            ("jobs", self.jobs),
            ("services", self.services),
            ("pvcs", self.pvcs),
        ] {
            values.put(name, Out::Map(family));
        }
        values.into_out()
    }
}

pub(super) fn translate(
    name: &str,
    service: &Section<'_>,
    named: &Named,
    services: &Section<'_>,
    notes: &Notes<'_>,
    families: &mut Families,
) {
    let key = object_name(name);
    if key != name {
        notes.add(service.span, &service.path, format!("the name becomes `{key}`"));
    }
    let ports = ports::ports(service, &key, true);
    let mut mounts = volumes::mounts(service, named);
    let mut deploy = deploy::deploy(service);
    let mut workload = Entries::default();
    if !deploy.global && !deploy.job {
        workload.put_int("replicas", Some(deploy.replicas.unwrap_or(1)));
    }
    let resources = std::mem::take(&mut deploy.resources);
    let main = container::container(service, &ports, &mut mounts, resources);
    workload.put("containers", Out::Map(vec![(key.clone(), main)]));
    workload.put("initContainers", Out::Map(waits(service, services)));
    container::pod(service, &mut workload);
    workload.append(deploy.workload);
    workload.put("volumes", Out::List(mounts.volumes));
    let stateful = !mounts.claims.is_empty() && !deploy.global && !deploy.job;
    if stateful {
        workload.put_text("serviceName", Some(key.clone()));
        workload.put("volumeClaimTemplates", Out::List(mounts.claims));
    } else if !mounts.claims.is_empty() {
        service.missing("claims of its own need a StatefulSet; the volume is left out");
    }
    let family = match (deploy.global, deploy.job, stateful) {
        (true, ..) => &mut families.daemon_sets,
        (_, true, _) => &mut families.jobs,
        (.., true) => &mut families.stateful_sets,
        _ => &mut families.deployments,
    };
    family.push((key.clone(), workload.into_out()));
    if !ports.is_empty() {
        let list = Out::List(ports.iter().map(ports::Port::of_service).collect());
        let service = Out::map([("workload", Out::text(&key)), ("ports", list)]);
        families.services.push((key, service));
    }
}

/// `depends_on`: init containers that wait for a port of each service that opens one.
fn waits(service: &Section<'_>, services: &Section<'_>) -> Vec<(String, Out)> {
    let Some(item) = service.get("depends_on") else { return Vec::new() };
    let mut waits = Vec::new();
    let names = match item.node.kind {
        plimsoll_yaml::Kind::Map(_) => {
            let conditions = item.section().map(|section| section.sections()).unwrap_or_default();
            for (_, one) in &conditions {
                note_condition(one);
            }
            conditions.into_iter().map(|(name, _)| name).collect()
        }
        _ => item.words(),
    };
    for other in names {
        let found = services.section(&other);
        let ports = found.map(|section| ports::ports(&section, &other, false)).unwrap_or_default();
        match ports.iter().find(|port| port.is_tcp()) {
            Some(port) => {
                let key = object_name(&other);
                waits.push((format!("wait-{key}"), container::wait_for(&key, port)));
            }
            None => item.note(&format!("`{other}` opens no port in this file to wait for")),
        }
    }
    waits
}

/// What waiting for a port does not do.
fn note_condition(condition: &Section<'_>) {
    if condition.text("condition").as_deref() == Some("service_completed_successfully") {
        condition
            .note("condition", "what has to end first is a hook or an init container: `hooks`");
    }
    if condition.bool("restart") == Some(true) {
        condition.note("restart", "a change of the other restarts nothing here");
    }
    if condition.bool("required") == Some(false) {
        condition.note("required", "it is waited for; take the init container out to do without");
    }
    condition.finish(super::section::not_translated);
}
