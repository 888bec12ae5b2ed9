//! The universal chart: what real Helm 4 and 3 print of it, its schema, its keys, its README.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ::plimsoll::gotmpl::{Compat, FixedHost};
use ::plimsoll::helm::chart::{self, LoadOptions};
use ::plimsoll::helm::release::{self, Outside, PrintOptions, TemplateOptions, on_large_stack};
use ::plimsoll::helm::render::KubeVersion;
use ::plimsoll::helm::values::{self, Origins, ReadFile, ValueFlags};
use plimsoll_tests::{fixture, root, universal};
use sha2::{Digest, Sha256};

use crate::plimsoll::plimsoll;

const HELMS: [(&str, Compat); 2] = [("helm4", Compat::Helm4), ("helm3", Compat::Helm3)];

/// Files are read and none is written.
struct ReadOnly;

impl ReadFile for ReadOnly {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(path).map_err(|error| format!("open {path}: {error}"))
    }
}

impl Outside for ReadOnly {
    fn write(&mut self, path: &str, _: &[u8], _: bool) -> Result<(), String> {
        Err(format!("{path} is not to be written"))
    }
    fn exists(&mut self, _: &str) -> bool {
        false
    }
}

/// A release of the chart and the stem of its goldens.
struct Case {
    release: String,
    values: Vec<PathBuf>,
    stem: PathBuf,
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

fn cases() -> Vec<Case> {
    let plain = folders(&fixture("universal")).into_iter().map(|folder| Case {
        release: "rel".to_owned(),
        values: vec![folder.join("values.yaml")],
        stem: folder.join("expected"),
    });
    plain.chain(seeds()).collect()
}

fn seeds() -> Vec<Case> {
    let mut found = Vec::new();
    for folder in folders(&fixture("seeds")) {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let environment =
                name.strip_prefix("values-").and_then(|rest| rest.strip_suffix(".yaml"));
            let Some(environment) = environment else { continue };
            found.push(Case {
                release: folder.file_name().unwrap().to_str().unwrap().to_owned(),
                values: vec![folder.join("values.yaml"), folder.join(&name)],
                stem: folder.join("expected").join(environment),
            });
        }
    }
    found
}

/// What `helm template` prints, or its error.
fn rendered(case: &Case, compat: Compat) -> Result<String, String> {
    on_large_stack(|| {
        let mut origins = Origins::off();
        let files = case.values.iter().map(|path| path.display().to_string()).collect();
        let flags = ValueFlags { files, ..ValueFlags::default() };
        let user = values::merge_flags(&flags, &mut ReadOnly, compat, &mut origins);
        let user = user.map_err(|error| error.message)?;
        let path = root().join("charts/universal");
        let chart = chart::load(&path, &LoadOptions { compat }, &mut |_| {});
        let chart = chart.map_err(|error| error.message)?;
        let mut options = TemplateOptions::new(compat);
        options.name.clone_from(&case.release);
        options.kube_version = Some(KubeVersion::parse("1.33.0", compat)?);
        let mut host = FixedHost::new(compat);
        let done = release::template(&chart, &user, &options, &mut origins, &mut host, None);
        let done = done.map_err(|failed| failed.error.message)?;
        let mut out = Vec::new();
        let options = PrintOptions { compat, ..PrintOptions::default() };
        release::print(&done, &options, &mut ReadOnly, &mut out).map_err(|error| error.message)?;
        Ok(String::from_utf8(out).unwrap())
    })
}

fn golden(case: &Case, helm: &str, suffix: &str) -> Option<String> {
    std::fs::read_to_string(format!("{}.{helm}.{suffix}", case.stem.display())).ok()
}

fn difference(case: &Case, helm: &str, compat: Compat) -> Option<String> {
    let at = format!("{} as {helm}", case.stem.display());
    match (rendered(case, compat), golden(case, helm, "yaml")) {
        (Ok(got), Some(want)) if got == want => None,
        (Ok(got), Some(want)) => {
            let line = got.lines().zip(want.lines()).position(|(got, want)| got != want);
            Some(format!("{at}: differs from line {:?} on", line.map(|line| line + 1)))
        }
        (Err(got), None) => {
            let want = golden(case, helm, "err").unwrap_or_default();
            (!want.contains(&got)).then(|| format!("{at}\n  want {want}\n  got  {got}"))
        }
        (got, _) => Some(format!("{at}: {:?}", got.map(|text| text.len()))),
    }
}

#[test]
fn every_fixture_and_seed_renders_as_both_real_helms_do() {
    let cases = cases();
    assert!(cases.len() > 90, "the fixtures are there");
    let pairs = cases.iter().flat_map(|case| HELMS.map(|(helm, compat)| (case, helm, compat)));
    let differences: Vec<String> =
        pairs.filter_map(|(case, helm, compat)| difference(case, helm, compat)).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn nobody_but_the_oracle_wrote_the_universal_goldens() {
    let lock = std::fs::read_to_string(fixture("universal.lock")).unwrap();
    let lines: Vec<&str> = lock.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines.len(), cases().len() * HELMS.len(), "each case has two locked files");
    for line in lines {
        let (hash, path) = line.split_once("  ").unwrap();
        let bytes = std::fs::read(root().join(path)).unwrap();
        let got: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(got, hash, "{path} was changed by hand");
    }
}

#[test]
fn every_compatibility_item_has_a_fixture() {
    let names: BTreeSet<String> = folders(&fixture("universal"))
        .iter()
        .map(|folder| folder.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    for item in 1..=26 {
        let prefix = format!("c{item:02}-");
        assert!(names.iter().any(|name| name.starts_with(&prefix)), "C{item} has no fixture");
    }
}

#[test]
fn one_values_file_is_a_deployment_or_a_stateful_set_by_its_kind_alone() {
    for (environment, kind) in [("deployment", "Deployment"), ("statefulset", "StatefulSet")] {
        let folder = fixture("seeds/helloworld");
        let overlay = folder.join(format!("values-{environment}.yaml"));
        assert_eq!(std::fs::read_to_string(&overlay).unwrap(), format!("workloadKind: {kind}\n"));
        let text = rendered(
            &Case {
                release: "helloworld".to_owned(),
                values: vec![folder.join("values.yaml"), overlay],
                stem: PathBuf::new(),
            },
            Compat::Helm4,
        );
        let kinds: Vec<String> = text
            .unwrap()
            .lines()
            .filter_map(|line| line.strip_prefix("kind: "))
            .filter(|kind| ["Deployment", "StatefulSet"].contains(kind))
            .map(str::to_owned)
            .collect();
        assert_eq!(kinds, [kind]);
    }
}

#[test]
fn the_schema_describes_the_keys_that_the_chart_knows() {
    let schema = universal::schema(root());
    let keys = universal::keys(root());
    for (level, known) in &keys {
        let described = universal::described(&schema, level);
        let missing: Vec<_> = known.difference(&described).collect();
        assert!(missing.is_empty(), "not described at {level}: {missing:?}");
        let strange: Vec<_> = described.difference(known).collect();
        assert!(strange.is_empty(), "described at {level}, but not known: {strange:?}");
    }
    assert!(keys.len() > 30, "the levels were found");
}

#[test]
fn the_readme_of_the_chart_is_made_from_its_schema() {
    let path = root().join("charts/universal/README.md");
    let text = universal::readme(&universal::schema(root()));
    if std::env::var_os("PLIMSOLL_WRITE_README").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "stale: run this test with PLIMSOLL_WRITE_README=1");
}

#[test]
fn the_hardened_example_leaves_nothing_to_find() {
    for profile in ["default", "pss-restricted"] {
        let args = [
            "lint",
            "charts/universal",
            "-f",
            "fixtures/universal/hardened/values.yaml",
            "--profile",
            profile,
        ];
        let ran = plimsoll(&args, "");
        assert_eq!(ran.status, 0, "{ran:?}");
    }
}
