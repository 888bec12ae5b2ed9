//! Objects that speak of others.

pub(super) mod duplicate_object;
pub(super) mod selector_mismatch;
