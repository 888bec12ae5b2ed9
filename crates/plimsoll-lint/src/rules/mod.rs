//! Every rule, one file each.

mod reliability;
mod security;
#[cfg(test)]
mod testing;

use crate::Rule;

/// All rules, sorted by name.
pub static RULES: &[&Rule] = &[
    &security::added_capabilities_baseline::RULE,
    &security::added_capabilities_restricted::RULE,
    &security::allow_privilege_escalation::RULE,
    &security::container_runtime_socket::RULE,
    &security::drop_all_capabilities::RULE,
    &security::host_ipc::RULE,
    &security::host_network::RULE,
    &security::host_path_volume::RULE,
    &security::host_pid::RULE,
    &security::host_port::RULE,
    &reliability::memory_limit::RULE,
    &security::privileged_container::RULE,
    &reliability::readiness_probe::RULE,
    &security::run_as_non_root::RULE,
    &security::run_as_root_user::RULE,
    &security::sensitive_host_path::RULE,
];

/// The rule of a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.binary_search_by_key(&name, |rule| rule.name).ok().map(|at| RULES[at])
}
