//! Compares what Plimsoll says of manifests with what a real API server said.

mod defaults;
mod tally;
mod warnings;

use std::path::Path;

use anyhow::{Context, Result, bail};
use plimsoll_kube::validate::{Problem, Validator};
use plimsoll_source::{FileId, Severity};
use serde_json::Value as Json;
use tally::Tally;

/// The least share of rejected manifests that are rejected here too, of those the same path, and
/// the largest share of accepted ones that are rejected.
const GOALS: (f64, f64, f64) = (0.97, 0.90, 0.003);

/// The least share of leaves that our defaults have in common with the server's.
const DEFAULTS_GOAL: f64 = 0.98;

/// Runs the verdicts of a folder with the flags `--show` and `--class`.
pub(crate) fn run_with(dir: &Path, flags: &[&str]) -> Result<bool> {
    let (mut show, mut class) = (0, None);
    for pair in flags.chunks(2) {
        match pair {
            ["--show", count] => show = count.parse().context("--show takes a number")?,
            ["--class", name] => class = Some(*name),
            _ => bail!("unknown flags: {}", pair.join(" ")),
        }
    }
    run(dir, show, class)
}

/// Runs the verdicts of a folder; `show` examples of disagreement are printed, of `class` alone
/// where one is given.
#[expect(clippy::print_stdout, reason = "a task speaks to the person who runs it")]
pub(crate) fn run(dir: &Path, show: usize, class: Option<&str>) -> Result<bool> {
    let rows = String::from_utf8(crate::schemas::inflate(&dir.join("mutants.jsonl.zst"))?)?;
    let crds = std::fs::read_to_string(dir.join("crds.yaml")).context("crds.yaml")?;
    let mut validator = Validator::default();
    for text in crds.split("\n---") {
        if let Ok(crd) = plimsoll_yaml::read(text.as_bytes(), FileId::NONE) {
            validator.add_crd(&crd);
        }
    }
    let mut tally = Tally::default();
    let mut warnings = warnings::Warnings::default();
    for line in rows.lines() {
        let row: Json = serde_json::from_str(line)?;
        if class.is_some_and(|class| row["class"] != class) {
            continue;
        }
        let text = row["yaml"].as_str().unwrap_or_default();
        let problems = validator.check_text(text.as_bytes(), FileId::NONE);
        if row["accepted"] == true {
            warnings.add(&row, &problems);
        }
        tally.add(&row, &errors(problems));
    }
    println!("{}\n{}", tally.report(show), warnings.report(show));
    if class.is_some() {
        return Ok(true);
    }
    let (same, all, differ) = defaults::run(dir, &validator, show)?;
    println!("defaults: {same}/{all} leaves ({:.2} %)", 100.0 * same as f64 / all.max(1) as f64);
    for one in differ {
        println!("  {one}");
    }
    Ok(tally.reached(GOALS) && same as f64 >= DEFAULTS_GOAL * all as f64)
}

fn errors(mut found: Vec<Problem>) -> Vec<Problem> {
    found.retain(|problem| problem.severity == Severity::Error);
    found
}
