//! Runs the templates of a chart tree.

use std::rc::Rc;

use plimsoll_gotmpl::{
    Compat, ExecError, FileParser, FunctionTable, Host, Limits, ParseError, Templates, Text, Trace,
    Value,
};

use super::scope::{Renderable, is_partial, renderables};
use super::{Capabilities, Kept, failure, late};
use crate::chart::ChartFile;
use crate::cores::on_all_cores;
use crate::values::ChartInstance;
use crate::{HelmCause, HelmError};

/// What a run is told beside the chart and its values.
#[derive(Clone, Debug)]
pub struct RenderOptions {
    /// Which Helm is spoken.
    pub compat: Compat,
    /// `.Release`
    pub release: Release,
    /// `.Capabilities`
    pub capabilities: Capabilities,
    /// How much the templates may do.
    pub limits: Limits,
}

/// `.Release`, whose `Service` is always `Helm`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are Helm's own")]
pub struct Release {
    pub name: String,
    pub namespace: String,
    pub revision: i64,
    pub is_install: bool,
    pub is_upgrade: bool,
}

/// What a template gave.
#[derive(Clone, Debug)]
pub struct RenderedFile {
    /// `c/charts/s/templates/a.yaml`
    pub path: String,
    /// The text, `<no value>` deleted.
    pub text: Text,
}

/// Runs every template but the partials, in Helm's order; the result is sorted by path. With a
/// trace the texts are marked.
pub fn render(
    root: &ChartInstance,
    options: &RenderOptions,
    host: &mut dyn Host,
    trace: Option<&mut Trace>,
) -> Result<Vec<RenderedFile>, HelmError> {
    render_each(&Kept::new(options.compat), root, options, host, trace, &mut Err)
}

/// What becomes of a file's error: the run ends with it, or goes on without the file.
pub(crate) type OnError<'a> = &'a mut dyn FnMut(HelmError) -> Result<(), HelmError>;

/// The same; `failed` is asked of every file that fails.
pub(crate) fn render_each(
    kept: &Kept,
    root: &ChartInstance,
    options: &RenderOptions,
    host: &mut dyn Host,
    mut trace: Option<&mut Trace>,
    failed: OnError<'_>,
) -> Result<Vec<RenderedFile>, HelmError> {
    let found = renderables(root, &options.release, &options.capabilities, options.compat);
    let templates = parse(kept, &found, options, failed)?;
    let mut files = Vec::with_capacity(found.len());
    let mut stops = Stops::default();
    let run = found.iter().filter(|one| !is_partial(&one.name) && templates.contains(&one.name));
    for one in run {
        let dot = one.dot(options.compat);
        match execute(&templates, &one.name, dot, host, trace.as_deref_mut()) {
            Ok(text) => {
                let text = late::without_no_value(text);
                files.push(RenderedFile { path: one.name.clone(), text });
            }
            Err(error) => {
                let is_enough = stops.add(&error);
                let message = failure::exec_failure(&error, options.compat);
                failed(HelmError::with_cause(message, HelmCause::Exec(error)))?;
                if is_enough {
                    break;
                }
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Where files stopped. A check that every file makes first fails in each of them, and may take its
/// time: after a few files there is nothing to learn from the others.
#[derive(Default)]
struct Stops {
    last: Option<(String, u32, u32)>,
    count: u32,
}

impl Stops {
    /// How many files may stop at one place before the run ends.
    const MOST: u32 = 4;

    /// Whether that was the last file.
    fn add(&mut self, error: &ExecError) -> bool {
        let place = error.frames().last().map(|at| (at.file.clone(), at.line, at.column));
        self.count = if place == self.last { self.count + 1 } else { 1 };
        self.last = place;
        self.count >= Stops::MOST
    }
}

pub(super) fn parse(
    kept: &Kept,
    found: &[Renderable<'_>],
    options: &RenderOptions,
    failed: OnError<'_>,
) -> Result<Templates, HelmError> {
    let mut templates = Templates::over(&kept.templates).with_limits(options.limits);
    let mut failed = |name: &str, error: ParseError| {
        let message = failure::parse_failure(name, &error.to_string());
        failed(HelmError::with_cause(message, HelmCause::Parse(Box::new(error))))
    };
    if !kept.templates.is_empty() {
        for one in found {
            let parsed = templates.parse(&one.name, one.file.bytes()?);
            parsed.or_else(|error| failed(&one.name, error))?;
        }
        return Ok(templates);
    }
    let files: Vec<(&str, &ChartFile)> =
        found.iter().map(|one| (one.name.as_str(), one.file)).collect();
    let functions = kept.templates.functions();
    let parsed = on_all_cores(
        &files,
        FILES_WORTH_A_THREAD,
        || FileParser::new(functions),
        |parser, (name, file)| file.bytes().map(|source| parser.parse(name, source)),
    );
    for ((name, _), parsed) in files.into_iter().zip(parsed) {
        match parsed? {
            Ok(file) => templates.add(file),
            Err(error) => failed(name, error)?,
        }
    }
    Ok(templates)
}

/// A thread costs as much as a few files do.
const FILES_WORTH_A_THREAD: usize = 60;

/// Every function that Helm's templates can call.
pub fn functions(compat: Compat) -> Rc<FunctionTable> {
    let mut families = plimsoll_funcs::functions(compat);
    families.push(late::FUNCTIONS);
    Rc::new(FunctionTable::new(&families))
}

fn execute(
    templates: &Templates,
    name: &str,
    dot: Value,
    host: &mut dyn Host,
    trace: Option<&mut Trace>,
) -> Result<Text, Box<ExecError>> {
    match trace {
        None => templates.execute(name, dot, host),
        Some(trace) => templates.execute_traced(name, dot, host, trace),
    }
    .map_err(Box::new)
}
