//! `ports` and `expose`.

use super::out::{Entries, Out};
use super::section::{Item, Section, not_translated};

/// A port that a container listens on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Port {
    pub(super) number: u16,
    /// `TCP`, `UDP` or `SCTP`.
    protocol: String,
    /// The name that the file gives it.
    name: Option<String>,
    /// What is spoken on it: `http`.
    app_protocol: Option<String>,
}

impl Port {
    fn name(&self) -> String {
        let made = || format!("{}-{}", self.protocol.to_lowercase(), self.number);
        self.name.clone().unwrap_or_else(made)
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
        out.put_text("appProtocol", self.app_protocol.clone());
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
        let name_of_port = section.text("name");
        let app_protocol = section.text("app_protocol");
        let mode = section.text("mode");
        if notes {
            if name_of_port.as_deref().is_some_and(|name| !is_port_name(name)) {
                section
                    .note("name", "ports have names of at most 15 small letters, digits and `-`");
            }
            if mode.as_deref() == Some("host") {
                section.note("mode", "set `hostPort` of the container's port, if it must be so");
            }
            if section.text("published").is_some() {
                section.note("published", &not_opened(name));
            }
            section.finish(not_translated);
        }
        let before = found.len();
        add(item, &target, &protocol, notes, found);
        if let [port] = &mut found[before..] {
            port.name = name_of_port.filter(|name| is_port_name(name));
            port.app_protocol = app_protocol;
        }
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

/// Kubernetes: IsValidPortName.
fn is_port_name(name: &str) -> bool {
    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    (1..=15).contains(&name.len())
        && name.bytes().all(fits)
        && name.bytes().any(|byte| byte.is_ascii_lowercase())
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !name.contains("--")
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
        let port = Port { number, protocol, name: None, app_protocol: None };
        let is_same = |other: &Port| (other.number, &other.protocol) == (number, &port.protocol);
        if !found.iter().any(is_same) {
            found.push(port);
        }
    }
}
