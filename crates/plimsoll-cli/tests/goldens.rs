//! What real Helm printed for our own charts, byte for byte. `cargo xtask oracle` writes the
//! goldens; there is no way to make them from our own output, and their hashes stand in a lock.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read files and may fail"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn cases() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for chart in std::fs::read_dir(root().join("fixtures/charts")).unwrap() {
        let folder = chart.unwrap().path().join("cases");
        found.extend(std::fs::read_dir(folder).unwrap().map(|case| case.unwrap().path()));
    }
    found.sort();
    assert!(found.len() >= 45, "the fixture charts have their cases");
    found
}

fn args(case: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(case.join("case.toml")).unwrap();
    serde_json::from_str(text.trim().strip_prefix("args = ").unwrap()).unwrap()
}

fn lossy(path: PathBuf) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned()
}

/// What differs from the answer of a real Helm, if anything.
fn difference(case: &Path, compat: &str, stem: &str) -> Option<String> {
    let answer = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .arg("helm")
        .args(args(case))
        .current_dir(case.parent().unwrap().parent().unwrap())
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", "/nonexistent")
        .env("TZ", "UTC")
        .env("PLIMSOLL_COMPAT", compat)
        .output()
        .unwrap();
    let status = format!("{}\n", answer.status.code().unwrap_or(-1));
    let ours = [
        ("status", status),
        ("out", String::from_utf8_lossy(&answer.stdout).into_owned()),
        ("err", String::from_utf8_lossy(&answer.stderr).into_owned()),
    ];
    let golden = |ending: &str| lossy(case.join(format!("{stem}.{ending}")));
    let differs = ours.iter().find(|(ending, got)| golden(ending) != *got);
    differs.map(|(name, got)| {
        let want = golden(name);
        let line = want.lines().zip(got.lines()).position(|(want, got)| want != got);
        let at = line.unwrap_or(want.lines().count().min(got.lines().count()));
        let show = |text: &str| text.lines().nth(at).unwrap_or("(end)").to_owned();
        format!(
            "{} {stem}.{name} line {}\n  want {:?}\n  got  {:?}",
            case.display(),
            at + 1,
            show(&want),
            show(got)
        )
    })
}

fn check(compat: &str, stem: &str) {
    let cases = cases();
    let differences = cases.iter().filter_map(|case| difference(case, compat, stem));
    let differences: Vec<String> = differences.collect();
    assert!(
        differences.is_empty(),
        "{} cases differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

#[test]
fn every_case_is_answered_as_real_helm_answers() {
    check("helm4", "expected");
}

#[test]
fn every_case_is_answered_as_helm_3_answers() {
    check("helm3", "helm3");
}

#[test]
fn nobody_but_the_oracle_wrote_the_goldens() {
    let lock = std::fs::read_to_string(root().join("fixtures/oracle.lock")).unwrap();
    let lines: Vec<&str> = lock.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines.len(), cases().len() * 6, "each case has six locked files");
    for line in lines {
        let (hash, path) = line.split_once("  ").unwrap();
        let bytes = std::fs::read(root().join(path)).unwrap();
        let got: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(got, hash, "{path} was changed by hand");
    }
}
