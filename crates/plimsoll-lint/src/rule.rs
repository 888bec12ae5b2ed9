use plimsoll_kube::{Container, Object, Pod};
use plimsoll_source::Severity;

use crate::Context;

/// A rule, as data: an entry of [`crate::RULES`].
#[derive(Debug)]
pub struct Rule {
    /// The kebab-case name, the same in reports, configuration and comments.
    pub name: &'static str,
    /// What it is about.
    pub family: Family,
    /// How much a finding matters, where nobody says otherwise.
    pub severity: Severity,
    /// The named sets of rules that it belongs to. [`Profile::All`] has every rule and is not named.
    pub profiles: &'static [Profile],
    /// Its page, line by line: what it wants, why, and examples.
    pub docs: &'static [&'static str],
    /// What it looks at.
    pub check: Check,
}

/// What rules are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Pods and containers that could do more than they should.
    Security,
    /// Images: tags, registries.
    Images,
    /// What fails under load, at a restart, during an upgrade.
    Reliability,
    /// What the API server refuses or what does not do what was meant.
    Correctness,
    /// Rights.
    Rbac,
    /// Services, ingresses, network policies.
    Network,
    /// Objects that speak of others.
    References,
}

/// A named set of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// What everybody should hear.
    Default,
    /// The Pod Security Standards' baseline.
    PssBaseline,
    /// The Pod Security Standards' restricted level.
    PssRestricted,
    /// Every rule there is.
    All,
}

impl Profile {
    /// Every profile with its name, as flags and the configuration write it.
    pub const NAMES: [(&'static str, Profile); 4] = [
        ("default", Profile::Default),
        ("pss-baseline", Profile::PssBaseline),
        ("pss-restricted", Profile::PssRestricted),
        ("all", Profile::All),
    ];

    /// The profile of a name.
    pub fn named(name: &str) -> Option<Profile> {
        Profile::NAMES.iter().find(|(known, _)| *known == name).map(|(_, profile)| *profile)
    }
}

/// What a rule looks at, and the function that does it.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Every container of every pod, init and ephemeral ones too.
    Container(for<'a> fn(&mut Context<'a>, &Container<'a>)),
    /// Every pod and pod template.
    Pod(for<'a> fn(&mut Context<'a>, &Pod<'a>)),
    /// Every object of these kinds; of all kinds where there are none.
    Object(&'static [&'static str], for<'a> fn(&mut Context<'a>, &Object<'a>)),
}

impl Rule {
    /// Whether the rule belongs to a profile.
    pub fn is_in(&self, profile: Profile) -> bool {
        profile == Profile::All || self.profiles.contains(&profile)
    }

    /// What the rule wants, in one sentence.
    pub fn summary(&self) -> &'static str {
        self.docs.first().map_or("", |line| line.trim())
    }

    /// The sections of the page below its first paragraph: heading and lines.
    #[cfg(test)]
    pub(crate) fn sections(&self) -> Vec<(&'static str, Vec<&'static str>)> {
        let mut sections: Vec<(&str, Vec<&str>)> = Vec::new();
        for line in self.docs {
            let line = line.strip_prefix(' ').unwrap_or(line);
            match (line.strip_prefix("## "), sections.last_mut()) {
                (Some(heading), _) => sections.push((heading, Vec::new())),
                (None, Some((_, lines))) => lines.push(line),
                (None, None) => {}
            }
        }
        sections
    }
}

/// Makes a rule of its page and its data.
macro_rules! rule {
    (
        $(#[doc = $doc:literal])*
        $name:literal, $family:ident, $severity:ident, [$($profile:ident),*], $check:expr
    ) => {
        /// The rule.
        pub(crate) static RULE: $crate::Rule = $crate::Rule {
            name: $name,
            family: $crate::Family::$family,
            severity: plimsoll_source::Severity::$severity,
            profiles: &[$($crate::Profile::$profile),*],
            docs: &[$($doc),*],
            check: $check,
        };
    };
}
pub(crate) use rule;
