use serde_json::Value as Json;

use super::sanitize::sanitize;

/// An entry of `dependencies` in `Chart.yaml`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dependency {
    /// The chart's name.
    pub name: String,
    /// The range of versions that will do.
    pub version: String,
    /// Where the chart comes from.
    pub repository: String,
    /// Paths of values, by commas: the first that is a boolean decides.
    pub condition: String,
    /// Groups that are switched together under `tags` of the values.
    pub tags: Option<Vec<String>>,
    /// What `Chart.yaml` says; Helm sets it anew.
    pub enabled: bool,
    /// What the parent takes over of the chart's values: names of `exports`, or maps of `child`
    /// and `parent`.
    pub import_values: Option<Vec<Json>>,
    /// The name that the chart gets in its parent.
    pub alias: String,
    /// Whether the list has `null` here, which Helm refuses.
    pub(crate) missing: bool,
}

/// `Chart.lock`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    /// When it was made, as written.
    pub generated: String,
    /// The hash of the dependencies that it was made for.
    pub digest: String,
    /// The dependencies and their exact versions.
    pub dependencies: Option<Vec<Dependency>>,
}

impl Dependency {
    /// A dependency that says no more than a lock does.
    pub fn new(name: &str, repository: &str, version: &str) -> Dependency {
        Dependency {
            name: name.to_owned(),
            repository: repository.to_owned(),
            version: version.to_owned(),
            ..Dependency::default()
        }
    }

    /// The name that the parent knows the chart by.
    pub fn key(&self) -> &str {
        if self.alias.is_empty() { &self.name } else { &self.alias }
    }

    /// helm: dependency.go `Validate`, which also cleans the texts.
    pub(super) fn validate(&mut self) -> Result<(), String> {
        for text in [&mut self.name, &mut self.version, &mut self.repository, &mut self.condition] {
            sanitize(text);
        }
        self.tags.iter_mut().flatten().for_each(sanitize);
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if self.alias.bytes().all(allowed) {
            Ok(())
        } else {
            Err(format!(
                "dependency {} has disallowed characters in the alias",
                crate::text::quote(&self.name)
            ))
        }
    }
}

/// Whether a version lies in a range; no if either of them cannot be read.
/// helm: compatible.go `IsCompatibleRange`.
pub fn is_compatible_range(range: &str, version: &str) -> bool {
    crate::semver::compatible(range, version)
}
