//! Asks real Helm 4 and 3 about the universal chart: its fixtures, and the seeds in their
//! environments. Nothing else writes these goldens; a test compares ours with them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

const CHART: &str = "charts/universal";
const LOCK: &str = "fixtures/universal.lock";

/// Values files that belong together, the release's name, and where the answers lie:
/// `{stem}.helm4.yaml`, `{stem}.helm3.yaml`, or `.err` where Helm refuses.
struct Case {
    release: String,
    values: Vec<PathBuf>,
    stem: PathBuf,
}

/// Writes the goldens with both Helms; false if `helm lint --strict` complains about a case.
pub(crate) fn run(helm4: &Path, helm3: &Path) -> Result<bool> {
    let helms = [("helm4", check(helm4, "v4.3")?), ("helm3", check(helm3, "v3.22")?)];
    let mut lock = BTreeMap::new();
    let mut clean = true;
    for case in cases()? {
        for (name, helm) in &helms {
            let answer = ask(helm, "template", &case)?;
            let (suffix, bytes) = match answer.status.success() {
                true => ("yaml", answer.stdout),
                false => ("err", answer.stderr),
            };
            let path = PathBuf::from(format!("{}.{name}.{suffix}", case.stem.display()));
            std::fs::create_dir_all(path.parent().context("a golden lies in a folder")?)?;
            lock.insert(path.display().to_string(), hex(&Sha256::digest(&bytes)));
            std::fs::write(&path, bytes)?;
            if suffix == "yaml" {
                clean &= lints(helm, &case)?;
            }
        }
    }
    let mut text = "# Written by `cargo xtask universal` with Helm v4.3 and v3.22.\n".to_owned();
    for (path, hash) in lock {
        text.push_str(&format!("{hash}  {path}\n"));
    }
    std::fs::write(LOCK, text)?;
    Ok(clean)
}

fn check(helm: &Path, wanted: &str) -> Result<PathBuf> {
    let helm = std::fs::canonicalize(helm).with_context(|| helm.display().to_string())?;
    let version = Command::new(&helm).args(["version", "--short"]).output()?;
    let version = String::from_utf8(version.stdout)?;
    if !version.starts_with(wanted) {
        bail!("the oracle is Helm {wanted}, this is {}", version.trim());
    }
    Ok(helm)
}

fn ask(helm: &Path, command: &str, case: &Case) -> Result<std::process::Output> {
    let mut asked = Command::new(helm);
    asked.arg(command);
    if command == "template" {
        asked.arg(&case.release);
    } else {
        asked.arg("--strict");
    }
    asked.args([CHART, "--namespace", "default", "--kube-version", "1.33.0"]);
    for file in &case.values {
        asked.arg("--values").arg(file);
    }
    let asked = asked.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", "/nonexistent");
    Ok(asked.output()?)
}

#[expect(clippy::print_stderr, reason = "a task speaks to the person who runs it")]
fn lints(helm: &Path, case: &Case) -> Result<bool> {
    let answer = ask(helm, "lint", case)?;
    if !answer.status.success() {
        eprintln!("{}:\n{}", case.stem.display(), String::from_utf8_lossy(&answer.stdout));
    }
    Ok(answer.status.success())
}

fn cases() -> Result<Vec<Case>> {
    let mut found = Vec::new();
    for folder in folders("fixtures/universal")? {
        found.push(Case {
            release: "rel".to_owned(),
            values: vec![folder.join("values.yaml")],
            stem: folder.join("expected"),
        });
    }
    for folder in folders("fixtures/seeds")? {
        let release = folder.file_name().context("a seed has a name")?;
        let release = release.to_string_lossy().into_owned();
        for environment in environments(&folder)? {
            found.push(Case {
                release: release.clone(),
                values: vec![
                    folder.join("values.yaml"),
                    folder.join(format!("values-{environment}.yaml")),
                ],
                stem: folder.join("expected").join(environment),
            });
        }
    }
    Ok(found)
}

fn folders(root: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root)? {
        let path = entry?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The names of a seed's `values-NAME.yaml`.
fn environments(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let environment = name.strip_prefix("values-").and_then(|rest| rest.strip_suffix(".yaml"));
        found.extend(environment.map(str::to_owned));
    }
    found.sort();
    Ok(found)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
