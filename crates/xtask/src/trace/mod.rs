//! Renders the charts of a corpus plain and traced: the bytes must be equal. Of single charts it
//! also tells how well the traces hit: values are changed, and what changes in the output is
//! compared with what was said.

mod folder;
mod leaves;
mod probe;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use plimsoll::gotmpl::{Compat, FixedHost};
use plimsoll::helm::chart::{Chart, LoadOptions, load};
use plimsoll::helm::release::{self, Rendered, TemplateError, TemplateOptions, on_large_stack};
use plimsoll::helm::values::{self, Origins, ValueFlags};
use plimsoll::{TracedRender, render_traced};

use crate::race::cases::{self, Case};
use folder::Folder;

pub(crate) const USAGE: &str = "\
usage: cargo xtask trace --corpus DIR [--only TEXT] [--cases N] [--probe N]

  --corpus DIR      a corpus with meta/cases.jsonl
  --only TEXT       the cases whose id holds TEXT
  --cases N         at most N cases, spread evenly over the corpus (default 0: all)
  --probe N         of each case, changes N values and checks what the trace says of them";

/// A chart and what it is rendered with.
pub(super) struct Work {
    pub(super) chart: PathBuf,
    pub(super) folder: PathBuf,
    pub(super) flags: ValueFlags,
    pub(super) options: TemplateOptions,
}

/// Compares plain and traced runs; whether all were equal.
#[expect(clippy::print_stdout, reason = "a task speaks to the person who runs it")]
pub(crate) fn run(args: &[&str]) -> Result<bool> {
    let (mut corpus, mut only, mut most, mut probes) = (PathBuf::new(), None, 0, 0);
    for pair in args.chunks(2) {
        match pair {
            ["--corpus", value] => corpus = std::fs::canonicalize(value)?,
            ["--only", value] => only = Some((*value).to_owned()),
            ["--cases", value] => most = value.parse()?,
            ["--probe", value] => probes = value.parse()?,
            _ => bail!("{} is not known\n{USAGE}", pair[0]),
        }
    }
    let (mut equal, mut total) = (0, [Duration::ZERO; 2]);
    let cases = cases::read(&corpus, only.as_deref(), most)?;
    for case in &cases {
        let work = work(case, &corpus);
        let (same, times) = on_large_stack(|| compare(&work));
        equal += usize::from(same);
        total = [total[0] + times[0], total[1] + times[1]];
        if !same {
            println!("differs: {}", case.id);
        }
        if probes > 0 {
            println!("{}", case.id);
            on_large_stack(|| probe::run(&work, probes))?;
        }
    }
    println!(
        "equal {equal}/{}; plain {:.1} ms, traced {:.1} ms",
        cases.len(),
        total[0].as_secs_f64() * 1e3,
        total[1].as_secs_f64() * 1e3
    );
    Ok(equal == cases.len())
}

fn work(case: &Case, corpus: &Path) -> Work {
    let mut flags = ValueFlags::default();
    let mut options = TemplateOptions::new(Compat::Helm4);
    "rel".clone_into(&mut options.name);
    "ns".clone_into(&mut options.namespace);
    let list = |flags: &mut ValueFlags, flag: &str, value: &str| match flag {
        "-f" | "--values" => flags.files.push(value.to_owned()),
        "--set" => flags.set.push(value.to_owned()),
        "--set-string" => flags.set_string.push(value.to_owned()),
        "--set-json" => flags.set_json.push(value.to_owned()),
        "--set-literal" => flags.set_literal.push(value.to_owned()),
        "--set-file" => flags.set_file.push(value.to_owned()),
        _ => {}
    };
    for pair in case.args.windows(2) {
        list(&mut flags, &pair[0], &pair[1]);
    }
    Work { chart: corpus.join(&case.args[2]), folder: corpus.to_owned(), flags, options }
}

/// A chart as the work has it.
pub(super) fn chart(path: &Path) -> Result<Arc<Chart>, TemplateError> {
    Ok(load(path, &LoadOptions { compat: Compat::Helm4 }, &mut |_| {})?)
}

/// A traced run of the work with another chart.
pub(super) fn traced(work: &Work, chart: &Arc<Chart>) -> Result<TracedRender, TemplateError> {
    let mut reader = Folder(work.folder.clone());
    render_traced(
        chart,
        &work.flags,
        &mut reader,
        &work.options,
        &mut FixedHost::new(Compat::Helm4),
    )
}

/// A plain one.
pub(super) fn plain(work: &Work, chart: &Arc<Chart>) -> Result<Rendered, TemplateError> {
    let mut origins = Origins::off();
    let mut reader = Folder(work.folder.clone());
    let user = values::merge_flags(&work.flags, &mut reader, work.options.compat, &mut origins)?;
    let host = &mut FixedHost::new(Compat::Helm4);
    release::template(chart, &user, &work.options, &mut origins, host, None)
}

/// Whether both runs give the same, and what each takes.
fn compare(work: &Work) -> (bool, [Duration; 2]) {
    let Ok(chart) = chart(&work.chart) else { return (true, Default::default()) };
    let timed = |run: &dyn Fn() -> Vec<(String, Vec<u8>)>| {
        let start = Instant::now();
        let texts = run();
        (texts, start.elapsed())
    };
    let (plain, plain_time) = timed(&|| texts(plain(work, &chart)));
    let (traced, traced_time) =
        timed(&|| texts(traced(work, &chart).map(|traced| traced.rendered)));
    (plain == traced, [plain_time, traced_time])
}

fn texts(rendered: Result<Rendered, TemplateError>) -> Vec<(String, Vec<u8>)> {
    match rendered {
        Ok(done) => {
            done.files.iter().map(|file| (file.path.to_string(), file.bytes.to_vec())).collect()
        }
        Err(failed) => vec![(failed.error.message, Vec::new())],
    }
}
