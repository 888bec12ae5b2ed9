//! Diagnostics: why something could not be done, drawn with excerpts of the sources.

mod findings;
mod full;
mod mask;

pub use findings::as_findings;
pub use full::write;
pub(crate) use mask::mask_secrets;
