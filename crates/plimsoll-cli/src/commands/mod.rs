//! Our own commands.

pub(crate) mod chart;
pub(crate) mod eval;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod lint;
mod manifests;
mod project;
pub(crate) mod render;
pub(crate) mod validate;
pub(crate) mod values;
mod values_set;
