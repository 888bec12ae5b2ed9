//! Native templates: Jinja templates in a chart's `jinja/` folder, which Helm does not look at.
//!
//! A chart opts in with the annotation `plimsoll.dev/templates: jinja`. Every file of the folder that
//! ends in `.yaml.j2`, `.yml.j2`, `.yaml.jinja` or `.yml.jinja` is rendered, unless its name starts
//! with `_`: those are for `{% include %}`, `{% import %}` and `{% extends %}`. Templates see
//! `Values`, `Release`, `Chart`, `Capabilities`, `Files` and `Template`, and call the functions of
//! Go templates, which run in the engine of the chart's Go templates. Nothing here is made for a
//! chart that did not opt in. Start with [`render_native`].

mod budget;
mod convert;
mod error;
mod functions;
mod growth;
mod joined;
mod run;
mod serve;
#[cfg(test)]
mod tests;

use plimsoll_gotmpl::{Host, Text};

pub use error::NativeError;

use crate::chart::ChartFile;
use crate::render::{Kept, OnError, RenderOptions, RenderedFile};
use crate::values::ChartInstance;
use crate::{HelmCause, HelmError};

/// The annotation of `Chart.yaml` that opts in, and its value.
pub const ANNOTATION: (&str, &str) = ("plimsoll.dev/templates", "jinja");

const FOLDER: &str = "jinja/";
const EXTENSIONS: [&str; 4] = [".yaml.j2", ".yml.j2", ".yaml.jinja", ".yml.jinja"];

/// Renders the native templates of a chart tree, in the order of their paths
/// (`c/jinja/a.yaml.j2`), and logs once that Helm leaves them out. `failed` is asked of every
/// template that fails.
pub(crate) fn render_native(
    kept: &Kept,
    root: &ChartInstance,
    options: &RenderOptions,
    host: &mut dyn Host,
    failed: OnError<'_>,
) -> Result<Vec<RenderedFile>, HelmError> {
    let mut charts = Vec::new();
    let mut todo = vec![root];
    while let Some(instance) = todo.pop() {
        todo.extend(&instance.children);
        if opted_in(instance)? && !instance.is_library() {
            charts.push(instance);
        }
    }
    let mut files = Vec::new();
    let mut left = run::Left::of(options.limits);
    for instance in charts {
        let templates = templates(instance);
        if templates.iter().all(|file| is_partial(&file.name)) {
            continue;
        }
        host.log(notice(instance, &templates));
        files.extend(run::chart(
            kept, root, instance, &templates, options, &mut left, host, failed,
        )?);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn opted_in(instance: &ChartInstance) -> Result<bool, HelmError> {
    let mut annotations = instance.metadata.annotations.iter().flatten();
    match annotations.find(|(name, _)| name == ANNOTATION.0) {
        None => Ok(false),
        Some((_, value)) if value == ANNOTATION.1 => Ok(true),
        Some((name, value)) => Err(HelmError::new(format!(
            "the annotation `{name}` of the chart `{}` is `{}` or absent, not `{value}`",
            instance.name, ANNOTATION.1
        ))),
    }
}

fn templates(instance: &ChartInstance) -> Vec<&ChartFile> {
    let is_template = |file: &&ChartFile| {
        let inside = file.name.strip_prefix(FOLDER);
        inside.is_some_and(|name| EXTENSIONS.iter().any(|extension| name.ends_with(extension)))
    };
    let mut found: Vec<&ChartFile> = instance.chart.files.iter().filter(is_template).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found.dedup_by(|a, b| a.name == b.name);
    found
}

fn is_partial(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|base| base.starts_with('_'))
}

/// What users of Helm miss.
fn notice(instance: &ChartInstance, templates: &[&ChartFile]) -> String {
    let names: Vec<&str> =
        templates.iter().map(|file| &*file.name).filter(|name| !is_partial(name)).collect();
    let shown = names.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    let more =
        if names.len() > 3 { format!(" and {} more", names.len() - 3) } else { String::new() };
    format!(
        "plimsoll: Helm does not render the native templates of `{}`: {shown}{more}",
        instance.name
    )
}

fn failure(error: NativeError) -> HelmError {
    HelmError::with_cause(error.to_string(), HelmCause::Native(Box::new(error)))
}

fn rendered(path: String, text: String) -> RenderedFile {
    RenderedFile { path, text: Text::from(text) }
}
