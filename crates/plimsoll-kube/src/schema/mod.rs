//! The schemas of every built-in kind, packed into the program and read in place.
//!
//! [`find_kind`] leads from a manifest's apiVersion and kind to a [`Type`], whose fields [`Type::body`]
//! gives for one minor.

mod table;
mod types;

pub use types::{
    Body, Extra, Field, Keys, KindRow, Leaf, ListType, Shape, Type, find_kind, find_type,
    has_group, kinds,
};

/// The oldest minor of Kubernetes 1 that the table holds.
pub const FIRST_MINOR: u16 = 27;
/// The newest one.
pub const LAST_MINOR: u16 = 37;
