//! What the API server refuses or what does not do what was meant.

pub(super) mod cronjob_schedule;
pub(super) mod deprecated_api;
pub(super) mod duplicate_env;
pub(super) mod job_restart_policy;
pub(super) mod probe_port_not_exposed;
pub(super) mod removed_api;
pub(super) mod resource_request_exceeds_limit;
pub(super) mod undefined_volume_mount;
