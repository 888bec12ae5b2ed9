use plimsoll_source::go_path;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll_funcs::semver::{Constraint, Version};
use plimsoll_gotmpl::Compat;

use super::table::table;
use crate::HelmError;
use crate::chart::{Chart, Dependency, Glob, LoadOptions, disk, load_plain};
use crate::log::Log;
use crate::text::quote;

/// What `helm dependency list` prints of the chart at a path. `widest` is how wide a column may
/// be.
pub fn list(path: &str, widest: usize, compat: Compat, log: Log<'_>) -> Result<String, HelmError> {
    let options = LoadOptions { compat };
    let chart = load_plain(Path::new(path), &options, &mut *log)?;
    let charts = go_path::join(&[path, "charts"]);
    let Some(dependencies) = &chart.metadata.dependencies else {
        return Ok(format!("WARNING: no dependencies at {charts}\n"));
    };
    let mut rows = vec![["NAME", "VERSION", "REPOSITORY", "STATUS"].map(str::to_owned)];
    let mut folder = Folder { charts: &charts, options, log };
    for dependency in dependencies {
        let status = folder.status(dependency, &chart);
        let Dependency { name, version, repository, .. } = dependency;
        rows.push([name.clone(), version.clone(), repository.clone(), status.to_owned()]);
    }
    let mut out = format!("{}\n\n", table(&rows, widest));
    folder.undeclared(dependencies, &mut out);
    Ok(out)
}

/// A chart's folder of subcharts.
struct Folder<'a> {
    charts: &'a str,
    options: LoadOptions,
    log: Log<'a>,
}

impl Folder<'_> {
    /// helm: action/dependency.go dependencyStatus: archives first, then what was loaded.
    fn status(&mut self, dependency: &Dependency, chart: &Chart) -> &'static str {
        let Ok(glob) = Glob::new(&format!("{}-*.tgz", dependency.name)) else {
            return "bad pattern";
        };
        let mut archives = self.entries();
        archives.retain(|name| glob.matches(name));
        if archives.len() > 1 {
            let is_versioned = |name: &String| {
                let version = name.strip_suffix(".tgz").unwrap_or(name);
                let version = version.strip_prefix(&format!("{}-", dependency.name));
                version.is_some_and(|version| Version::parse_strict(version).is_ok())
            };
            archives.retain(is_versioned);
            if archives.len() > 1 {
                return "too many matches";
            }
        }
        let is_there = |name: &&String| disk::stat(&self.path(name)).is_ok();
        match archives.first().filter(is_there) {
            Some(archive) => self.archive_status(archive, dependency),
            None => loaded_status(dependency, chart),
        }
    }

    fn archive_status(&mut self, archive: &str, dependency: &Dependency) -> &'static str {
        match self.load(archive) {
            Err(_) => "corrupt",
            Ok(chart) if chart.name() != dependency.name => "misnamed",
            Ok(chart) => version_problem(dependency, &chart).unwrap_or("ok"),
        }
    }

    /// Says which charts are there that nothing asks for.
    fn undeclared(&mut self, dependencies: &[Dependency], out: &mut String) {
        for name in self.entries() {
            let path = go_path::join(&[self.charts, &name]);
            let metadata = match disk::stat(Path::new(&path)) {
                Ok(metadata) => metadata,
                Err(why) => {
                    out.push_str(&format!("Warning: {why}\n"));
                    continue;
                }
            };
            if !metadata.is_dir() && Path::new(&name).extension().is_none_or(|ext| ext != "tgz") {
                continue;
            }
            let problem = match self.load(&name) {
                Err(_) => "is not a chart",
                Ok(chart) if dependencies.iter().any(|one| one.name == chart.name()) => continue,
                Ok(_) => "is not in Chart.yaml",
            };
            out.push_str(&format!("WARNING: {} {problem}.\n", quote(&path)));
        }
    }

    fn load(&mut self, name: &str) -> Result<Arc<Chart>, HelmError> {
        load_plain(&self.path(name), &self.options, &mut *self.log)
    }

    fn path(&self, name: &str) -> PathBuf {
        go_path::join(&[self.charts, name]).into()
    }

    /// The names in the folder, sorted.
    fn entries(&self) -> Vec<String> {
        disk::names(Path::new(self.charts))
    }
}

fn loaded_status(dependency: &Dependency, chart: &Chart) -> &'static str {
    let found = chart.dependencies.iter().rfind(|one| one.name() == dependency.name);
    match found {
        None => "missing",
        Some(found) => version_problem(dependency, found).unwrap_or("unpacked"),
    }
}

fn version_problem(dependency: &Dependency, chart: &Chart) -> Option<&'static str> {
    let version = &chart.metadata.version;
    if *version == dependency.version {
        return None;
    }
    match (Constraint::parse(&dependency.version), Version::parse(version)) {
        (Ok(constraint), Ok(version)) => (!constraint.check(&version)).then_some("wrong version"),
        _ => Some("invalid version"),
    }
}
