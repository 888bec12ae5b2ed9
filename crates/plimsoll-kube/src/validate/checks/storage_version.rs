//! In which versions objects are stored, and moving them to another.

use crate::validate::cx::Cx;
use crate::validate::names::{self, Words};
use crate::validate::place::Place;

/// `storagemigration.v1.StorageVersionMigration`, whose resource had a version up to 1.34.
pub(in crate::validate) fn migration(cx: &mut Cx<'_>) {
    let resource = Place::of(cx.root).field("spec").field("resource");
    let (name, group) = (resource.field("resource"), resource.field("group"));
    if name.text().is_empty() {
        name.required(cx, "resource is required to be set");
    } else if cx.minor >= 35 {
        name.say(cx, joined(names::label_1035(name.text())));
    }
    if !group.text().is_empty() && cx.minor >= 35 {
        group.say(cx, joined(names::subdomain(group.text())));
    }
}

/// k8s: here several faults are one.
fn joined(words: Words) -> Words {
    if words.is_empty() { words } else { vec![words.join(",")] }
}

/// `apiserverinternal.v1alpha1.StorageVersion`, whose status is not looked at on create.
pub(in crate::validate) fn storage_version(cx: &mut Cx<'_>) {
    let meta = Place::of(cx.root).field("metadata");
    for name in [meta.field("name"), meta.field("generateName")] {
        if !name.text().is_empty() {
            name.say(cx, resource_name(name.text()));
        }
    }
}

fn resource_name(name: &str) -> Words {
    let Some((group, resource)) = name.rsplit_once('.') else {
        return vec!["name must be in the form of <group>.<resource>".to_owned()];
    };
    let group = names::subdomain(group).into_iter().map(|word| format!("the group segment {word}"));
    let resource = names::label_1035(resource);
    group.chain(resource.into_iter().map(|word| format!("the resource segment {word}"))).collect()
}
