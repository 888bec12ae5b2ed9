use plimsoll_gotmpl::{Compat, Value};

use super::Context;
use crate::log::{Level, go_log, slog};
use crate::text::{print, quote};

/// What Helm warns of on the way to the values.
pub(super) enum Warning<'a> {
    GlobalDestination,
    GlobalSource,
    GlobalConflict { key: &'a str },
    GlobalIsTable { key: &'a str },
    SkippedValue { path: &'a str },
    TableOverScalar { path: &'a str, value: &'a Value },
    ScalarOverTable { path: &'a str, value: &'a Value },
    ConditionNotBool { path: &'a str, chart: &'a str },
    TagNotBool { tag: &'a str, chart: &'a str },
    ImportMissingFrom { chart: &'a str, error: &'a str },
    ImportMissing { error: &'a str },
}

impl Context<'_> {
    pub(super) fn warn(&mut self, warning: &Warning<'_>) {
        let line = line(warning, self.compat);
        (self.log)(line);
    }
}

fn line(warning: &Warning<'_>, compat: Compat) -> String {
    if compat == Compat::Helm4
        && let Some((message, attributes)) = structured(warning)
    {
        return slog(Level::Warn, message, &attributes);
    }
    let (place, message) = plain(warning);
    go_log(compat, place, &message)
}

/// The warnings that Helm 4 logs with attributes.
fn structured<'a>(warning: &Warning<'a>) -> Option<(&'static str, Vec<(&'static str, &'a str)>)> {
    const NOT_BOOL: &str = "returned non-bool value";
    Some(match warning {
        Warning::ConditionNotBool { path, chart } => {
            (NOT_BOOL, vec![("path", *path), ("chart", *chart)])
        }
        Warning::TagNotBool { tag, chart } => (NOT_BOOL, vec![("tag", *tag), ("chart", *chart)]),
        Warning::ImportMissingFrom { chart, error } => {
            ("ImportValues missing table from chart", vec![("chart", *chart), ("error", *error)])
        }
        Warning::ImportMissing { error } => ("ImportValues missing table", vec![("error", *error)]),
        _ => return None,
    })
}

/// Where Helm 3 warns, and what both say.
fn plain(warning: &Warning<'_>) -> (&'static str, String) {
    match warning {
        Warning::GlobalDestination => (
            "coalesce.go:138",
            "warning: skipping globals because destination global is not a table.".to_owned(),
        ),
        Warning::GlobalSource => (
            "coalesce.go:145",
            "warning: skipping globals because source global is not a table.".to_owned(),
        ),
        Warning::GlobalConflict { key } => (
            "coalesce.go:161",
            format!("Conflict: cannot merge map onto non-map for {}. Skipping.", quote(key)),
        ),
        Warning::GlobalIsTable { key } => {
            ("coalesce.go:175", format!("key {key} is table. Skipping"))
        }
        Warning::SkippedValue { path } => {
            ("coalesce.go:237", format!("warning: skipped value for {path}: Not a table."))
        }
        Warning::TableOverScalar { path, value } => (
            "coalesce.go:316",
            format!("warning: cannot overwrite table with non table for {path} ({})", print(value)),
        ),
        Warning::ScalarOverTable { path, value } => (
            "coalesce.go:319",
            format!(
                "warning: destination for {path} is a table. Ignoring non-table value ({})",
                print(value)
            ),
        ),
        Warning::ConditionNotBool { path, chart } => (
            "dependencies.go:64",
            format!("Warning: Condition path '{path}' for chart {chart} returned non-bool value"),
        ),
        Warning::TagNotBool { tag, chart } => (
            "dependencies.go:95",
            format!("Warning: Tag '{tag}' for chart {chart} returned non-bool value"),
        ),
        Warning::ImportMissingFrom { chart, error } => (
            "dependencies.go:270",
            format!("Warning: ImportValues missing table from chart {chart}: {error}"),
        ),
        Warning::ImportMissing { error } => {
            ("dependencies.go:287", format!("Warning: ImportValues missing table: {error}"))
        }
    }
}
