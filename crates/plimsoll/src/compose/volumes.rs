//! `volumes`, `tmpfs` and the volumes that the file declares.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::out::{Entries, Out};
use super::section::{Item, Section, not_translated};
use super::service::Families;
use super::units;

/// The size of a claim: compose knows none.
const SIZE: &str = "1Gi";

/// The volumes with names, and who mounts them.
pub(super) struct Named {
    /// How many services mount each.
    users: BTreeMap<String, usize>,
    /// Those that several mount, made as claims of their own.
    shared: RefCell<Vec<String>>,
}

impl Named {
    pub(super) fn read(declared: Option<Section<'_>>, services: &Section<'_>) -> Named {
        if let Some(declared) = declared {
            for (_, volume) in declared.sections() {
                volume.note("name", "claims have the names that the values give them");
                volume.note("labels", "claims have the labels of their workload");
                volume.finish(|_| "set `storageClassName` of the claim instead");
            }
            declared.finish(not_translated);
        }
        let mut users: BTreeMap<String, usize> = BTreeMap::new();
        for (_, service) in services.sections() {
            let mut names: Vec<String> = service
                .get("volumes")
                .iter()
                .flat_map(Item::items)
                .filter_map(|item| Mount::read(&item, false))
                .filter(|mount| matches!(mount.kind, Kind::Volume))
                .filter_map(|mount| mount.source)
                .collect();
            names.sort();
            names.dedup();
            for name in names {
                *users.entry(name).or_default() += 1;
            }
        }
        Named { users, shared: RefCell::default() }
    }

    /// Writes the claims that several services share.
    pub(super) fn finish(&self, families: &mut Families) {
        for name in self.shared.borrow().iter() {
            let mut claim = Entries::default();
            claim.put("accessModes", Out::texts(["ReadWriteMany"]));
            claim.put_text("size", Some(SIZE.to_owned()));
            families.pvcs.push((object_name(name), claim.into_out()));
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Volume,
    Bind,
    Memory,
    Other,
}

struct Mount {
    kind: Kind,
    source: Option<String>,
    target: String,
    read_only: bool,
    size: Option<String>,
}

impl Mount {
    fn read(item: &Item<'_>, notes: bool) -> Option<Mount> {
        if matches!(item.node.kind, plimsoll_yaml::Kind::Map(_)) {
            return Mount::long(&item.section()?, notes);
        }
        let text = item.text()?;
        let parts: Vec<&str> = text.split(':').collect();
        let (source, target, mode) = match parts.as_slice() {
            [target] => (None, *target, ""),
            [source, target] => (Some(*source), *target, ""),
            [source, target, mode] => (Some(*source), *target, *mode),
            _ => return None,
        };
        let is_path = |source: &str| source.starts_with(['.', '/', '~']);
        let kind = if source.is_some_and(is_path) { Kind::Bind } else { Kind::Volume };
        let read_only = mode.split(',').any(|option| option == "ro");
        let (source, target) = (source.map(str::to_owned), target.to_owned());
        Some(Mount { kind, source, target, read_only, size: None })
    }

    fn long(section: &Section<'_>, notes: bool) -> Option<Mount> {
        let kind = match section.text("type").as_deref() {
            None | Some("volume") => Kind::Volume,
            Some("bind") => Kind::Bind,
            Some("tmpfs") => Kind::Memory,
            Some(_) => Kind::Other,
        };
        let mount = Mount {
            kind,
            source: section.text("source"),
            target: section.text("target")?,
            read_only: section.bool("read_only") == Some(true),
            size: section.section("tmpfs").and_then(|tmpfs| {
                if notes {
                    tmpfs.note("mode", "the folder is writable by all; set `fsGroup` to narrow it");
                }
                tmpfs.text("size")
            }),
        };
        if notes {
            section.finish(not_translated);
        }
        Some(mount)
    }
}

/// What a service mounts.
#[derive(Default)]
pub(super) struct Mounts {
    pub(super) volumes: Vec<Out>,
    pub(super) claims: Vec<Out>,
    pub(super) inside: Vec<Out>,
}

/// Translates the mounts of a service: a named volume that no other service mounts is claimed for
/// each pod, others are claims of their own.
pub(super) fn mounts(service: &Section<'_>, named: &Named) -> Mounts {
    let mut found = Mounts::default();
    for item in service.get("volumes").iter().flat_map(Item::items) {
        match Mount::read(&item, true) {
            Some(mount) => found.add(&item, mount, named),
            None => item.note("this is no mount such as `name:/path`"),
        }
    }
    for item in service.get("tmpfs").iter().flat_map(Item::items) {
        let Some(text) = item.text() else { continue };
        let (target, options) = text.split_once(':').unwrap_or((&text, ""));
        let size = options.split(',').find_map(|option| option.strip_prefix("size="));
        found.memory(target, size.and_then(units::memory));
    }
    if let Some(size) = service.text("shm_size") {
        found.memory("/dev/shm", units::memory(&size));
    }
    found
}

impl Mounts {
    fn add(&mut self, item: &Item<'_>, mount: Mount, named: &Named) {
        match (mount.kind, &mount.source) {
            (Kind::Bind, _) => item.note(
                "a path of the host does not exist in a cluster: put a file into `config.files`, \
                 data into a volume",
            ),
            (Kind::Memory, _) => {
                let size = mount.size.as_deref().and_then(units::memory);
                self.memory(&mount.target, size);
            }
            (Kind::Other, _) => item.note("the universal chart has nothing for this kind of mount"),
            (Kind::Volume, None) => self.scratch(&mount.target, Vec::new()),
            (Kind::Volume, Some(name)) => {
                let claim = object_name(name);
                if named.users.get(name).is_some_and(|users| *users > 1) {
                    let mut shared = named.shared.borrow_mut();
                    if !shared.contains(name) {
                        shared.push(name.clone());
                        item.note(
                            "several services mount it: the claim asks for ReadWriteMany and 1Gi",
                        );
                    }
                    self.volumes
                        .push(Out::map([("name", Out::text(&claim)), ("type", Out::text("pvc"))]));
                } else {
                    item.note("compose gives no size: the claim asks for 1Gi");
                    self.claims.push(template(&claim));
                }
                self.mount(&claim, &mount.target, mount.read_only);
            }
        }
    }

    fn memory(&mut self, target: &str, size: Option<String>) {
        let mut more = vec![("medium", Out::text("Memory"))];
        more.extend(size.map(|size| ("sizeLimit", Out::Text(size))));
        self.scratch(target, more);
    }

    /// A volume that lives as long as the pod.
    fn scratch(&mut self, target: &str, more: Vec<(&str, Out)>) {
        let name = object_name(target.trim_matches('/'));
        let mut volume = Entries::default();
        volume.put_text("name", Some(name.clone()));
        volume.put_text("type", Some("emptyDir".to_owned()));
        for (key, value) in more {
            volume.put(key, value);
        }
        self.volumes.push(volume.into_out());
        self.mount(&name, target, false);
    }

    fn mount(&mut self, name: &str, target: &str, read_only: bool) {
        let mut mount = Entries::default();
        mount.put_text("name", Some(name.to_owned()));
        mount.put_text("mountPath", Some(target.to_owned()));
        mount.put_bool("readOnly", read_only.then_some(true));
        self.inside.push(mount.into_out());
    }
}

fn template(name: &str) -> Out {
    let request = Out::map([("storage", Out::text(SIZE))]);
    Out::map([
        ("metadata", Out::map([("name", Out::text(name))])),
        (
            "spec",
            Out::map([
                ("accessModes", Out::texts(["ReadWriteOnce"])),
                ("resources", Out::map([("requests", request)])),
            ]),
        ),
    ])
}

/// A text as a name of Kubernetes: small letters, digits and dashes.
pub(super) fn object_name(text: &str) -> String {
    let name: String = text
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(63)
        .collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "data".to_owned() } else { name.to_owned() }
}
