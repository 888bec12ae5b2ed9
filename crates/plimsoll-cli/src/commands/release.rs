//! From a command line of `plimsoll render` to a release: one way for every command with a chart.

use std::path::Path;

use plimsoll::gotmpl::Compat;
use plimsoll::helm::release::Rendered;
use plimsoll::helm::values::Origins;
use plimsoll::source::Files;
use plimsoll::{Failure, TracedRender, Tracing, explain_error};

use super::project::{Chosen, Expanded, Project};
use super::refusal::{Refusal, Refused};
use crate::helm::pflag::{self, Parsed};
use crate::helm::template::{self, Failed, Inputs, Target};
use crate::helm::{self, flags};
use crate::io::Io;

/// A release that a command line means in its project, not yet rendered.
pub(crate) struct Release {
    pub(crate) compat: Compat,
    pub(crate) chart: Chosen,
    pub(crate) expanded: Expanded,
}

impl Release {
    /// The release of a command line in the project of the working directory.
    pub(crate) fn of(line: &[String], io: &mut Io) -> Result<Release, Refusal> {
        let (compat, parsed) = parse(line, io)?;
        Release::chosen(&Project::find()?, parsed, compat, io)
    }

    /// The release of a command line with the chart that the project chooses.
    pub(crate) fn chosen(
        project: &Project,
        parsed: Parsed,
        compat: Compat,
        io: &mut Io,
    ) -> Result<Release, Refusal> {
        let chart = project.chart(&parsed, io)?;
        Ok(Release::with_chart(project, parsed, compat, chart)?)
    }

    /// The release of a command line with a chart.
    pub(crate) fn with_chart(
        project: &Project,
        parsed: Parsed,
        compat: Compat,
        chart: Chosen,
    ) -> Result<Release, String> {
        let expanded = project.expand(parsed, &chart)?;
        Ok(Release { compat, chart, expanded })
    }

    /// The flags, which are Helm's alone.
    pub(crate) fn parsed(&self) -> &Parsed {
        &self.expanded.parsed
    }

    /// The universal chart without values would render nothing and say nothing.
    pub(crate) fn check_has_values(&self) -> Result<(), String> {
        let flags = ["values", "set", "set-string", "set-json", "set-file", "set-literal"];
        let is_set = flags.iter().any(|flag| self.parsed().is_set(flag));
        if self.chart != Chosen::Universal || is_set {
            return Ok(());
        }
        Err("there is nothing to render: no Chart.yaml, no values.yaml and no -f; name a chart, or \
             describe a service with `plimsoll init`"
            .to_owned())
    }

    /// Its name and its chart.
    pub(crate) fn target(&self, io: &mut Io) -> Result<Target, String> {
        self.expanded.target(&self.chart, self.compat, io)
    }

    /// Renders it into `out`. Wants a large stack.
    pub(crate) fn render(&self, io: &mut Io, out: &mut Vec<u8>) -> Result<Rendered, Refused> {
        self.run(None, io, out)
    }

    /// Renders it into `out`, to be asked where things come from. Wants a large stack.
    pub(crate) fn traced(&self, io: &mut Io, out: &mut Vec<u8>) -> Result<TracedRender, Refused> {
        let mut tracing = Tracing::default();
        let rendered = self.run(Some(&mut tracing), io, out)?;
        Ok(tracing.finish(rendered))
    }

    fn run(
        &self,
        tracing: Option<&mut Tracing>,
        io: &mut Io,
        out: &mut Vec<u8>,
    ) -> Result<Rendered, Refused> {
        let names = |_: &Parsed, _, io: &mut Io| self.target(io);
        let done = template::template(self.parsed(), self.compat, &names, tracing, io, out);
        let debug = template::is_debug(self.parsed(), io);
        done.map_err(|failed| explain(&failed, self.compat, debug, out))
    }

    /// Its chart and the user's values.
    pub(crate) fn inputs(&self, origins: &mut Origins, io: &mut Io) -> Result<Inputs, Refused> {
        let names = |_: &Parsed, _, io: &mut Io| self.target(io);
        inputs(self.parsed(), self.compat, &names, origins, io)
    }
}

/// The chart and the user's values of a command line.
pub(super) fn inputs(
    parsed: &Parsed,
    compat: Compat,
    names: template::Names<'_>,
    origins: &mut Origins,
    io: &mut Io,
) -> Result<Inputs, Refused> {
    let inputs = template::inputs(parsed, compat, names, origins, io);
    inputs.map_err(|failed| explain(&failed, compat, false, &mut Vec::new()))
}

/// The flags of `plimsoll render`, and which Helm is spoken.
pub(crate) fn parse(line: &[String], io: &Io) -> Result<(Compat, Parsed), String> {
    let (compat, line) = helm::compat(line, io)?;
    Ok((compat, with_epoch(pflag::parse(&flags::RENDER, &line, compat)?, io)))
}

/// SOURCE_DATE_EPOCH stands for its flag, which wins over it.
fn with_epoch(parsed: Parsed, io: &Io) -> Parsed {
    let epoch = io.env("SOURCE_DATE_EPOCH").filter(|epoch| epoch.parse::<i64>().is_ok());
    let Some(epoch) = epoch.filter(|_| !parsed.is_set("source-date-epoch")) else { return parsed };
    let mut given = parsed.given().to_vec();
    given.push(("source-date-epoch", epoch));
    parsed.with_given(given)
}

/// The failure as plain data, which may leave the thread; with `--debug`, what was rendered is
/// printed.
fn explain(failed: &Failed, compat: Compat, debug: bool, out: &mut Vec<u8>) -> Refused {
    let rendered = failed.rendered.as_deref().unwrap_or_default();
    if debug && failed.rendered.is_some() {
        template::print_rendered(rendered, out);
    }
    let folder = std::env::current_dir().unwrap_or_default();
    let failure = Failure {
        message: &failed.message,
        cause: &failed.cause,
        compat,
        chart: failed.chart.as_ref(),
        user: failed.user.as_ref(),
        rendered,
        folder: &folder,
        read: read_again,
    };
    let mut files = Files::new();
    Refused::new(vec![explain_error(&failure, &mut files)], files)
}

/// What is no plain file was used up, or would wait for a writer.
fn read_again(path: &str) -> Option<Vec<u8>> {
    Path::new(path).is_file().then(|| std::fs::read(path).ok()).flatten()
}
