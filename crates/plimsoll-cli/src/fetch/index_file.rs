//! Indexes from servers, and the charts that they name.

use plimsoll::helm::Log;

use super::download::{charts_path, check_repository, index_path};
use super::files::{folder_of, make_folder, write_atomically};
use super::index::{Index, Reading};
use super::quote;
use super::repositories::Entry;
use super::settings::{GetOptions, MOST_INDEX, ServerFlags, Settings, get};
use super::url::resolve_reference;
use std::time::Duration;

/// Fetches a repository's index and reads it; gives its bytes too.
fn fetch_index(
    settings: &Settings,
    entry: &Entry,
    timeout: Option<Duration>,
    log: Log<'_>,
) -> Result<(Index, Vec<u8>), String> {
    if entry.url.starts_with(super::registry::SCHEME) {
        return Err(format!(
            "`{}` is a registry, which has no index: its charts are fetched without `repo add`, as \
             {}/CHART",
            entry.url,
            entry.url.trim_end_matches('/')
        ));
    }
    let href = resolve_reference(&entry.url, "index.yaml")?;
    let server = entry.server();
    let options = GetOptions { url: entry.url.clone(), server, timeout, accept: None };
    let bytes = get(settings, &href, &options, MOST_INDEX)?;
    let mut reading = Reading { compat: settings.compat, source: &entry.url, log };
    let index = Index::parse(&bytes, &mut reading)?;
    Ok((index, bytes))
}

/// Fetches a repository's index into the cache. helm: repo/v1/chartrepo.go `DownloadIndexFile`.
pub(crate) fn update_index(
    settings: &Settings,
    entry: &Entry,
    timeout: Option<Duration>,
    log: Log<'_>,
) -> Result<(), String> {
    let (index, bytes) = fetch_index(settings, entry, timeout, log)?;
    let mut names: Vec<&str> = index.entries.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    let names: String = names.iter().map(|name| format!("{name}\n")).collect();
    let charts = charts_path(settings, &entry.name);
    let path = index_path(settings, &entry.name);
    make_folder(&folder_of(&path))?;
    // helm: the list of names only serves completion, and nobody hears if it cannot be written.
    let _ = write_atomically(&charts, names.as_bytes(), 0o644);
    write_atomically(&path, &bytes, 0o644)
}

/// The URL of a chart in a repository that need not have been added.
/// helm: repo/v1/chartrepo.go `FindChartInRepoURL`.
pub(crate) fn find_in_repository(
    settings: &Settings,
    repository: &str,
    chart: &str,
    version: &str,
    server: &ServerFlags,
    log: Log<'_>,
) -> Result<String, String> {
    let entry = Entry {
        url: repository.to_owned(),
        username: server.username.clone(),
        password: server.password.clone(),
        cert_file: server.files.cert_file.clone(),
        key_file: server.files.key_file.clone(),
        ca_file: server.files.ca_file.clone(),
        insecure_skip_tls_verify: server.files.insecure,
        pass_credentials_all: server.pass_credentials,
        ..Entry::default()
    };
    check_repository(&entry)?;
    let (index, _) = fetch_index(settings, &entry, None, log).map_err(|why| {
        let repository = quote(repository);
        format!(
            "looks like {repository} is not a valid chart repository or cannot be reached: {why}"
        )
    })?;
    let mut shown = format!("chart {}", quote(chart));
    if !version.is_empty() {
        shown.push_str(&format!(" version {}", quote(version)));
    }
    let found = index
        .get(chart, version, settings.compat, log)
        .map_err(|_| format!("{shown} not found in {repository} repository"))?;
    let Some(first) = found.urls.first() else {
        return Err(format!("{shown} has no downloadable URLs"));
    };
    let url = resolve_reference(repository, first)
        .map_err(|why| format!("failed to make chart URL absolute: {why}"))?;
    Ok(url)
}
