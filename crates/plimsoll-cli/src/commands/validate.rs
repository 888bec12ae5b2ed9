//! `plimsoll validate`

use std::io::IsTerminal;
use std::path::Path;
use std::time::{Duration, Instant};

use clap::Parser;
use plimsoll::helm::release::on_large_stack;
use plimsoll::kube::validate::{ValidateError, Validator};
use plimsoll::report::{Style, validation};
use plimsoll::source::{Diagnostic, FileId, Files, Location, Role};
use plimsoll::{ValidateOptions, Validated, add_crds, add_rendered, documents, validate_manifests};

use super::lint::said;
use super::{manifests, render};
use crate::args::{Color, Validate, ValidateArgs, ValidateOutput};
use crate::helm::{self, flags, pflag, template};
use crate::io::Io;

/// Runs `plimsoll validate ARGS…` and gives its exit status.
pub(crate) fn run(args: &[String], io: &mut Io) -> u8 {
    let line = std::iter::once("plimsoll validate").chain(args.iter().map(String::as_str));
    match Validate::try_parse_from(line) {
        Ok(validate) => run_parsed(&validate.args, io),
        Err(error) => said(&error, io),
    }
}

fn run_parsed(args: &ValidateArgs, io: &mut Io) -> u8 {
    let mut run = Run::default();
    if let Err(error) = on_large_stack(|| run.all(args, io)) {
        io.error(&format!("plimsoll validate: {error}\n"));
        return 2;
    }
    let started = Instant::now();
    let several = run.versions.len() > 1;
    let rows: Vec<validation::Row<'_>> =
        run.rows.iter().map(|(at, row)| run.row(*at, row, several)).collect();
    let mut out = Vec::new();
    let options = validation::Options {
        verbose: args.verbose,
        summary: args.summary,
        style: style(args.color, std::io::stdout().is_terminal(), io),
    };
    if validation::write(&mut out, &rows, format(args.output), options).is_ok() {
        io.print(&out);
    }
    let report = started.elapsed();
    if args.timings {
        let [parse, validate, report] =
            [run.parse, run.validate, report].map(|time| time.as_secs_f64() * 1e3);
        io.error(&format!(
            "parse {parse:.2} ms, validate {validate:.2} ms, report {report:.2} ms\n"
        ));
    }
    run.draw_problems(style(args.color, std::io::stderr().is_terminal(), io), io);
    if run.failed { 2 } else { u8::from(rows.iter().any(|row| !row.valid)) }
}

fn format(output: ValidateOutput) -> validation::Format {
    match output {
        ValidateOutput::Text => validation::Format::Text,
        ValidateOutput::Json => validation::Format::Json,
        ValidateOutput::Sarif => validation::Format::Sarif,
        ValidateOutput::Junit => validation::Format::Junit,
        ValidateOutput::Github => validation::Format::Github,
        ValidateOutput::Tap => validation::Format::Tap,
    }
}

/// What a run has found so far.
#[derive(Default)]
struct Run {
    /// As they were asked for: `1.37`.
    versions: Vec<String>,
    /// Each with the number of its version.
    rows: Vec<(usize, Validated)>,
    problems: Vec<(Diagnostic, Files)>,
    failed: bool,
    parse: Duration,
    validate: Duration,
}

impl Run {
    fn all(&mut self, args: &ValidateArgs, io: &mut Io) -> Result<(), String> {
        let here = [".".to_owned()];
        let inputs = if args.inputs.is_empty() {
            if !render::is_chart(".") {
                let how = "name a chart, a file or a folder, or `-` for standard input";
                return Err(format!("there is no Chart.yaml in the working directory; {how}"));
            }
            io.error("plimsoll validate: the chart is the working directory\n");
            &here[..]
        } else {
            args.inputs.as_slice()
        };
        let asked = args.release.kube_version.as_deref().unwrap_or_default();
        let asked: Vec<&str> = asked.split(',').filter(|text| !text.is_empty()).collect();
        let asked = if asked.is_empty() { vec![""] } else { asked };
        let mut plain = Files::new();
        let mut ids = Vec::new();
        for input in inputs.iter().filter(|input| !render::is_chart(input)) {
            self.read(input, &mut plain, &mut ids, args, io)?;
        }
        for text in asked {
            let mut validator = validator(text, args)?;
            for crd in &args.crd {
                let mut files = Files::new();
                let ids = manifests::read(crd, &mut files, &mut Vec::new())?;
                add_crds(&mut validator, &documents(&files, &ids));
            }
            self.versions.push(format!("1.{}", validator.minor));
            for chart in inputs.iter().filter(|input| render::is_chart(input)) {
                self.chart(chart, text, args, &mut validator, io)?;
            }
            if !ids.is_empty() {
                self.look(&plain, &ids, args, &mut validator, |source| Some(source.to_owned()));
            }
        }
        Ok(())
    }

    fn read(
        &mut self,
        input: &str,
        files: &mut Files,
        ids: &mut Vec<FileId>,
        args: &ValidateArgs,
        io: &mut Io,
    ) -> Result<(), String> {
        let patterns = manifests::Patterns::new(&args.ignore_filename_pattern)?;
        let mut notices = Vec::new();
        match manifests::read(input, files, &mut notices) {
            Ok(found) => ids.extend(
                found
                    .into_iter()
                    .filter(|&id| files.get(id).is_none_or(|file| !patterns.matches(&file.name))),
            ),
            Err(error) => {
                self.failed = true;
                notices.push(error);
            }
        }
        for notice in notices {
            io.error(&format!("plimsoll validate: {notice}\n"));
        }
        Ok(())
    }

    fn chart(
        &mut self,
        chart: &str,
        version: &str,
        args: &ValidateArgs,
        validator: &mut Validator,
        io: &mut Io,
    ) -> Result<(), String> {
        let version = (!version.is_empty()).then_some(version);
        let mut line = args.render_args(chart, version);
        line.insert(0, "--include-crds".to_owned());
        let (compat, line) = helm::compat(&line, io)?;
        let parsed = pflag::parse(&flags::RENDER, &line, compat)?;
        let mut text = Vec::new();
        if let Err(failed) =
            template::template(&parsed, compat, &template::name_and_chart, io, &mut text)
        {
            self.failed = true;
            self.problems.push(render::explain(&failed, compat, false, &mut text));
            return Ok(());
        }
        let mut files = Files::new();
        let ids = add_rendered(&mut files, &text);
        self.look(&files, &ids, args, validator, |source| Some(template_file(chart, source)));
        Ok(())
    }

    fn look(
        &mut self,
        files: &Files,
        ids: &[FileId],
        args: &ValidateArgs,
        validator: &mut Validator,
        template: impl Fn(&str) -> Option<String>,
    ) {
        let started = Instant::now();
        let documents = documents(files, ids);
        self.parse += started.elapsed();
        let started = Instant::now();
        add_crds(validator, &documents);
        let of_template = |source: &str| {
            let file = template(source)?;
            Some(Location { role: Role::Template, file, line: 1, column: 1 })
        };
        let options = ValidateOptions {
            skip: &args.skip,
            reject: &args.reject,
            ignore_missing_schemas: args.ignore_missing_schemas,
            origins: &|document, _| {
                document.source.as_deref().and_then(of_template).into_iter().collect()
            },
        };
        let mut rows = validate_manifests(files, ids, &documents, validator, &options);
        if args.exit_on_error
            && let Some(at) = rows.iter().position(|row| !row.valid)
        {
            rows.truncate(at + 1);
        }
        let version = self.versions.len() - 1;
        self.rows.extend(rows.into_iter().map(|row| (version, row)));
        self.validate += started.elapsed();
    }

    fn row<'a>(&'a self, at: usize, row: &'a Validated, several: bool) -> validation::Row<'a> {
        validation::Row {
            file: &row.file,
            line: row.line,
            object: row.object.as_ref(),
            skipped: row.skipped,
            valid: row.valid,
            findings: &row.findings,
            kube_version: if several { &self.versions[at] } else { "" },
        }
    }

    fn draw_problems(&self, style: Style, io: &mut Io) {
        let mut text = Vec::new();
        for (problem, files) in &self.problems {
            let one = std::slice::from_ref(problem);
            if plimsoll::report::diagnostics::write(&mut text, one, files, style).is_err() {
                text.extend(problem.message.bytes());
            }
        }
        io.error(&String::from_utf8_lossy(&text));
    }
}

/// A validator for `1.34`, `v1.34.2`, or the newest version.
fn validator(version: &str, args: &ValidateArgs) -> Result<Validator, String> {
    let mut validator = Validator::for_version(version).map_err(|error| match error {
        ValidateError::NoVersion => {
            format!("`--kube-version {version}` is no version such as 1.34")
        }
        ValidateError::OutOfRange { first, last } => {
            format!("`--kube-version {version}`: the schemas are those of 1.{first} to 1.{last}")
        }
    })?;
    validator.strict_schemas = args.strict_schemas;
    Ok(validator)
}

/// The file of a template as the user would open it: Helm writes the chart's name where its folder
/// is. Where there is no such file (an archive, an alias) Helm's name stands.
fn template_file(chart: &str, source: &str) -> String {
    let rest = source.split_once('/').map_or(source, |(_, rest)| rest);
    let folder = chart.trim_end_matches('/');
    let path = if folder == "." { rest.to_owned() } else { format!("{folder}/{rest}") };
    if Path::new(&path).is_file() { path } else { source.to_owned() }
}

fn style(color: Color, terminal: bool, io: &Io) -> Style {
    let plain = io.env("NO_COLOR").is_some_and(|value| !value.is_empty());
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && !plain,
    };
    let width = io.env("COLUMNS").and_then(|value| value.parse().ok());
    Style { color, width: width.unwrap_or(if terminal { 80 } else { 100 }) }
}
