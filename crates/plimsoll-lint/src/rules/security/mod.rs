//! Pods and containers that could do more than they should.

pub(super) mod added_capabilities_baseline;
pub(super) mod added_capabilities_restricted;
pub(super) mod allow_privilege_escalation;
pub(super) mod apparmor_unconfined;
pub(super) mod container_runtime_socket;
pub(super) mod deprecated_service_account_field;
pub(super) mod drop_all_capabilities;
pub(super) mod host_ipc;
pub(super) mod host_network;
pub(super) mod host_path_volume;
pub(super) mod host_pid;
pub(super) mod host_port;
pub(super) mod host_probe_host;
pub(super) mod privileged_container;
pub(super) mod proc_mount;
pub(super) mod restricted_volume_types;
pub(super) mod run_as_non_root;
pub(super) mod run_as_root_user;
pub(super) mod seccomp_not_set;
pub(super) mod seccomp_unconfined;
pub(super) mod secret_in_env_value;
pub(super) mod selinux_options;
pub(super) mod sensitive_host_path;
pub(super) mod unsafe_sysctls;
pub(super) mod windows_host_process;
