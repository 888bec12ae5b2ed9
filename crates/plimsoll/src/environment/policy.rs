//! What the configuration asks of linting.

use plimsoll_lint::{Profile, RULES, Rule};
use plimsoll_source::Severity;
use plimsoll_yaml::{Kind, Node};

use super::config::{ConfigError, keys, section, text, wrong};

const KEYS: [&str; 6] = ["profile", "failOn", "rules", "externals", "policies", "defaults"];

/// `policy` of the configuration.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The rules that are asked, where the command line does not say it.
    pub profile: Option<Profile>,
    /// What fails, where the command line does not say it.
    pub fail_on: Option<FailOn>,
    /// Rules with the severity that they get; `None` turns one off.
    pub rules: Vec<(&'static Rule, Option<Severity>)>,
    /// Keys that are given and that no command follows yet.
    pub unfollowed: Vec<&'static str>,
}

/// Which findings make a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// Those of this severity and above.
    AtLeast(Severity),
    /// None.
    Never,
}

impl FailOn {
    /// The names of all of them, as flags and the configuration write them.
    pub const NAMES: [&'static str; 4] = ["error", "warning", "info", "never"];

    /// What a name stands for.
    pub fn named(name: &str) -> Option<FailOn> {
        if name == "never" { Some(FailOn::Never) } else { severity(name).map(FailOn::AtLeast) }
    }

    /// Whether a finding of a severity fails.
    pub fn fails(self, severity: Severity) -> bool {
        matches!(self, FailOn::AtLeast(least) if severity >= least)
    }
}

impl Policy {
    pub(super) fn read(node: &Node) -> Result<Policy, ConfigError> {
        let mut policy = Policy::default();
        for (key, entry) in section(node, "policy", &KEYS)? {
            let value = &entry.value;
            match key {
                "profile" => policy.profile = Some(profile(value)?),
                "failOn" => policy.fail_on = Some(fail_on(value)?),
                "rules" => policy.rules = rules(value)?,
                _ => policy.unfollowed.push(key),
            }
        }
        Ok(policy)
    }
}

/// A profile by its name.
pub(super) fn profile(node: &Node) -> Result<Profile, ConfigError> {
    let name = text(node, "profile")?;
    Profile::named(&name).ok_or_else(|| {
        let known = Profile::NAMES.map(|(name, _)| name).join(", ");
        wrong(node, &format!("`profile` is one of {known}"))
    })
}

fn fail_on(node: &Node) -> Result<FailOn, ConfigError> {
    let known = || format!("`failOn` is one of {}", FailOn::NAMES.join(", "));
    FailOn::named(&text(node, "failOn")?).ok_or_else(|| wrong(node, &known()))
}

fn rules(node: &Node) -> Result<Vec<(&'static Rule, Option<Severity>)>, ConfigError> {
    if !matches!(node.kind, Kind::Map(_) | Kind::Null) {
        return Err(wrong(
            node,
            "`rules` must map the name of a rule to off, info, warning or error",
        ));
    }
    let names: Vec<&'static str> = RULES.iter().map(|rule| rule.name).collect();
    // The names of rules are as good as keys that are known.
    let given = if node.is_null() { Vec::new() } else { keys(node, "`rules`", &names)? };
    let rule = |(name, entry): (&'static str, &plimsoll_yaml::Entry)| {
        let value = &entry.value;
        // YAML 1.1 reads `off` as false.
        let said =
            if value.as_bool() == Some(false) { "off".to_owned() } else { text(value, name)? };
        let severity = match (said.as_str(), severity(&said)) {
            ("off", _) => None,
            (_, Some(severity)) => Some(severity),
            _ => {
                return Err(wrong(value, &format!("`{name}` is one of off, info, warning, error")));
            }
        };
        let rule = RULES.iter().find(|rule| rule.name == name);
        Ok((*rule.expect("its name is from the list"), severity))
    };
    given.into_iter().map(rule).collect()
}

fn severity(name: &str) -> Option<Severity> {
    [Severity::Error, Severity::Warning, Severity::Info].into_iter().find(|one| one.name() == name)
}
