use std::fmt::Write as _;

use plimsoll_kube::validate::Problem;
use serde_json::Value as Json;

/// The warnings of accepted manifests, the server's and ours.
#[derive(Debug, Default)]
pub(super) struct Warnings {
    both: usize,
    theirs: Vec<String>,
    ours: Vec<String>,
}

impl Warnings {
    /// Takes a row and what was said here.
    pub(super) fn add(&mut self, row: &Json, found: &[Problem]) {
        let told = found.iter().filter(|problem| problem.rule == "server-warning");
        let mut ours: Vec<&str> = told.map(|problem| problem.message.as_str()).collect();
        let id = row["id"].as_str().unwrap_or_default();
        for text in row["warnings"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            if let Some(at) = ours.iter().position(|known| *known == text) {
                ours.swap_remove(at);
                self.both += 1;
            } else {
                self.theirs.push(format!("{id}: {text}"));
            }
        }
        self.ours.extend(ours.iter().map(|text| format!("{id}: {text}")));
    }

    /// How many are equal, and which are not.
    pub(super) fn report(&self, show: usize) -> String {
        let all = self.both + self.theirs.len();
        let share = 100.0 * self.both as f64 / all.max(1) as f64;
        let mut out = format!(
            "warnings: {}/{all} of the server's have the same text here ({share:.2} %), {} here alone",
            self.both,
            self.ours.len()
        );
        for (title, rows) in [("the server's alone", &self.theirs), ("here alone", &self.ours)] {
            if show > 0 && !rows.is_empty() {
                write!(out, "\n{title}:").expect("texts take all");
            }
            for row in rows.iter().take(show) {
                write!(out, "\n  {row}").expect("texts take all");
            }
        }
        out
    }
}
