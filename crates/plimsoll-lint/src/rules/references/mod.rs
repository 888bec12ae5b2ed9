//! Objects that speak of others.

pub(super) mod dangling_hpa;
pub(super) mod dangling_service;
pub(super) mod duplicate_object;
pub(super) mod hpa_with_replicas;
pub(super) mod pdb_dangling;
pub(super) mod selector_mismatch;
pub(super) mod service_target_port;
