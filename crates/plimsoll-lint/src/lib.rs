//! The policy rules.
