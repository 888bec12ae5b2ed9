//! The functions that Helm gives its templates: sprig and its own, in families.

mod cast;
mod certs;
mod crypto;
mod dates;
mod encoding;
pub mod json;
mod keys;
mod math;
mod origins;
mod toml;
mod x509;
mod yaml;
