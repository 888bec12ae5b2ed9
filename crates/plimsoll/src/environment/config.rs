//! `.plimsoll.yaml`, as far as charts, services and environments go.

use plimsoll_lint::Profile;
use plimsoll_source::{FileId, Span};
use plimsoll_yaml::{Entry, Kind, Node};

use super::policy::{Policy, profile};
use crate::nearest::nearest;

/// The configuration's name; it is looked for upward to the repository's root.
pub const FILE_NAME: &str = ".plimsoll.yaml";

const KEYS: [&str; 6] = ["environments", "charts", "services", "policy", "drift", "schemas"];
const DRIFT_KEYS: [&str; 1] = ["intended"];
const ENVIRONMENT_KEYS: [&str; 6] =
    ["values", "release", "namespace", "kubeVersion", "apiVersions", "profile"];

/// What a project says of itself. Paths and globs are relative to the file's folder.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The declared environments, in the order of their names.
    pub environments: Vec<Declared>,
    /// Globs of chart folders and archives. One chart alone is the default of every command.
    pub charts: Vec<String>,
    /// Globs of values files, a service each.
    pub services: Vec<String>,
    /// What linting asks for.
    pub policy: Policy,
    /// Files and folders with definitions of custom resources.
    pub schemas: Vec<String>,
    /// Keys of `drift` that are given, which no command follows yet.
    pub drift: Vec<&'static str>,
}

/// An environment that the configuration declares.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// `prod`
    pub name: String,
    /// Values files, later ones over earlier; none means that they are found by convention.
    pub values: Vec<String>,
    /// The release's name.
    pub release: Option<String>,
    /// The release's namespace.
    pub namespace: Option<String>,
    /// `1.34`
    pub kube_version: Option<String>,
    /// More API versions than Kubernetes' own.
    pub api_versions: Vec<String>,
    /// The rules that are asked, where the command line does not say it.
    pub profile: Option<Profile>,
}

/// What is wrong with a configuration, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// What is wrong, and what would be right.
    pub message: String,
    /// Where it stands.
    pub span: Option<Span>,
}

impl Config {
    /// Reads a configuration. An unknown key is an error, as is a value of another kind.
    pub fn read(text: &[u8], file: FileId) -> Result<Config, ConfigError> {
        let node = plimsoll_yaml::read_strict(text, file)
            .map_err(|error| ConfigError { message: error.message, span: error.span })?;
        let mut config = Config::default();
        if node.is_null() {
            return Ok(config);
        }
        for (key, entry) in keys(&node, "the configuration", &KEYS)? {
            match key {
                "environments" => config.environments = environments(&entry.value)?,
                "charts" => config.charts = texts(&entry.value, "charts")?,
                "services" => config.services = texts(&entry.value, "services")?,
                "policy" => config.policy = Policy::read(&entry.value)?,
                "schemas" => config.schemas = texts(&entry.value, "schemas")?,
                _ => {
                    let given = section(&entry.value, "drift", &DRIFT_KEYS)?;
                    config.drift = given.into_iter().map(|(key, _)| key).collect();
                }
            }
        }
        Ok(config)
    }

    /// A declared environment.
    pub fn environment(&self, name: &str) -> Option<&Declared> {
        self.environments.iter().find(|one| one.name == name)
    }
}

/// The entries of a part of the configuration, which may be empty.
pub(super) fn section<'n>(
    node: &'n Node,
    name: &str,
    known: &[&'static str],
) -> Result<Vec<(&'static str, &'n Entry)>, ConfigError> {
    if node.is_null() { Ok(Vec::new()) } else { keys(node, &format!("`{name}`"), known) }
}

fn environments(node: &Node) -> Result<Vec<Declared>, ConfigError> {
    if !matches!(node.kind, Kind::Map(_) | Kind::Null) {
        return Err(wrong(node, "`environments` must map a name to its layers"));
    }
    node.as_map().iter().map(declared).collect()
}

fn declared(entry: &Entry) -> Result<Declared, ConfigError> {
    let name = String::from_utf8_lossy(&entry.key).into_owned();
    let mut declared = Declared { name: name.clone(), ..Declared::default() };
    if super::check_name(&name).is_err() {
        let message = super::EnvironmentError::Name(name).to_string();
        return Err(ConfigError { message, span: Some(entry.key_span) });
    }
    if entry.value.is_null() {
        return Ok(declared);
    }
    for (key, entry) in keys(&entry.value, &format!("the environment `{name}`"), &ENVIRONMENT_KEYS)?
    {
        let value = &entry.value;
        match key {
            "values" => declared.values = texts(value, key)?,
            "release" => declared.release = Some(text(value, key)?),
            "namespace" => declared.namespace = Some(text(value, key)?),
            "kubeVersion" => declared.kube_version = Some(text(value, key)?),
            "apiVersions" => declared.api_versions = texts(value, key)?,
            _ => declared.profile = Some(profile(value)?),
        }
    }
    Ok(declared)
}

/// The entries of a map all of whose keys are known.
pub(super) fn keys<'n>(
    node: &'n Node,
    what: &str,
    known: &[&'static str],
) -> Result<Vec<(&'static str, &'n Entry)>, ConfigError> {
    if !matches!(node.kind, Kind::Map(_)) {
        return Err(wrong(node, &format!("{what} must be a map")));
    }
    let find = |entry: &'n Entry| {
        let key = String::from_utf8_lossy(&entry.key);
        if let Some(known) = known.iter().find(|known| **known == key) {
            return Ok((*known, entry));
        }
        let hint = match nearest(&key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.len() > 12 => {
                "`plimsoll lint --profile all` asks all that there are".to_owned()
            }
            None => format!("it has {}", known.join(", ")),
        };
        let message = format!("{what} has no key `{key}`; {hint}");
        Err(ConfigError { message, span: Some(entry.key_span) })
    };
    node.as_map().iter().map(find).collect()
}

pub(super) fn text(node: &Node, key: &str) -> Result<String, ConfigError> {
    match node.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => Err(wrong(node, &format!("`{key}` must be a text in quotes"))),
    }
}

/// A list of texts; a text alone is a list of one.
fn texts(node: &Node, key: &str) -> Result<Vec<String>, ConfigError> {
    match &node.kind {
        Kind::Null => Ok(Vec::new()),
        Kind::Text(_) => Ok(vec![text(node, key)?]),
        Kind::List(items) => items.iter().map(|item| text(item, key)).collect(),
        _ => Err(wrong(node, &format!("`{key}` must be a list of texts"))),
    }
}

pub(super) fn wrong(node: &Node, message: &str) -> ConfigError {
    ConfigError { message: message.to_owned(), span: Some(node.span) }
}

#[cfg(test)]
mod tests {
    use plimsoll_source::Severity;

    use super::*;
    use crate::environment::FailOn;

    fn refused(text: &str, at: u32, message: &str) {
        let error = Config::read(text.as_bytes(), FileId(0)).expect_err("it is refused");
        assert_eq!(
            (error.message.as_str(), error.span.map(|span| span.start)),
            (message, Some(at))
        );
    }

    #[test]
    fn a_configuration_says_what_there_is() {
        let text = "charts: charts/*\nservices: [services/*/values.yaml]\nenvironments:\n  prod:\n    \
                    values: [a.yaml, b.yaml]\n    kubeVersion: '1.34'\n  dev:\n";
        let config = Config::read(text.as_bytes(), FileId(0)).expect("it is fine");
        assert_eq!((config.charts.len(), config.services.len()), (1, 1));
        let prod = config.environment("prod").expect("it is declared");
        assert_eq!((prod.values.len(), prod.kube_version.as_deref()), (2, Some("1.34")));
        assert!(config.environment("dev").is_some_and(|dev| dev.values.is_empty()));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        refused(
            "a: 1\nchart: x\n",
            0,
            "the configuration has no key `a`; it has environments, charts, services, policy, drift, schemas",
        );
        refused(
            "environmets: {}\n",
            0,
            "the configuration has no key `environmets`; did you mean `environments`?",
        );
        refused(
            "environments:\n  prod: {value: x}\n",
            23,
            "the environment `prod` has no key `value`; did you mean `values`?",
        );
        refused(
            "policy: {failon: info}\n",
            9,
            "`policy` has no key `failon`; did you mean `failOn`?",
        );
        refused("policy: {failOn: on}\n", 17, "`failOn` must be a text in quotes");
        refused(
            "policy: {rules: {run-as-nonroot: off}}\n",
            17,
            "`rules` has no key `run-as-nonroot`; did you mean `run-as-non-root`?",
        );
        refused(
            "policy:\n  rules:\n    run-as-non-root: no way\n",
            38,
            "`run-as-non-root` is one of off, info, warning, error",
        );
        let profiles = "`profile` is one of default, pss-baseline, pss-restricted, all";
        refused("policy: {profile: strict}\n", 18, profiles);
        refused("environments: {prod: {profile: strict}}\n", 31, profiles);
        refused("drift: [a]\n", 7, "`drift` must be a map");
        refused(
            "environments:\n  prod:\n    kubeVersion: 1.34\n",
            39,
            "`kubeVersion` must be a text in quotes",
        );
    }

    #[test]
    fn a_policy_names_profile_threshold_and_rules() {
        let text = "policy:\n  profile: all\n  failOn: error\n  externals: {}\n  rules:\n    \
                    image-pull-policy: info\n    run-as-non-root: off\nschemas: crds\n";
        let config = Config::read(text.as_bytes(), FileId(0)).expect("it is fine");
        let policy = config.policy;
        assert_eq!(policy.profile, Some(Profile::All));
        assert_eq!(policy.fail_on, Some(FailOn::AtLeast(Severity::Error)));
        let rules: Vec<_> = policy.rules.iter().map(|(rule, to)| (rule.name, *to)).collect();
        assert_eq!(rules, [("image-pull-policy", Some(Severity::Info)), ("run-as-non-root", None)]);
        assert_eq!(policy.unfollowed, ["externals"]);
        assert_eq!(config.schemas, ["crds"]);
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        assert!(Config::read(b"charts: a\ncharts: b\n", FileId(0)).is_err());
    }
}
