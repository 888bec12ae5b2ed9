//! Our own commands.

pub(crate) mod chart;
mod definitions;
mod draw;
pub(crate) mod eval;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod lint;
mod manifests;
mod places;
mod project;
mod refusal;
mod release;
pub(crate) mod render;
pub(crate) mod said;
mod show;
mod spent;
pub(crate) mod validate;
pub(crate) mod values;
mod values_set;
