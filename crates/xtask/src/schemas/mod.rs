//! Makes `crates/plimsoll-kube/schemas/table.bin`: every kind of eleven minors, in the form that the
//! program reads in place. The README.md beside it describes the format.

mod collect;
mod extras;
mod kinds;
mod write;

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value as Json;

/// The oldest minor of the table.
const FIRST_MINOR: u16 = 27;
/// The newest one.
const LAST_MINOR: u16 = 37;

/// Where the table lies, from the workspace's root.
const TABLE: &str = "crates/plimsoll-kube/schemas/table.bin";

/// How large the table may be, in bytes.
const LIMIT: usize = 250_000;

/// Reads the unpacked data package and the folder of verdicts, writes the table.
#[expect(clippy::print_stdout, reason = "a task speaks to the person who runs it")]
pub(crate) fn run(package: &Path, verdicts: &Path) -> Result<bool> {
    let mut minors = Vec::new();
    for minor in FIRST_MINOR..=LAST_MINOR {
        minors.push((minor, definitions(package, minor)?));
    }
    let openapi: Json = serde_json::from_slice(&inflate(&verdicts.join("openapi-1.37.json.zst"))?)?;
    let served: Json = read_json(&verdicts.join("served.json"))?;
    let newest: Json = read_json(&verdicts.join("served-1.37.json"))?;
    let updates = String::from_utf8(inflate(&verdicts.join("updates.jsonl.zst"))?)?;
    let kinds = kinds::collect(&minors, &served, &newest)?;
    let mut table = collect::collect(&minors, &kinds);
    extras::add(&mut table, &kinds, &openapi["schemas"], &updates);
    let bytes = write::table(&table, &kinds);
    ensure!(bytes.len() <= LIMIT, "the table has {} bytes, more than {LIMIT}", bytes.len());
    std::fs::write(TABLE, &bytes).with_context(|| TABLE.to_owned())?;
    println!("{TABLE}: {} bytes, {} kinds, {} types", bytes.len(), kinds.len(), table.types.len());
    Ok(true)
}

fn definitions(package: &Path, minor: u16) -> Result<Json> {
    let name = format!("v1.{minor}.0-local/_definitions.json");
    let mut path = package.join(&name);
    if !path.exists() {
        path = package.join("kubernetes_validate/kubernetes-json-schema").join(&name);
    }
    let mut file = read_json(&path)?;
    Ok(file["$defs"].take())
}

fn read_json(path: &Path) -> Result<Json> {
    let text = std::fs::read(path).with_context(|| path.display().to_string())?;
    serde_json::from_slice(&text).with_context(|| path.display().to_string())
}

/// The bytes of a file that `zstd` packed.
pub(crate) fn inflate(path: &Path) -> Result<Vec<u8>> {
    let output = Command::new("zstd").args(["-dc", "--long=24"]).arg(path).output();
    let output = output.context("zstd has to be installed")?;
    ensure!(output.status.success(), "{}: {}", path.display(), output.status);
    Ok(output.stdout)
}

/// `io.k8s.api.core.v1.Pod` is `core.v1.Pod`.
fn short_name(name: &str) -> &str {
    const PREFIXES: &[&str] = &[
        "io.k8s.api.",
        "io.k8s.apimachinery.pkg.apis.",
        "io.k8s.apimachinery.pkg.",
        "io.k8s.apiextensions-apiserver.pkg.apis.",
        "io.k8s.kube-aggregator.pkg.apis.",
    ];
    PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}
