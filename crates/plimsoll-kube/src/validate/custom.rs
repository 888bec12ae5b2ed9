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
use crate::defaults::with_schema_defaults;

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
            may_lack_name: false,
            known_finalizers: false,
            free_prefix: false,
            keeps_generation: false,
        },
    );
    let Some(schema) = &custom.schema else { return };
    let faults = crd::check(root, schema);
    let blocked = faults.iter().any(blocks_rules);
    for fault in faults {
        cx.error_at(fault.path, fault.span, fault.message);
    }
    if schema.ruled && !blocked {
        rules(cx, schema);
    }
}

/// k8s: rules are not asked of an object that lacks what they might look at.
fn blocks_rules(fault: &crd::Fault) -> bool {
    let starts = ["Required value", "Unsupported value", "Too long", "Too many"];
    starts.iter().any(|start| fault.message.starts_with(start))
        || fault.message.contains(" must be of type ")
}

fn rules(cx: &mut Cx<'_>, schema: &crd::Schema) {
    let filled = with_schema_defaults(cx.root, schema);
    let judged = crd::judge(&filled, schema);
    for fault in judged.faults {
        cx.error_at(fault.path, fault.span, fault.message);
    }
    for message in judged.unknown {
        cx.problems.push(Problem {
            rule: "rule-not-evaluated",
            severity: Severity::Info,
            path: String::new(),
            message,
            span: cx.root.span,
            help: String::new(),
        });
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
