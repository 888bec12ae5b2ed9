//! The functions that Helm gives its templates: sprig and its own, in families.

mod certs;
mod crypto;
mod encoding;
pub mod json;
mod keys;
mod origins;
mod time_value;
mod toml;
mod x509;
