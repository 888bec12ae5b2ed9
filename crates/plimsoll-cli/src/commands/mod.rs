//! Our own commands.

pub(crate) mod lint;
mod manifests;
pub(crate) mod render;
pub(crate) mod validate;
