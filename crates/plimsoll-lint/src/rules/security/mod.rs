//! Pods and containers that could do more than they should.

pub(super) mod run_as_non_root;
