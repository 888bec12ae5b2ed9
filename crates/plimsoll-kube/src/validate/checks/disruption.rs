//! PodDisruptionBudgets.

use super::amount::{at_most_all, number_or_percent};
use super::selector::label_selector;
use crate::validate::cx::{Cx, shown};
use crate::validate::node::Fields as _;

/// `policy.v1.PodDisruptionBudget`.
pub(in crate::validate) fn disruption_budget(cx: &mut Cx<'_>) {
    let spec = cx.root.of("spec");
    if spec.has("minAvailable") && spec.has("maxUnavailable") {
        let detail = "minAvailable and maxUnavailable cannot be both set";
        cx.invalid_at(spec, "", &shown(spec), detail);
    }
    for field in ["minAvailable", "maxUnavailable"] {
        number_or_percent(cx, spec, field);
        at_most_all(cx, spec, field);
    }
    label_selector(cx, spec.of("selector"));
    cx.maybe_one_of(spec, "unhealthyPodEvictionPolicy", &["AlwaysAllow", "IfHealthyBudget"]);
}
