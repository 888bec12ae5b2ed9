//! What fails under load, at a restart, during an upgrade.

pub(super) mod cpu_request;
pub(super) mod memory_limit;
pub(super) mod memory_request;
pub(super) mod naked_pod;
pub(super) mod pdb_zero_disruptions;
pub(super) mod probes_identical;
pub(super) mod readiness_probe;
