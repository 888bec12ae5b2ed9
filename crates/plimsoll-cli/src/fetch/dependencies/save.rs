//! Puts dependencies into `charts/`.

use std::collections::BTreeSet;
use std::path::Path;

use plimsoll::helm::chart::{Dependency, LoadOptions, load as load_chart};
use plimsoll::helm::funcs::semver::{Constraint, Version};

use super::manager::{Manager, unmanaged_name};
use super::{is_local, load, local_path};
use crate::fetch::download::{ChartDownloader, index_path};
use crate::fetch::files::{join, make_folder};
use crate::fetch::index::Index;
use crate::fetch::index_file::find_in_repository;
use crate::fetch::locate::{keeps_credentials, print_pulled};
use crate::fetch::registry::is_oci;
use crate::fetch::repositories::{Entry, Repositories};
use crate::fetch::settings::ServerFlags;
use crate::fetch::url::{self, resolve_reference};
use crate::fetch::{go_errno, quote};

/// Where a dependency's archive is.
struct Found {
    url: String,
    digest: String,
    server: ServerFlags,
}

/// A folder that goes when this is dropped.
struct Scratch(String);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Manager<'_> {
    /// Fetches every dependency, then puts them into `charts/` and takes what is old out of it.
    /// helm: manager.go downloadAll.
    pub(super) fn save_all(
        &mut self,
        locked: &mut [Dependency],
        known: &Repositories,
    ) -> Result<(), String> {
        let charts = join(&self.folder, "charts");
        match std::fs::metadata(&charts) {
            Ok(metadata) if !metadata.is_dir() => {
                return Err(format!("{} is not a directory", quote(&charts)));
            }
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => make_folder(&charts)?,
            Err(error) => {
                let why = go_errno(&error);
                return Err(format!(
                    "unable to retrieve file info for '{charts}': stat {charts}: {why}"
                ));
            }
        }
        let scratch = join(&self.folder, &format!("tmpcharts-{}", std::process::id()));
        make_folder(&scratch)?;
        let scratch = Scratch(scratch);
        self.say(&format!("Saving {} charts\n", locked.len()));
        let mut had: Vec<String> = Vec::new();
        for dependency in locked.iter_mut() {
            if dependency.repository.is_empty() {
                self.check_vendored(dependency, &charts)?;
                continue;
            }
            if let Err(why) = self.save(dependency, known, &scratch.0, &mut had) {
                self.say(&format!("Save error occurred:  {why}\n"));
                return Err(why);
            }
        }
        self.put_in_place(locked, &scratch.0, &charts)
    }

    /// A dependency without a repository lies in `charts/` already.
    fn check_vendored(&mut self, dependency: &Dependency, charts: &str) -> Result<(), String> {
        let Dependency { name, version, .. } = dependency;
        self.say(&format!(
            "Dependency {name} did not declare a repository. Assuming it exists in the charts \
             directory\n"
        ));
        let folder = join(charts, name);
        let chart = load(&folder, self.settings.compat, self.io)
            .map_err(|why| format!("unable to load chart '{folder}': {why}"))?;
        let constraint = Constraint::parse(version).map_err(|why| {
            format!("dependency {name} has an invalid version/constraint format: {why}")
        })?;
        let found = &chart.metadata.version;
        let parsed = Version::parse(found)
            .map_err(|why| format!("invalid version {version} for dependency {name}: {why}"))?;
        if constraint.check(&parsed) {
            return Ok(());
        }
        let why = format!(
            "dependency {name} at version {found} does not satisfy the constraint {version}"
        );
        self.say(&format!("Save error occurred:  {why}\n"));
        Err(why)
    }

    fn save(
        &mut self,
        dependency: &mut Dependency,
        known: &Repositories,
        scratch: &str,
        had: &mut Vec<String>,
    ) -> Result<(), String> {
        if is_local(dependency) {
            return self.pack(dependency, scratch);
        }
        let Dependency { name, version, repository, .. } = &*dependency;
        let found = if is_oci(repository) {
            let url = format!("{repository}/{name}:{version}");
            Found { url, digest: String::new(), server: ServerFlags::default() }
        } else {
            self.find(dependency, known).map_err(|why| format!("could not find : {why}"))?
        };
        if had.contains(&found.url) {
            self.say(&format!("Already downloaded {name} from repo {repository}\n"));
            return Ok(());
        }
        self.say(&format!("Downloading {name} from repo {repository}\n"));
        self.download(&found, version, scratch).map_err(|why| {
            let url = found.url.strip_suffix(&format!(":{version}"));
            let url = url.filter(|_| is_oci(&found.url)).unwrap_or(&found.url);
            format!("could not download {url}: {why}")
        })?;
        had.push(found.url);
        Ok(())
    }

    fn download(&mut self, found: &Found, version: &str, scratch: &str) -> Result<(), String> {
        let compat = self.settings.compat;
        let io = std::cell::RefCell::new(&mut *self.io);
        let mut out = |text: &str| io.borrow_mut().print(text.as_bytes());
        let mut pulled = |text: &str| print_pulled(text, compat, &mut io.borrow_mut());
        let mut log = |line: String| io.borrow_mut().error(&format!("{line}\n"));
        let mut downloader = ChartDownloader {
            settings: self.settings,
            server: found.server.clone(),
            registry: Some(self.registry),
            provenance: false,
            out: &mut out,
            pulled: &mut pulled,
            log: &mut log,
        };
        if is_oci(&found.url) {
            let bare = found.url.strip_suffix(&format!(":{version}")).unwrap_or(&found.url);
            return downloader.download_to(bare, version, scratch).map(drop);
        }
        downloader.download_url(&found.url, &found.digest, scratch)
    }

    /// Where a dependency is, by the index of its repository. helm: manager.go findChartURL.
    fn find(&mut self, dependency: &Dependency, known: &Repositories) -> Result<Found, String> {
        let Dependency { name, version, repository, .. } = dependency;
        let entry = known.entries().iter().find(|entry| url::equal(repository, &entry.url));
        if let Some(entry) = entry {
            return self.find_in_cache(dependency, &entry.name, entry);
        }
        if self.updated.contains(repository) {
            // The index was fetched just now: there is no need to ask again, as Helm does.
            let entry = Entry { url: repository.clone(), ..Entry::default() };
            let found = self.find_in_cache(dependency, &unmanaged_name(repository), &entry);
            return found.map_err(|_| {
                let what = format!("chart {} version {}", quote(name), quote(version));
                format!("chart {name} not found in {repository}: {what} not found in {repository} repository")
            });
        }
        let server = ServerFlags::default();
        let mut log = |line: String| self.io.error(&format!("{line}\n"));
        let url = find_in_repository(self.settings, repository, name, version, &server, &mut log)
            .map_err(|why| format!("chart {name} not found in {repository}: {why}"))?;
        Ok(Found { url, digest: String::new(), server })
    }

    fn find_in_cache(
        &mut self,
        dependency: &Dependency,
        cached: &str,
        entry: &Entry,
    ) -> Result<Found, String> {
        let path = index_path(self.settings, cached);
        let mut log = |line: String| self.io.error(&format!("{line}\n"));
        let compat = self.settings.compat;
        let index = Index::load_chart(&path, &dependency.name, compat, &mut log)?;
        let versions = index.chart(&dependency.name).ok_or("entry not found")?;
        let wanted = Version::parse(&dependency.version).ok();
        let fits = |found: &str, parsed: Option<&Version>| match (&wanted, parsed) {
            _ if dependency.version.is_empty() => true,
            (Some(wanted), Some(parsed)) => wanted.compare(parsed).is_eq(),
            (Some(_), None) => false,
            (None, _) => dependency.version == found,
        };
        let version = versions
            .iter()
            .find(|it| !it.urls.is_empty() && fits(&it.metadata.version, it.version()))
            .ok_or("no matching version")?;
        let url = resolve_reference(&dependency.repository, &version.urls[0])?;
        let mut server = entry.server();
        // The download knows no repository to compare the host with.
        if !keeps_credentials(&dependency.repository, &url, &server)? {
            server.username.clear();
            server.password.clear();
        }
        Ok(Found { url, digest: version.digest.clone(), server })
    }

    /// Packs a chart that lies on this machine. helm: manager.go tarFromLocalDir.
    fn pack(&mut self, dependency: &mut Dependency, scratch: &str) -> Result<(), String> {
        let Dependency { name, version, repository, .. } = &*dependency;
        if self.settings.debug {
            let text = format!("Archiving {name} from repo {repository}\n");
            self.say(&text);
        }
        let folder = local_path(repository, &self.folder)?;
        let chart = load(&folder, self.settings.compat, self.io)?;
        let constraint = Constraint::parse(version).map_err(|why| {
            format!("dependency {name} has an invalid version/constraint format: {why}")
        })?;
        let found = chart.metadata.version.clone();
        let parsed = Version::parse(&found).map_err(|error| error.to_string())?;
        if !constraint.check(&parsed) {
            return Err(format!("can't get a valid version for dependency {name}"));
        }
        crate::helm::pack_chart(&chart, scratch, self.settings.compat, self.io)?;
        dependency.version = found;
        Ok(())
    }

    /// helm: manager.go safeMoveDeps.
    fn put_in_place(
        &mut self,
        locked: &[Dependency],
        scratch: &str,
        charts: &str,
    ) -> Result<(), String> {
        let fresh = file_names(scratch)?;
        let old = file_names(charts)?;
        for name in &fresh {
            let (from, to) = (join(scratch, name), join(charts, name));
            if let Err(why) = self.chart_name(&from) {
                self.say(&format!("Could not verify {from} for moving: {why} (Skipping)"));
            } else if std::fs::rename(&from, &to).is_err() {
                self.say(&format!("Unable to move {from} to charts dir {to} (Skipping)"));
            }
        }
        self.say("Deleting outdated charts\n");
        for name in old.difference(&fresh) {
            let path = join(charts, name);
            match self.chart_name(&path) {
                Err(why) => {
                    self.say(&format!("Could not verify {path} for deletion: {why} (Skipping)\n"));
                }
                Ok(name) if is_vendored(&name, locked) => {}
                Ok(_) => {
                    if let Err(error) = std::fs::remove_file(&path) {
                        let why = go_errno(&error);
                        let text = format!("Could not delete {path}: remove {path}: {why}");
                        self.say(&format!("{text} (Skipping)"));
                    }
                }
            }
        }
        Ok(())
    }

    fn chart_name(&mut self, path: &str) -> Result<String, String> {
        let options = LoadOptions { compat: self.settings.compat };
        let mut log = |line: String| self.io.error(&format!("{line}\n"));
        let chart = load_chart(Path::new(path), &options, &mut log);
        chart.map(|chart| chart.name().to_owned()).map_err(|error| error.message)
    }
}

fn is_vendored(name: &str, locked: &[Dependency]) -> bool {
    locked.iter().any(|dependency| dependency.repository.is_empty() && dependency.name == name)
}

/// The files of a folder, without the folders.
fn file_names(folder: &str) -> Result<BTreeSet<String>, String> {
    let failed = |error| format!("open {folder}: {}", go_errno(&error));
    let entries = std::fs::read_dir(folder).map_err(failed)?.flatten();
    let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_dir()));
    Ok(files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}
