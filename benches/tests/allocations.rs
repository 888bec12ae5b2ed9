//! How many allocations it takes to render fixture charts, as a committed snapshot: a regression
//! shows without a clock. `BLESS=1 cargo test -p plimsoll-benches` writes the snapshot.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read files, may fail, and say what they skip"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use plimsoll::gotmpl::{Compat, FixedHost};
use plimsoll::helm::chart::{LoadOptions, load};
use plimsoll::helm::release::{TemplateOptions, on_large_stack, template};
use plimsoll::helm::render::KubeVersion;
use plimsoll::helm::values::{Origins, ReadFile, ValueFlags, merge_flags};

/// The fixture charts and the values files they are rendered with.
const CHARTS: [(&str, &[&str]); 5] = [
    ("fleet", &[]),
    ("language", &[]),
    ("output", &[]),
    ("shop", &[]),
    ("shop", &["values-prod.yaml"]),
];

/// How far a count may be off.
const TOLERANCE: f64 = 0.03;

struct Folder(PathBuf);

impl ReadFile for Folder {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(self.0.join(path)).map_err(|error| error.to_string())
    }
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Reads and renders a chart; whether it did.
fn render(folder: &Path, values: &[&str]) -> bool {
    let compat = Compat::Helm4;
    let files = values.iter().map(|&file| file.to_owned()).collect();
    let flags = ValueFlags { files, ..ValueFlags::default() };
    let mut origins = Origins::off();
    let user = merge_flags(&flags, &mut Folder(folder.to_owned()), compat, &mut origins).unwrap();
    let chart = load(&folder.join("chart"), &LoadOptions { compat }, &mut |_| {}).unwrap();
    let options = TemplateOptions {
        kube_version: KubeVersion::parse("1.34", compat).ok(),
        ..TemplateOptions::new(compat)
    };
    template(&chart, &user, &options, &mut origins, &mut FixedHost::new(compat), None).is_ok()
}

fn count((name, values): (&str, &[&str])) -> (String, u64) {
    let folder = root().join("fixtures/charts").join(name);
    let counted = on_large_stack(|| {
        // What is made once for all runs does not count.
        assert!(render(&folder, values), "{name} renders");
        allocation_counter::measure(|| {
            render(&folder, values);
        })
    });
    let label = [&[name], values].concat().join(" ");
    (label, counted.count_total)
}

fn compiler() -> String {
    let version = Command::new("rustc").arg("--version").output().unwrap().stdout;
    let version = String::from_utf8(version).unwrap();
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    format!("{}, {profile}", version.trim())
}

#[test]
fn rendering_allocates_as_often_as_before() {
    let path = root().join("benches/allocations.txt");
    let counts: Vec<(String, u64)> = CHARTS.into_iter().map(count).collect();
    if std::env::var_os("BLESS").is_some() {
        let lines = counts.iter().map(|(label, count)| format!("{count:>8}  {label}\n"));
        let text = format!("{}\n{}", compiler(), lines.collect::<String>());
        std::fs::write(&path, text).unwrap();
        return;
    }
    let snapshot = std::fs::read_to_string(&path).unwrap();
    let (version, lines) = snapshot.split_once('\n').unwrap();
    if version != compiler() {
        eprintln!("skipped: the snapshot is of {version}, this is {}", compiler());
        return;
    }
    let known: Vec<(String, u64)> = lines
        .lines()
        .map(|line| line.trim().split_once("  ").unwrap())
        .map(|(count, label)| (label.to_owned(), count.parse().unwrap()))
        .collect();
    assert_eq!(counts.len(), known.len());
    for ((label, count), (known_label, before)) in counts.iter().zip(&known) {
        assert_eq!(label, known_label);
        let off = (*count as f64 - *before as f64).abs() / *before as f64;
        assert!(off <= TOLERANCE, "{label}: {count} allocations, {before} before");
    }
}
