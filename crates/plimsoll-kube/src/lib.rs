//! Kubernetes objects as they stand in manifests, and what the API server makes of them.
//!
//! Text goes in, with or without a chart behind it: this crate knows nothing of Helm. Objects are
//! borrowed views of YAML nodes, so that every field keeps its place in the text. Start with
//! [`read_documents`], which cuts a text, and [`objects`], which finds the objects in it.

mod cel;
mod container;
pub mod crd;
pub mod defaults;
mod document;
mod fields;
mod json;
mod object;
mod path;
mod pod;
mod quantity;
pub mod schema;
mod selector;
pub mod validate;

pub use container::{Container, ContainerRole};
pub use document::{Document, Framing, read_documents};
pub use fields::{Fields, same};
pub use object::{Object, objects, strays};
pub use path::{field_path, resolve};
pub use pod::{Pod, PodOwner};
pub use quantity::Quantity;
pub use selector::{has_labels, selects};

pub use plimsoll_yaml::{Entry, Kind, Node, YamlError};
