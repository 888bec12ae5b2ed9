//! Renders Helm charts as Helm does, lints, validates and compares what comes out.
//!
//! The library that people depend on: it joins the half that makes text (charts, values, templates)
//! with the half that reads text (manifests, rules, reports), and re-exports both for the
//! command-line program. Start with [`open`], which reads a chart, and [`Release`], which renders it;
//! [`render_traced`] renders a chart so that each line of it can be traced back to its template and
//! its values. It is no client of a cluster, and it has no clock, no randomness and no network: those
//! come through a [`Host`].
//!
//! ```
//! use plimsoll::helm::chart::{ChartFile, LoadOptions, from_files};
//! use plimsoll::{Compat, FixedHost, Release, Values};
//!
//! // Or `plimsoll::open("charts/shop", Compat::Helm4)?`.
//! let files = vec![
//!     ChartFile::new("Chart.yaml", *b"{apiVersion: v2, name: shop, version: 1.0.0}"),
//!     ChartFile::new("values.yaml", *b"replicas: 1"),
//!     ChartFile::new(
//!         "templates/a.yaml",
//!         *b"kind: Deployment\nmetadata: {name: {{ .Release.Name }}}\nspec: {replicas: {{ .Values.replicas }}}",
//!     ),
//! ];
//! let chart = from_files(files, &LoadOptions::default(), &mut |_| {})?;
//! let release = Release::new("shop", &chart, Compat::Helm4).values(Values::new().set("replicas=3"));
//! let manifests = release.render(&mut FixedHost::new(Compat::Helm4))?;
//!
//! let text = manifests.to_text()?;
//! assert!(text.starts_with("---\n# Source: shop/templates/a.yaml\nkind: Deployment\n"));
//! let objects = manifests.objects();
//! let deployment = objects.iter().next().expect("there is one");
//! assert_eq!((deployment.kind, deployment.name()), ("Deployment", "shop"));
//! assert_eq!(plimsoll::to_json(deployment.spec().expect("it has one")), r#"{"replicas":3}"#);
//! # Ok::<(), plimsoll::HelmError>(())
//! ```

pub mod compose;
pub mod environment;
mod explain_error;
mod json;
mod json_schema;
mod json_schemas;
mod layers;
mod lint_manifests;
mod manifests;
mod nearest;
mod provenance;
mod release;
mod rendered_files;
mod universal;
mod validate_client;
mod validate_manifests;
mod validate_set;
mod values_view;

pub use explain_error::{Failure, explain_errors};
pub use json::to_json;
pub use json_schemas::{JsonSchemas, ReadSchema};
pub use layers::Values;
pub use lint_manifests::{LintOptions, Linted, lint_manifests};
pub use manifests::{Manifests, Objects};
pub use plimsoll_gotmpl as gotmpl;
pub use plimsoll_gotmpl::{Compat, FixedHost, Host};
pub use plimsoll_helm as helm;
pub use plimsoll_helm::HelmError;
pub use plimsoll_helm::chart::Chart;
pub use plimsoll_kube as kube;
pub use plimsoll_lint as lint;
pub use plimsoll_report as report;
pub use plimsoll_source as source;
pub use plimsoll_yaml as yaml;
pub use provenance::{Provenance, TemplatePlace, TracedRender, Tracing, ValuePlace, render_traced};
pub use release::{Release, open};
pub use rendered_files::add_rendered;
pub use universal::{UNIVERSAL_FILES, universal_chart};
pub use validate_manifests::{
    ValidateOptions, Validated, add_crds, add_own_crds, documents, validate_manifests,
};
pub use values_view::{Leaf, Place, leaves};
