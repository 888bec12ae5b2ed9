//! `plimsoll render --output-dir DIR --split`: a file for each object.
//!
//! `KIND.GROUP_NAME.yaml`, in lower case but for the name, in a folder for the namespace if that is
//! another than the release's. Neither kinds nor groups have a `_`, so that no two objects share a
//! name. Signs that not every disk takes are written as `%3A`. What is there twice, and what
//! has no name, gets a number behind `~`.

use std::collections::BTreeSet;

use plimsoll::kube::{Node, read_documents};
use plimsoll::source::FileId;

use crate::fetch::files::{folder_of, join, make_folder, write_atomically};
use crate::io::Io;

/// The most bytes of a name before its extension.
const LONGEST: usize = 200;

/// Writes the objects of a text below a folder and prints the names of the files. `json` writes
/// them as JSON.
pub(super) fn write(
    text: &[u8],
    folder: &str,
    namespace: &str,
    json: bool,
    io: &mut Io,
) -> Result<(), String> {
    for (name, content) in files(text, namespace, json)? {
        let path = join(folder, &name);
        make_folder(&folder_of(&path))?;
        write_atomically(&path, &content, 0o644)?;
        io.print(format!("wrote {path}\n").as_bytes());
    }
    Ok(())
}

/// The files' names and contents, in the order of the text.
fn files(text: &[u8], namespace: &str, json: bool) -> Result<Vec<(String, Vec<u8>)>, String> {
    let documents = read_documents(text, FileId::NONE);
    let mut names = Names::default();
    let mut files = Vec::new();
    for document in &documents {
        let node = document.content.as_ref();
        let node = node.map_err(|error| format!("what was rendered is no YAML: {error}"))?;
        let stem = names.unique(&stem(node, namespace));
        let (extension, mut content) = if json {
            ("json", plimsoll::to_json(node).into_bytes())
        } else {
            ("yaml", text[document.range.clone()].to_vec())
        };
        if !content.ends_with(b"\n") {
            content.push(b'\n');
        }
        files.push((format!("{stem}.{extension}"), content));
    }
    Ok(files)
}

/// The name of an object's file, as long as no other has it.
fn stem(object: &Node, namespace: &str) -> String {
    let text = |node: Option<&Node>| node.and_then(Node::as_str).unwrap_or_default().to_owned();
    let metadata = |key: &str| text(object.get("metadata").and_then(|metadata| metadata.get(key)));
    let kind = text(object.get("kind")).to_lowercase();
    let mut stem = if kind.is_empty() { "manifest".to_owned() } else { escaped(&kind) };
    if let Some((group, _)) = text(object.get("apiVersion")).split_once('/') {
        stem.push('.');
        stem.push_str(&escaped(&group.to_lowercase()));
    }
    let name =
        [metadata("name"), metadata("generateName")].into_iter().find(|name| !name.is_empty());
    if let Some(name) = name {
        stem.push('_');
        stem.push_str(&escaped(&name));
    }
    stem.truncate(LONGEST);
    let own = metadata("namespace");
    if own.is_empty() || own == namespace {
        return stem;
    }
    let mut folder = escaped(&own);
    folder.truncate(LONGEST);
    format!("{folder}/{stem}")
}

/// A part of a file's name on any disk, in ASCII.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => out.push(char::from(byte)),
            b'.' if at > 0 => out.push('.'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The names that were given out, as a disk sees them that takes capitals for small letters.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn unique(&mut self, stem: &str) -> String {
        let numbered = (2..).map(|number| format!("{stem}~{number}"));
        let mut all = std::iter::once(stem.to_owned()).chain(numbered);
        let free = all.find(|name| self.0.insert(name.to_lowercase()));
        free.unwrap_or_else(|| stem.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &[&str]) {
        let files = files(text.as_bytes(), "own", false).expect("it is YAML");
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, want);
    }

    fn object(kind: &str, version: &str, metadata: &str) -> String {
        format!(
            "---\n# Source: c/templates/a.yaml\napiVersion: {version}\nkind: {kind}\nmetadata: {{{metadata}}}\n"
        )
    }

    #[test]
    fn names_tell_kind_group_name_and_another_namespace() {
        let text = [
            object("Service", "v1", "name: a, namespace: own"),
            object("Service", "serving.knative.dev/v1", "name: a"),
            object("Deployment", "apps/v1", "name: a, namespace: other"),
            object("ClusterRole", "rbac.authorization.k8s.io/v1", "name: 'system:a/b_c'"),
        ];
        let want = [
            "service_a.yaml",
            "service.serving.knative.dev_a.yaml",
            "other/deployment.apps_a.yaml",
            "clusterrole.rbac.authorization.k8s.io_system%3Aa%2Fb%5Fc.yaml",
        ];
        check(&text.concat(), &want);
    }

    #[test]
    fn no_two_objects_share_a_file_and_none_leaves_the_folder() {
        let text = [
            object("Job", "batch/v1", "generateName: a-"),
            object("Job", "batch/v1", "generateName: a-"),
            object("Job", "batch/v1", "name: A-"),
            object("../x", "v1", "namespace: .., name: .."),
            "---\na: 1\n".to_owned(),
        ];
        let want = [
            "job.batch_a-.yaml",
            "job.batch_a-~2.yaml",
            "job.batch_A-~3.yaml",
            "%2E.%2Fx_%2E..yaml",
            ".yaml",
        ];
        let names = files(text.concat().as_bytes(), "..", false).expect("it is YAML");
        let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[..4], want[..4]);
        assert!(names[4].starts_with("manifest"));
        let long = object("Job", "batch/v1", &format!("name: {}", "a".repeat(300)));
        let names = files(long.as_bytes(), "", false).expect("it is YAML");
        assert_eq!(names[0].0.len(), LONGEST + ".yaml".len());
    }

    #[test]
    fn files_hold_the_text_of_the_object() {
        let text = [object("A", "v1", "name: x"), object("B", "v1", "name: y")];
        let files = files(text.concat().as_bytes(), "", false).expect("it is YAML");
        let contents: Vec<&[u8]> = files.iter().map(|(_, content)| &content[..]).collect();
        assert_eq!(contents, [text[0].as_bytes(), text[1].as_bytes()]);
    }
}
