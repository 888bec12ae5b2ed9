//! `plimsoll validate`

use std::time::{Duration, Instant};

use plimsoll::helm::release::on_large_stack;
use plimsoll::kube::validate::{ValidateError, Validator};
use plimsoll::report::validation;
use plimsoll::source::{FileId, Files, Location, Role};
use plimsoll::{ValidateOptions, Validated, add_crds, add_rendered, documents, validate_manifests};

use super::draw::{draw_refused, style_of_errors, style_of_output};
use super::manifests;
use super::project::is_chart;
use super::refusal::{Refusal, Refused};
use super::release::Release;
use super::said::said;
use crate::args::{self, Validate, ValidateArgs, ValidateOutput};
use crate::io::Io;

/// Runs `plimsoll validate ARGS…` and gives its exit status.
pub(crate) fn run(args: &[String], io: &mut Io) -> u8 {
    match args::parse::<Validate>("plimsoll validate", args) {
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
    let several = run.rows.iter().any(|(version, _)| *version != run.rows[0].0);
    let rows: Vec<validation::Row<'_>> = run
        .rows
        .iter()
        .map(|(version, row)| row.row(if several { version.as_str() } else { "" }))
        .collect();
    let mut out = Vec::new();
    let options = validation::Options {
        verbose: args.verbose,
        summary: args.summary,
        style: style_of_output(args.color, io),
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
    let style = style_of_errors(args.color, io);
    run.problems.iter().for_each(|refused| draw_refused(refused, style, io));
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
    /// Each with the version it was judged for: `1.37`.
    rows: Vec<(String, Validated)>,
    problems: Vec<Refused>,
    failed: bool,
    parse: Duration,
    validate: Duration,
}

impl Run {
    fn all(&mut self, args: &ValidateArgs, io: &mut Io) -> Result<(), String> {
        let (charts, manifests): (Vec<&str>, Vec<&str>) =
            args.inputs.iter().map(String::as_str).partition(|input| is_chart(input));
        // Without any it is the chart that the project chooses.
        let mut charts: Vec<Option<&str>> = charts.into_iter().map(Some).collect();
        charts.extend(args.inputs.is_empty().then_some(None));
        let asked = args.release.kube_version.as_deref().unwrap_or_default();
        let asked: Vec<&str> = asked.split(',').filter(|text| !text.is_empty()).collect();
        let asked = if asked.is_empty() { vec![""] } else { asked };
        let mut plain = Files::new();
        let mut ids = Vec::new();
        for input in manifests {
            self.read(input, &mut plain, &mut ids, args, io)?;
        }
        for version in asked {
            let mut validator = validator(version, args)?;
            for chart in &charts {
                self.chart(*chart, version, args, &mut validator, io)?;
            }
            if !ids.is_empty() {
                self.look(&plain, &ids, false, args, &mut validator, |source| {
                    Some(source.to_owned())
                });
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
        chart: Option<&str>,
        version: &str,
        args: &ValidateArgs,
        validator: &mut Validator,
        io: &mut Io,
    ) -> Result<(), String> {
        let asked = (!version.is_empty()).then_some(version);
        let mut line = args.render_args(chart, asked);
        line.insert(0, "--include-crds".to_owned());
        let release = match Release::of(&line, io) {
            Ok(release) => release,
            Err(Refusal::Said(error)) => return Err(error),
            Err(Refusal::Drawn(refused)) => {
                self.refuse(refused, version, args);
                return Ok(());
            }
        };
        release.check_has_values()?;
        let mut text = Vec::new();
        if let Err(refused) = release.render(io, &mut text) {
            self.refuse(refused, version, args);
            return Ok(());
        }
        let mut files = Files::new();
        let ids = add_rendered(&mut files, &text);
        let mut own;
        let validator = match release.parsed().text("kube-version") {
            Some(declared) if declared != version => {
                own = self::validator(declared, args)?;
                &mut own
            }
            _ => validator,
        };
        self.look(&files, &ids, true, args, validator, |source| {
            Some(release.chart.template_file(source))
        });
        Ok(())
    }

    /// Programs read errors as rows of what holds no object.
    fn refuse(&mut self, refused: Refused, version: &str, args: &ValidateArgs) {
        self.failed = true;
        if args.output == ValidateOutput::Text {
            self.problems.push(refused);
            return;
        }
        for finding in refused.findings() {
            let at = finding.locations.first();
            let row = Validated {
                file: at.map_or_else(String::new, |at| at.file.clone()),
                line: at.map_or(1, |at| at.line),
                findings: vec![finding],
                ..Validated::default()
            };
            self.rows.push((version.to_owned(), row));
        }
    }

    fn look(
        &mut self,
        files: &Files,
        ids: &[FileId],
        together: bool,
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
            together,
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
        let version = format!("1.{}", validator.minor);
        self.rows.extend(rows.into_iter().map(|row| (version.clone(), row)));
        self.validate += started.elapsed();
    }
}

/// A validator for `1.34`, `v1.34.2`, or the newest version, which knows what `--crd` defines.
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
    for crd in &args.crd {
        let mut files = Files::new();
        let ids = manifests::read(crd, &mut files, &mut Vec::new())?;
        add_crds(&mut validator, &documents(&files, &ids));
    }
    Ok(validator)
}
