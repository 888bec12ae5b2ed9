//! What fails under load, at a restart, during an upgrade.

pub(super) mod memory_limit;
pub(super) mod readiness_probe;
