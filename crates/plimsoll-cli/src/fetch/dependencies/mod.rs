//! `helm dependency update` and `build`: fills a chart's `charts/` folder.

mod lock_file;
mod manager;
mod repository_names;
mod resolve;
mod save;

use plimsoll::source::go_path;
use std::path::Path;
use std::sync::Arc;

use plimsoll::gotmpl::Compat;
use plimsoll::helm::chart::{Chart, Dependency, LoadOptions, load_plain};

use self::manager::Manager;
use super::go_errno;
use super::registry::RegistryClient;
use super::settings::{ServerFlags, Settings};
use crate::helm::pflag::Parsed;
use crate::io::Io;

/// What is done to a chart's dependencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// What `Chart.yaml` asks for, and a new `Chart.lock`.
    Update,
    /// What `Chart.lock` says.
    Build,
}

/// Fetches the dependencies of the chart in a folder, and says what it does unless it is to be
/// quiet; the error is Helm's text.
/// helm: downloader/manager.go.
pub(crate) fn dependencies(
    folder: &str,
    task: Task,
    parsed: &Parsed,
    compat: Compat,
    io: &mut Io,
    quiet: bool,
) -> Result<(), String> {
    if parsed.bool("verify") {
        return Err("`--verify` is not built yet: signatures are not checked".to_owned());
    }
    let settings = Settings::new(parsed, compat, io);
    let server = ServerFlags::new(parsed);
    let registry = RegistryClient::new(&settings, &server)
        .map_err(|why| format!("missing registry client: {why}"))?;
    let mut manager = Manager {
        settings: &settings,
        registry: &registry,
        folder: go_path::clean(folder),
        skip_refresh: parsed.bool("skip-refresh"),
        updated: Vec::new(),
        quiet,
        io,
    };
    match task {
        Task::Update => manager.update(),
        Task::Build => manager.build(),
    }
}

/// The chart in a folder. helm: loadChartDir.
fn load(folder: &str, compat: Compat, io: &mut Io) -> Result<Arc<Chart>, String> {
    match std::fs::metadata(folder) {
        Err(error) => {
            let why = go_errno(&error);
            return Err(format!("could not find {folder}: stat {folder}: {why}"));
        }
        Ok(metadata) if !metadata.is_dir() => {
            return Err("only unpacked charts can be updated".to_owned());
        }
        Ok(_) => {}
    }
    let mut log = |line: String| io.error(&format!("{line}\n"));
    let chart = load_plain(Path::new(folder), &LoadOptions { compat }, &mut log);
    chart.map_err(|error| error.message)
}

/// The folder that `file://…` means, seen from a chart. helm: resolver.go `GetLocalPath`.
fn local_path(repository: &str, chart: &str) -> Result<String, String> {
    let given = repository.strip_prefix("file://").unwrap_or(repository);
    let found =
        if given.starts_with('/') { go_path::clean(given) } else { go_path::join(&[chart, given]) };
    match std::fs::metadata(&found) {
        Ok(_) => Ok(found),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(format!("directory {found} not found"))
        }
        Err(error) => Err(format!("stat {found}: {}", go_errno(&error))),
    }
}

/// Whether a dependency is a folder on this machine.
fn is_local(dependency: &Dependency) -> bool {
    dependency.repository.starts_with("file://")
}
