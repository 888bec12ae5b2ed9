//! What the fuzz targets do with their bytes: nothing may panic, whatever comes. The workspace's
//! tests replay the corpora with the same functions.
#![allow(dead_code, reason = "each binary has one of the targets")]

use plimsoll_gotmpl::{Compat, Map};
use plimsoll_helm::chart::{ChartFile, LoadOptions, from_archive, from_files, is_ignored};
use plimsoll_helm::values::Origins;
use plimsoll_helm::values::strvals::{Mode, Parser, parse_into};
use plimsoll_kube::validate::Validator;
use plimsoll_kube::{objects, read_documents};
use plimsoll_source::FileId;
use plimsoll_yaml::{Emitter, Entry, Kind, Node, Path, Step, Version, edit, sort_keys};

const BOTH: [Compat; 2] = [Compat::Helm3, Compat::Helm4];

/// Reads, writes and edits.
pub fn yaml(data: &[u8]) {
    let _ = plimsoll_yaml::read_strict(data, FileId::NONE);
    let _ = plimsoll_yaml::load_values(data, FileId::NONE);
    let _ = plimsoll_yaml::read_root_entries(data, FileId::NONE, &["kind", "metadata"]);
    for document in plimsoll_yaml::documents(data, FileId::NONE) {
        let _ = document.comments();
    }
    let Ok(node) = plimsoll_yaml::read(data, FileId::NONE) else { return };
    emit(&node, Version::V2);
    emit(&node, Version::V3);
    if let Some(entry) = node.as_map().first() {
        let key = Step::Key(entry.key.clone());
        let below = Path(vec![key.clone(), Step::Key(b"x".to_vec())]);
        let text = edit::Scalar::Text("v".to_owned());
        let _ = edit::set(data, FileId::NONE, &below, &text);
        let _ = edit::set(data, FileId::NONE, &Path(vec![key]), &edit::Scalar::Int(1));
    }
}

/// What is still to be written.
enum Todo<'n> {
    Node(&'n Node),
    Key(&'n [u8]),
    EndSequence,
    EndMapping,
}

fn emit(node: &Node, version: Version) {
    let mut emitter = Emitter::new(version);
    let mut todo = vec![Todo::Node(node)];
    while let Some(next) = todo.pop() {
        match next {
            Todo::Key(key) => emitter.key(key),
            Todo::EndSequence => emitter.end_sequence(),
            Todo::EndMapping => emitter.end_mapping(),
            Todo::Node(node) => match &node.kind {
                Kind::Null => emitter.null(),
                Kind::Bool(value) => emitter.bool(*value),
                Kind::Int(value) => emitter.int(*value),
                Kind::Uint(value) => emitter.uint(*value),
                Kind::Float(value) => emitter.float(*value),
                Kind::Text(text) => emitter.string(text),
                Kind::List(items) => {
                    emitter.begin_sequence(items.len());
                    todo.push(Todo::EndSequence);
                    todo.extend(items.iter().rev().map(Todo::Node));
                }
                Kind::Map(entries) => {
                    let mut entries: Vec<&Entry> = entries.iter().collect();
                    sort_keys(version, &mut entries, |entry| &entry.key);
                    emitter.begin_mapping(entries.len());
                    todo.push(Todo::EndMapping);
                    for entry in entries.into_iter().rev() {
                        todo.extend([Todo::Node(&entry.value), Todo::Key(&entry.key)]);
                    }
                }
            },
        }
    }
    let _ = emitter.finish();
}

/// An argument of `--set` and its relatives; the first byte chooses which.
pub fn strvals(data: &[u8]) {
    let Some((&first, rest)) = data.split_first() else { return };
    let modes = [Mode::Typed, Mode::String, Mode::File, Mode::Json, Mode::Literal];
    let mode = modes[usize::from(first) % modes.len()];
    let argument = String::from_utf8_lossy(rest);
    for compat in BOTH {
        let mut origins = Origins::tracing();
        let source =
            origins.add_source(plimsoll_helm::values::Layer::Flag, "--set", argument.as_bytes());
        let read = &mut |path: &str| Ok(path.as_bytes().to_vec());
        let parser = Parser { mode, compat, read, origins: &mut origins, source };
        let _ = parse_into(&argument, &Map::new(), parser);
    }
}

/// A `Chart.yaml`, and the same bytes as the other files that are decoded on loading.
pub fn chart_yaml(data: &[u8]) {
    for compat in BOTH {
        let options = LoadOptions { compat };
        let known = b"{apiVersion: v1, name: c, version: 0.1.0}";
        let alone = vec![ChartFile::new("Chart.yaml", data)];
        let beside = ["Chart.lock", "values.yaml", "requirements.yaml", "requirements.lock"];
        let beside = beside
            .map(|name| vec![ChartFile::new("Chart.yaml", &known[..]), ChartFile::new(name, data)]);
        for files in std::iter::once(alone).chain(beside) {
            let _ = from_files(files, &options, &mut |_| {});
        }
    }
}

/// The rules of a `.helmignore`, and behind a zero byte a path.
pub fn helmignore(data: &[u8]) {
    let mut parts = data.splitn(2, |&byte| byte == 0);
    let rules = parts.next().unwrap_or_default();
    let path = String::from_utf8_lossy(parts.next().unwrap_or(b"templates/a.yaml"));
    for is_dir in [false, true] {
        let _ = is_ignored(rules, &path, is_dir);
    }
}

/// A packed chart.
pub fn archive(data: &[u8]) {
    for compat in BOTH {
        let _ = from_archive(data, &LoadOptions { compat }, &mut |_| {});
    }
}

/// Manifests, judged by the oldest and the newest server; definitions among them are taken in, so
/// that their patterns and rules are asked too.
pub fn manifests(data: &[u8]) {
    let documents = read_documents(data, FileId::NONE);
    for version in ["1.27", "1.37"] {
        let Ok(mut validator) = Validator::for_version(version) else { continue };
        for object in objects(&documents) {
            validator.add_crd(object.node);
        }
        for object in objects(&documents) {
            let _ = validator.check_as(object.node, object.api_version, object.kind);
        }
    }
}
