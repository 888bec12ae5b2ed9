//! Charts by name, URL or reference: where they are, and how they get here.

use plimsoll::gotmpl::Compat;
use plimsoll::helm::Log;
use plimsoll::helm::funcs::semver::Version;
use plimsoll::source::go_path;

use super::files::{folder_of, join, make_folder, read, write_atomically};
use super::index::Index;
use super::registry::{Part, Reference, RegistryClient, SCHEME, is_oci, matching_tag};
use super::repositories::{Entry, Repositories};
use super::settings::{GetOptions, MOST_CHART, ServerFlags, Settings, check_scheme, get};
use super::url::{self, resolve_reference};
use super::{Url, quote, sha256};

/// Fetches charts for a command. helm: downloader/chart_downloader.go.
pub(crate) struct ChartDownloader<'a> {
    pub(crate) settings: &'a Settings,
    /// What flags say of the server.
    pub(crate) server: ServerFlags,
    /// Made when a reference leads to a registry.
    pub(crate) registry: Option<&'a RegistryClient>,
    /// Whether the signature is fetched too.
    pub(crate) provenance: bool,
    /// What Helm prints.
    pub(crate) out: &'a mut dyn FnMut(&str),
    /// What the client for registries prints while it pulls.
    pub(crate) pulled: &'a mut dyn FnMut(&str),
    pub(crate) log: Log<'a>,
}

/// Where a chart is.
#[derive(Debug)]
pub(crate) struct Resolved {
    /// What the index or the reference says of the content: `sha256:…`, bare digits, or nothing.
    pub(crate) digest: String,
    place: Place,
    /// How it is fetched.
    options: GetOptions,
}

#[derive(Debug)]
enum Place {
    Http(Url),
    /// What Helm takes for the path of the URL, and the reference.
    Registry(String, Reference),
}

impl Resolved {
    /// The name that the archive gets on disk.
    fn file_name(&self) -> String {
        match &self.place {
            Place::Http(url) => {
                let name = go_path::base(url.path());
                let is_separator = |c: char| cfg!(windows) && matches!(c, '\\' | ':');
                name.rsplit(is_separator).next().unwrap_or(name).to_owned()
            }
            Place::Registry(named, _) => match go_path::base(named).rsplit_once(':') {
                Some((name, tag)) => format!("{name}-{tag}.tgz"),
                None => format!("{}.tgz", go_path::base(named)),
            },
        }
    }

    fn href(&self) -> String {
        match &self.place {
            Place::Http(url) => url.to_string(),
            Place::Registry(named, reference) => format!("{SCHEME}{}/{named}", reference.registry),
        }
    }

    /// The digits of the digest; the error is Helm's text.
    fn digest_digits(&self) -> Result<Option<&str>, String> {
        if self.digest.is_empty() {
            return Ok(None);
        }
        let digits = self.digest.split_once(':').map_or(self.digest.as_str(), |(_, it)| it);
        if let Some(wrong) = digits.chars().find(|c| !c.is_ascii_hexdigit()) {
            return Err(format!("encoding/hex: invalid byte: U+{:04X} {wrong:?}", wrong as u32));
        }
        match digits.len() {
            64 => Ok(Some(digits)),
            odd if odd % 2 == 1 => Err("encoding/hex: odd length hex string".to_owned()),
            other => Err(format!("invalid digest length: {}", other / 2)),
        }
    }
}

impl ChartDownloader<'_> {
    /// Fetches a chart into a folder under its own name; gives the path. helm: `DownloadTo`.
    pub(crate) fn download_to(
        &mut self,
        reference: &str,
        version: &str,
        folder: &str,
    ) -> Result<String, String> {
        let resolved = self.resolve(reference, version)?;
        let bytes = match self.cached(&resolved, "chart")? {
            Some(path) => read(&path)?,
            None => self.fetch(&resolved)?,
        };
        let file = join(folder, &resolved.file_name());
        write_atomically(&file, &bytes, 0o644)?;
        if self.provenance {
            let signed = self.provenance(&resolved);
            match signed {
                Ok(bytes) => write_atomically(&format!("{file}.prov"), &bytes, 0o644)?,
                Err(why) => {
                    (self.out)(&format!(
                        "WARNING: Verification not found for {reference}: {why}\n"
                    ));
                }
            }
        }
        Ok(file)
    }

    /// Fetches the archive at a URL into a folder, where its digest is known or nothing.
    pub(crate) fn download_url(
        &mut self,
        url: &str,
        digest: &str,
        folder: &str,
    ) -> Result<(), String> {
        let place = Place::Http(Url::parse(url)?);
        let resolved = Resolved { digest: digest.to_owned(), place, options: self.options(url) };
        let bytes = match self.cached(&resolved, "chart")? {
            Some(path) => read(&path)?,
            None => self.fetch(&resolved)?,
        };
        write_atomically(&join(folder, &resolved.file_name()), &bytes, 0o644)
    }

    /// Fetches a chart into the cache, if it is not there; gives the path. helm: `DownloadToCache`;
    /// Helm 3 keeps charts beside the indexes.
    pub(crate) fn download_to_cache(
        &mut self,
        reference: &str,
        version: &str,
    ) -> Result<String, String> {
        if self.settings.compat == Compat::Helm3 {
            return self.download_to(reference, version, &self.settings.repository_cache.clone());
        }
        let resolved = self.resolve(reference, version)?;
        if let Some(path) = self.cached(&resolved, "chart")? {
            return Ok(path);
        }
        let bytes = self.fetch(&resolved)?;
        let digits = match resolved.digest_digits()? {
            Some(digits) => digits.to_owned(),
            None => sha256(&bytes),
        };
        let path = self.cache_path(&digits, "chart");
        make_folder(&folder_of(&path))?;
        write_atomically(&path, &bytes, 0o644)?;
        Ok(path)
    }

    /// The cached content of a digest. helm: downloader/cache.go.
    fn cached(&self, resolved: &Resolved, kind: &str) -> Result<Option<String>, String> {
        if self.settings.compat == Compat::Helm3 {
            return Ok(None);
        }
        let Some(digits) = resolved.digest_digits()? else { return Ok(None) };
        let path = self.cache_path(digits, kind);
        let is_whole = match kind {
            // Helm keeps whatever it got under the digest that the index gave.
            "chart" => read(&path).is_ok_and(|bytes| sha256(&bytes).eq_ignore_ascii_case(digits)),
            _ => std::fs::metadata(&path).is_ok_and(|file| file.is_file() && file.len() > 0),
        };
        Ok(is_whole.then_some(path))
    }

    fn cache_path(&self, digits: &str, kind: &str) -> String {
        let name = format!("{}/{digits}.{kind}", &digits[..2]);
        join(&self.settings.content_cache, &name.to_lowercase())
    }

    fn fetch(&mut self, resolved: &Resolved) -> Result<Vec<u8>, String> {
        let bytes = match &resolved.place {
            Place::Registry(_, reference) => self.pull(reference, Part::Chart)?,
            Place::Http(url) => {
                let accept = Some("application/gzip,application/octet-stream");
                let options = GetOptions { accept, ..resolved.options.clone() };
                get(self.settings, &url.to_string(), &options, MOST_CHART)?
            }
        };
        let (got, expected) = (sha256(&bytes), resolved.digest_digits()?);
        if matches!(resolved.place, Place::Http(_))
            && let Some(expected) = expected.filter(|expected| !expected.eq_ignore_ascii_case(&got))
        {
            return Err(format!(
                "what {} gave is not the chart of the index: its digest is sha256:{got}, the \
                 index says sha256:{expected}",
                resolved.href()
            ));
        }
        Ok(bytes)
    }

    fn provenance(&mut self, resolved: &Resolved) -> Result<Vec<u8>, String> {
        if let Some(path) = self.cached(resolved, "prov")? {
            return read(&path);
        }
        match &resolved.place {
            Place::Registry(_, reference) => self.pull(reference, Part::Provenance),
            Place::Http(url) => {
                get(self.settings, &format!("{url}.prov"), &resolved.options, MOST_CHART)
            }
        }
    }

    fn pull(&mut self, reference: &Reference, part: Part) -> Result<Vec<u8>, String> {
        let pulled = self.client(&reference.registry)?.pull(reference, part)?;
        (self.pulled)(&pulled.said);
        Ok(pulled.data)
    }

    fn client(&self, registry: &str) -> Result<&RegistryClient, String> {
        self.registry.ok_or_else(|| format!("there is no client for the registry `{registry}`"))
    }

    /// Where a chart is. helm: `ResolveChartVersion`.
    pub(crate) fn resolve(&mut self, name: &str, version: &str) -> Result<Resolved, String> {
        let invalid = || format!("invalid chart URL format: {name}");
        let url = Url::parse(name).map_err(|_| invalid())?;
        if is_oci(&url.to_string()) {
            return self.resolve_in_registry(name, version, &url);
        }
        let repositories = Repositories::load_or_default(&self.settings.repository_config)?;
        if url.is_absolute() && !url.host.is_empty() && !url.path().is_empty() {
            check_scheme(&url.scheme)?;
            let owner = self.owner(name, &repositories)?;
            let options = match owner {
                None => self.options(name),
                Some(entry) => self.options_of(entry),
            };
            return Ok(Resolved { digest: String::new(), place: Place::Http(url), options });
        }
        let Some((repo, chart)) = url.path().split_once('/') else {
            return Err(format!(
                "non-absolute URLs should be in form of repo_name/path_to_chart, got: {url}"
            ));
        };
        let entry = pick(repo, &repositories)?;
        check_repository(entry)?;
        let options = self.options_of(entry);
        let index = self.index_of(repo, Some(chart))?;
        let found = index.get(chart, version, self.settings.compat, self.log).map_err(|why| {
            let chart = quote(chart);
            format!("chart {chart} matching {version} not found in {repo} index. (try 'helm repo update'): {why}")
        })?;
        let Some(first) = found.urls.first() else {
            return Err(format!("chart {} has no downloadable URLs", quote(name)));
        };
        let resolved = resolve_reference(&entry.url, first).map_err(|_| invalid())?;
        let url = Url::parse(&resolved)?;
        check_scheme(&url.scheme)?;
        Ok(Resolved { digest: found.digest.clone(), place: Place::Http(url), options })
    }

    fn index_of(&mut self, repo: &str, chart: Option<&str>) -> Result<Index, String> {
        let path = index_path(self.settings, repo);
        let index = match chart {
            Some(chart) => Index::load_chart(&path, chart, self.settings.compat, self.log),
            None => Index::load(&path, self.settings.compat, self.log),
        };
        index.map_err(|why| format!("no cached repo found. (try 'helm repo update'): {why}"))
    }

    /// The repository that lists a URL, for its credentials. helm: scanReposForURL.
    fn owner<'r>(
        &mut self,
        wanted: &str,
        repositories: &'r Repositories,
    ) -> Result<Option<&'r Entry>, String> {
        let file = wanted.rsplit('/').next().unwrap_or(wanted);
        for entry in repositories.entries() {
            check_repository(entry)?;
            let path = index_path(self.settings, &entry.name);
            let failed =
                |why: String| format!("no cached repo found. (try 'helm repo update'): {why}");
            let bytes = read(&path).map_err(failed)?;
            // An index without the file's name cannot list the URL: it need not be understood.
            if memchr::memmem::find(&bytes, file.as_bytes()).is_none() {
                continue;
            }
            let index = self.index_of(&entry.name, None)?;
            let urls =
                index.entries.iter().flat_map(|(_, versions)| versions).flat_map(|it| &it.urls);
            if urls.into_iter().any(|listed| url::equal(wanted, listed)) {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    fn options(&self, url: &str) -> GetOptions {
        GetOptions { url: url.to_owned(), server: self.server.clone(), ..GetOptions::default() }
    }

    /// What flags say, and over it what the repository's entry says.
    fn options_of(&self, entry: &Entry) -> GetOptions {
        let mut options = self.options(&entry.url);
        let (server, own) = (&mut options.server, entry.server());
        let has_files = [&own.files.cert_file, &own.files.key_file, &own.files.ca_file];
        if has_files.iter().any(|file| !file.is_empty()) {
            server.files = super::TlsFiles { insecure: server.files.insecure, ..own.files.clone() };
        }
        server.files.insecure |= own.files.insecure;
        if !own.username.is_empty() && !own.password.is_empty() {
            server.username = own.username;
            server.password = own.password;
            server.pass_credentials = own.pass_credentials;
        }
        options
    }

    /// helm: registry/client.go `ValidateReference`.
    fn resolve_in_registry(
        &mut self,
        name: &str,
        version: &str,
        url: &Url,
    ) -> Result<Resolved, String> {
        let reference = Reference::parse(&format!("{}{}", url.host, url.path()))?;
        let mut version = version.to_owned();
        if version.is_empty() {
            version.clone_from(&reference.tag);
        } else if !reference.tag.is_empty() && reference.tag != version {
            let tag = &reference.tag;
            return Err(format!("chart reference and version mismatch: {version} is not {tag}"));
        }
        let resolved = |named: String, digest: String| -> Result<Resolved, String> {
            let reference = Reference::parse(&format!("{}/{named}", reference.registry))?;
            let options = GetOptions::default();
            Ok(Resolved { digest, place: Place::Registry(named, reference), options })
        };
        let repository = &reference.repository;
        if !reference.digest.is_empty() {
            let named = format!("{repository}@{}", reference.digest);
            if version.is_empty() {
                return resolved(url.path().trim_start_matches('/').to_owned(), String::new());
            }
            let tagged = format!("{}/{repository}:{version}", reference.registry);
            let tagged = Reference::parse(&tagged);
            let found = tagged.and_then(|it| self.client(&reference.registry)?.resolve(&it));
            return match found {
                Ok(digest) if digest != reference.digest => Err(format!(
                    "chart reference digest mismatch: {digest} is not {}",
                    reference.digest
                )),
                // Helm takes the manifest's digest for the archive's and finds nothing in its cache.
                Ok(_) | Err(_) => resolved(named, String::new()),
            };
        }
        let tag = if Version::parse(&version).is_ok() {
            version
        } else {
            let listed = name.strip_prefix(SCHEME).unwrap_or(name);
            let tags = self.client(&reference.registry)?.tags(listed)?;
            if tags.is_empty() {
                return Err(format!("unable to locate any tags in provided repository: {name}"));
            }
            matching_tag(&tags, &version, self.settings.compat)?
        };
        resolved(format!("{repository}:{tag}"), String::new())
    }
}

/// The repository of a name. helm: pickChartRepositoryConfigByName.
fn pick<'a>(name: &str, repositories: &'a Repositories) -> Result<&'a Entry, String> {
    match repositories.get(name) {
        None => Err(format!("repo {name} not found")),
        Some(entry) if entry.url.is_empty() => Err(format!("no URL found for repository {name}")),
        Some(entry) => Ok(entry),
    }
}

/// Whether a repository can be spoken to. helm: `NewChartRepository`.
pub(crate) fn check_repository(entry: &Entry) -> Result<(), String> {
    let url =
        Url::parse(&entry.url).map_err(|_| format!("invalid chart URL format: {}", entry.url))?;
    check_scheme(&url.scheme)
        .map_err(|_| format!("could not find protocol handler for: {}", url.scheme))
}

/// Where the index of a repository is kept. helm: helmpath.CacheIndexFile.
pub(crate) fn index_path(settings: &Settings, name: &str) -> String {
    let name = if name.is_empty() { "index.yaml".to_owned() } else { format!("{name}-index.yaml") };
    join(&settings.repository_cache, &name)
}

/// Where the names of a repository's charts are kept. helm: helmpath.CacheChartsFile.
pub(crate) fn charts_path(settings: &Settings, name: &str) -> String {
    let name = if name.is_empty() { "charts.txt".to_owned() } else { format!("{name}-charts.txt") };
    join(&settings.repository_cache, &name)
}
