//! The values that each chart of a tree sees, and how they come about.

mod coalesce;
mod dependencies;
mod import;
mod instance;
mod layer;
mod origin;
mod prepare;
pub mod strvals;
mod tables;
mod tree;
mod values_file;
mod values_type;
mod warning;

pub(crate) use coalesce::{Nulls, lay_table};
pub use dependencies::{check_api_version, check_dependencies, check_installable};
pub use instance::{ChartInstance, Crd};
pub use layer::{ReadFile, ValueFlags, merge_flags};
pub use origin::{Layer, OriginEntry, Origins, Source};
pub use prepare::{ValidateSchema, ValuesOptions, coalesce_chart, prepare, process_dependencies};
pub use tree::ChartTree;
pub use values_file::ValuesTree;
pub use values_type::values_type;

use plimsoll_gotmpl::{Compat, Value};

use crate::log::Log;

/// A value as `toYaml` writes it, with a final line break; nothing where YAML has no form for it.
pub fn to_yaml(value: &Value) -> Vec<u8> {
    let mut text = plimsoll_funcs::yaml_of(value).as_bytes().to_vec();
    text.push(b'\n');
    text
}

/// What every step on the way to the values needs.
pub(crate) struct Context<'a> {
    pub(crate) compat: Compat,
    pub(crate) origins: &'a mut Origins,
    pub(crate) log: Log<'a>,
}
