use plimsoll_gotmpl::Host;

use super::{Linter, Severity};
use crate::chart::{Chart, Dependency};

/// helm: lint/rules/dependencies.go.
pub(super) fn check(linter: &mut Linter<'_>, host: &mut dyn Host) {
    let chart = match linter.load(host) {
        Ok(chart) => chart,
        Err(error) => {
            let error = Err(format!("unable to load chart\n\t{error}"));
            linter.run(Severity::Error, "", error);
            return;
        }
    };
    let path = linter.folder_text();
    linter.run(Severity::Error, &path, undeclared(&chart));
    linter.run(Severity::Error, &path, doubled(&chart));
    linter.run(Severity::Warning, &path, missing(&chart));
}

fn declared(chart: &Chart) -> impl Iterator<Item = &str> {
    let dependencies = chart.metadata.dependencies.iter().flatten();
    dependencies.map(|dependency| dependency.name.as_str())
}

fn undeclared(chart: &Chart) -> Result<(), String> {
    let loaded = chart.dependencies.iter().map(|loaded| loaded.name());
    let missing = loaded.filter(|name| !declared(chart).any(|one| one == *name));
    said("chart metadata is missing these dependencies", missing)
}

fn doubled(chart: &Chart) -> Result<(), String> {
    let mut seen = Vec::new();
    let keys = chart.metadata.dependencies.iter().flatten().map(Dependency::key);
    let doubled = keys.filter(|key| {
        let is_known = seen.contains(key);
        seen.push(*key);
        is_known
    });
    said("multiple dependencies with name or alias", doubled)
}

fn missing(chart: &Chart) -> Result<(), String> {
    let is_loaded = |name: &&str| chart.dependencies.iter().any(|loaded| loaded.name() == *name);
    let missing = declared(chart).filter(|name| !is_loaded(name));
    said("chart directory is missing these dependencies", missing)
}

fn said<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let names: Vec<&str> = names.collect();
    if names.is_empty() { Ok(()) } else { Err(format!("{what}: {}", names.join(","))) }
}
