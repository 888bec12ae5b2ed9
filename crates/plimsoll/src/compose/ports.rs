//! `ports` and `expose`.

use super::out::{Entries, Out};
use super::section::{Item, Section, not_translated};

/// A port that a container listens on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Port {
    pub(super) number: u16,
    /// `TCP`, `UDP` or `SCTP`.
    protocol: String,
}

impl Port {
    fn name(&self) -> String {
        format!("{}-{}", self.protocol.to_lowercase(), self.number)
    }

    pub(super) fn is_tcp(&self) -> bool {
        self.protocol == "TCP"
    }

    fn put_protocol(&self, entries: &mut Entries) {
        if !self.is_tcp() {
            entries.put_text("protocol", Some(self.protocol.clone()));
        }
    }

    pub(super) fn of_container(&self) -> Out {
        let mut out = Entries::default();
        out.put_text("name", Some(self.name()));
        out.put_int("containerPort", Some(self.number.into()));
        self.put_protocol(&mut out);
        out.into_out()
    }

    pub(super) fn of_service(&self) -> Out {
        let mut out = Entries::default();
        out.put_text("name", Some(self.name()));
        out.put_int("port", Some(self.number.into()));
        out.put_int("targetPort", Some(self.number.into()));
        self.put_protocol(&mut out);
        out.into_out()
    }
}

/// How many ports a range may stand for.
const MOST_PORTS: u16 = 100;

/// The ports of a service, published or not. `notes` says whether what is not translated is listed.
pub(super) fn ports(service: &Section<'_>, name: &str, notes: bool) -> Vec<Port> {
    let mut found = Vec::new();
    for key in ["ports", "expose"] {
        for item in service.get(key).iter().flat_map(Item::items) {
            one(&item, name, notes, &mut found);
        }
    }
    found
}

fn one(item: &Item<'_>, name: &str, notes: bool, found: &mut Vec<Port>) {
    if matches!(item.node.kind, plimsoll_yaml::Kind::Map(_)) {
        let Some(section) = item.section() else { return };
        let protocol = section.text("protocol").unwrap_or_default();
        let target = section.text("target").unwrap_or_default();
        section.ignore(&["name", "app_protocol", "mode"]);
        if notes {
            if section.text("published").is_some() {
                section.note("published", &not_opened(name));
            }
            section.finish(not_translated);
        }
        add(item, &target, &protocol, notes, found);
        return;
    }
    let Some(text) = item.text() else { return };
    let (rest, protocol) = text.split_once('/').unwrap_or((&text, ""));
    let target = match rest.rsplit_once(':') {
        None => rest,
        Some((published, target)) => {
            let port = published.rsplit(':').next().unwrap_or(published);
            if notes && !port.is_empty() {
                item.note(&format!("the host's port {port} is not opened: {}", reach(name)));
            }
            target
        }
    };
    add(item, target, protocol, notes, found);
}

fn not_opened(name: &str) -> String {
    format!("the host's port is not opened: {}", reach(name))
}

fn reach(name: &str) -> String {
    format!("reach the Service by an ingress, or set `services.{name}.type: LoadBalancer`")
}

fn add(item: &Item<'_>, target: &str, protocol: &str, notes: bool, found: &mut Vec<Port>) {
    let (first, last) = target.split_once('-').unwrap_or((target, target));
    let parsed = first.parse::<u16>().ok().zip(last.parse::<u16>().ok());
    let range =
        parsed.filter(|(first, last)| *first > 0 && first <= last && last - first < MOST_PORTS);
    let Some((first, last)) = range else {
        if notes {
            item.note("this is no port, nor a range of at most 100");
        }
        return;
    };
    for number in first..=last {
        let protocol = if protocol.is_empty() { "TCP".to_owned() } else { protocol.to_uppercase() };
        let port = Port { number, protocol };
        if !found.contains(&port) {
            found.push(port);
        }
    }
}
