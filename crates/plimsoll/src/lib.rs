//! Renders Helm charts as Helm does, lints, validates and compares what comes out.
//!
//! The library that people depend on: it joins the half that makes text (charts, values, templates)
//! with the half that reads text (manifests, rules, reports), and re-exports both for the
//! command-line program. [`render_traced`] renders a chart so that each line of it can be traced
//! back to its template and its values.

pub mod compose;
pub mod environment;
mod explain_error;
mod json;
mod json_schemas;
mod lint_manifests;
mod nearest;
mod provenance;
mod rendered_files;
mod universal;
mod validate_manifests;
mod validate_set;
mod values_view;

pub use explain_error::{Failure, explain_error};
pub use json::to_json;
pub use json_schemas::{JsonSchemas, ReadSchema};
pub use lint_manifests::{LintOptions, Linted, lint_manifests};
pub use plimsoll_gotmpl as gotmpl;
pub use plimsoll_helm as helm;
pub use plimsoll_kube as kube;
pub use plimsoll_lint as lint;
pub use plimsoll_report as report;
pub use plimsoll_source as source;
pub use plimsoll_yaml as yaml;
pub use provenance::{Provenance, TemplatePlace, TracedRender, Tracing, ValuePlace, render_traced};
pub use rendered_files::add_rendered;
pub use universal::{UNIVERSAL_FILES, universal_chart};
pub use validate_manifests::{ValidateOptions, Validated, add_crds, documents, validate_manifests};
pub use values_view::{Leaf, Place, leaves};
