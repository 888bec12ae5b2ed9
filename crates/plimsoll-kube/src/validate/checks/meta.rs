//! `metadata`: names, labels, annotations, finalizers, owners.

use plimsoll_yaml::Node;

use crate::validate::cx::{Cx, shown};
use crate::validate::names::{self, Words};
use crate::validate::node::Fields as _;

/// How many bytes all annotations may have together.
const ANNOTATIONS_LIMIT: usize = 256 * 1024;

/// What a kind's names look like.
pub(in crate::validate) type NameForm = fn(&str) -> Words;

/// What the metadata of a kind has to be.
#[derive(Clone, Copy)]
pub(in crate::validate) struct MetaRules {
    pub(in crate::validate) name: NameForm,
    pub(in crate::validate) namespaced: bool,
    /// Whether a finalizer without a prefix has to be one of the three known ones.
    pub(in crate::validate) known_finalizers: bool,
    /// Whether `generateName` is not looked at.
    pub(in crate::validate) free_prefix: bool,
    /// The server makes a name where none is given.
    pub(in crate::validate) may_lack_name: bool,
    /// The server keeps the generation that it is given.
    pub(in crate::validate) keeps_generation: bool,
}

/// Checks the metadata of an object.
pub(in crate::validate) fn object_meta(cx: &mut Cx<'_>, rules: MetaRules) {
    let root = cx.root;
    let meta = root.of("metadata");
    let at = if root.has("metadata") { "" } else { "metadata" };
    let (holder, below) = if at.is_empty() { (meta, "") } else { (root, "metadata.") };
    name(cx, meta, holder, below, rules);
    if rules.namespaced {
        let namespace = meta.text("namespace");
        if !namespace.is_empty() {
            say(cx, meta.of("namespace"), names::label(namespace));
        }
    }
    let generation = meta.int("generation").filter(|generation| *generation < 0);
    if let Some(generation) = generation.filter(|_| rules.keeps_generation) {
        let detail = "must be greater than or equal to 0";
        cx.invalid_at(meta, "generation", &generation.to_string(), detail);
    }
    labels(cx, meta, "labels");
    annotations(cx, meta, "annotations");
    owners(cx, meta);
    finalizers(cx, meta, rules.known_finalizers);
}

/// Reports each word about a node's value.
pub(in crate::validate) fn say(cx: &mut Cx<'_>, node: &Node, words: Words) {
    for word in words {
        cx.invalid(node, &word);
    }
}

fn name(cx: &mut Cx<'_>, meta: &Node, holder: &Node, below: &str, rules: MetaRules) {
    let form = rules.name;
    let generate = meta.text("generateName");
    if !generate.is_empty() && !rules.free_prefix {
        say(cx, meta.of("generateName"), names::as_prefix(generate, form));
    }
    let name = meta.text("name");
    match (name.is_empty(), generate.is_empty()) {
        (true, true) if rules.may_lack_name => {}
        (true, true) => {
            cx.required(holder, &format!("{below}name"), "name or generateName is required");
        }
        // The server appends five characters of its own.
        (true, false) => {
            let made: String = generate.chars().take(58).chain("x7x7x".chars()).collect();
            for word in form(&made) {
                cx.invalid_at(holder, &format!("{below}name"), &format!("{made:?}"), &word);
            }
        }
        _ => say(cx, meta.of("name"), form(name)),
    }
}

/// Labels, whose keys and values are all told at the map itself.
pub(in crate::validate) fn labels(cx: &mut Cx<'_>, holder: &Node, field: &str) {
    for entry in holder.map(field) {
        let key = String::from_utf8_lossy(&entry.key);
        for word in names::qualified(&key) {
            cx.invalid_at(holder, field, &format!("{key:?}"), &word);
        }
        for word in names::label_value(entry.value.str()) {
            cx.invalid_at(holder, field, &shown(&entry.value), &word);
        }
    }
}

/// The same for labels that the server tells of at another path than where they stand.
pub(in crate::validate) fn labels_at(cx: &mut Cx<'_>, holder: &Node, below: &str, labels: &Node) {
    for entry in labels.as_map() {
        let key = String::from_utf8_lossy(&entry.key);
        for word in names::qualified(&key) {
            cx.invalid_at(holder, below, &format!("{key:?}"), &word);
        }
        for word in names::label_value(entry.value.str()) {
            cx.invalid_at(holder, below, &shown(&entry.value), &word);
        }
    }
}

/// Annotations: keys and the size of all.
pub(in crate::validate) fn annotations(cx: &mut Cx<'_>, holder: &Node, field: &str) {
    annotations_at(cx, holder, field, holder.of(field));
}

/// The same at another path than where they stand.
pub(in crate::validate) fn annotations_at(cx: &mut Cx<'_>, holder: &Node, below: &str, all: &Node) {
    let mut size = 0;
    for entry in all.as_map() {
        let key = String::from_utf8_lossy(&entry.key);
        for word in names::qualified(&key.to_lowercase()) {
            cx.invalid_at(holder, below, &format!("{key:?}"), &word);
        }
        size += entry.key.len() + entry.value.str().len();
    }
    if size > ANNOTATIONS_LIMIT {
        cx.too_long(holder, below, ANNOTATIONS_LIMIT);
    }
}

fn owners(cx: &mut Cx<'_>, meta: &Node) {
    let mut controllers: Vec<String> = Vec::new();
    let owners = meta.list("ownerReferences");
    for (at, owner) in owners.iter().enumerate() {
        let version = owner.text("apiVersion");
        if version.is_empty() {
            cx.required(owner, "apiVersion", "must not be empty");
        } else if version.matches('/').count() > 1 {
            let detail = format!("unexpected GroupVersion string: {version}");
            cx.invalid(owner.of("apiVersion"), &detail);
        }
        for field in ["kind", "name", "uid"] {
            if owner.text(field).is_empty() {
                cx.required(owner, field, "must not be empty");
            }
        }
        if version == "v1" && owner.text("kind") == "Event" {
            cx.invalid(owner, "/v1, Kind=Event is disallowed from being an owner");
        }
        // k8s: what stands twice is taken away first.
        let is_first = !owners[..at].iter().any(|other| crate::same(other, owner));
        if owner.is_true("controller") && is_first {
            controllers.push(format!("{}/{}", owner.text("kind"), owner.text("name")));
        }
    }
    let twice: Vec<&str> = owners
        .iter()
        .enumerate()
        .filter(|(at, owner)| owners[..*at].iter().any(|other| crate::same(other, owner)))
        .map(|(_, owner)| owner.text("uid"))
        .collect();
    if !twice.is_empty() {
        let text = format!(
            ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: {}",
            twice.join(", ")
        );
        cx.warn(meta.of("ownerReferences"), "", text);
    }
    if let [first, second, ..] = &controllers[..] {
        let detail = format!(
            "Only one reference can have Controller set to true. Found \"true\" in references for {first} and {second}"
        );
        cx.invalid(meta.of("ownerReferences"), &detail);
    }
}

fn finalizers(cx: &mut Cx<'_>, meta: &Node, known: bool) {
    let all = meta.of("finalizers");
    for finalizer in all.as_list() {
        let name = finalizer.str();
        for word in names::qualified(name) {
            cx.invalid_at(meta, "finalizers", &shown(finalizer), &word);
        }
        let standard = ["kubernetes", "orphan", "foregroundDeletion"].contains(&name);
        if known && !name.contains('/') && !standard {
            cx.invalid(
                finalizer,
                "name is neither a standard finalizer name nor is it fully qualified",
            );
        }
    }
    let has = |name: &str| all.as_list().iter().any(|finalizer| finalizer.str() == name);
    if has("orphan") && has("foregroundDeletion") {
        cx.invalid(all, "finalizer orphan and foregroundDeletion cannot be both set");
    }
}
