//! YAML in and out with go-yaml's rules.
//!
//! [`parse`] reads a document as Helm does (go-yaml v2, then keys made texts), [`emit`] writes one
//! as `toYaml` does.

mod compose;
mod resolve;

pub use compose::{Node, parse, parse_json};
pub use resolve::{Scalar, resolve};
