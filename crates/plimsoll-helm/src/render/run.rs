//! Runs the templates of a chart tree.

use std::rc::Rc;

use plimsoll_gotmpl::{Compat, FunctionTable, Host, Limits, Templates, Text, Trace, Value};

use super::scope::{Renderable, is_partial, renderables};
use super::{Capabilities, failure, late};
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
    render_each(root, options, host, trace, &mut Err)
}

/// What becomes of a file's error: the run ends with it, or goes on without the file.
pub(crate) type OnError<'a> = &'a mut dyn FnMut(HelmError) -> Result<(), HelmError>;

/// The same; `failed` is asked of every file that fails.
pub(crate) fn render_each(
    root: &ChartInstance,
    options: &RenderOptions,
    host: &mut dyn Host,
    mut trace: Option<&mut Trace>,
    failed: OnError<'_>,
) -> Result<Vec<RenderedFile>, HelmError> {
    let found = renderables(root, &options.release, &options.capabilities, options.compat);
    let templates = parse(&found, options, failed)?;
    let mut files = Vec::with_capacity(found.len());
    let run = found.iter().filter(|one| !is_partial(&one.name) && templates.contains(&one.name));
    for one in run {
        let dot = one.dot(options.compat);
        match execute(&templates, &one.name, dot, host, trace.as_deref_mut()) {
            Ok(text) => {
                let text = late::without_no_value(text);
                files.push(RenderedFile { path: one.name.clone(), text });
            }
            Err(error) => {
                let message = failure::exec_failure(&error, options.compat);
                failed(HelmError::with_cause(message, HelmCause::Exec(error)))?;
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

pub(super) fn parse(
    found: &[Renderable<'_>],
    options: &RenderOptions,
    failed: OnError<'_>,
) -> Result<Templates, HelmError> {
    let mut templates = Templates::new(functions(options.compat)).with_limits(options.limits);
    for one in found {
        let source = one.file.bytes()?;
        if let Err(error) = templates.parse(&one.name, source) {
            let message = failure::parse_failure(&one.name, &error.to_string());
            failed(HelmError::with_cause(message, HelmCause::Parse(Box::new(error))))?;
        }
    }
    Ok(templates)
}

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
) -> Result<Text, Box<plimsoll_gotmpl::ExecError>> {
    match trace {
        None => templates.execute(name, dot, host),
        Some(trace) => templates.execute_traced(name, dot, host, trace),
    }
    .map_err(Box::new)
}
