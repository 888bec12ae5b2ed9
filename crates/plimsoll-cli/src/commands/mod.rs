//! Our own commands.

pub(crate) mod render;
