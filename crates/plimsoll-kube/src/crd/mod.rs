//! CustomResourceDefinitions: their schemas, compiled, and what they say of custom resources.

mod check;
mod format;
mod lists;
mod pattern;
mod rules;
mod schema;
mod unknown;

pub use pattern::Pattern;
pub use rules::Rule;
pub use schema::{Items, ListType, Schema, Type};

pub(crate) use check::{Fault, check, check_value};
pub(crate) use format::{fits as has_format, is_known as knows_format, is_uri};
pub(crate) use pattern::{compile as compile_pattern, fault as pattern_fault};
pub(crate) use rules::judge;
pub(crate) use unknown::unknown_fields;

use plimsoll_yaml::{Kind, Node};

/// A version of a kind that a CustomResourceDefinition serves.
#[derive(Debug)]
pub struct CustomKind {
    /// `shop.example.com/v1`.
    pub api_version: String,
    /// `Widget`.
    pub kind: String,
    /// Whether its objects lie in namespaces.
    pub namespaced: bool,
    /// What the server warns of; empty where the version is not deprecated.
    pub deprecated: String,
    /// The schema; `None` where the definition has none.
    pub schema: Option<Schema>,
}

/// The versions that a CustomResourceDefinition serves, of either version of its own API; none where
/// the object is no definition.
pub fn read_crd(crd: &Node) -> Vec<CustomKind> {
    read_crd_of(crd, &|_, _| true)
}

/// The same, with schemas for the kinds alone that are asked for by apiVersion and kind: reading
/// them is most of the work.
pub(crate) fn read_crd_of(crd: &Node, wanted: &dyn Fn(&str, &str) -> bool) -> Vec<CustomKind> {
    let text = |node: Option<&Node>| node.and_then(Node::as_str).unwrap_or_default().to_owned();
    let Some(spec) = crd.get("spec") else { return Vec::new() };
    if text(crd.get("kind")) != "CustomResourceDefinition" {
        return Vec::new();
    }
    let group = text(spec.get("group"));
    let kind = text(spec.get("names").and_then(|names| names.get("kind")));
    let namespaced = text(spec.get("scope")) != "Cluster";
    let shared = spec.get("validation").and_then(|validation| validation.get("openAPIV3Schema"));
    let mut kinds = Vec::new();
    let mut add = |version: &Node, name: String| {
        let own = version.get("schema").and_then(|schema| schema.get("openAPIV3Schema"));
        let schema = own.or(shared).filter(|schema| matches!(schema.kind, Kind::Map(_)));
        let api_version = format!("{group}/{name}");
        let deprecated = deprecation(version, &api_version, &kind);
        let schema = schema.filter(|_| wanted(&api_version, &kind));
        kinds.push(CustomKind {
            api_version,
            kind: kind.clone(),
            namespaced,
            deprecated,
            schema: schema.map(Schema::read_root),
        });
    };
    let versions = spec.get("versions").map(Node::as_list).unwrap_or_default();
    for version in versions {
        if version.get("served").and_then(Node::as_bool) != Some(false) {
            add(version, text(version.get("name")));
        }
    }
    if versions.is_empty() && spec.get("version").is_some() {
        add(spec, text(spec.get("version")));
    }
    kinds
}

fn deprecation(version: &Node, api_version: &str, kind: &str) -> String {
    if version.get("deprecated").and_then(Node::as_bool) != Some(true) {
        return String::new();
    }
    let own = version.get("deprecationWarning").and_then(Node::as_str);
    own.map_or_else(|| format!("{api_version} {kind} is deprecated"), str::to_owned)
}
