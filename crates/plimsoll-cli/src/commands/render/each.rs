//! `plimsoll render --each GLOB`: a release for each values file.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use plimsoll::gotmpl::Compat;
use plimsoll::helm::on_all_cores;
use plimsoll::helm::release::on_large_stack;
use plimsoll::helm::render::Kept;

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
    let done = on_large_stack(|| {
        on_all_cores(
            files,
            1,
            || Rc::new(Kept::new(compat)),
            |kept, file| release(file, &chart, kept, project, parsed, compat),
        )
    });
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
    kept: &Rc<Kept>,
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
        Ok(release) => {
            let release = Release { kept: Some(kept.clone()), ..release };
            render(&release, &mut io, &mut out)
        }
        Err(error) => Err(refused("environment", format!("{}: {error}", file.display()))),
    };
    Done { out, said: said.take(), result }
}
