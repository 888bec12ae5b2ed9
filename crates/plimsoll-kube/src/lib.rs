//! Kubernetes objects and what the API server makes of them.

pub mod crd;
pub mod schema;
pub mod validate;
