//! What the fuzz targets do with their bytes: nothing may panic, whatever comes. The workspace's
//! tests replay the corpora with the same functions.
#![allow(dead_code, reason = "each binary has one of the targets")]

use std::rc::Rc;
use std::sync::Arc;

use plimsoll::environment::Config;
use plimsoll::{JsonSchemas, LintOptions, ValidateOptions, lint_manifests, validate_manifests};
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
use plimsoll_lint::{Profile, Settings};
use plimsoll_source::{FileId, Files};
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
/// that their patterns and rules are asked too. A text without any is an expression of a definition
/// and of a policy.
pub fn validate(data: &[u8]) {
    let mut documents = read_documents(data, FileId::NONE);
    if objects(&documents).iter().all(|object| object.kind.is_empty()) {
        let rule = quoted(&String::from_utf8_lossy(data));
        documents = read_documents(RULES.replace("RULE", &rule).as_bytes(), FileId::NONE);
    }
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

/// A text as YAML writes it between quotes, on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            ' '..='~' => quoted.push(c),
            _ => quoted.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    quoted + "\""
}

/// Where expressions stand, and an object for them.
const RULES: &str = r#"
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.x.io}
spec:
  group: x.io
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            x-kubernetes-validations: [{rule: RULE}, {rule: "false", messageExpression: RULE}]
            properties:
              s: {type: string, maxLength: 20}
              i: {type: integer}
              n: {type: number}
              b: {type: boolean}
              d: {type: string, format: date-time}
              u: {type: string, format: duration}
              y: {type: string, format: byte}
              p: {x-kubernetes-int-or-string: true}
              l: {type: array, maxItems: 5, items: {type: string}}
              m: {type: object, additionalProperties: {type: integer}}
              o: {type: object, x-kubernetes-preserve-unknown-fields: true}
              k:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [n]
                items: {type: object, required: [n], properties: {n: {type: string}}}
---
apiVersion: x.io/v1
kind: Widget
metadata: {name: a}
spec:
  {s: abc, i: 5, n: 2.5, b: true, d: "2024-02-29T13:14:15Z", u: 1h, y: aGk=, p: 80%, l: [a, b, a],
   m: {a: 1, b: 2}, o: {a: [1, x, null]}, k: [{n: a}, {n: b}]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: a}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}
  matchConditions: [{name: a, expression: RULE}]
  variables: [{name: n, expression: RULE}]
  validations: [{expression: RULE, messageExpression: RULE}]
"#;

/// A native template, with macros beside it; the first byte chooses which Helm is spoken.
pub fn native(data: &[u8]) {
    let Some((&first, source)) = data.split_first() else { return };
    if SLOW.iter().any(|word| source.windows(word.len()).any(|at| at == *word)) {
        return;
    }
    let compat = BOTH[usize::from(first & 1)];
    let files = vec![
        ChartFile::new("Chart.yaml", NATIVE),
        ChartFile::new("values.yaml", VALUES),
        ChartFile::new("templates/_b.yaml", &b"{{ define \"x\" }}{{ .Values.s }}{{ end }}"[..]),
        ChartFile::new("jinja/_m.yaml.j2", &b"{% macro two(x) %}{{ x }}{{ x }}{% endmacro %}"[..]),
        ChartFile::new("jinja/a.yaml.j2", source),
        ChartFile::new("conf/a.txt", &b"line 1\nline 2\n"[..]),
    ];
    let chart = from_files(files, &LoadOptions { compat }, &mut |_| {}).expect("it is a chart");
    let options = TemplateOptions { native: true, limits: LIMITS, ..TemplateOptions::new(compat) };
    let host = &mut FixedHost::new(compat);
    if let Err(failed) = release(&chart, &Map::new(), &options, &mut Origins::off(), host, None) {
        let _ = failed.error.to_string();
    }
}

const NATIVE: &[u8] =
    b"{apiVersion: v2, name: c, version: 0.1.0, annotations: {plimsoll.dev/templates: jinja}}";

/// A JSON schema, and behind a zero byte an object that is checked against it: as values, and as an
/// object of a kind that has no other schema.
pub fn schemas(data: &[u8]) {
    let mut parts = data.splitn(2, |&byte| byte == 0);
    let schema = parts.next().unwrap_or_default();
    let object = parts.next().unwrap_or(b"{a: 1, b: [x, {c: null}], d: 2.5}");
    checked(schema, object);
    let text = [&b"apiVersion: x.io/v1\nkind: X\nspec:\n"[..], &indented(object)].concat();
    let read = |_: &str| Ok(Some(schema.to_vec()));
    let schemas = JsonSchemas::new(&["a.json".to_owned()], "1.37", &read);
    let options = ValidateOptions {
        skip: &[],
        reject: &[],
        ignore_missing_schemas: false,
        schemas: Some(&schemas),
        together: true,
        origins: &|_, _| Vec::new(),
    };
    let mut files = Files::new();
    let ids = [files.add("a.yaml", text)];
    let documents = plimsoll::documents(&files, &ids);
    let _ = validate_manifests(&files, &ids, &documents, &Validator::default(), &options);
}

/// Values of a chart, checked against the chart's schema.
fn checked(schema: &[u8], values: &[u8]) {
    let compat = Compat::Helm4;
    let files = vec![
        ChartFile::new("Chart.yaml", &b"{apiVersion: v2, name: c, version: 0.1.0}"[..]),
        ChartFile::new("values.yaml", values),
        ChartFile::new("values.schema.json", schema),
    ];
    let options = ValuesOptions { compat, skip_schema: false, validate: None };
    if let Ok(chart) = from_files(files, &LoadOptions { compat }, &mut |_| {}) {
        let _ = prepare(&chart, &Map::new(), &options, &mut Origins::off(), &mut |_| {});
    }
}

/// A text as it stands below a key.
fn indented(text: &[u8]) -> Vec<u8> {
    let lines = text.split_inclusive(|&byte| byte == b'\n');
    lines.flat_map(|line| [&b"  "[..], line]).flatten().copied().collect()
}

/// The files of a project; the first byte chooses which: the configuration, a compose file, manifests
/// that are linted, or values of which one is set, as it stands behind a zero byte.
pub fn project(data: &[u8]) {
    let Some((&first, text)) = data.split_first() else { return };
    match first % 4 {
        0 => drop(Config::read(text, FileId::NONE)),
        1 => compose(text),
        2 => linted(text),
        _ => set(text),
    }
}

/// What a compose file becomes is a text that can be read.
fn compose(text: &[u8]) {
    let variable = |name: &str| (name.len() == 1).then(|| "v".to_owned());
    if let Ok(imported) = plimsoll::compose::import(text, FileId::NONE, &variable) {
        plimsoll_yaml::read(&imported.values, FileId::NONE).expect("values can be read");
    }
}

fn linted(text: &[u8]) {
    let mut files = Files::new();
    let ids = [files.add("a.yaml", text)];
    let settings = Settings::new(Profile::All, (1, 37));
    let options = LintOptions {
        settings: &settings,
        namespace: "default",
        today: "2026-01-01",
        origins: &|_, _| Vec::new(),
    };
    let _ = lint_manifests(&files, &ids, &options);
}

/// A change that is made says what it should, so that making it again changes nothing.
fn set(data: &[u8]) {
    let mut parts = data.splitn(2, |&byte| byte == 0);
    let text = parts.next().unwrap_or_default();
    let change = String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let (key, value) = change.rsplit_once('=').unwrap_or((&change, "v"));
    let Some(path) = Path::parse(key) else { return };
    let value = match value.parse() {
        Ok(number) => edit::Scalar::Int(number),
        _ => edit::Scalar::Text(value.to_owned()),
    };
    let Ok(made) = edit::set(text, FileId::NONE, &path, &value) else { return };
    let text = edit::apply(text, &[made]);
    let again = edit::set(&text, FileId::NONE, &path, &value).expect("it is there now");
    assert_eq!(edit::apply(&text, &[again]), text);
}
