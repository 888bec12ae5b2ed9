//! From ranges of versions to the versions themselves.

use plimsoll::helm::chart::Dependency;
use plimsoll::helm::funcs::semver::{Constraint, Version};

use super::manager::Manager;
use super::{is_local, load, local_path};
use crate::fetch::download::index_path;
use crate::fetch::files::join;
use crate::fetch::index::Index;
use crate::fetch::quote;
use crate::fetch::registry::{SCHEME, is_oci};

impl Manager<'_> {
    /// The exact version of every dependency. helm: resolver.go `Resolve`.
    pub(super) fn resolve(
        &mut self,
        wanted: &[Dependency],
        names: &[(String, String)],
    ) -> Result<Vec<Dependency>, String> {
        let mut locked = Vec::with_capacity(wanted.len());
        let mut missing: Vec<String> = Vec::new();
        for dependency in wanted {
            let constraint = Constraint::parse(&dependency.version).map_err(|why| {
                let name = quote(&dependency.name);
                format!("dependency {name} has an invalid version/constraint format: {why}")
            })?;
            match self.version_of(dependency, &constraint, names)? {
                Some(version) => {
                    let Dependency { name, repository, .. } = dependency;
                    locked.push(Dependency::new(name, repository, &version));
                }
                None => missing.push(format!(
                    "{} (repository {}, version {})",
                    quote(&dependency.name),
                    quote(&dependency.repository),
                    quote(&dependency.version)
                )),
            }
        }
        if missing.is_empty() {
            return Ok(locked);
        }
        let (count, list) = (missing.len(), missing.join(", "));
        Err(format!(
            "can't get a valid version for {count} subchart(s): {list}. Make sure a matching chart \
             version exists in the repo, or change the version constraint in Chart.yaml"
        ))
    }

    /// The version of one dependency; `None` where there is none in the range.
    fn version_of(
        &mut self,
        dependency: &Dependency,
        constraint: &Constraint,
        names: &[(String, String)],
    ) -> Result<Option<String>, String> {
        let Dependency { name, version, repository, .. } = dependency;
        if repository.is_empty() {
            local_path(&join("charts", name), &self.folder)?;
            return Ok(Some(version.clone()));
        }
        if is_local(dependency) {
            let folder = local_path(repository, &self.folder)?;
            let chart = load(&folder, self.settings.compat, self.io)?;
            let found = &chart.metadata.version;
            let fits = Version::parse(found).is_ok_and(|it| constraint.check(&it));
            return Ok(fits.then(|| found.clone()));
        }
        if is_oci(repository) {
            return self.tag_of(dependency, constraint).map(Some);
        }
        let Some((_, known)) = names.iter().find(|(of, _)| of == name) else {
            return Ok(Some(version.clone()));
        };
        self.version_in_index(dependency, constraint, known)
    }

    /// A version that is written out is taken as it is; else the newest tag in the range.
    fn tag_of(
        &mut self,
        dependency: &Dependency,
        constraint: &Constraint,
    ) -> Result<String, String> {
        let Dependency { name, version, repository, .. } = dependency;
        if Version::parse(version).is_ok() {
            return Ok(version.clone());
        }
        let place = repository.strip_prefix(SCHEME).unwrap_or(repository);
        let tags = self.registry.tags(&format!("{place}/{name}")).map_err(|why| {
            format!("could not retrieve list of tags for repository {repository}: {why}")
        })?;
        let fits = |tag: &&String| Version::parse(tag).is_ok_and(|it| constraint.check(&it));
        Ok(tags.iter().find(fits).unwrap_or(version).clone())
    }

    fn version_in_index(
        &mut self,
        dependency: &Dependency,
        constraint: &Constraint,
        known: &str,
    ) -> Result<Option<String>, String> {
        let path = index_path(self.settings, known);
        let mut log = |line: String| self.io.error(&format!("{line}\n"));
        let index = Index::load(&path, self.settings.compat, &mut log).map_err(|why| {
            format!("no cached repository for {known} found. (try 'helm repo update'): {why}")
        })?;
        let Dependency { name, repository, .. } = dependency;
        let versions = index
            .chart(name)
            .ok_or_else(|| format!("{name} chart not found in repo {repository}"))?;
        let found = versions.iter().find(|it| {
            !it.urls.is_empty() && it.version().is_some_and(|version| constraint.check(version))
        });
        Ok(found.and_then(|it| it.version()).map(|version| version.original.clone()))
    }
}
