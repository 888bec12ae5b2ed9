use std::sync::Arc;

use plimsoll_gotmpl::{Compat, Map, Value};

use super::coalesce::{Nulls, coalesce};
use super::dependencies::process_enabled;
use super::import::process_imports;
use super::instance::ChartInstance;
use super::tree::{ChartTree, NodeId, ROOT};
use super::{Context, Origins, values_type};
use crate::chart::Chart;
use crate::log::{Level, Log, slog};
use crate::{HelmCause, HelmError, SchemaProblem};

/// How values are worked out.
#[derive(Clone, Copy, Debug, Default)]
pub struct ValuesOptions {
    /// Which Helm is spoken.
    pub compat: Compat,
    /// Whether `values.schema.json` is passed over.
    pub skip_schema: bool,
    /// Checks values against a schema in place of [`crate::schema::validate`].
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
    /// The values with the defaults of all charts under them. helm: `CoalesceValues`.
    pub(crate) fn coalesce(&self, user: &Map, context: &mut Context<'_>) -> Result<Map, HelmError> {
        coalesce(self, ROOT, user, Nulls::Remove, context)
    }

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
        if !options.skip_schema {
            let validate = options.validate.unwrap_or(crate::schema::validate);
            let mut problems = Vec::new();
            self.check_schemas(ROOT, &values, validate, &mut Vec::new(), &mut problems)?;
            if !problems.is_empty() {
                return Err(schema_error(problems));
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
        path: &mut Vec<String>,
        problems: &mut Vec<SchemaProblem>,
    ) -> Result<(), HelmError> {
        let problem = |path: &[String], chart: &str, text| SchemaProblem {
            path: path.to_vec(),
            chart: chart.to_owned(),
            text,
        };
        if let Some(schema) = &self.nodes[node].chart.schema
            && let Err(text) = validate(&schema.bytes()?, values)
        {
            problems.push(problem(path, self.name(node), text));
        }
        for &child in self.children(node) {
            let name = self.name(child);
            path.push(name.to_owned());
            match values.get(name.as_bytes()) {
                None | Some(Value::Nil) => {}
                Some(Value::Map(_, below)) => {
                    self.check_schemas(child, &below, validate, path, problems)?;
                }
                Some(other) => {
                    let got = other.type_name();
                    let text =
                        format!("invalid type for values: expected object (map), got {got}\n");
                    problems.push(problem(path, name, text));
                }
            }
            path.pop();
        }
        Ok(())
    }
}

fn schema_error(problems: Vec<SchemaProblem>) -> HelmError {
    let texts = problems.iter().map(|one| format!("{}:\n{}", one.chart, one.text));
    let message = format!("{SCHEMA_PREFIX}\n{}", texts.collect::<String>());
    HelmError::with_cause(message, HelmCause::Schema(problems))
}

const SCHEMA_PREFIX: &str =
    "values don't meet the specifications of the schema(s) in the following chart(s):";

#[cfg(test)]
mod tests {
    use plimsoll_funcs::json::{Style, encode};

    use super::*;
    use crate::chart::{ChartFile, LoadOptions, from_files};
    use crate::values::strvals::decode_prefix;

    /// Charts by their folder: `Chart.yaml` and `values.yaml` as one line each.
    type Charts<'a> = &'a [(&'a str, &'a str, &'a str)];

    fn run(charts: Charts<'_>, user: &str, compat: Compat) -> (Result<String, String>, String) {
        let mut files = Vec::new();
        for (folder, chart, values) in charts {
            let chart = format!("{{apiVersion: v2, version: 0.1.0, {chart}}}");
            files.push(ChartFile::new(format!("{folder}Chart.yaml"), chart.into_bytes()));
            files.push(ChartFile::new(format!("{folder}values.yaml"), values.as_bytes()));
        }
        let mut lines = Vec::new();
        let log: Log<'_> = &mut |line| lines.push(line);
        let chart = from_files(files, &LoadOptions { compat }, &mut *log).unwrap();
        let user = decode_prefix(user.as_bytes()).unwrap().0;
        let options = ValuesOptions { compat, ..ValuesOptions::default() };
        let user = user.as_map().unwrap();
        let seen = prepare(&chart, user, &options, &mut Origins::off(), log);
        (seen.map(|root| show(&root)).map_err(|error| error.message), lines.join("; "))
    }

    /// The values of every chart, a line each.
    fn show(instance: &ChartInstance) -> String {
        let values = encode(&Value::map(instance.values.clone()), Style::Raw).unwrap();
        let mut shown = format!("{} {}", instance.full_path, values.to_str_lossy());
        for child in &instance.children {
            shown.push('\n');
            shown.push_str(&show(child));
        }
        shown
    }

    fn check(charts: Charts<'_>, user: &str, expected: &str) {
        assert_eq!(run(charts, user, Compat::Helm4).0.as_deref(), Ok(expected), "{user}");
    }

    #[test]
    fn the_user_s_null_removes_a_default_and_stays_where_there_is_none() {
        let charts = [("", "name: c", "{a: 1, m: {x: 1, z: 2}}")];
        check(&charts, r#"{"a":null,"m":{"x":null}}"#, r#"c {"m":{"z":2}}"#);
        check(&charts, r#"{"z":null}"#, r#"c {"a":1,"m":{"x":1,"z":2},"z":null}"#);
        check(&charts, r#"{"m":null}"#, r#"c {"a":1}"#);
    }

    #[test]
    fn a_default_s_null_is_dropped_by_helm_4_and_kept_by_helm_3() {
        let charts = [("", "name: c", "{a: null, m: {x: null, l: [null]}}")];
        check(&charts, "{}", r#"c {"m":{"l":[null]}}"#);
        let (seen, _) = run(&charts, "{}", Compat::Helm3);
        assert_eq!(seen.unwrap(), r#"c {"a":null,"m":{"l":[null],"x":null}}"#);
    }

    #[test]
    fn globals_go_down_and_a_subchart_s_own_come_up_below_the_first_level() {
        let charts = [
            ("", "name: c", "{global: {a: {b: {x: 1}}}}"),
            ("charts/s/", "name: s", "{global: {a: {b: {z: 2}}, own: 3}}"),
        ];
        let below = r#"{"a":{"b":{"x":1,"z":2}},"own":3}"#;
        let parent = r#"{"a":{"b":{"x":1,"z":2}}}"#;
        let expected = format!(
            "c {{\"global\":{parent},\"s\":{{\"global\":{below}}}}}\n\
             c/charts/s {{\"global\":{below}}}"
        );
        check(&charts, "{}", &expected);
    }

    #[test]
    fn tags_and_conditions_switch_charts_and_aliases_rename_them() {
        let deps = "name: c, dependencies: [\
            {name: s, version: 0.1.0, alias: one, condition: 'x.no,one.on', tags: [t]}, \
            {name: s, version: 0.1.0, alias: two, tags: [t]}]";
        let charts = [("", deps, "{tags: {t: false}}"), ("charts/s/", "name: s", "{a: 1}")];
        check(&charts, "{}", r#"c {"tags":{"t":false}}"#);
        let (seen, _) = run(&charts, r#"{"one":{"on":true}}"#, Compat::Helm4);
        assert!(seen.unwrap().ends_with("c/charts/one {\"a\":1,\"global\":{},\"on\":true}"));
        let (seen, _) = run(&charts, r#"{"tags":{"t":true}}"#, Compat::Helm4);
        assert_eq!(seen.unwrap().lines().count(), 3);
    }

    #[test]
    fn a_condition_that_is_no_boolean_is_warned_of() {
        let deps = "name: c, dependencies: [{name: s, version: 0.1.0, condition: a.b}]";
        let charts = [("", deps, "{a: {b: 5}}"), ("charts/s/", "name: s", "{}")];
        let (_, log) = run(&charts, "{}", Compat::Helm4);
        assert_eq!(log, "level=WARN msg=\"returned non-bool value\" path=a.b chart=s");
        let (_, log) = run(&charts, "{}", Compat::Helm3);
        let place = "dependencies.go:64: Warning: ";
        assert_eq!(log, format!("{place}Condition path 'a.b' for chart s returned non-bool value"));
    }

    #[test]
    fn imports_lie_below_the_parent_s_own_values() {
        let deps = "name: c, dependencies: [{name: s, version: 0.1.0, \
            import-values: [d, {child: m, parent: p.q}, nope]}]";
        let charts = [
            ("", deps, "{k: own}"),
            ("charts/s/", "name: s", "{exports: {d: {k: s, j: 1}}, m: {z: 1}}"),
        ];
        let (seen, log) = run(&charts, "{}", Compat::Helm4);
        let seen = seen.unwrap();
        assert!(seen.starts_with(r#"c {"j":1,"k":"own","p":{"q":{"z":1}},"s":{"#), "{seen}");
        let missing = "level=WARN msg=\"ImportValues missing table\"";
        assert_eq!(log, format!(r#"{missing} error="\"nope\" is not a table""#));
    }

    #[test]
    fn an_import_that_merges_into_another_shows_in_its_source_unless_that_is_empty() {
        let deps = "name: c, dependencies: [\
            {name: s, version: 0.1.0, import-values: [{child: m, parent: p}]}, \
            {name: t, version: 0.1.0, import-values: [{child: m, parent: p}]}]";
        let with = |values: &str| {
            let sub = ("charts/s/", "name: s", values);
            let charts = [("", deps, "{}"), sub, ("charts/t/", "name: t", "{m: {b: 2}}")];
            run(&charts, "{}", Compat::Helm4).0.unwrap().lines().nth(1).map(str::to_owned)
        };
        let shared = r#"c/charts/s {"global":{},"m":{"a":1,"b":2}}"#;
        assert_eq!(with("{m: {a: 1}}").as_deref(), Some(shared));
        assert_eq!(with("{m: {}}").as_deref(), Some(r#"c/charts/s {"global":{},"m":{}}"#));
    }

    #[test]
    fn a_subchart_s_values_must_be_a_table() {
        let charts = [("", "name: c", "{}"), ("charts/s/", "name: s", "{}")];
        let (seen, _) = run(&charts, r#"{"s":5}"#, Compat::Helm4);
        assert_eq!(seen, Err("type mismatch on s: %!t(float64=5)".to_owned()));
        let deps = "name: c, dependencies: [{name: s, version: 0.1.0}]";
        let charts = [("", deps, "{}"), ("charts/s/", "name: s", "{}")];
        let (seen, log) = run(&charts, r#"{"s":null}"#, Compat::Helm4);
        let failed = "chart dependencies processing failed";
        assert_eq!(seen, Err(format!("{failed}: type mismatch on s: %!t(<nil>)")));
        let error = r#"error="type mismatch on s: %!t(<nil>)""#;
        assert_eq!(log, format!("level=ERROR msg=\"{failed}\" {error}"));
    }

    #[test]
    fn an_alias_gives_no_other_path_to_what_lies_undeclared_below_it() {
        let deps = "name: c, dependencies: [{name: s, version: 0.1.0, alias: al}]";
        let charts = [
            ("", deps, "{}"),
            ("charts/s/", "name: s", "{}"),
            ("charts/s/charts/t/", "name: t", "{}"),
            ("charts/s/charts/t/charts/u/", "name: u", "{}"),
        ];
        let (seen, _) = run(&charts, "{}", Compat::Helm4);
        let seen = seen.unwrap();
        let paths: Vec<_> = seen.lines().filter_map(|line| line.split(' ').next()).collect();
        let deepest = "c/charts/s/charts/t/charts/u";
        assert_eq!(paths, ["c", "c/charts/al", "c/charts/al/charts/t", deepest]);
    }
}
