//! Every rule, one file each.

mod reliability;
mod security;
#[cfg(test)]
mod testing;

use crate::Rule;
use reliability::{memory_limit, readiness_probe};
use security::run_as_non_root;

/// All rules, sorted by name.
pub static RULES: &[&Rule] = &[&memory_limit::RULE, &readiness_probe::RULE, &run_as_non_root::RULE];

/// The rule of a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.binary_search_by_key(&name, |rule| rule.name).ok().map(|at| RULES[at])
}
