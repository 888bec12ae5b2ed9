//! Every rule, one file each.

mod correctness;
mod images;
mod network;
#[cfg(test)]
mod pss;
mod rbac;
mod references;
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
    &rbac::anonymous_binding::RULE,
    &security::apparmor_unconfined::RULE,
    &rbac::cluster_admin_binding::RULE,
    &security::container_runtime_socket::RULE,
    &reliability::cpu_request::RULE,
    &correctness::cronjob_schedule::RULE,
    &references::dangling_hpa::RULE,
    &references::dangling_service::RULE,
    &correctness::deprecated_api::RULE,
    &security::deprecated_service_account_field::RULE,
    &security::drop_all_capabilities::RULE,
    &correctness::duplicate_env::RULE,
    &references::duplicate_object::RULE,
    &rbac::escalate_bind_impersonate::RULE,
    &network::external_ips::RULE,
    &security::host_ipc::RULE,
    &security::host_network::RULE,
    &security::host_path_volume::RULE,
    &security::host_pid::RULE,
    &security::host_port::RULE,
    &security::host_probe_host::RULE,
    &references::hpa_with_replicas::RULE,
    &images::image_deprecated_registry::RULE,
    &images::image_invalid_reference::RULE,
    &images::image_pull_policy::RULE,
    &images::image_tag_latest::RULE,
    &network::ingress_nginx_snippets::RULE,
    &correctness::job_restart_policy::RULE,
    &reliability::memory_limit::RULE,
    &reliability::memory_request::RULE,
    &reliability::naked_pod::RULE,
    &rbac::nodes_proxy::RULE,
    &references::pdb_dangling::RULE,
    &reliability::pdb_zero_disruptions::RULE,
    &rbac::pod_exec_attach_portforward::RULE,
    &security::privileged_container::RULE,
    &correctness::probe_port_not_exposed::RULE,
    &reliability::probes_identical::RULE,
    &security::proc_mount::RULE,
    &reliability::readiness_probe::RULE,
    &correctness::removed_api::RULE,
    &correctness::resource_request_exceeds_limit::RULE,
    &security::restricted_volume_types::RULE,
    &security::run_as_non_root::RULE,
    &security::run_as_root_user::RULE,
    &security::seccomp_not_set::RULE,
    &security::seccomp_unconfined::RULE,
    &security::secret_in_env_value::RULE,
    &references::selector_mismatch::RULE,
    &security::selinux_options::RULE,
    &security::sensitive_host_path::RULE,
    &references::service_target_port::RULE,
    &rbac::system_masters::RULE,
    &correctness::undefined_volume_mount::RULE,
    &security::unsafe_sysctls::RULE,
    &rbac::wildcard_rules::RULE,
    &security::windows_host_process::RULE,
];

/// The rule of a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.binary_search_by_key(&name, |rule| rule.name).ok().map(|at| RULES[at])
}
