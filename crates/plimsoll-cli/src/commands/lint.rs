//! `plimsoll lint`

use std::time::{SystemTime, UNIX_EPOCH};

use plimsoll::environment::{FILE_NAME, FailOn, Policy};
use plimsoll::helm::funcs::civil::Day;
use plimsoll::helm::release::on_large_stack;
use plimsoll::helm::render::KubeVersion;
use plimsoll::kube::Document;
use plimsoll::lint::{Profile, Settings};
use plimsoll::report::{Style, findings};
use plimsoll::source::{Diagnostic, FileId, Files, Finding, Location, Role, Severity, Span};
use plimsoll::{LintOptions, add_rendered, gotmpl, lint_manifests};

use super::draw::{draw, draw_refused, style_of_errors, style_of_output};
use super::manifests;
use super::places::provenance;
use super::project::{Project, is_chart};
use super::refusal::{Refusal, Refused};
use super::release::Release;
use super::said::said;
use crate::args::{self, Lint, LintArgs, Output};
use crate::io::Io;

/// Runs `plimsoll lint ARGS…` and gives its exit status.
pub(crate) fn run(args: &[String], io: &mut Io) -> u8 {
    match args::parse::<Lint>("plimsoll lint", args) {
        Ok(lint) => run_parsed(&lint.args, io),
        Err(error) => said(&error, io),
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
    let style = style_of_output(args.color, io);
    if findings::write(&mut out, &report, format, style).is_ok() && lint.looked {
        io.print(&out);
    }
    lint.draw_problems(style_of_errors(args.color, io), io);
    if lint.failed {
        return 2;
    }
    let fail_on = args.fail_on.or(lint.project.config.policy.fail_on);
    let fail_on = fail_on.unwrap_or(FailOn::AtLeast(Severity::Warning));
    u8::from(lint.findings.iter().any(|finding| fail_on.fails(finding.severity)))
}

/// What a run has found so far.
#[derive(Default)]
struct Run {
    project: Project,
    files: Files,
    findings: Vec<Finding>,
    objects: usize,
    /// Problems with the inputs.
    problems: Vec<Refused>,
    unreadable: Vec<Diagnostic>,
    /// Whether any input was looked at.
    looked: bool,
    failed: bool,
}

impl Run {
    fn all(&mut self, args: &LintArgs, io: &mut Io) -> Result<(), String> {
        match Project::find() {
            Ok(project) => self.project = project,
            Err(refused) => {
                self.refuse(refused, args);
                return Ok(());
            }
        }
        let policy = &self.project.config.policy;
        for key in &policy.unfollowed {
            io.error(&format!(
                "plimsoll lint: `policy.{key}` of {FILE_NAME} is not followed yet\n"
            ));
        }
        let profile = args.profile.or(policy.profile);
        let settings = settings(profile, policy, args.release.kube_version.as_deref())?;
        if args.inputs.is_empty() {
            return self.chart(None, args, io);
        }
        let (charts, plain): (Vec<_>, Vec<_>) =
            args.inputs.iter().partition(|input| is_chart(input));
        if let (Some(first), Some(flag), true) =
            (plain.first(), args.chart_flags().first(), charts.is_empty())
        {
            return Err(format!("`{flag}` gives values to a chart, and `{first}` is none"));
        }
        for chart in charts {
            self.chart(Some(chart), args, io)?;
        }
        if !plain.is_empty() {
            self.manifests(&plain, args, &settings, io)?;
        }
        Ok(())
    }

    /// Renders a chart, else the one that the project chooses, and looks at it.
    fn chart(&mut self, chart: Option<&str>, args: &LintArgs, io: &mut Io) -> Result<(), String> {
        let release = match Release::in_project(&self.project, &args.render_args(chart), io) {
            Ok(release) => release,
            Err(Refusal::Said(error)) => return Err(error),
            Err(Refusal::Drawn(refused)) => {
                self.refuse(refused, args);
                return Ok(());
            }
        };
        release.check_has_values()?;
        release.announce(io);
        let mut text = Vec::new();
        let traced = match release.traced(io, &mut text) {
            Ok(traced) => traced,
            Err(refused) => {
                self.refuse(refused, args);
                return Ok(());
            }
        };
        let policy = &self.project.config.policy;
        let profile = args.profile.or(release.expanded.profile).or(policy.profile);
        let settings = settings(profile, policy, release.parsed().text("kube-version"))?;
        let namespace = release.parsed().text("namespace").unwrap_or("default");
        let ids = add_rendered(&mut self.files, &text);
        self.look(&ids, namespace, &settings, |files, document, span| {
            let source = document.source.as_deref()?;
            let found = provenance(&traced, files, document, span);
            let place = found.and_then(|found| found.templates.into_iter().next());
            let (file, line, column) = match &place {
                Some(place) => (place.file.as_str(), place.start.line, place.start.column),
                None => (source, 1, 1),
            };
            let file = release.chart.template_file(file);
            Some(Location { role: Role::Template, file, line, column })
        });
        Ok(())
    }

    /// Programs read errors among the findings.
    fn refuse(&mut self, refused: Refused, args: &LintArgs) {
        self.failed = true;
        if args.output == Output::Json {
            self.findings.extend(refused.findings());
            self.looked = true;
        } else {
            self.problems.push(refused);
        }
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
        let namespace = args.release.namespace.as_deref().unwrap_or("default");
        self.look(&ids, namespace, settings, |_, document, _| {
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
        namespace: &str,
        settings: &Settings,
        origin: impl Fn(&Files, &Document, Span) -> Option<Location>,
    ) {
        let linted = lint_manifests(
            &self.files,
            ids,
            &LintOptions {
                settings,
                namespace,
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
        for refused in &self.problems {
            draw_refused(refused, style, io);
        }
        draw(&self.unreadable, &self.files, style, io);
    }
}

/// The date in UTC, as suppressions write it.
fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Day::from_days((since.as_secs() / 86_400) as i64).to_string()
}

/// The rules of a profile for a version of Kubernetes, as the project's policy changes them.
fn settings(
    profile: Option<Profile>,
    policy: &Policy,
    version: Option<&str>,
) -> Result<Settings, String> {
    let compat = gotmpl::Compat::Helm4;
    let version = match version {
        None | Some("") => KubeVersion::default_of(compat),
        Some(text) => KubeVersion::parse(text, compat)
            .map_err(|error| format!("`--kube-version {text}`: {error}"))?,
    };
    let version = (version.major as u32, version.minor as u32);
    let mut settings = Settings::new(profile.unwrap_or(Profile::Default), version);
    for (rule, severity) in &policy.rules {
        settings.set(rule, *severity);
    }
    Ok(settings)
}
