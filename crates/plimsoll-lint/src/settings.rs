use plimsoll_source::Severity;

use crate::{Profile, RULES, Rule};

/// Which rules are asked, how much their findings matter, and for which Kubernetes.
#[derive(Clone, Debug)]
pub struct Settings {
    profile: Profile,
    rules: Vec<(&'static Rule, Severity)>,
    /// Major and minor version of the Kubernetes that the objects are meant for.
    pub kube_version: (u32, u32),
}

impl Settings {
    /// The rules of a profile, with their own severities.
    pub fn new(profile: Profile, kube_version: (u32, u32)) -> Settings {
        let chosen = RULES.iter().filter(|rule| rule.is_in(profile));
        let rules = chosen.map(|rule| (*rule, rule.severity)).collect();
        Settings { profile, rules, kube_version }
    }

    /// Gives a rule a severity; `None` turns it off.
    pub fn set(&mut self, rule: &'static Rule, severity: Option<Severity>) {
        self.rules.retain(|(known, _)| !std::ptr::eq(*known, rule));
        self.rules.extend(severity.map(|severity| (rule, severity)));
    }

    /// The rules that are asked.
    pub fn rules(&self) -> &[(&'static Rule, Severity)] {
        &self.rules
    }

    /// Whether the Pod Security Standards' restricted level is asked for, which takes no excuse.
    pub fn is_restricted(&self) -> bool {
        self.profile == Profile::PssRestricted
    }

    /// Whether the Pod Security Standards are asked for as they were before Kubernetes 1.`minor`.
    pub fn is_pss_before(&self, minor: u32) -> bool {
        matches!(self.profile, Profile::PssBaseline | Profile::PssRestricted)
            && !self.is_since(minor)
    }

    /// Whether the objects are meant for Kubernetes 1.`minor` or a later one.
    pub fn is_since(&self, minor: u32) -> bool {
        self.kube_version >= (1, minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_can_be_turned_off_and_on() {
        let rule = RULES[0];
        let mut settings = Settings::new(Profile::All, (1, 37));
        let severity = |settings: &Settings| {
            let mut rules = settings.rules().iter();
            rules.find(|(one, _)| one.name == rule.name).map(|(_, severity)| *severity)
        };
        settings.set(rule, None);
        assert_eq!(severity(&settings), None);
        settings.set(rule, Some(Severity::Info));
        assert_eq!(severity(&settings), Some(Severity::Info));
    }
}
