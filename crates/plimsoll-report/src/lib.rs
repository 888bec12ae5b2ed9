//! Writes what the other crates found: for people, for CI, for programs.
//!
//! Everything comes in as plain data from `plimsoll-source` and goes out as text to a writer; this
//! is the only crate that knows colours, excerpts and JSON. One format, one file.

pub mod diagnostics;
pub mod findings;
mod manifest_colors;
mod style;
mod terminal;
pub mod validation;

pub use manifest_colors::color_manifests;
pub use style::Style;
pub use terminal::strip_controls;
