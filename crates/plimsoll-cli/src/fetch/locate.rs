//! A chart that a command names and that is not on the disk.

use std::cell::RefCell;
use std::path::PathBuf;

use plimsoll::gotmpl::Compat;

use super::Url;
use super::download::ChartDownloader;
use super::files::make_folder;
use super::index_file::find_in_repository;
use super::registry::{RegistryClient, is_oci};
use super::settings::{ServerFlags, Settings};
use crate::helm::pflag::Parsed;
use crate::io::Io;

/// Fetches the chart that a reference names (`repo/chart`, a URL, `oci://…`, or a name with
/// `--repo`) into the cache and gives its path; the error is Helm's text.
/// helm: action/install.go `LocateChart`, behind its look at the disk.
pub(crate) fn locate_chart(
    name: &str,
    parsed: &Parsed,
    compat: Compat,
    io: &mut Io,
) -> Result<PathBuf, String> {
    let settings = Settings::new(parsed, compat, io);
    let mut server = ServerFlags::new(parsed);
    let version = version(parsed);
    let registry = registry_for(name, &settings, &server)?;
    let io = RefCell::new(io);
    let mut out = |text: &str| io.borrow_mut().print(text.as_bytes());
    let mut pulled = |text: &str| io.borrow_mut().error(text);
    let mut log = |line: String| io.borrow_mut().error(&format!("{line}\n"));
    let mut reference = name.to_owned();
    if let Some(repository) = parsed.text("repo").filter(|repo| !repo.is_empty()) {
        reference = find_in_repository(&settings, repository, name, &version, &server, &mut log)?;
        if !keeps_credentials(repository, &reference, &server)? {
            server.username.clear();
            server.password.clear();
        }
    }
    make_folder(&settings.repository_cache)?;
    let mut downloader = ChartDownloader {
        settings: &settings,
        server,
        registry: registry.as_ref(),
        provenance: false,
        out: &mut out,
        pulled: &mut pulled,
        log: &mut log,
    };
    let path = downloader.download_to_cache(&reference, &version)?;
    std::path::absolute(path).map_err(|error| error.to_string())
}

/// The version that a command line asks for.
pub(crate) fn version(parsed: &Parsed) -> String {
    let version = parsed.text("version").unwrap_or_default().trim();
    let any = version.is_empty() && parsed.bool("devel");
    if any { ">0.0.0-0".to_owned() } else { version.to_owned() }
}

/// A client, where the reference leads to a registry.
pub(crate) fn registry_for(
    name: &str,
    settings: &Settings,
    server: &ServerFlags,
) -> Result<Option<RegistryClient>, String> {
    if !is_oci(name) {
        return Ok(None);
    }
    let client = RegistryClient::new(settings, server);
    client.map(Some).map_err(|why| format!("missing registry client: {why}"))
}

/// Whether a repository's credentials may go to the server that has the chart.
pub(crate) fn keeps_credentials(
    repository: &str,
    chart: &str,
    server: &ServerFlags,
) -> Result<bool, String> {
    let (repository, chart) = (Url::parse(repository)?, Url::parse(chart)?);
    let same = repository.scheme == chart.scheme && repository.host == chart.host;
    Ok(server.pass_credentials || same)
}

/// What a registry's client says where registries are what the command is about: Helm 4 prints it
/// where it prints all else, Helm 3 does not.
pub(crate) fn print_pulled(text: &str, compat: Compat, io: &mut Io) {
    match compat {
        Compat::Helm4 => io.print(text.as_bytes()),
        Compat::Helm3 => io.error(text),
    }
}
