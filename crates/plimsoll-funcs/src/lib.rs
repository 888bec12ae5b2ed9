//! The functions that Helm gives its templates: sprig 3.3 as Helm exposes it, in families.
//!
//! A family is a table of [`plimsoll_gotmpl::Function`]s, made from typed Rust functions; their
//! argument types say what Go's engine accepts and in which words it refuses. What needs a chart,
//! a release or other templates (`include`, `tpl`, `lookup`, `required`, `fail`) is the Helm
//! crate's. Start with [`functions`]; [`semver`] and [`civil`] are public because charts need them too.

mod case;
mod cast;
mod certs;
pub mod civil;
pub mod convert;
mod copy;
mod crypto;
mod dates;
mod defaults;
mod dicts;
mod digest;
mod encoding;
mod from_yaml;
pub mod json;
mod keys;
mod limit;
mod lists;
mod math;
mod merge;
mod origins;
mod paths;
mod random;
pub mod regex;
pub mod semver;
mod split;
mod strings;
mod strval;
mod table;
mod toml;
mod types;
mod unicode;
mod url;
mod words;
mod x509;

pub use table::functions;
pub use url::url_parse;
pub use yaml::yaml_of;
mod yaml;
