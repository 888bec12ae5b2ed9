//! What `helm template` does: charts, values, rendering, document order and printing.
//!
//! [`chart`] reads a chart folder or archive into inert data, [`values`] works out what each chart
//! of the tree sees as `.Values`; rendering takes it from there. It is not a Kubernetes library:
//! manifests are text here, and nothing talks to a cluster. Start with [`chart::load`], which gives
//! a [`chart::Chart`], and [`values::prepare`], which gives the tree that templates see.

pub mod chart;
mod cores;
pub mod dependency;
mod error;
mod go_errors;
pub mod lint;
mod log;
pub mod native;
pub mod package;
pub mod release;
pub mod render;
pub mod schema;
mod semver;
pub mod show;
mod text;
pub mod values;

pub use cores::on_all_cores;
pub use error::{HelmCause, HelmError, SchemaProblem};
pub use go_errors::io_error;
pub use log::{Attribute, Level, Log, go_log, slog};
pub use plimsoll_funcs as funcs;
