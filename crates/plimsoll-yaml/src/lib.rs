//! YAML in with spans and YAML out, with the rules of go-yaml as Helm uses it, byte for byte.
//!
//! Not a general YAML library: it is as wrong as go-yaml is, on purpose. [`read`] gives the first
//! document of a text as a [`Node`], [`unmarshal`] and [`load_values`] are Helm's ways to ask;
//! [`Emitter`] writes what `toYaml` and `toYamlPretty` print.

mod compose;
mod emit;
mod error;
mod input;
mod lines;
mod load;
mod node;
mod parse;
mod resolve;
mod scan;

pub use emit::{Emitter, Version, sort_keys};
pub use error::YamlError;
pub use load::{
    Target, load_values, read, read_json, read_root_entries, read_strict, unmarshal,
};
pub use node::{Entry, Kind, Node};
pub use scan::Style;
