//! A race with real Helm on a corpus of charts: both render the same cases in turn, in one run, so
//! that what else the machine does falls on both.

pub(crate) mod cases;
mod report;
mod runner;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

pub(crate) const USAGE: &str = "\
usage: cargo xtask race --corpus DIR --helm PATH [--plimsoll PATH] [--only TEXT] [--cases N] [--runs N]

  --corpus DIR      a corpus with meta/cases.jsonl
  --helm PATH       real Helm 4.3
  --plimsoll PATH   ours (default target/release/plimsoll)
  --only TEXT       the cases whose id holds TEXT
  --cases N         at most N cases, spread evenly over the corpus (default 40; 0 for all)
  --runs N          runs of each program on each case; the fastest counts (default 3)";

/// What to race.
pub(crate) struct Options {
    corpus: PathBuf,
    helm: PathBuf,
    plimsoll: PathBuf,
    only: Option<String>,
    cases: usize,
    runs: usize,
}

/// Races, and prints a line a case and the summary.
pub(crate) fn run(args: &[&str]) -> Result<bool> {
    let options = options(args)?;
    let cases = cases::read(&options.corpus, options.only.as_deref(), options.cases)?;
    let mut table = report::Table::default();
    for case in &cases {
        table.add(&case.id, runner::race(case, &options)?);
    }
    table.print();
    Ok(true)
}

fn options(args: &[&str]) -> Result<Options> {
    let mut options = Options {
        corpus: PathBuf::new(),
        helm: PathBuf::new(),
        plimsoll: PathBuf::from("target/release/plimsoll"),
        only: None,
        cases: 40,
        runs: 3,
    };
    for pair in args.chunks(2) {
        let [flag, value] = pair else { bail!("{} needs a value\n{USAGE}", pair[0]) };
        match *flag {
            "--corpus" => options.corpus = absolute(value)?,
            "--helm" => options.helm = absolute(value)?,
            "--plimsoll" => options.plimsoll = PathBuf::from(value),
            "--only" => options.only = Some((*value).to_owned()),
            "--cases" => options.cases = value.parse()?,
            "--runs" => options.runs = value.parse::<usize>()?.max(1),
            _ => bail!("{flag} is not known\n{USAGE}"),
        }
    }
    if options.corpus.as_os_str().is_empty() || options.helm.as_os_str().is_empty() {
        bail!("--corpus and --helm are needed\n{USAGE}");
    }
    options.plimsoll = absolute(&options.plimsoll)?;
    Ok(options)
}

fn absolute(path: impl AsRef<Path>) -> Result<PathBuf> {
    let path = path.as_ref();
    std::fs::canonicalize(path).with_context(|| path.display().to_string())
}
