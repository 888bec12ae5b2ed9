//! From a command line of `plimsoll render` to a release: one way for every command with a chart.

use std::path::Path;
use std::rc::Rc;

use plimsoll::gotmpl::{Compat, Trace};
use plimsoll::helm::release::Rendered;
use plimsoll::helm::render::Kept;
use plimsoll::helm::values::Origins;
use plimsoll::helm::{HelmCause, HelmError};
use plimsoll::source::Files;
use plimsoll::{Failure, TracedRender, Tracing, explain_errors};

use super::project::{Chosen, Expanded, Project};
use super::refusal::{Refusal, Refused};
use crate::helm::pflag::{self, Parsed};
use crate::helm::template::{self, Beyond, Failed, Inputs, Target};
use crate::helm::{self, flags};
use crate::io::Io;

/// A release that a command line means in its project, not yet rendered.
pub(crate) struct Release {
    pub(crate) compat: Compat,
    pub(crate) chart: Chosen,
    pub(crate) expanded: Expanded,
    /// What it shares with other releases of the chart.
    pub(crate) kept: Option<Rc<Kept>>,
}

impl Release {
    /// The release of a command line in the project of the working directory.
    pub(crate) fn of(line: &[String], io: &mut Io) -> Result<Release, Refusal> {
        Release::in_project(&Project::find()?, line, io)
    }

    /// The release of a command line in a project.
    pub(crate) fn in_project(
        project: &Project,
        line: &[String],
        io: &mut Io,
    ) -> Result<Release, Refusal> {
        let (compat, parsed) = parse(line, io)?;
        Release::chosen(project, parsed, compat, io)
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
        Ok(Release { compat, chart, expanded, kept: None })
    }

    /// The flags, which are Helm's alone.
    pub(crate) fn parsed(&self) -> &Parsed {
        &self.expanded.parsed
    }

    /// Says which chart it is where the command line does not; the project says it of the others.
    pub(crate) fn announce(&self, io: &mut Io) {
        if self.chart == Chosen::Universal {
            io.error("plimsoll: the chart is the built-in universal chart\n");
        }
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

    /// Renders it into `out`; errors are all that there are. Wants a large stack.
    pub(crate) fn render(&self, io: &mut Io, out: &mut Vec<u8>) -> Result<Rendered, Refused> {
        self.run(None, io, out).map_err(|failed| {
            let again = self.traced_again(&failed);
            let (failed, mut tracing) = again.unwrap_or((failed, Tracing::default()));
            self.explain(&failed, &mut tracing, io, out)
        })
    }

    /// Renders it into `out`, to be asked where things come from. Wants a large stack.
    pub(crate) fn traced(&self, io: &mut Io, out: &mut Vec<u8>) -> Result<TracedRender, Refused> {
        let mut tracing = Tracing::default();
        match self.run(Some(&mut tracing), io, out) {
            Ok(rendered) => Ok(tracing.finish(rendered)),
            Err(failed) => Err(self.explain(&failed, &mut tracing, io, out)),
        }
    }

    fn run(
        &self,
        tracing: Option<&mut Tracing>,
        io: &mut Io,
        out: &mut Vec<u8>,
    ) -> Result<Rendered, Failed> {
        let names = |_: &Parsed, _, io: &mut Io| self.target(io);
        let beyond =
            Beyond { tracing, native: true, every_error: true, kept: self.kept.as_deref() };
        template::template(self.parsed(), self.compat, &names, beyond, io, out)
    }

    /// The same failure with where everything comes from, if that helps to tell it and can be done a
    /// second time.
    fn traced_again(&self, failed: &Failed) -> Option<(Failed, Tracing)> {
        let helps = |error: &HelmError| matches!(error.cause, HelmCause::NotManifest { .. });
        let is_used_up = self.parsed().strings("values").iter().any(|file| file.trim() == "-");
        if is_used_up || !failed.errors.iter().any(helps) {
            return None;
        }
        let (mut io, _, _) = Io::kept();
        let mut tracing = Tracing::default();
        let again = self.run(Some(&mut tracing), &mut io, &mut Vec::new()).err()?;
        Some((again, tracing))
    }

    /// With `--debug`, what was rendered is printed.
    fn explain(
        &self,
        failed: &Failed,
        tracing: &mut Tracing,
        io: &Io,
        out: &mut Vec<u8>,
    ) -> Refused {
        out.clear();
        if let Some(rendered) = &failed.rendered
            && template::is_debug(self.parsed(), io)
        {
            template::print_rendered(rendered, out);
        }
        explain(failed, Some(tracing.parts().1), self.parsed(), self.compat)
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
    let inputs = template::inputs(parsed, compat, names, origins, true, io);
    inputs.map_err(|failed| explain(&failed, None, parsed, compat))
}

/// The flags of `plimsoll render`, and which Helm is spoken.
pub(crate) fn parse(line: &[String], io: &Io) -> Result<(Compat, Parsed), String> {
    let (compat, line) = helm::compat(line, io)?;
    let parsed = pflag::parse(&flags::RENDER, &line, compat).map_err(with_near_flag)?;
    template::limits(&parsed)?;
    Ok((compat, with_epoch(parsed, io)))
}

/// Helm's text on a flag that is not there, with the one that looks alike.
fn with_near_flag(error: String) -> String {
    let Some(name) = error.strip_prefix("unknown flag: --") else { return error };
    let known = flags::RENDER.iter().flat_map(|group| group.iter().map(|flag| flag.name));
    let near = known
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .min()
        .filter(|(distance, _)| *distance <= (name.len() / 3).max(1));
    match near {
        Some((_, near)) => format!("{error}; did you mean `--{near}`?"),
        None => error,
    }
}

/// SOURCE_DATE_EPOCH stands for its flag, which wins over it.
fn with_epoch(parsed: Parsed, io: &Io) -> Parsed {
    let epoch = io.env("SOURCE_DATE_EPOCH").filter(|epoch| epoch.parse::<i64>().is_ok());
    let Some(epoch) = epoch.filter(|_| !parsed.is_set("source-date-epoch")) else { return parsed };
    let mut given = parsed.given().to_vec();
    given.push(("source-date-epoch", epoch));
    parsed.with_given(given)
}

/// The failure as plain data, which may leave the thread.
fn explain(failed: &Failed, trace: Option<&Trace>, parsed: &Parsed, compat: Compat) -> Refused {
    let folder = std::env::current_dir().unwrap_or_default();
    let failure = Failure {
        errors: &failed.errors,
        compat,
        chart: failed.chart.as_ref(),
        user: failed.user.as_ref(),
        flags: &template::value_flags(parsed),
        rendered: failed.rendered.as_deref().unwrap_or_default(),
        trace,
        folder: &folder,
        read: read_again,
    };
    let mut files = Files::new();
    Refused::new(explain_errors(&failure, &mut files), files)
}

/// What is no plain file was used up, or would wait for a writer.
fn read_again(path: &str) -> Option<Vec<u8>> {
    Path::new(path).is_file().then(|| std::fs::read(path).ok()).flatten()
}
