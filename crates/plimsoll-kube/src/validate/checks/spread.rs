//! `topologySpreadConstraints`.

use plimsoll_yaml::Node;

use super::meta::say;
use super::selector::label_selector;
use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::node::Fields as _;

/// The constraints of a pod's spec.
pub(super) fn spread(cx: &mut Cx<'_>, spec: &Node) {
    let all = spec.list("topologySpreadConstraints");
    for (at, constraint) in all.iter().enumerate() {
        if constraint.int("maxSkew").unwrap_or(0) <= 0 {
            let value = constraint.int("maxSkew").unwrap_or(0).to_string();
            cx.invalid_at(constraint, "maxSkew", &value, "must be greater than zero");
        }
        let key = constraint.text("topologyKey");
        if key.is_empty() {
            cx.required(constraint, "topologyKey", "can not be empty");
        }
        let when = constraint.text("whenUnsatisfiable");
        cx.one_of(constraint, "whenUnsatisfiable", &["DoNotSchedule", "ScheduleAnyway"]);
        // k8s: told at the first of the two.
        let pair = |other: &Node| {
            other.text("topologyKey") == key && other.text("whenUnsatisfiable") == when
        };
        if all[at + 1..].iter().any(pair) {
            let value = format!("\"{{{key}, {when}}}\"");
            cx.duplicate(constraint, "{topologyKey, whenUnsatisfiable}", &value);
        }
        min_domains(cx, constraint, when);
        for field in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            cx.maybe_one_of(constraint, field, &["Honor", "Ignore"]);
        }
        let keys = constraint.list("matchLabelKeys");
        if !keys.is_empty() && !constraint.has("labelSelector") {
            let detail = "must not be specified when labelSelector is not set";
            cx.forbidden(constraint, "matchLabelKeys", detail);
        }
        for key in keys {
            say(cx, key, names::qualified(key.str()));
        }
        label_selector(cx, constraint.of("labelSelector"));
    }
}

fn min_domains(cx: &mut Cx<'_>, constraint: &Node, when: &str) {
    let Some(count) = constraint.int("minDomains") else { return };
    if count <= 0 {
        cx.invalid(constraint.of("minDomains"), "must be greater than zero");
    }
    if when != "DoNotSchedule" {
        let detail =
            format!("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {when}");
        cx.invalid(constraint.of("minDomains"), &detail);
    }
}
