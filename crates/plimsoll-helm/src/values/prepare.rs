use std::sync::Arc;

use plimsoll_gotmpl::{Compat, Map, Value};

use super::coalesce::{Nulls, coalesce};
use super::dependencies::process_enabled;
use super::import::process_imports;
use super::instance::ChartInstance;
use super::tree::{ChartTree, NodeId, ROOT};
use super::{Context, Origins, values_type};
use crate::HelmError;
use crate::chart::Chart;
use crate::log::{Level, Log, slog};

/// How values are worked out.
#[derive(Clone, Copy, Debug, Default)]
pub struct ValuesOptions {
    /// Which Helm is spoken.
    pub compat: Compat,
    /// Whether `values.schema.json` is passed over.
    pub skip_schema: bool,
    /// Checks values against a schema; the error is Helm's text for one chart.
    pub validate: Option<ValidateSchema>,
}

/// Checks the values of a chart against the bytes of its schema.
pub type ValidateSchema = fn(&[u8], &Map) -> Result<(), String>;

/// Everything between a loaded chart and its templates, with the texts of `helm template`.
pub fn prepare(
    chart: &Arc<Chart>,
    user: &Map,
    options: &ValuesOptions,
    origins: &mut Origins,
    log: Log<'_>,
) -> Result<ChartInstance, HelmError> {
    let tree = process_dependencies(chart, user, options.compat, origins, &mut *log);
    let tree = tree.map_err(|error| match options.compat {
        Compat::Helm3 => error,
        Compat::Helm4 => {
            let failed = "chart dependencies processing failed";
            log(slog(Level::Error, failed, &[("error", &error.message)]));
            error.wrap(failed)
        }
    })?;
    tree.render_values(user, options, origins, log)
}

/// Decides which subcharts take part and takes over what their parents import of them.
/// helm: `ProcessDependencies`.
pub fn process_dependencies(
    chart: &Arc<Chart>,
    user: &Map,
    compat: Compat,
    origins: &mut Origins,
    log: Log<'_>,
) -> Result<ChartTree, HelmError> {
    let mut tree = ChartTree::new(chart, origins);
    let mut context = Context { compat, origins, log };
    process_enabled(&mut tree, ROOT, user, "", &mut context)?;
    process_imports(&mut tree, ROOT, &mut context)?;
    Ok(tree)
}

/// The values of a chart as it was loaded, with those of its subcharts. helm: `CoalesceValues`.
pub fn coalesce_chart(
    chart: &Arc<Chart>,
    user: &Map,
    compat: Compat,
    origins: &mut Origins,
    log: Log<'_>,
) -> Result<Map, HelmError> {
    let tree = ChartTree::new(chart, origins);
    let mut context = Context { compat, origins, log };
    coalesce(&tree, ROOT, user, Nulls::Remove, &mut context)
}

impl ChartTree {
    /// Lays the defaults under the user's values, checks them against the schemas and gives each
    /// chart its part. helm: `ToRenderValues`.
    pub fn render_values(
        &self,
        user: &Map,
        options: &ValuesOptions,
        origins: &mut Origins,
        log: Log<'_>,
    ) -> Result<ChartInstance, HelmError> {
        let compat = options.compat;
        let mut context = Context { compat, origins, log };
        let values = coalesce(self, ROOT, user, Nulls::Remove, &mut context)?;
        if let (false, Some(validate)) = (options.skip_schema, options.validate) {
            let mut problems = String::new();
            self.check_schemas(ROOT, &values, validate, &mut problems)?;
            if !problems.is_empty() {
                return Err(format!("{SCHEMA_PREFIX}\n{problems}").into());
            }
        }
        Ok(ChartInstance::new(self, ROOT, values.retyped(values_type(compat)), compat))
    }

    /// helm: `ValidateAgainstSchema`: the chart itself, then its subcharts with their parts.
    fn check_schemas(
        &self,
        node: NodeId,
        values: &Map,
        validate: ValidateSchema,
        problems: &mut String,
    ) -> Result<(), HelmError> {
        let name = self.name(node);
        if let Some(schema) = &self.nodes[node].chart.schema
            && let Err(problem) = validate(&schema.bytes()?, values)
        {
            problems.push_str(&format!("{name}:\n{problem}"));
        }
        for &child in self.children(node) {
            let name = self.name(child);
            match values.get(name.as_bytes()) {
                None | Some(Value::Nil) => {}
                Some(Value::Map(_, below)) => {
                    self.check_schemas(child, &below, validate, problems)?;
                }
                Some(other) => problems.push_str(&format!(
                    "{name}:\ninvalid type for values: expected object (map), got {}\n",
                    other.type_name()
                )),
            }
        }
        Ok(())
    }
}

const SCHEMA_PREFIX: &str =
    "values don't meet the specifications of the schema(s) in the following chart(s):";
