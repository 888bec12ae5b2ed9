//! `helm pull`

use plimsoll::source::go_path;
use std::cell::RefCell;
use std::path::Path;

use plimsoll::gotmpl::Compat;

use super::untar::untar;
use crate::fetch::download::ChartDownloader;
use crate::fetch::files::{join, make_folder};
use crate::fetch::index_file::find_in_repository;
use crate::fetch::locate::{keeps_credentials, print_pulled, registry_for, version};
use crate::fetch::settings::{ServerFlags, Settings};
use crate::helm::pflag::Parsed;
use crate::io::Io;

/// `helm pull CHART…`
pub(crate) fn pull(parsed: &Parsed, compat: Compat, io: &mut Io) -> Result<(), String> {
    if parsed.bool("verify") {
        let why = "signatures are fetched with `--prov`, but not checked yet";
        return Err(format!("`--verify` is not built yet: {why}"));
    }
    let settings = Settings::new(parsed, compat, io);
    check_client(&ServerFlags::new(parsed))?;
    parsed.args.iter().try_for_each(|chart| pull_one(chart, &settings, parsed, io))
}

/// helm: pull.go makes a client for registries whatever it pulls.
fn check_client(server: &ServerFlags) -> Result<(), String> {
    let files = &server.files;
    let pair = !files.cert_file.is_empty() && !files.key_file.is_empty();
    let custom = pair || !files.ca_file.is_empty();
    let checked = if custom { files.check() } else { Ok(()) };
    checked.map_err(|why| format!("missing registry client: {why}"))
}

fn pull_one(chart: &str, settings: &Settings, parsed: &Parsed, io: &mut Io) -> Result<(), String> {
    let compat = settings.compat;
    let mut server = ServerFlags::new(parsed);
    let version = version(parsed);
    let folder = parsed.text("destination").unwrap_or(".");
    let registry = registry_for(chart, settings, &server)?;
    let io = RefCell::new(io);
    let mut out = |text: &str| io.borrow_mut().print(text.as_bytes());
    let mut pulled = |text: &str| print_pulled(text, compat, &mut io.borrow_mut());
    let mut log = |line: String| io.borrow_mut().error(&format!("{line}\n"));
    let mut reference = chart.to_owned();
    if let Some(repository) = parsed.text("repo").filter(|repo| !repo.is_empty()) {
        reference = find_in_repository(settings, repository, chart, &version, &server, &mut log)?;
        // Helm sends them wherever the index says.
        if !keeps_credentials(repository, &reference, &server)? {
            server.username.clear();
            server.password.clear();
        }
    }
    let mut downloader = ChartDownloader {
        settings,
        server,
        registry: registry.as_ref(),
        provenance: parsed.bool("prov"),
        out: &mut out,
        pulled: &mut pulled,
        log: &mut log,
    };
    if !parsed.bool("untar") {
        return downloader.download_to(&reference, &version, folder).map(drop);
    }
    let scratch = Scratch::new()?;
    let archive = downloader.download_to(&reference, &version, &scratch.0)?;
    let into = untar_folder(parsed, folder);
    let taken = taken_path(&into, chart);
    if Path::new(&taken).exists() {
        let why = format!("a file or directory with the name {taken} already exists");
        return Err(format!("failed to untar: {why}"));
    }
    make_folder(&taken).map_err(|why| format!("failed to untar (mkdir): {why}"))?;
    untar(&archive, &into, compat)
}

/// Where the chart is unpacked.
fn untar_folder(parsed: &Parsed, folder: &str) -> String {
    let into = parsed.text("untardir").unwrap_or(".");
    if Path::new(into).is_absolute() { into.to_owned() } else { join(folder, into) }
}

/// The folder that must not be there yet: the last part of what the user said, whatever the chart
/// calls itself. helm: action/pull.go.
fn taken_path(into: &str, chart: &str) -> String {
    let name = chart.rsplit('/').next().unwrap_or(chart);
    if into == "." { name.to_owned() } else { join(into, name) }
}

/// A folder that goes when this is dropped.
struct Scratch(String);

impl Scratch {
    fn new() -> Result<Scratch, String> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|error| error.to_string())?;
        let name = format!("helm-{:016x}", u64::from_ne_bytes(random));
        let folder = go_path::join(&[&std::env::temp_dir().to_string_lossy(), &name]);
        make_folder(&folder).map_err(|why| format!("failed to untar: {why}"))?;
        Ok(Scratch(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_named_after_what_was_asked_for() {
        assert_eq!(taken_path(".", "repo/chart"), "chart");
        assert_eq!(taken_path("d", "oci://h/chart:1.0.0"), "d/chart:1.0.0");
    }
}
