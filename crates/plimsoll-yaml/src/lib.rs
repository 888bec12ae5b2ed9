//! YAML in with spans and YAML out, with the rules of go-yaml as Helm uses it, byte for byte.
//!
//! Not a general YAML library: it is as wrong as go-yaml is, on purpose. [`read`] gives the first
//! document of a text as a [`Node`], [`unmarshal`] and [`load_values`] are Helm's ways to ask;
//! [`Emitter`] writes what `toYaml` and `toYamlPretty` print.

mod comments;
mod compose;
mod documents;
pub mod edit;
mod emit;
mod error;
mod input;
mod items;
mod lines;
mod load;
mod node;
mod parse;
mod path;
mod resolve;
mod scan;

pub use comments::{Comment, comments};
pub use documents::{Document, documents};
pub use emit::{Emitter, Output, Version, sort_keys};
pub use error::YamlError;
pub use items::{Items, Nested};
pub use load::{Target, load_values, read, read_json, read_root_entries, read_strict, unmarshal};
pub use node::{Duplicate, Entry, Kind, Node};
pub use path::{Path, Step};
pub use scan::Style;
