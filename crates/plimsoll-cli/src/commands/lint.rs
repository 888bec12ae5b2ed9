//! `plimsoll lint`

use std::io::IsTerminal;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::error::ErrorKind;
use plimsoll::helm::release::on_large_stack;
use plimsoll::helm::render::KubeVersion;
use plimsoll::kube::Document;
use plimsoll::lint::{Profile, Settings};
use plimsoll::report::{Style, diagnostics, findings};
use plimsoll::source::{Diagnostic, FileId, Files, Finding, Location, Role, Severity, Span};
use plimsoll::{LintOptions, TemplatePlace, TracedRender, add_rendered, gotmpl, lint_manifests};

use super::project::{Chosen, Project};
use super::{manifests, render};
use crate::args::{self, Color, FailOn, Lint, LintArgs, Output, ProfileName};
use crate::helm::{self, flags, pflag, template};
use crate::io::Io;

/// Runs `plimsoll lint ARGS…` and gives its exit status.
pub(crate) fn run(args: &[String], io: &mut Io) -> u8 {
    match args::parse::<Lint>("plimsoll lint", args) {
        Ok(lint) => run_parsed(&lint.args, io),
        Err(error) => said(&error, io),
    }
}

/// Prints what clap has to say: help on standard output, errors on standard error.
pub(crate) fn said(error: &clap::Error, io: &mut Io) -> u8 {
    let text = error.to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            io.print(text.as_bytes());
            0
        }
        _ => {
            io.error(&text);
            2
        }
    }
}

fn run_parsed(args: &LintArgs, io: &mut Io) -> u8 {
    let mut lint = Run::default();
    let done = on_large_stack(|| lint.all(args, io));
    if let Err(error) = done {
        io.error(&format!("plimsoll lint: {error}\n"));
        return 2;
    }
    let mut out = Vec::new();
    let report =
        findings::Report { findings: &lint.findings, files: &lint.files, objects: lint.objects };
    let format =
        if args.output == Output::Json { findings::Format::Json } else { findings::Format::Text };
    let style = style(args, std::io::stdout().is_terminal(), io);
    if findings::write(&mut out, &report, format, style).is_ok() && lint.looked {
        io.print(&out);
    }
    lint.draw_problems(style_of_errors(args, io), io);
    if lint.failed { 2 } else { u8::from(lint.findings.iter().any(|one| fails(one, args.fail_on))) }
}

fn fails(finding: &Finding, fail_on: FailOn) -> bool {
    match fail_on {
        FailOn::Error => finding.severity >= Severity::Error,
        FailOn::Warning => finding.severity >= Severity::Warning,
        FailOn::Info => true,
        FailOn::Never => false,
    }
}

/// What a run has found so far.
#[derive(Default)]
struct Run {
    files: Files,
    findings: Vec<Finding>,
    objects: usize,
    /// Problems with the inputs, each with the files that it speaks of.
    problems: Vec<(Diagnostic, Files)>,
    unreadable: Vec<Diagnostic>,
    /// Whether any input was looked at.
    looked: bool,
    failed: bool,
}

impl Run {
    fn all(&mut self, args: &LintArgs, io: &mut Io) -> Result<(), String> {
        let settings = settings(args)?;
        if args.inputs.is_empty() {
            return self.chart(None, args, &settings, io);
        }
        let (charts, plain): (Vec<_>, Vec<_>) =
            args.inputs.iter().partition(|input| render::is_chart(input));
        if let (Some(first), Some(flag), true) =
            (plain.first(), args.chart_flags().first(), charts.is_empty())
        {
            return Err(format!("`{flag}` gives values to a chart, and `{first}` is none"));
        }
        for chart in charts {
            self.chart(Some(chart), args, &settings, io)?;
        }
        if !plain.is_empty() {
            self.manifests(&plain, args, &settings, io)?;
        }
        Ok(())
    }

    /// Renders a chart, else the one that the project chooses, and looks at it.
    fn chart(
        &mut self,
        chart: Option<&str>,
        args: &LintArgs,
        settings: &Settings,
        io: &mut Io,
    ) -> Result<(), String> {
        let (compat, line) = helm::compat(&args.render_args(chart), io)?;
        let parsed = pflag::parse(&flags::RENDER, &line, compat)?;
        let project = match Project::find() {
            Ok(project) => project,
            Err(refused) => {
                self.failed = true;
                self.problems.push(*refused);
                return Ok(());
            }
        };
        let chosen = match chart {
            Some(chart) => Chosen::Path(chart.to_owned()),
            None => project.chart(&parsed, io)?,
        };
        let expanded = project.expand(parsed, &chosen)?;
        render::check_has_values(&expanded.parsed, &chosen)?;
        let names = |_: &pflag::Parsed, compat, io: &mut Io| expanded.target(&chosen, compat, io);
        let mut text = Vec::new();
        let done = template::template(&expanded.parsed, compat, &names, io, &mut text);
        if let Err(failed) = done {
            self.failed = true;
            self.problems.push(render::explain(&failed, compat, false, &mut text));
            return Ok(());
        }
        let ids = add_rendered(&mut self.files, &text);
        let traced = template::traced(&expanded.parsed, compat, &names);
        let shown = |source: &str| match &chosen {
            Chosen::Path(chart) => template_file(chart, source),
            Chosen::Universal => source.to_owned(),
        };
        self.look(&ids, args, settings, |files, document, span| {
            let source = document.source.as_deref()?;
            let place = traced.as_ref().and_then(|traced| place(traced, files, document, span));
            let (file, line, column) = match &place {
                Some(place) => (place.file.as_str(), place.start.line, place.start.column),
                None => (source, 1, 1),
            };
            Some(Location { role: Role::Template, file: shown(file), line, column })
        });
        Ok(())
    }

    fn manifests(
        &mut self,
        inputs: &[&String],
        args: &LintArgs,
        settings: &Settings,
        io: &mut Io,
    ) -> Result<(), String> {
        let (mut ids, mut notices, before) = (Vec::new(), Vec::new(), self.objects);
        for input in inputs {
            ids.extend(manifests::read(input, &mut self.files, &mut notices)?);
        }
        self.look(&ids, args, settings, |_, document, _| {
            let file = document.source.clone()?;
            Some(Location { role: Role::Template, file, line: 1, column: 1 })
        });
        if self.objects == before && self.unreadable.is_empty() {
            notices.push("there is no Kubernetes object to look at".to_owned());
        }
        for notice in notices {
            io.error(&format!("plimsoll lint: {notice}\n"));
        }
        Ok(())
    }

    fn look(
        &mut self,
        ids: &[FileId],
        args: &LintArgs,
        settings: &Settings,
        origin: impl Fn(&Files, &Document, Span) -> Option<Location>,
    ) {
        let linted = lint_manifests(
            &self.files,
            ids,
            &LintOptions {
                settings,
                namespace: args.release.namespace.as_deref().unwrap_or("default"),
                today: &today(),
                origins: &|document, span| {
                    origin(&self.files, document, span).into_iter().collect()
                },
            },
        );
        self.looked = true;
        self.objects += linted.objects;
        self.findings.extend(linted.findings);
        self.failed |= !linted.unreadable.is_empty();
        self.unreadable.extend(linted.unreadable);
    }

    fn draw_problems(&self, style: Style, io: &mut Io) {
        let mut text = Vec::new();
        let own =
            (!self.unreadable.is_empty()).then_some((self.unreadable.as_slice(), &self.files));
        let others = self.problems.iter().map(|(one, files)| (std::slice::from_ref(one), files));
        for (problems, files) in others.chain(own) {
            if diagnostics::write(&mut text, problems, files, style).is_err() {
                text.extend(problems.iter().flat_map(|one| one.message.bytes()));
            }
        }
        io.error(&String::from_utf8_lossy(&text));
    }
}

/// The date in UTC, as suppressions write it.
fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    date((since.as_secs() / 86_400) as i64)
}

/// The date of a day since 1970, by the calendar's cycle of 400 years, which begin in March here.
fn date(days: i64) -> String {
    let days = days + 719_468;
    let (cycle, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", cycle * 400 + year + next)
}

fn settings(args: &LintArgs) -> Result<Settings, String> {
    let compat = gotmpl::Compat::Helm4;
    let version = match args.release.kube_version.as_deref() {
        None | Some("") => KubeVersion::default_of(compat),
        Some(text) => KubeVersion::parse(text, compat)
            .map_err(|error| format!("`--kube-version {text}`: {error}"))?,
    };
    let profile = match args.profile {
        ProfileName::Default => Profile::Default,
        ProfileName::PssBaseline => Profile::PssBaseline,
        ProfileName::PssRestricted => Profile::PssRestricted,
        ProfileName::All => Profile::All,
    };
    Ok(Settings::new(profile, (version.major as u32, version.minor as u32)))
}

/// The template line that wrote a place of a document.
fn place(
    traced: &TracedRender,
    files: &Files,
    document: &Document,
    span: Span,
) -> Option<TemplatePlace> {
    let text = &files.get(document.file)?.text[document.range.clone()];
    let source = document.source.as_deref()?;
    let rendered = &traced.rendered;
    let hooks = rendered.hooks.iter().map(|hook| &hook.manifest);
    let mut from_it = rendered.manifests.iter().chain(hooks).filter(|one| one.path() == source);
    from_it.find_map(|manifest| {
        let body = manifest.bytes().trim_ascii();
        let skipped = manifest.bytes().len() - manifest.bytes().trim_ascii_start().len();
        let at = document.range.start + memchr::memmem::find(text, body)?;
        let start = (span.start as usize).checked_sub(at)? + skipped;
        let end = start + (span.len() as usize).max(1);
        traced.at(manifest, start..end).templates.into_iter().next()
    })
}

/// The file of a template as the user would open it: Helm writes the chart's name where its folder
/// is. Where there is no such file (an archive, an alias) Helm's name stands.
fn template_file(chart: &str, source: &str) -> String {
    let rest = source.split_once('/').map_or(source, |(_, rest)| rest);
    let folder = chart.trim_end_matches('/');
    let path = if folder == "." { rest.to_owned() } else { format!("{folder}/{rest}") };
    if Path::new(&path).is_file() { path } else { source.to_owned() }
}

fn style(args: &LintArgs, terminal: bool, io: &Io) -> Style {
    let plain = io.env("NO_COLOR").is_some_and(|value| !value.is_empty());
    let color = match args.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && !plain,
    };
    let width = io.env("COLUMNS").and_then(|value| value.parse().ok());
    Style { color, width: width.unwrap_or(if terminal { 80 } else { 100 }) }
}

fn style_of_errors(args: &LintArgs, io: &Io) -> Style {
    style(args, std::io::stderr().is_terminal(), io)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_dates() {
        for (days, want) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_513, "2026-03-01"),
            (20_512, "2026-02-28"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
        ] {
            assert_eq!(date(days), want);
        }
    }
}
