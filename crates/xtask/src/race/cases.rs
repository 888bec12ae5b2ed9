use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// One command line over a chart of the corpus.
pub(crate) struct Case {
    pub(crate) id: String,
    /// What follows the program's name: `template rel CHART …`.
    pub(crate) args: Vec<String>,
}

/// The cases that Helm renders, of those the ones with `only` in their id, at most `most` of them
/// (0: all), spread evenly.
pub(crate) fn read(corpus: &Path, only: Option<&str>, most: usize) -> Result<Vec<Case>> {
    let path = corpus.join("meta/cases.jsonl");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let mut cases = Vec::new();
    for line in text.lines() {
        let row: Value = serde_json::from_str(line)?;
        let id = row["id"].as_str().context("a case has an id")?;
        if row["rc4"] == 0 && only.is_none_or(|only| id.contains(only)) {
            cases.push(Case { id: id.to_owned(), args: args(&row) });
        }
    }
    if cases.is_empty() {
        bail!("no case to race");
    }
    let step = if most == 0 { 1 } else { cases.len().div_ceil(most) };
    Ok(cases.into_iter().step_by(step).collect())
}

fn args(row: &Value) -> Vec<String> {
    let texts = |key: &str| {
        let list = row[key].as_array().cloned().unwrap_or_default();
        list.into_iter().filter_map(|text| text.as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let mut args = vec!["template".to_owned(), "rel".to_owned()];
    args.extend(row["chart"].as_str().map(str::to_owned));
    args.extend(["-n", "ns"].map(str::to_owned));
    for values in texts("values") {
        args.extend(["-f".to_owned(), values]);
    }
    args.extend(texts("extra"));
    args
}
