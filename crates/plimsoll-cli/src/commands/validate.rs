//! `plimsoll validate`

use std::time::Duration;

use plimsoll::environment::FILE_NAME;
use plimsoll::helm::release::on_large_stack;
use plimsoll::helm::values::Layer;
use plimsoll::kube::Document;
use plimsoll::kube::validate::{ValidateError, Validator};
use plimsoll::report::validation;
use plimsoll::source::{FileId, Files, Location, Role, Span};
use plimsoll::{
    JsonSchemas, Provenance, ValidateOptions, Validated, add_crds, add_own_crds, add_rendered,
    documents, validate_manifests,
};

use super::definitions::{self, is_url};
use super::draw::{draw_refused, style_of_errors, style_of_output};
use super::manifests;
use super::places::provenance;
use super::project::{Project, is_chart};
use super::refusal::{Refusal, Refused};
use super::release::Release;
use super::said::said;
use super::spent::Spent;
use crate::args::{self, Validate, ValidateArgs, ValidateOutput};
use crate::fetch::Documents;
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
    let started = Spent::start();
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
    let report = started.get();
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

/// How many values are named at most.
const MOST_VALUES: usize = 3;

/// What a run has found so far.
#[derive(Default)]
struct Run {
    /// Each with the version it was judged for: `1.37`.
    rows: Vec<(String, Validated)>,
    problems: Vec<Refused>,
    /// Files and folders of definitions that the project names.
    schemas: Vec<String>,
    failed: bool,
    /// Nothing but one set of documents is looked at.
    is_alone: bool,
    parse: Duration,
    validate: Duration,
}

impl Run {
    fn all(&mut self, args: &ValidateArgs, io: &mut Io) -> Result<(), String> {
        let project = match Project::find() {
            Ok(project) => project,
            Err(refused) => {
                self.refuse(refused, "", args);
                return Ok(());
            }
        };
        self.schemas = project.schemas();
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
        self.is_alone = charts.len() + usize::from(!ids.is_empty()) == 1;
        for version in asked {
            let mut validator = validator(version, args, &self.schemas)?;
            for chart in &charts {
                self.chart((*chart, &project), version, args, &mut validator, io)?;
            }
            if !ids.is_empty() {
                let file = |name: &str| name.to_owned();
                let origins = |document: &Document, _: Span| {
                    locations(&Provenance::default(), document, &file)
                };
                self.look(&plain, &ids, args, (&mut validator, version), false, &origins);
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
        (chart, project): (Option<&str>, &Project),
        version: &str,
        args: &ValidateArgs,
        validator: &mut Validator,
        io: &mut Io,
    ) -> Result<(), String> {
        let asked = (!version.is_empty()).then_some(version);
        let mut line = args.render_args(chart, asked);
        line.insert(0, "--include-crds".to_owned());
        let release = match Release::in_project(project, &line, io) {
            Ok(release) => release,
            Err(Refusal::Said(error)) => return Err(error),
            Err(Refusal::Drawn(refused)) => {
                self.refuse(refused, version, args);
                return Ok(());
            }
        };
        release.check_has_values()?;
        let mut text = Vec::new();
        let traced = match release.traced(io, &mut text) {
            Ok(traced) => traced,
            Err(refused) => {
                self.refuse(refused, version, args);
                return Ok(());
            }
        };
        let mut files = Files::new();
        let ids = add_rendered(&mut files, &text);
        let mut own;
        let declared = release.parsed().text("kube-version").unwrap_or(version);
        let validator = if declared == version {
            validator
        } else {
            own = self::validator(declared, args, &self.schemas)?;
            &mut own
        };
        let file = |name: &str| release.chart.template_file(name);
        let origins = |document: &Document, span: Span| {
            let found = provenance(&traced, &files, document, span).unwrap_or_default();
            locations(&found, document, &file)
        };
        self.look(&files, &ids, args, (validator, declared), true, &origins);
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
        args: &ValidateArgs,
        (validator, version): (&mut Validator, &str),
        together: bool,
        origins: &dyn Fn(&Document, Span) -> Vec<Location>,
    ) {
        let started = Spent::start();
        let documents = documents(files, ids);
        self.parse += started.get();
        let started = Spent::start();
        if self.is_alone {
            add_own_crds(validator, &documents);
        } else {
            add_crds(validator, &documents);
        }
        let fetch = |place: &str| read_schema(place, args.insecure_skip_tls_verify);
        let schemas = JsonSchemas::new(&args.schema_location, version, &fetch);
        let options = ValidateOptions {
            skip: &args.skip,
            reject: &args.reject,
            ignore_missing_schemas: args.ignore_missing_schemas,
            schemas: Some(&schemas),
            together,
            origins,
        };
        let mut rows = validate_manifests(files, ids, &documents, validator, &options);
        if args.exit_on_error
            && let Some(at) = rows.iter().position(|row| !row.valid)
        {
            rows.truncate(at + 1);
        }
        let version = format!("1.{}", validator.minor);
        self.rows.extend(rows.into_iter().map(|row| (version.clone(), row)));
        self.validate += started.get();
    }
}

/// A validator for `1.34`, `v1.34.2`, or the newest version, which knows what `--crd` and the
/// project's `schemas` define.
fn validator(version: &str, args: &ValidateArgs, schemas: &[String]) -> Result<Validator, String> {
    let mut validator = Validator::for_version(version).map_err(|error| match error {
        ValidateError::NoVersion => {
            format!("`--kube-version {version}` is no version such as 1.34")
        }
        ValidateError::OutOfRange { first, last } => {
            format!("`--kube-version {version}`: the schemas are those of 1.{first} to 1.{last}")
        }
    })?;
    validator.strict_schemas = args.strict_schemas;
    definitions::add(&mut validator, &args.crd, args.insecure_skip_tls_verify)?;
    definitions::add(&mut validator, schemas, args.insecure_skip_tls_verify)
        .map_err(|error| format!("`schemas` of {FILE_NAME}: {error}"))?;
    Ok(validator)
}

/// A schema's file or URL; `None` where there is none.
fn read_schema(place: &str, insecure: bool) -> Result<Option<Vec<u8>>, String> {
    if is_url(place) {
        return Documents::new(insecure).read(place);
    }
    match std::fs::read(place) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// The template that wrote a place, and the values that it was made of.
fn locations(
    found: &Provenance,
    document: &Document,
    file: &dyn Fn(&str) -> String,
) -> Vec<Location> {
    let template = found.templates.first();
    let (name, line, column) = match (template, &document.source) {
        (Some(place), _) => (place.file.as_str(), place.start.line, place.start.column),
        (None, Some(source)) => (source.as_str(), 1, 1),
        (None, None) => return Vec::new(),
    };
    let mut all = vec![Location { role: Role::Template, file: file(name), line, column }];
    let files = found.values.iter().filter(|place| place.layer != Layer::Flag);
    all.extend(files.take(MOST_VALUES).map(|place| Location {
        role: Role::Values,
        // Only those of charts are called as Helm calls them.
        file: if place.layer == Layer::Defaults { file(&place.file) } else { place.file.clone() },
        line: place.start.line,
        column: place.start.column,
    }));
    all
}
