use std::collections::BTreeMap;
use std::fmt::Write as _;

use plimsoll_kube::validate::Problem;
use serde_json::Value as Json;

/// How many rows of a class went which way.
#[derive(Clone, Debug, Default)]
struct Counts {
    rejected: usize,
    rejected_too: usize,
    with_path: usize,
    same_path: usize,
    accepted: usize,
    rejected_wrongly: usize,
}

/// The counts of all classes and the rows that went wrong.
#[derive(Debug, Default)]
pub(super) struct Tally {
    classes: BTreeMap<String, Counts>,
    missed: Vec<String>,
    elsewhere: Vec<String>,
    wrongly: Vec<String>,
}

impl Tally {
    /// Takes a row and what was said here.
    pub(super) fn add(&mut self, row: &Json, found: &[Problem]) {
        let class = row["class"].as_str().unwrap_or_default().to_owned();
        let counts = self.classes.entry(class).or_default();
        if row["accepted"] == true {
            counts.accepted += 1;
            if let Some(problem) = found.first() {
                counts.rejected_wrongly += 1;
                self.wrongly.push(format!("{} {}: {}", name(row), problem.path, problem.message));
            }
            return;
        }
        counts.rejected += 1;
        if found.is_empty() {
            self.missed.push(format!("{}: {}", name(row), told(row)));
            return;
        }
        counts.rejected_too += 1;
        let paths = paths(row);
        if paths.is_empty() {
            return;
        }
        counts.with_path += 1;
        if found.iter().any(|problem| paths.contains(&problem.path)) {
            counts.same_path += 1;
        } else {
            let ours: Vec<&str> = found.iter().map(|problem| problem.path.as_str()).collect();
            self.elsewhere.push(format!("{}: {paths:?}, here {ours:?}", name(row)));
        }
    }

    fn sum(&self) -> Counts {
        self.classes.values().fold(Counts::default(), |sum, counts| Counts {
            rejected: sum.rejected + counts.rejected,
            rejected_too: sum.rejected_too + counts.rejected_too,
            with_path: sum.with_path + counts.with_path,
            same_path: sum.same_path + counts.same_path,
            accepted: sum.accepted + counts.accepted,
            rejected_wrongly: sum.rejected_wrongly + counts.rejected_wrongly,
        })
    }

    /// Whether the shares of rejections, paths and wrong rejections are what is asked for.
    pub(super) fn reached(&self, (rejected, path, wrongly): (f64, f64, f64)) -> bool {
        let sum = self.sum();
        share(sum.rejected_too, sum.rejected) >= rejected
            && share(sum.same_path, sum.with_path) >= path
            && share(sum.rejected_wrongly, sum.accepted) <= wrongly
    }

    /// A line for each class, the sum, and examples.
    pub(super) fn report(&self, show: usize) -> String {
        let mut out = String::from("class, rejected by both, at the same path, rejected wrongly\n");
        for (class, counts) in &self.classes {
            line(&mut out, class, counts);
        }
        line(&mut out, "all", &self.sum());
        for (title, rows) in [
            ("accepted, but should be rejected", &self.missed),
            ("rejected at another path", &self.elsewhere),
            ("rejected, but should be accepted", &self.wrongly),
        ] {
            if show > 0 && !rows.is_empty() {
                writeln!(out, "\n{title}:").expect("texts take all");
            }
            for row in rows.iter().take(show) {
                writeln!(out, "  {row}").expect("texts take all");
            }
        }
        out
    }
}

fn line(out: &mut String, class: &str, counts: &Counts) {
    let part =
        |some: usize, all: usize| format!("{some}/{all} ({:.2} %)", 100.0 * share(some, all));
    writeln!(
        out,
        "{class:<22}{:<24}{:<24}{}",
        part(counts.rejected_too, counts.rejected),
        part(counts.same_path, counts.with_path),
        part(counts.rejected_wrongly, counts.accepted),
    )
    .expect("texts take all");
}

fn share(some: usize, all: usize) -> f64 {
    if all == 0 { 1.0 } else { some as f64 / all as f64 }
}

fn name(row: &Json) -> String {
    let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
    format!("{} [{}] {}", text("id"), text("class"), text("kind"))
}

fn told(row: &Json) -> String {
    row["message"].as_str().unwrap_or_default().chars().take(300).collect()
}

/// The paths that the server told: causes of validation, unknown fields of decoding.
fn paths(row: &Json) -> Vec<String> {
    let causes = row["causes"].as_array().into_iter().flatten();
    let mut paths: Vec<String> = causes
        .filter_map(|cause| cause["field"].as_str())
        .filter(|f| *f != "<nil>")
        .map(str::to_owned)
        .collect();
    let message = row["message"].as_str().unwrap_or_default();
    for part in message.split("unknown field \"").skip(1) {
        paths.extend(part.split('"').next().map(str::to_owned));
    }
    paths
}
