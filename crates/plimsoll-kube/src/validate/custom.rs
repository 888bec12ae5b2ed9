//! Custom resources: metadata as everywhere, the rest as their definition says.

use plimsoll_source::Severity;

use super::checks::{MetaRules, object_meta};
use super::cx::Cx;
use super::decode::decode_part;
use super::names;
use super::node::Fields as _;
use super::problem::Problem;
use super::suggest;
use crate::crd::{self, CustomKind};

/// Checks an object of a custom kind.
pub(super) fn check(cx: &mut Cx<'_>, custom: &CustomKind) {
    let root = cx.root;
    decode_part(cx, root.of("metadata"), "meta.v1.ObjectMeta");
    if let Some(schema) = &custom.schema {
        unknown(cx, schema);
    }
    if cx.failed() {
        return;
    }
    object_meta(
        cx,
        MetaRules {
            name: names::subdomain,
            namespaced: custom.namespaced,
            known_finalizers: false,
            free_prefix: false,
        },
    );
    let Some(schema) = &custom.schema else { return };
    for fault in crd::check(root, schema) {
        cx.error_at(fault.path, fault.span, fault.message);
    }
}

fn unknown(cx: &mut Cx<'_>, schema: &crd::Schema) {
    for unknown in crd::unknown_fields(cx.root, schema) {
        let key = unknown.path.rsplit('.').next().unwrap_or_default();
        let near = suggest::nearest_of(key, unknown.known.iter().map(String::as_str));
        cx.problems.push(Problem {
            rule: "unknown-field",
            severity: Severity::Error,
            message: format!("strict decoding error: unknown field \"{}\"", unknown.path),
            help: near.map_or(String::new(), |near| format!("did you mean `{near}`")),
            path: unknown.path,
            span: unknown.span,
        });
    }
}
