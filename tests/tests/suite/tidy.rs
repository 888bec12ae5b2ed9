//! The shape of the code: file sizes, which crate may know which, no loose ends.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use plimsoll_tests::root;

/// No source file is longer: one thing a file.
const MOST_LINES: usize = 600;

/// Which of our crates each crate may name, the way of the data. Who adds a line here changes the
/// architecture and says so in the README.
const MAY_USE: &[(&str, &[&str])] = &[
    ("plimsoll-source", &[]),
    ("plimsoll-yaml", &["plimsoll-source"]),
    ("plimsoll-gotmpl", &["plimsoll-source"]),
    ("plimsoll-funcs", &["plimsoll-source", "plimsoll-yaml", "plimsoll-gotmpl"]),
    ("plimsoll-helm", &["plimsoll-source", "plimsoll-yaml", "plimsoll-gotmpl", "plimsoll-funcs"]),
    ("plimsoll-kube", &["plimsoll-source", "plimsoll-yaml"]),
    ("plimsoll-lint", &["plimsoll-source", "plimsoll-kube"]),
    ("plimsoll-diff", &["plimsoll-source", "plimsoll-kube"]),
    ("plimsoll-report", &["plimsoll-source", "plimsoll-diff"]),
    (
        "plimsoll",
        &[
            "plimsoll-source",
            "plimsoll-yaml",
            "plimsoll-gotmpl",
            "plimsoll-helm",
            "plimsoll-kube",
            "plimsoll-lint",
            "plimsoll-diff",
            "plimsoll-report",
        ],
    ),
    ("plimsoll-cli", &["plimsoll"]),
    (
        "xtask",
        &[
            "plimsoll",
            "plimsoll-source",
            "plimsoll-yaml",
            "plimsoll-gotmpl",
            "plimsoll-funcs",
            "plimsoll-helm",
            "plimsoll-kube",
        ],
    ),
];

/// Packages with one home: only this crate may name them.
const HOMES: &[(&str, &[&str])] = &[
    ("clap", &["plimsoll-cli"]),
    ("miette", &["plimsoll-report"]),
    ("tar", &["plimsoll-helm"]),
    ("flate2", &["plimsoll-helm"]),
    ("walkdir", &["plimsoll-helm", "plimsoll", "plimsoll-tests"]),
    ("jsonschema", &["plimsoll"]),
    ("regex", &["plimsoll-helm", "plimsoll-cli"]),
    ("regex-automata", &["plimsoll-funcs", "plimsoll-kube"]),
    ("jiff", &["plimsoll-funcs", "plimsoll-kube"]),
    ("ureq", &["plimsoll-cli"]),
    ("rustls", &["plimsoll-cli", "plimsoll-tests"]),
    ("serde_yaml", &["plimsoll-benches"]),
];

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> =
        ["crates", "tests", "benches"].iter().map(|name| root().join(name)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs" || ext == "go") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() > 20, "the walk found the sources");
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

fn dependencies(manifest: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(manifest).unwrap();
    let mut section = "";
    let mut names = BTreeSet::new();
    for line in text.lines() {
        if line.starts_with('[') {
            section = line;
        } else if (section == "[dependencies]" || section.ends_with(".dependencies]"))
            && let Some((name, _)) = line.split_once(['=', '.'])
        {
            names.insert(name.trim().to_owned());
        }
    }
    names
}

fn crates() -> Vec<(String, PathBuf)> {
    let folder = root().join("crates");
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path().join("Cargo.toml")))
        .collect();
    found.sort();
    found
}

#[test]
fn no_file_is_longer_than_the_limit() {
    let long: Vec<String> = sources()
        .iter()
        .map(|path| (fs::read_to_string(path).unwrap().lines().count(), path))
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, path)| format!("{}: {lines} lines", relative(path)))
        .collect();
    assert!(long.is_empty(), "longer than {MOST_LINES} lines:\n{}", long.join("\n"));
}

#[test]
fn crates_know_only_what_lies_before_them() {
    for (name, manifest) in crates() {
        let (_, allowed) = MAY_USE
            .iter()
            .find(|(known, _)| *known == name)
            .unwrap_or_else(|| panic!("{name} has no line in MAY_USE"));
        for used in dependencies(&manifest) {
            let ours = used == "plimsoll" || used.starts_with("plimsoll-");
            assert!(!ours || allowed.contains(&used.as_str()), "{name} may not use {used}");
        }
    }
}

#[test]
fn heavy_packages_have_one_home() {
    for (name, manifest) in crates() {
        let used = dependencies(&manifest);
        for (package, homes) in HOMES {
            assert!(
                !used.contains(*package) || homes.contains(&name.as_str()),
                "{package} lives in {homes:?}, not in {name}"
            );
        }
    }
}

#[test]
fn nothing_is_left_to_do_in_comments() {
    let marker = ["TO", "DO"].concat();
    let fixme = ["FIX", "ME"].concat();
    let loose: Vec<String> = sources()
        .iter()
        .filter(|path| {
            let text = fs::read_to_string(path).unwrap();
            text.contains(&marker) || text.contains(&fixme)
        })
        .map(|path| relative(path))
        .collect();
    assert!(loose.is_empty(), "an issue is the place for it: {loose:?}");
}

#[test]
fn every_crate_takes_the_workspace_lints() {
    for (name, manifest) in crates() {
        let text = fs::read_to_string(manifest).unwrap();
        assert!(text.contains("[lints]\nworkspace = true"), "{name} has lints of its own");
    }
}
