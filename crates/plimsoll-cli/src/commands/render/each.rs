//! `plimsoll render --each GLOB`: a release for each values file.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use plimsoll::gotmpl::Compat;
use plimsoll::helm::on_all_cores;
use plimsoll::helm::release::on_large_stack;
use plimsoll::helm::render::Kept;

use super::super::project::{Chosen, Project, matches};
use super::super::refusal::{Refused, refused};
use super::super::release::Release;
use super::{print, render, style, tell, write_split};
use crate::helm::pflag::Parsed;
use crate::helm::template;
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
    let folders = match template::folder(parsed) {
        Some(_) => names(files, &chart, project, parsed, compat)?,
        None => Vec::new(),
    };
    let done = on_large_stack(|| {
        on_all_cores(
            files,
            1,
            || Rc::new(Kept::new(compat)),
            |kept, file| release(file, &chart, kept, project, parsed, compat),
        )
    });
    let (mut out, mut failed, mut invalid) = (Vec::new(), 0, 0);
    let (style, mut said) = (style(parsed, io), BTreeSet::new());
    for (at, done) in done.into_iter().enumerate() {
        // What is so of the chart is said once.
        if said.insert(done.said.clone()) {
            io.error(&String::from_utf8_lossy(&done.said));
        }
        if let Some(name) = folders.get(at).filter(|_| done.result.is_ok()) {
            write_split(&done.out, parsed, Some(name), io)?;
        }
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
    if !out.is_empty() || failed == 0 {
        print(&out, parsed, io)?;
    }
    if failed > 0 {
        io.error(&format!("plimsoll render: {failed} of {} releases failed\n", files.len()));
    }
    Ok(if failed > 0 { 2 } else { u8::from(invalid > 0) })
}

/// The releases' names, which are their folders: no two may have the same.
fn names(
    files: &[PathBuf],
    chart: &Chosen,
    project: &Project,
    parsed: &Parsed,
    compat: Compat,
) -> Result<Vec<String>, String> {
    let mut names: Vec<String> = Vec::new();
    for file in files {
        let flags = flags(file, parsed);
        let parsed = parsed.clone().with_given(flags);
        let release = Release::with_chart(project, parsed, compat, chart.clone())?;
        let (mut io, _, _) = Io::kept();
        let name = release.target(&mut io)?.name;
        if let Some(at) = names.iter().position(|other| *other == name) {
            let (first, second) = (files[at].display(), file.display());
            return Err(format!(
                "{first} and {second} both give a release `{name}`, and `--output-dir` has one folder \
                 for it: keep each service's values in a folder of its own"
            ));
        }
        names.push(name);
    }
    Ok(names)
}

/// The command line for a file.
fn flags(file: &Path, parsed: &Parsed) -> Vec<(&'static str, String)> {
    let mut flags = vec![("values", file.to_string_lossy().into_owned())];
    let others = parsed.given().iter();
    flags.extend(others.filter(|(flag, _)| !matches!(*flag, "each" | "all-services")).cloned());
    if template::folder(parsed).is_some() {
        flags.push(("release-name", "true".to_owned()));
    }
    flags
}

fn release(
    file: &Path,
    chart: &Chosen,
    kept: &Rc<Kept>,
    project: &Project,
    parsed: &Parsed,
    compat: Compat,
) -> Done {
    let (mut io, _, said) = Io::kept();
    let mut out = Vec::new();
    let parsed = parsed.clone().with_given(flags(file, parsed));
    let result = match Release::with_chart(project, parsed, compat, chart.clone()) {
        Ok(release) => {
            let release = Release { kept: Some(kept.clone()), ..release };
            render(&release, &mut io, &mut out)
        }
        Err(error) => Err(refused("environment", format!("{}: {error}", file.display()))),
    };
    Done { out, said: said.take(), result }
}
