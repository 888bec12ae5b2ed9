//! Runs a chart's templates: release, capabilities, `.Files`, `include`, `tpl`, `required`.

mod capabilities;
mod eval;
mod failure;
mod files;
mod glob;
mod kept;
mod kube_version;
mod late;
mod run;
mod scope;

pub use capabilities::{Capabilities, DEFAULT_API_VERSIONS};
pub(crate) use eval::chart_templates;
pub use eval::eval;
pub use failure::{exec_failure, parse_failure};
pub use kept::Kept;
pub use kube_version::KubeVersion;
pub(crate) use run::{OnError, render_each};
pub use run::{Release, RenderOptions, RenderedFile, functions, render};
pub use scope::root_dot;
