//! `topologySpreadConstraints`.

use plimsoll_yaml::Node;

use super::meta::say;
use super::selector::label_selector;
use crate::validate::cx::Cx;
use crate::validate::names;
use crate::validate::node::Fields as _;

/// The constraints of a pod's spec.
pub(super) fn spread(cx: &mut Cx<'_>, spec: &Node) {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for constraint in spec.list("topologySpreadConstraints") {
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
        if seen.contains(&(key, when)) {
            let value = format!("\"{{{key}, {when}}}\"");
            cx.duplicate(constraint, "{topologyKey, whenUnsatisfiable}", &value);
        }
        seen.push((key, when));
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
