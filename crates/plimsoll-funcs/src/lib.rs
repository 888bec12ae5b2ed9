//! The functions that Helm gives its templates: sprig and its own, in families.

mod encoding;
pub mod json;
mod origins;
mod time_value;
mod toml;
