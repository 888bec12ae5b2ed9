//! Maps of a compose file that remember which of their keys were asked for.

use std::cell::RefCell;

use plimsoll_source::Span;
use plimsoll_yaml::{Entry, Kind, Node};

use super::{Note, interpolate};

/// What is collected while a file is translated.
pub(super) struct Notes<'a> {
    text: &'a [u8],
    variable: &'a dyn Fn(&str) -> Option<String>,
    found: RefCell<Vec<Note>>,
}

impl<'a> Notes<'a> {
    pub(super) fn new(text: &'a [u8], variable: &'a dyn Fn(&str) -> Option<String>) -> Notes<'a> {
        Notes { text, variable, found: RefCell::default() }
    }

    pub(super) fn add(&self, span: Span, key: &str, text: impl Into<String>) {
        let note = Note { span, key: key.to_owned(), text: text.into() };
        let mut found = self.found.borrow_mut();
        if !found.contains(&note) {
            found.push(note);
        }
    }

    /// In the order of the file.
    pub(super) fn into_sorted(self) -> Vec<Note> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|note| note.span.start);
        found
    }

    /// A scalar as compose sees it: as it is written, variables filled in.
    pub(super) fn scalar(&self, node: &Node, key: &str) -> Option<String> {
        let raw = match &node.kind {
            Kind::Text(text) => String::from_utf8_lossy(text).into_owned(),
            Kind::Null | Kind::List(_) | Kind::Map(_) => return None,
            _ => {
                let range = node.span.start as usize..node.span.end as usize;
                String::from_utf8_lossy(self.text.get(range)?).into_owned()
            }
        };
        let (text, unknown) = interpolate::fill(&raw, self.variable);
        for name in unknown {
            let text = match name.split_once('?') {
                Some((name, why)) => format!(
                    "`${{{}}}` must be given ({why}): name a file with `--env-file`",
                    name.trim_end_matches(':')
                ),
                None => format!("`${{{name}}}` has no default and is left empty"),
            };
            self.add(node.span, key, text);
        }
        Some(text)
    }
}

/// A map whose keys are all to be translated or listed.
pub(super) struct Section<'a> {
    /// The way to it: `services.web`; empty for the file itself.
    pub(super) path: String,
    /// Where it stands.
    pub(super) span: Span,
    notes: &'a Notes<'a>,
    entries: Vec<&'a Entry>,
    asked: RefCell<Vec<&'a str>>,
}

/// A value and the way to it.
pub(super) struct Item<'a> {
    pub(super) node: &'a Node,
    pub(super) path: String,
    notes: &'a Notes<'a>,
}

impl<'a> Section<'a> {
    /// The map of a node; `null` is an empty one.
    pub(super) fn new(node: &'a Node, path: String, notes: &'a Notes<'a>) -> Option<Section<'a>> {
        if !matches!(node.kind, Kind::Map(_) | Kind::Null) {
            return None;
        }
        let mut entries: Vec<&Entry> = node.as_map().iter().collect();
        entries.sort_by_key(|entry| entry.key_span.start);
        Some(Section { path, span: node.span, notes, entries, asked: RefCell::default() })
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn entry(&self, key: &str) -> Option<&'a Entry> {
        let entry = self.entries.iter().find(|entry| entry.key == key.as_bytes())?;
        self.asked.borrow_mut().push(std::str::from_utf8(&entry.key).ok()?);
        Some(entry)
    }

    /// The keys without meaning in a cluster.
    pub(super) fn ignore(&self, keys: &[&str]) {
        for key in keys {
            self.entry(key);
        }
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<Item<'a>> {
        let entry = self.entry(key)?;
        Some(Item { node: &entry.value, path: self.path_of(key), notes: self.notes })
    }

    /// The map of a key; what is none is listed.
    pub(super) fn section(&self, key: &str) -> Option<Section<'a>> {
        self.get(key)?.section()
    }

    /// The scalar of a key.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.get(key)?.text()
    }

    /// The boolean of a key.
    pub(super) fn bool(&self, key: &str) -> Option<bool> {
        let item = self.get(key)?;
        let value = item.node.as_bool().or_else(|| item.text()?.parse().ok());
        if value.is_none() {
            item.note("this is neither `true` nor `false`");
        }
        value
    }

    /// The integer of a key.
    pub(super) fn int(&self, key: &str) -> Option<i64> {
        let item = self.get(key)?;
        let value = item.text().and_then(|text| text.parse().ok());
        if value.is_none() {
            item.note("this is no number");
        }
        value
    }

    /// The maps of all keys but extensions.
    pub(super) fn sections(&self) -> Vec<(String, Section<'a>)> {
        let entries = self.entries.iter().filter(|entry| !entry.key.starts_with(b"x-"));
        let section = |entry: &&&'a Entry| {
            let name = std::str::from_utf8(&entry.key).ok()?.to_owned();
            let section = self.get(&name)?.section()?;
            Some((name, section))
        };
        entries.collect::<Vec<_>>().iter().filter_map(section).collect()
    }

    /// The names of the keys.
    pub(super) fn names(&self) -> Vec<String> {
        let names = self.entries.iter().map(|entry| String::from_utf8_lossy(&entry.key));
        names.map(std::borrow::Cow::into_owned).collect()
    }

    /// Notes a key that is there.
    pub(super) fn note(&self, key: &str, text: &str) {
        if let Some(entry) = self.entry(key) {
            self.notes.add(entry.key_span, &self.path_of(key), text);
        }
    }

    /// Notes the section itself.
    pub(super) fn missing(&self, text: &str) {
        self.notes.add(self.span, &self.path, text);
    }

    /// Notes every key.
    pub(super) fn note_all(&self, text: &str) {
        for name in self.names().iter().filter(|name| !name.starts_with("x-")) {
            self.note(name, text);
        }
    }

    /// Lists the keys that nothing asked for; extensions (`x-…`) are meant to be passed over.
    pub(super) fn finish(&self, why: impl Fn(&str) -> &'static str) {
        let asked = self.asked.borrow();
        for entry in &self.entries {
            let key = String::from_utf8_lossy(&entry.key);
            if !asked.contains(&key.as_ref()) && !key.starts_with("x-") {
                self.notes.add(entry.key_span, &self.path_of(&key), why(&key));
            }
        }
    }
}

impl<'a> Item<'a> {
    /// The scalar; what is none is listed.
    pub(super) fn text(&self) -> Option<String> {
        let text = self.notes.scalar(self.node, &self.path);
        if text.is_none() && !self.node.is_null() {
            self.note("this should be a text");
        }
        text
    }

    /// The map; what is none is listed.
    pub(super) fn section(&self) -> Option<Section<'a>> {
        let section = Section::new(self.node, self.path.clone(), self.notes);
        if section.is_none() {
            self.note("this should be a map");
        }
        section
    }

    /// The items of a list; a value alone is a list of one.
    pub(super) fn items(&self) -> Vec<Item<'a>> {
        let item = |(at, node): (usize, &'a Node)| Item {
            node,
            path: format!("{}[{at}]", self.path),
            notes: self.notes,
        };
        match &self.node.kind {
            Kind::List(items) => items.iter().enumerate().map(item).collect(),
            Kind::Null => Vec::new(),
            _ => vec![Item { node: self.node, path: self.path.clone(), notes: self.notes }],
        }
    }

    /// `KEY=value` items or a map, in the file's order. A key without a value is listed.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        if let (Kind::Map(_), Some(section)) = (&self.node.kind, self.section()) {
            for name in section.names() {
                let Some(item) = section.get(&name) else { continue };
                match item.text() {
                    Some(value) => pairs.push((name, value)),
                    None if item.node.is_null() => item.note(FROM_SHELL),
                    None => {}
                }
            }
            return pairs;
        }
        for item in self.items() {
            match item.text() {
                None => {}
                Some(text) => match text.split_once('=') {
                    Some((key, value)) => pairs.push((key.to_owned(), value.to_owned())),
                    None => item.note(FROM_SHELL),
                },
            }
        }
        pairs
    }

    /// A list of texts, or a text split as a shell splits words.
    pub(super) fn words(&self) -> Vec<String> {
        if let Kind::List(_) = self.node.kind {
            return self.items().iter().filter_map(Item::text).collect();
        }
        self.text().map(|text| interpolate::split_words(&text)).unwrap_or_default()
    }

    /// Lists the value.
    pub(super) fn note(&self, text: &str) {
        self.notes.add(self.node.span, &self.path, text);
    }
}

const FROM_SHELL: &str = "it comes from the shell that runs compose; give it a value, or a Secret";

/// Why a key of a service has no counterpart in the values, and what to do.
pub(super) fn not_translated(key: &str) -> &'static str {
    match key {
        "build" => "build and push the image; `image` names it",
        "container_name" => "pods are named by Kubernetes",
        "networks" | "links" | "external_links" => {
            "pods reach each other by the names of their Services"
        }
        "logging" => "what a container prints is collected by the cluster",
        "env_file" => "the file is not read; put its lines into `env`, secrets into `secretEnvs`",
        "secrets" => "mount a Secret with `volumes` and `volumeMounts`",
        "configs" => "put the content into `config.files` of the workload",
        "profiles" => "choose by environment: `enabled: false` in its values",
        "extends" | "include" => "other files are not read; write it out",
        "init" => "set `shareProcessNamespace: true`, or start an init in the image",
        "stop_signal" => "it is the image's (STOPSIGNAL)",
        "ulimits" | "blkio_config" | "oom_score_adj" | "oom_kill_disable" => {
            "the node decides this"
        }
        "devices" | "gpus" | "device_cgroup_rules" => "ask for the device under `resources.limits`",
        "develop" => "it is for working on the source",
        "depends_on" => "it has to be waited for with an init container",
        _ => "the universal chart has nothing for it",
    }
}
