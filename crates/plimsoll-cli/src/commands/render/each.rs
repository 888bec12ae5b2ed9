//! `plimsoll render --each GLOB`: a release for each values file.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use plimsoll::gotmpl::Compat;
use plimsoll::helm::release::on_large_stack;

use super::super::project::{Chosen, Project, matches};
use super::super::refusal::{Refused, refused};
use super::super::release::Release;
use super::{print, render, style, tell};
use crate::helm::pflag::Parsed;
use crate::io::Io;

/// What became of a file.
struct Done {
    out: Vec<u8>,
    said: Vec<u8>,
    /// What an API server would refuse, or why there is nothing.
    result: Result<Option<String>, Refused>,
}

/// The values files of `--each` and `--all-services`; `None` where neither is given.
pub(super) fn files(project: &Project, parsed: &Parsed) -> Result<Option<Vec<PathBuf>>, String> {
    if parsed.bool("all-services") {
        return project.services().map(Some);
    }
    let Some(pattern) = parsed.text("each") else { return Ok(None) };
    let files = matches(pattern)?;
    if files.is_empty() {
        return Err(format!("`--each {pattern}` matches no file"));
    }
    Ok(Some(files))
}

/// Renders a release for every file, on all cores, and prints them in order. A file that fails does
/// not keep the others from being rendered.
pub(super) fn run(
    files: &[PathBuf],
    project: &Project,
    parsed: &Parsed,
    compat: Compat,
    io: &mut Io,
) -> Result<u8, String> {
    let chart = project.chart(parsed, io)?;
    if chart == Chosen::Universal {
        io.error("plimsoll: the chart is the built-in universal chart\n");
    }
    let done = on_all_cores(files, |file| release(file, &chart, project, parsed, compat));
    let (mut out, mut failed, mut invalid) = (Vec::new(), 0, 0);
    let style = style(parsed, io);
    for done in done {
        io.error(&String::from_utf8_lossy(&done.said));
        out.extend_from_slice(&done.out);
        match done.result {
            Ok(None) => {}
            Ok(Some(told)) => {
                invalid += 1;
                io.error(&told);
            }
            Err(refused) => {
                failed += 1;
                tell(&refused, parsed, style, io);
            }
        }
    }
    print(&out, parsed, io)?;
    if failed > 0 {
        io.error(&format!("plimsoll render: {failed} of {} releases failed\n", files.len()));
    }
    Ok(if failed > 0 { 2 } else { u8::from(invalid > 0) })
}

fn release(
    file: &Path,
    chart: &Chosen,
    project: &Project,
    parsed: &Parsed,
    compat: Compat,
) -> Done {
    let mut flags: Vec<(&'static str, String)> =
        vec![("values", file.to_string_lossy().into_owned())];
    flags.extend(
        parsed
            .given()
            .iter()
            .filter(|(flag, _)| !matches!(*flag, "each" | "all-services"))
            .cloned(),
    );
    let (mut io, _, said) = Io::kept();
    let mut out = Vec::new();
    let parsed = parsed.clone().with_given(flags);
    let result = match Release::with_chart(project, parsed, compat, chart.clone()) {
        Ok(release) => render(&release, &mut io, &mut out),
        Err(error) => Err(refused("environment", format!("{}: {error}", file.display()))),
    };
    Done { out, said: said.take(), result }
}

/// Does the work on as many threads as there are cores; the answers are in the order of the items.
fn on_all_cores<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores.min(items.len()) {
            scope.spawn(|| {
                on_large_stack(|| {
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(item) = items.get(at) else { break };
                        let answer = work(item);
                        done.lock().expect("no worker panics").push((at, answer));
                    }
                });
            });
        }
    });
    let mut done = done.into_inner().expect("no worker panics");
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, answer)| answer).collect()
}
