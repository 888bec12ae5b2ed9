//! A template text that is in no file.

use plimsoll_gotmpl::{Host, Templates, Value};

use super::Kept;
use super::run::{RenderOptions, parse};
use super::scope::{with_dot_of, with_root_dot};
use crate::HelmError;
use crate::values::ChartInstance;

/// What the text is called in errors.
const NAME: &str = "eval";

/// Runs `source` as if it were a template of the root chart: it sees `.Values` and all the others,
/// and every template that the charts define. Errors have Go's words.
pub fn eval(
    source: &[u8],
    root: &ChartInstance,
    options: &RenderOptions,
    host: &mut dyn Host,
) -> Result<Vec<u8>, HelmError> {
    let (found, dot) = with_root_dot(root, NAME, options);
    let mut templates = parse(&Kept::new(options.compat), &found, options, &mut Err)?;
    templates.parse(NAME, source).map_err(|error| HelmError::new(error.to_string()))?;
    let text = templates.execute(NAME, dot, host);
    let text = text.map_err(|error| HelmError::new(error.to_string()))?;
    Ok(super::late::without_no_value(text).as_bytes().to_vec())
}

/// Every Go template of the tree, and `.` as the templates of the chart at a path see it.
pub(crate) fn chart_templates(
    kept: &Kept,
    root: &ChartInstance,
    path: &str,
    options: &RenderOptions,
) -> Result<(Templates, Value), HelmError> {
    let (found, dot) = with_dot_of(root, path, NAME, options);
    Ok((parse(kept, &found, options, &mut Err)?, dot))
}
