//! The policy rules: what is allowed by Kubernetes and still unwise.
//!
//! Rules read objects, of charts or of plain manifests; they know neither values nor templates, and
//! say what they find as data. One rule is one file below `rules/`: its name, its reasons, its
//! examples (which are its tests) and its check. Start with [`lint`] and [`Settings`].

mod context;
mod image;
mod object_set;
mod old_apis;
mod rbac;
mod resources;
mod rule;
mod rules;
mod run;
mod secrets;
mod settings;
mod suppress;

pub use context::{Context, Found};
pub use object_set::ObjectSet;
pub use rule::{Check, Family, Profile, Rule};
pub use rules::{RULES, find};
pub use run::lint;
pub use settings::Settings;
pub use suppress::{UNUSED, suppress};
