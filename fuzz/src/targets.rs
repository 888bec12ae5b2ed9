//! What the fuzz targets do with their bytes: nothing may panic, whatever comes. The workspace's
//! tests replay the corpora with the same functions.
#![allow(dead_code, reason = "each binary has one of the targets")]

use std::rc::Rc;
use std::sync::Arc;

use plimsoll_gotmpl::{Compat, FixedHost, FunctionTable, Limits, Map, Templates, Trace};
use plimsoll_helm::chart::{Chart, ChartFile, LoadOptions, from_archive, from_files, is_ignored};
use plimsoll_helm::release::{
    Outside, PrintOptions, TemplateOptions, print, split, template as release,
};
use plimsoll_helm::render::{functions, root_dot};
use plimsoll_helm::values::strvals::{Mode, Parser, parse_into};
use plimsoll_helm::values::{Origins, ValuesOptions, prepare};
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

thread_local! {
    /// What takes longer to make than to use.
    static TABLES: [Rc<FunctionTable>; 2] = BOTH.map(functions);
    static CHARTS: [Arc<Chart>; 2] =
        BOTH.map(|compat| chart(compat, b"{{ define \"x\" }}{{ .Values.s | quote }}{{ end }}"));
}

fn templates(compat: Compat) -> Templates {
    Templates::new(TABLES.with(|tables| tables[compat as usize].clone()))
}

/// A template's text: parsed, and what is wrong with it said.
pub fn template_parse(data: &[u8]) {
    for compat in BOTH {
        let mut templates = templates(compat);
        if let Err(error) = templates.parse("c/templates/a.yaml", data) {
            let _ = error.to_string();
        }
    }
}

/// The values that templates are run with.
const VALUES: &[u8] = br#"
s: abc
empty: ""
odd: "a\"b'c<d>&\\\t\xe9"
lines: "l1\nl2\n"
i: 5
f: 2.5
large: 12345678901234567890
neg: -3
t: true
n: null
l: [a, b, c]
ln: [3, 1, 2]
mixed: [1, x, true, null, 2.5, [y], {k: v}]
m: {a: 1, b: {c: d, e: [1, 2]}}
date: "2024-02-29T13:14:15Z"
ver: 1.2.3-beta.1+b5
url: "https://user:pw@host.example:8080/p/a?q=1#frag"
b64: aGVsbG8=
json: '{"a":[1,2.5,true,null]}'
yaml: "a: 1\nb: [x, y]\n"
toml: "a = 1\n[b]\nc = 2024-02-29\n"
re: a(b+)c
tpl: '{{ .Values.s }}-{{ include "x" . }}'
"#;

/// What takes its time by design: keys, and passwords that are hard to guess.
const SLOW: [&[u8]; 4] = [b"gen", b"htpasswd", b"bcrypt", b"derivePassword"];

/// Far below what templates may do, so that a run is short and needs no large stack.
const LIMITS: Limits = Limits { steps: 20_000, bytes: 4 << 20, depth: 60 };

/// A template's text, run on a chart; the first byte chooses which Helm is spoken and whether the
/// run is traced.
pub fn template(data: &[u8]) {
    let Some((&first, source)) = data.split_first() else { return };
    if SLOW.iter().any(|word| source.windows(word.len()).any(|at| at == *word)) {
        return;
    }
    let compat = BOTH[usize::from(first & 1)];
    let chart = CHARTS.with(|charts| charts[compat as usize].clone());
    let host = &mut FixedHost::new(compat);
    let (mut origins, log) = (Origins::tracing(), &mut |_| {});
    let options = ValuesOptions { compat, skip_schema: true, validate: None };
    let root = prepare(&chart, &Map::new(), &options, &mut origins, log).expect("it is a chart");
    let mut templates = templates(compat).with_limits(LIMITS);
    for file in &chart.templates {
        templates.parse(&file.name, file.bytes().expect("it is there")).expect("it can be parsed");
    }
    if templates.parse("c/templates/a.yaml", source).is_err() {
        return;
    }
    let run = TemplateOptions::new(compat).render_options();
    let dot = || root_dot(&root, "c/templates/a.yaml", &run);
    let done = if first & 2 == 0 {
        templates.execute("c/templates/a.yaml", dot(), host)
    } else {
        let mut trace = Trace::new(1 << 31);
        templates.execute_traced("c/templates/a.yaml", dot(), host, &mut trace)
    };
    if let Err(error) = done {
        let _ = error.to_string();
    }
}

fn chart(compat: Compat, text: &[u8]) -> Arc<Chart> {
    let files = vec![
        ChartFile::new("Chart.yaml", &b"{apiVersion: v2, name: c, version: 0.1.0}"[..]),
        ChartFile::new("values.yaml", VALUES),
        ChartFile::new("templates/b.yaml", text),
        ChartFile::new("conf/a.txt", &b"line 1\nline 2\n"[..]),
    ];
    from_files(files, &LoadOptions { compat }, &mut |_| {}).expect("it is a chart")
}

/// What a template gave: cut into documents, sorted and printed.
pub fn manifests(data: &[u8]) {
    // Templates print what they are given: only what is behind them is of interest here.
    if data.windows(2).any(|pair| pair == b"{{") {
        return;
    }
    for compat in BOTH {
        let _ = split(data, compat);
        let host = &mut FixedHost::new(compat);
        let (user, mut origins) = (Map::new(), Origins::off());
        let options = TemplateOptions::new(compat);
        let chart = chart(compat, data);
        let rendered = release(&chart, &user, &options, &mut origins, host, None);
        let Ok(rendered) = rendered else { continue };
        let options = PrintOptions {
            compat,
            show_only: vec!["templates/b*".to_owned()],
            ..PrintOptions::default()
        };
        let _ = print(&rendered, &options, &mut Nowhere, &mut Vec::new());
    }
}

/// Nothing is written.
struct Nowhere;

impl Outside for Nowhere {
    fn write(&mut self, _: &str, _: &[u8], _: bool) -> Result<(), String> {
        Ok(())
    }

    fn exists(&mut self, _: &str) -> bool {
        false
    }
}

/// Manifests, judged by the oldest and the newest server; definitions among them are taken in, so
/// that their patterns and rules are asked too.
pub fn validate(data: &[u8]) {
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
