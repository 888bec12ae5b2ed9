//! How files of a chart are changed.

use std::fmt;

use super::Seed;
use crate::chance::Chance;
use crate::gotmpl;

/// A chart with a few bytes that are not as they were, and what it is rendered with.
pub(super) struct Mutant {
    pub(super) name: String,
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// A values file, where there is one.
    pub(super) values: Option<Vec<u8>>,
    pub(super) sets: Vec<(Flag, String)>,
    pub(super) is_helm_3: bool,
    pub(super) is_traced: bool,
    /// The files that were changed.
    changed: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Flag {
    Set,
    String,
    Json,
    Literal,
    File,
}

/// What YAML, templates and Helm take to be more than text.
const WORDS: &[&str] = &[
    "{{",
    "}}",
    "{{- ",
    " -}}",
    "{{ end }}",
    "{{ else }}",
    "{{ if true }}",
    "{{ range 3 }}",
    "{{ with . }}",
    "{{ define \"x\" }}",
    "{{ include \"x\" . }}",
    "{{ template \"x\" . }}",
    "{{ tpl . . }}",
    "{{ . }}",
    "{{ toYaml . | nindent 2 }}",
    "{{ toYaml .Values }}",
    "{{ .Values | toJson }}",
    "{{/* c */}}",
    "{{ break }}",
    "{{ $x := . }}",
    "{{ $ }}",
    "{{ tpl (toYaml .Values) . }}",
    "{{ fail \"x\" }}",
    "{{ set . \"a\" . }}",
    "{{ $_ := set .Values \"self\" .Values }}",
    "{{ include .Template.Name . }}",
    "{{ repeat 999999999 \"ab\" }}",
    "{{ range until 999999999 }}{{ end }}",
    "{{ range 9999999999 }}x{{ end }}",
    "{{ list 1 2 | join \",\" }}",
    "{{ indent 999999999 \"a\\nb\" }}",
    "{{ printf \"%999999d\" 1 }}",
    "{{ untilStep 0 2000000000 1 | len }}",
    "{{ seq 0 1 2000000000 | len }}",
    "{{ (mustRegexFindAll \"a*\" (repeat 9999 \"a\") -1) | len }}",
    "{{ lookup \"v1\" \"Pod\" \"\" \"\" }}",
    "{{ .Files.Glob \"**\" }}",
    "{{ randAlphaNum 99999999 | len }}",
    "null",
    "~",
    "true",
    "[]",
    "{}",
    "[",
    "]",
    "{",
    "}",
    "- ",
    "? ",
    ": ",
    ", ",
    "&a ",
    "*a",
    "<<: *a",
    "!!binary ",
    "!!float ",
    "!!null ",
    "!foo ",
    "|",
    ">",
    "|-",
    "|+9",
    "'",
    "\"",
    "#",
    "---",
    "...",
    "%YAML 1.2",
    "@",
    "`",
    "\t",
    "\0",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\r",
    "\r\n",
    "\n",
    " ",
    "  ",
    "    ",
    "é",
    "😀",
    "1e999",
    "-0x",
    "0o8",
    "99999999999999999999999",
    "1_0",
    ".inf",
    ".nan",
    "2024-01-01",
    "0b",
    "key: value",
    "global:",
    "tags:",
    "name: ",
    "version: ",
    "dependencies:",
    "condition: a.b",
    "alias: x",
    "repository: file://../x",
    "import-values: [data]",
    "exports: {data: {a: 1}}",
    "type: library",
    "apiVersion: v1",
    "apiVersion: v3",
    "kubeVersion: '>=99'",
    "enabled: false",
    "kind: List",
    "kind: ConfigMap",
    "metadata: x",
    "annotations: {helm.sh/hook: pre-install}",
    "helm.sh/hook-weight: x",
    "$ref",
    "\"$ref\": \"#\"",
    "\"type\": \"object\"",
    "\"pattern\": \"(a*)*b\"",
    "\\",
    "/",
    "../",
    "**",
    "!",
    ".",
    "$",
    "|",
    "(",
    ")",
    "((((((((",
    "{{ ((((((((",
    "[[[[[[[[",
    "{a: {a: {a: ",
];

const FLAG_WORDS: &[&str] = &[
    "a",
    "b",
    ".",
    ",",
    "=",
    "[",
    "]",
    "{",
    "}",
    "[0]",
    "[99999999]",
    "[-1]",
    "null",
    "true",
    "1",
    "\\",
    "\\,",
    "\\.",
    " ",
    "é",
    "\0",
    "global",
    "image.tag",
    "a[0].b",
    "a.b.c",
    "={1,2}",
    "={}",
    "=[]",
    "=\"",
    "1e9",
    "0x",
    "=",
    "a=b",
    "list[1]",
    "map.x",
    "\"",
    "{\"a\":1}",
    "[1,2]",
    "enabled",
    "replicas",
    "\u{ff}",
    "run=plain",
    "which=nil",
];

/// What the fixture charts take for one of their cases.
const CASES: &[&str] = &[
    "run=plain",
    "run=to-yaml",
    "run=from-yaml",
    "run=tpl-redefines",
    "run=include-again",
    "run=chain-engine",
    "which=deep",
    "which=list",
    "which=tpl",
];

impl Mutant {
    /// A chart of the seeds, changed.
    pub(super) fn new(seeds: &[Seed], chance: &mut Chance) -> Mutant {
        let seed = &seeds[chance.below(seeds.len())];
        let mut mutant = Mutant {
            name: seed.name.clone(),
            files: seed.files.clone(),
            values: None,
            sets: Vec::new(),
            is_helm_3: chance.one_in(4),
            is_traced: chance.one_in(4),
            changed: Vec::new(),
        };
        let other = &seeds[chance.below(seeds.len())];
        for _ in 0..=chance.below(6) / 5 {
            let at = chance.below(mutant.files.len());
            let donor = &other.files[chance.below(other.files.len())].1;
            for _ in 0..=chance.below(8) / 5 {
                change(&mut mutant.files[at].1, donor, chance);
            }
            mutant.changed.push(at);
        }
        if chance.one_in(6) {
            let values = other.files.iter().find(|(name, _)| name == "values.yaml");
            let mut values = values.map(|(_, bytes)| bytes.clone()).unwrap_or_default();
            change(&mut values, b"a: {b: [1, null]}\n", chance);
            mutant.values = Some(values);
        }
        if chance.one_in(20) {
            let bytes = mutant.files[chance.below(mutant.files.len())].1.clone();
            let name = chance.pick(&[
                "templates/new.yaml",
                "charts/new/Chart.yaml",
                "charts/new.tgz",
                "values.schema.json",
                ".helmignore",
                "requirements.yaml",
                "crds/new.yaml",
                "templates/NOTES.txt",
                "../out.yaml",
                "charts/_x/Chart.yaml",
                "Chart.lock",
            ]);
            mutant.changed.push(mutant.files.len());
            mutant.files.push((name.to_owned(), bytes));
        }
        if chance.one_in(2) {
            let case = chance.pick(CASES);
            mutant.sets.push((Flag::Set, case.to_owned()));
        }
        while chance.one_in(5) {
            mutant.sets.push(flag(chance));
        }
        mutant
    }
}

fn flag(chance: &mut Chance) -> (Flag, String) {
    let flags = [Flag::Set, Flag::Set, Flag::String, Flag::Json, Flag::Literal, Flag::File];
    let flag = flags[chance.below(flags.len())];
    let text = (0..=chance.below(8)).map(|_| chance.pick(FLAG_WORDS)).collect();
    (flag, text)
}

/// Changes a file in one of many ways.
fn change(bytes: &mut Vec<u8>, donor: &[u8], chance: &mut Chance) {
    let at = chance.below(bytes.len() + 1);
    let end = (at + chance.below(20)).min(bytes.len());
    match chance.below(14) {
        0 => bytes.insert(at, chance.below(256) as u8),
        1 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
        2 => drop(bytes.drain(at..end)),
        3 => bytes.truncate(at),
        4 => {
            let from = chance.below(donor.len() + 1);
            let to = (from + chance.below(200)).min(donor.len());
            insert(bytes, at, &donor[from..to]);
        }
        5 => {
            let copied = bytes[at..end].repeat(1 + chance.below(50));
            insert(bytes, at, &copied);
        }
        6 => lines(bytes, chance),
        7..9 => {
            let (_, call) = gotmpl::call(chance);
            insert(bytes, at, call.as_bytes());
        }
        9 => insert(bytes, at, gotmpl::template(chance).as_bytes()),
        _ => insert(bytes, at, chance.pick(WORDS).as_bytes()),
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, new: &[u8]) {
    bytes.splice(at..at, new.iter().copied());
}

/// Leaves out, doubles, swaps or indents a line.
fn lines(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let mut lines: Vec<Vec<u8>> =
        bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    if lines.is_empty() {
        return;
    }
    let (a, b) = (chance.below(lines.len()), chance.below(lines.len()));
    match chance.below(4) {
        0 => drop(lines.remove(a)),
        1 => lines.insert(b, lines[a].clone()),
        2 => lines.swap(a, b),
        _ => insert(&mut lines[a], 0, b"  "),
    }
    *bytes = lines.concat();
}

impl fmt::Display for Mutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (compat, traced) = (if self.is_helm_3 { 3 } else { 4 }, self.is_traced);
        writeln!(f, "chart {}, Helm {compat}, traced {traced}, {:?}", self.name, self.sets)?;
        for &at in &self.changed {
            let (name, bytes) = &self.files[at];
            writeln!(f, "=== {name}\n{}", String::from_utf8_lossy(bytes))?;
        }
        match &self.values {
            Some(values) => writeln!(f, "=== values\n{}", String::from_utf8_lossy(values)),
            None => Ok(()),
        }
    }
}
