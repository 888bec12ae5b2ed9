//! Asks real Helm about our own charts and writes down what it says. Nothing else writes these
//! goldens: a test compares them with ours and their hashes with the lock.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

const CHARTS: &str = "fixtures/charts";
const LOCK: &str = "fixtures/oracle.lock";

/// The versions asked, and the stem of the files that hold what each said.
const HELMS: [(&str, &str); 2] = [("v4.3", "expected"), ("v3.22", "helm3")];

/// Runs Helm 4.3 and 3.22 on every case of every fixture chart: they are the judges.
pub(crate) fn run(helms: [&Path; 2]) -> Result<bool> {
    let mut lock = BTreeMap::new();
    let mut versions = Vec::new();
    for (helm, (wanted, stem)) in helms.into_iter().zip(HELMS) {
        let helm = std::fs::canonicalize(helm).with_context(|| helm.display().to_string())?;
        let version = Command::new(&helm).args(["version", "--short"]).output()?;
        let version = String::from_utf8(version.stdout)?.trim().to_owned();
        if !version.starts_with(wanted) {
            bail!("the oracle is Helm {wanted}, this is {version}");
        }
        versions.push(version);
        for case in cases()? {
            ask(&helm, &case, stem, &mut lock)?;
        }
    }
    let mut text =
        format!("# Written by `cargo xtask oracle` with Helm {}.\n", versions.join(" and "));
    for (path, hash) in lock {
        text.push_str(&format!("{hash}  {path}\n"));
    }
    std::fs::write(LOCK, text)?;
    Ok(true)
}

/// Writes what a Helm says of a case.
fn ask(helm: &Path, case: &Path, stem: &str, lock: &mut BTreeMap<String, String>) -> Result<()> {
    let chart = case.parent().and_then(Path::parent).context("a case lies in cases/")?;
    let answer = Command::new(helm)
        .args(args(case)?)
        .current_dir(chart)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", "/nonexistent")
        .env("TZ", "UTC")
        .output()?;
    let status = format!("{}\n", answer.status.code().unwrap_or(-1));
    let files = [("out", answer.stdout), ("err", answer.stderr), ("status", status.into_bytes())];
    for (ending, bytes) in files {
        let path = case.join(format!("{stem}.{ending}"));
        lock.insert(path.display().to_string(), hex(&Sha256::digest(&bytes)));
        std::fs::write(path, bytes)?;
    }
    Ok(())
}

fn cases() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for chart in std::fs::read_dir(CHARTS)? {
        for case in std::fs::read_dir(chart?.path().join("cases"))? {
            found.push(case?.path());
        }
    }
    found.sort();
    Ok(found)
}

/// The command line of a case: `args = ["template", …]`, whose list is JSON as well.
fn args(case: &Path) -> Result<Vec<String>> {
    let path = case.join("case.toml");
    let text = std::fs::read_to_string(&path)?;
    let list = text.trim().strip_prefix("args = ").context("case.toml holds `args = […]`")?;
    serde_json::from_str(list).with_context(|| path.display().to_string())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
