//! Diagnostics: why something could not be done, drawn with excerpts of the sources.

mod full;
mod mask;

pub use full::write;
pub(crate) use mask::mask_secrets;
