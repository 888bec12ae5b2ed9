//! The way from `Chart.yaml` or `Chart.lock` to a full `charts/` folder.

use plimsoll::gotmpl::Compat;
use plimsoll::helm::chart::Dependency;
use plimsoll::helm::go_log;

use super::repository_names::{check_known, resolve_names};
use super::{load, lock_file};
use crate::fetch::commands::update_all;
use crate::fetch::download::check_repository;
use crate::fetch::registry::RegistryClient;
use crate::fetch::repositories::{Entry, Repositories};
use crate::fetch::settings::Settings;
use crate::fetch::sha256;
use crate::helm::now;
use crate::io::Io;

/// How the names of repositories begin that were not added: Helm makes them up.
const UNMANAGED: &str = "helm-manager-";

/// Looks after the dependencies of the chart in a folder.
pub(super) struct Manager<'a> {
    pub(super) settings: &'a Settings,
    pub(super) registry: &'a RegistryClient,
    /// The chart's.
    pub(super) folder: String,
    /// Indexes stay as they are.
    pub(super) skip_refresh: bool,
    /// The repositories that were not added and whose indexes were fetched just now, by URL.
    pub(super) updated: Vec<String>,
    /// Only what registries are asked for is said.
    pub(super) quiet: bool,
    pub(super) io: &'a mut Io,
}

impl Manager<'_> {
    /// helm: manager.go `Update`.
    pub(super) fn update(&mut self) -> Result<(), String> {
        let chart = load(&self.folder, self.settings.compat, self.io)?;
        let Some(mut wanted) = chart.metadata.dependencies.clone() else { return Ok(()) };
        let known = self.known()?;
        let mut names = self.names(&mut wanted, &known)?;
        self.fetch_unmanaged(&wanted, &mut names)?;
        self.refresh(&known)?;
        let mut locked = self.resolve(&wanted, &names)?;
        self.save_all(&mut locked, &known)?;
        let digest = lock_file::hash(&wanted, &locked);
        if chart.lock.as_ref().is_some_and(|lock| lock.digest == digest) {
            return Ok(());
        }
        let generated = now(self.io, self.settings.compat);
        let is_v1 = chart.metadata.api_version == "v1";
        lock_file::write(&self.folder, &locked, &digest, &generated, is_v1)
    }

    /// helm: manager.go `Build`.
    pub(super) fn build(&mut self) -> Result<(), String> {
        let compat = self.settings.compat;
        let chart = load(&self.folder, compat, self.io)?;
        let Some(lock) = &chart.lock else { return self.update() };
        let mut wanted = chart.metadata.dependencies.clone().unwrap_or_default();
        let is_v1 = chart.metadata.api_version == "v1";
        let old_hash = if is_v1 { lock_file::hash_of_helm_2(&wanted) } else { String::new() };
        let known = self.known()?;
        self.names(&mut wanted, &known)?;
        let mut locked = lock.dependencies.clone().unwrap_or_default();
        if lock_file::hash(&wanted, &locked) != lock.digest {
            if !is_v1 {
                return Err(out_of_sync("Chart", compat));
            }
            let text = "warning: a valid Helm v3 hash was not found. Checking against Helm v2 \
                        hash...";
            self.io.error(&format!("{}\n", go_log(compat, "manager.go:122", text)));
            if old_hash != lock.digest {
                return Err(out_of_sync("requirements", compat));
            }
        }
        check_known(&locked, &known)?;
        self.refresh(&known)?;
        self.save_all(&mut locked, &known)
    }

    fn known(&self) -> Result<Repositories, String> {
        Repositories::load_or_default(&self.settings.repository_config)
    }

    fn names(
        &mut self,
        wanted: &mut [Dependency],
        known: &Repositories,
    ) -> Result<Vec<(String, String)>, String> {
        let folder = self.folder.clone();
        let debug = self.settings.debug;
        resolve_names(wanted, &folder, known, &mut |text| {
            if debug {
                self.say(text);
            }
        })
    }

    /// Prints what goes on.
    pub(super) fn say(&mut self, text: &str) {
        if !self.quiet {
            self.io.print(text.as_bytes());
        }
    }

    /// Fetches the indexes of repositories that were not added. helm: manager.go
    /// ensureMissingRepos.
    fn fetch_unmanaged(
        &mut self,
        wanted: &[Dependency],
        names: &mut Vec<(String, String)>,
    ) -> Result<(), String> {
        let mut entries: Vec<Entry> = Vec::new();
        for Dependency { name, repository, .. } in wanted {
            if repository.is_empty() || names.iter().any(|(known, _)| known == name) {
                continue;
            }
            let entry = Entry {
                name: unmanaged_name(repository),
                url: repository.clone(),
                ..Entry::default()
            };
            names.push((name.clone(), entry.name.clone()));
            entries.push(entry);
        }
        if self.skip_refresh || entries.is_empty() {
            return Ok(());
        }
        self.say("Getting updates for unmanaged Helm repositories...\n");
        self.update_side_by_side(&entries)
    }

    /// Fetches the indexes of all repositories that were added. helm: `UpdateRepositories`.
    fn refresh(&mut self, known: &Repositories) -> Result<(), String> {
        if self.skip_refresh || known.entries().is_empty() {
            return Ok(());
        }
        self.say("Hang tight while we grab the latest from your chart repositories...\n");
        self.update_side_by_side(known.entries())?;
        self.say("Update Complete. ⎈Happy Helming!⎈\n");
        Ok(())
    }

    /// Helm 4 asks each URL once.
    fn update_side_by_side(&mut self, entries: &[Entry]) -> Result<(), String> {
        let mut chosen: Vec<&Entry> = Vec::new();
        for entry in entries {
            let bare = |entry: &Entry| entry.url.trim_end_matches('/').to_owned();
            let same = chosen.iter().position(|had| bare(had) == bare(entry));
            match same.filter(|_| self.settings.compat == Compat::Helm4) {
                Some(at) => chosen[at] = entry,
                None => chosen.push(entry),
            }
        }
        chosen.iter().try_for_each(|entry| check_repository(entry))?;
        let quiet = self.quiet;
        let failed = update_all(self.settings, &chosen, None, self.io, &mut |io, text| {
            if !quiet {
                io.print(text.as_bytes());
            }
        });
        let fetched = chosen.iter().map(|entry| &entry.url).filter(|url| !failed.contains(url));
        self.updated.extend(fetched.cloned());
        Ok(())
    }
}

/// helm: manager.go key.
pub(super) fn unmanaged_name(repository: &str) -> String {
    format!("{UNMANAGED}{}", sha256(repository.as_bytes()))
}

fn out_of_sync(file: &str, compat: Compat) -> String {
    let yaml = if file == "Chart" { "Chart.yaml" } else { "requirements.yaml" };
    let how = match (file, compat) {
        ("Chart", Compat::Helm4) => " with 'helm dependency update'",
        _ => "",
    };
    format!(
        "the lock file ({file}.lock) is out of sync with the dependencies file ({yaml}). Please \
         update the dependencies{how}"
    )
}
