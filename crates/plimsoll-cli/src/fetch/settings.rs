//! Where Helm keeps its files and what it was told about servers: flags, then the environment, then
//! Helm's own places.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use plimsoll::gotmpl::Compat;

use super::http::{HttpClient, HttpOptions, Proxies, RootPlaces, TlsFiles};
use super::{Url, quote};
use crate::helm::pflag::Parsed;
use crate::helm::settings;
use crate::io::Io;

/// No index that Helm could still read within minutes is larger.
pub(crate) const MOST_INDEX: u64 = 256 << 20;

/// Helm loads no chart of which more than this is unpacked.
pub(crate) const MOST_CHART: u64 = 100 << 20;

/// helm: getter.DefaultHTTPTimeout.
pub(crate) const TIMEOUT: Duration = Duration::from_mins(2);

/// What a command that fetches has to know.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) compat: Compat,
    pub(crate) debug: bool,
    /// The credentials of registries.
    pub(crate) registry_config: String,
    /// `repositories.yaml`
    pub(crate) repository_config: String,
    /// The folder of fetched indexes, and of Helm 3's charts.
    pub(crate) repository_cache: String,
    /// The folder of Helm 4's charts, by their digests.
    pub(crate) content_cache: String,
    /// Docker's credentials, which stand in for Helm's; `None` without a home.
    pub(crate) docker_config: Option<String>,
    connections: HttpOptions,
    clients: Mutex<Vec<(TlsFiles, Option<Duration>, Arc<HttpClient>)>>,
}

/// What flags say about a server.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServerFlags {
    pub(crate) files: TlsFiles,
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) plain_http: bool,
    pub(crate) pass_credentials: bool,
}

impl Settings {
    /// Reads flags and environment, but no files.
    pub(crate) fn new(parsed: &Parsed, compat: Compat, io: &Io) -> Settings {
        let docker = io.env("DOCKER_CONFIG").filter(|folder| !folder.is_empty());
        let home = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        let home = io.env(home).filter(|home| !home.is_empty());
        let docker = docker.or_else(|| home.map(|home| format!("{home}/.docker")));
        Settings {
            compat,
            debug: settings::is_debug(parsed, io),
            registry_config: settings::registry_config(parsed, io),
            repository_config: settings::repository_config(parsed, io),
            repository_cache: settings::repository_cache(parsed, io),
            content_cache: settings::content_cache(parsed, io),
            docker_config: docker.map(|folder| format!("{folder}/config.json")),
            connections: HttpOptions {
                proxies: Proxies::from_env(|name| io.env(name)),
                places: RootPlaces {
                    file: io.env("SSL_CERT_FILE"),
                    folders: io.env("SSL_CERT_DIR"),
                },
                ..HttpOptions::default()
            },
            clients: Mutex::default(),
        }
    }

    /// The client for some certificates; the same for the same ones.
    pub(crate) fn client(&self, files: &TlsFiles, timeout: Option<Duration>) -> Arc<HttpClient> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let known = clients.iter().find(|(known, limit, _)| known == files && *limit == timeout);
        if let Some((_, _, client)) = known {
            return client.clone();
        }
        let options = HttpOptions { files: files.clone(), timeout, ..self.connections.clone() };
        let client = Arc::new(HttpClient::new(options));
        clients.push((files.clone(), timeout, client.clone()));
        client
    }
}

impl ServerFlags {
    /// What a command line says.
    pub(crate) fn new(parsed: &Parsed) -> ServerFlags {
        let text = |name: &str| parsed.text(name).unwrap_or_default().to_owned();
        ServerFlags {
            files: TlsFiles {
                cert_file: text("cert-file"),
                key_file: text("key-file"),
                ca_file: text("ca-file"),
                insecure: parsed.bool("insecure-skip-tls-verify") || parsed.bool("insecure"),
            },
            username: text("username"),
            password: text("password"),
            plain_http: parsed.bool("plain-http"),
            pass_credentials: parsed.bool("pass-credentials"),
        }
    }
}

/// How something is fetched from a repository. helm: getter.Option.
#[derive(Clone, Debug, Default)]
pub(crate) struct GetOptions {
    /// The repository, whose credentials these are.
    pub(crate) url: String,
    pub(crate) server: ServerFlags,
    pub(crate) accept: Option<&'static str>,
    /// `None`: Helm's own limit.
    pub(crate) timeout: Option<Duration>,
}

/// Fetches from an HTTP server; the error is Helm's text. helm: getter/httpgetter.go.
pub(crate) fn get(
    settings: &Settings,
    href: &str,
    options: &GetOptions,
    most: u64,
) -> Result<Vec<u8>, String> {
    let url = Url::parse(href)?;
    let repository =
        Url::parse(&options.url).map_err(|why| format!("unable to parse getter URL: {why}"))?;
    let server = &options.server;
    let same = repository.scheme == url.scheme && repository.host == url.host;
    let mut request = super::Request::get(url);
    if let Some(accept) = options.accept {
        request = request.header("Accept", accept);
    }
    let given = !server.username.is_empty() && !server.password.is_empty();
    if given && (server.pass_credentials || same) {
        request = request.basic_auth(&server.username, &server.password);
    }
    let files = if server.files.is_custom() { server.files.clone() } else { TlsFiles::default() };
    files.check()?;
    let client = settings.client(&files, Some(options.timeout.unwrap_or(TIMEOUT)));
    let response = client.send(&request)?;
    if response.status() != 200 {
        return Err(format!("failed to fetch {href} : {}", response.status_text()));
    }
    response.body(most)
}

/// helm: getter.go `ByScheme`.
pub(crate) fn check_scheme(scheme: &str) -> Result<(), String> {
    match scheme {
        "http" | "https" | "oci" => Ok(()),
        other => Err(format!("scheme {} not supported", quote(other))),
    }
}
