//! In which versions objects are stored, and moving them to another.

use plimsoll_yaml::Node;

use super::meta::say;
use crate::validate::cx::{Cx, shown};
use crate::validate::names::{self, Words};
use crate::validate::node::Fields;
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

/// `apiserverinternal.v1alpha1.StorageVersion`, whose status counts on create too.
pub(in crate::validate) fn storage_version(cx: &mut Cx<'_>) {
    let meta = Place::of(cx.root).field("metadata");
    for name in [meta.field("name"), meta.field("generateName")] {
        if !name.text().is_empty() {
            name.say(cx, resource_name(name.text()));
        }
    }
    let status = cx.root.of("status");
    let servers = status.list("storageVersions");
    for (at, server) in servers.iter().enumerate() {
        let id = server.text("apiServerID");
        if servers[..at].iter().any(|other| other.text("apiServerID") == id) {
            cx.duplicate(server, "apiServerID", &format!("{id:?}"));
        }
        one_server(cx, server);
    }
    common_version(cx, status);
    conditions(cx, status);
}

fn resource_name(name: &str) -> Words {
    let Some((group, resource)) = name.rsplit_once('.') else {
        return vec!["name must be in the form of <group>.<resource>".to_owned()];
    };
    let group = names::subdomain(group).into_iter().map(|word| format!("the group segment {word}"));
    let resource = names::label_1035(resource);
    group.chain(resource.into_iter().map(|word| format!("the resource segment {word}"))).collect()
}

fn one_server(cx: &mut Cx<'_>, server: &Node) {
    let at = Place::of(server);
    let (id, encoding) = (at.field("apiServerID"), at.field("encodingVersion"));
    id.say(cx, names::subdomain(id.text()));
    encoding.say(cx, joined(version_words(encoding.text())));
    let decodable = server.list("decodableVersions");
    for version in decodable {
        say(cx, version, joined(version_words(version.str())));
    }
    let has = |version: &str| decodable.iter().any(|known| known.str() == version);
    if !has(encoding.text()) {
        let detail = format!("decodableVersions must include encodingVersion {}", encoding.text());
        let list = at.field("decodableVersions");
        list.invalid(cx, &shown(list.node), &detail);
    }
    for version in server.list("servedVersions") {
        say(cx, version, joined(version_words(version.str())));
        if !has(version.str()) {
            let all: Vec<&str> = decodable.iter().map(Fields::str).collect();
            let detail = format!(
                "individual served version : {} must be included in decodableVersions : [{}]",
                version.str(),
                all.join(" ")
            );
            cx.invalid(version, &detail);
        }
    }
}

/// What is wrong with a group and version.
fn version_words(text: &str) -> Words {
    let part = |name: &str, text: &str, form: fn(&str) -> Words| -> Words {
        let words = if text.is_empty() { vec!["must be non-empty".to_owned()] } else { form(text) };
        words.into_iter().map(|word| format!("{name} part: {word}")).collect()
    };
    let parts: Vec<&str> = text.split('/').collect();
    match parts[..] {
        [version] => part("version", version, names::label_1035),
        [group, version] => {
            let mut found = part("group", group, names::subdomain);
            found.extend(part("version", version, names::label_1035));
            found
        }
        _ => vec![
            "an apiVersion is a DNS-1035 label, which must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyVersion')"
                .to_owned(),
        ],
    }
}

/// The version that all servers write, if they agree.
fn common_version(cx: &mut Cx<'_>, status: &Node) {
    let servers = status.list("storageVersions");
    let first = servers.first().map(|server| server.text("encodingVersion"));
    let actual =
        first.filter(|first| servers.iter().all(|server| server.text("encodingVersion") == *first));
    let told = status.ptr("commonEncodingVersion").map(Fields::str);
    let at = Place::of(cx.root).field("status").field("commonEncodingVersion");
    match (actual, told) {
        (None, Some(_)) => {
            let detail = "should be nil if servers do not agree on the same encoding version, or if there is no server reporting the supported versions yet";
            at.invalid(cx, &shown(at.node), detail);
        }
        (Some(actual), None) => {
            at.invalid(cx, "null", &format!("the common encoding version is {actual}"));
        }
        (Some(actual), Some(told)) if actual != told => {
            let detail = format!("the actual common encoding version is {actual}");
            at.invalid(cx, &shown(at.node), &detail);
        }
        _ => {}
    }
}

/// k8s: told at the status, not at its conditions.
fn conditions(cx: &mut Cx<'_>, status: &Node) {
    let all = status.list("conditions");
    for (at, condition) in all.iter().enumerate() {
        let kind = condition.text("type");
        let place = |field: &str| format!("[{at}].{field}");
        if let Some(first) = all[..at].iter().rposition(|other| other.text("type") == kind) {
            let detail = format!(
                "the type of the condition is not unique, it also appears in conditions[{first}]"
            );
            cx.invalid_at(status, &place("type"), &format!("{kind:?}"), &detail);
        }
        for field in ["type", "status"] {
            let text = condition.text(field);
            for word in names::qualified(text) {
                cx.invalid_at(status, &place(field), &format!("{text:?}"), &word);
            }
        }
        for field in ["reason", "message"] {
            if condition.text(field).is_empty() {
                cx.required(status, &place(field), "");
            }
        }
    }
}
