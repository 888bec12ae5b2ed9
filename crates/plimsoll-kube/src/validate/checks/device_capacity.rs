//! The capacity of a device that several share, and how much of it each may ask for.

use plimsoll_yaml::Node;

use crate::validate::cx::Cx;
use crate::validate::node::Fields as _;
use crate::validate::value::{ONE, canonical_quantity, quantity_of, shown_quantity};

/// One capacity of a device.
pub(super) fn capacity(cx: &mut Cx<'_>, capacity: &Node, is_shared: bool) {
    let policy = capacity.of("requestPolicy");
    if policy.is_null() {
        return;
    }
    if !is_shared {
        cx.forbidden(policy, "", "allowMultipleAllocations must be true");
        return;
    }
    let (values, range) = (policy.list("validValues"), policy.of("validRange"));
    if !values.is_empty() && !range.is_null() {
        let detail = "exactly one policy can be specified, cannot specify \"validValues\" and \"validRange\" at the same time";
        cx.forbidden(policy, "", detail);
        return;
    }
    let which = match (values.is_empty(), range.is_null()) {
        (true, true) => return,
        (false, _) => "validValues",
        _ => "validRange",
    };
    if !policy.has("default") {
        cx.required(policy, "default", &format!("required when {which} is defined"));
    } else if values.is_empty() {
        valid_range(cx, policy, range, capacity.of("value"));
    } else {
        valid_values(cx, policy, values, capacity.of("value"));
    }
}

fn valid_values(cx: &mut Cx<'_>, policy: &Node, values: &[Node], most: &Node) {
    for pair in values.windows(2) {
        if quantity_of(&pair[0]) > quantity_of(&pair[1]) {
            said(cx, &pair[1], "values must be sorted in ascending order");
        }
    }
    if values.len() > 10 {
        cx.too_many(policy, "validValues", values.len(), 10);
        return;
    }
    for (at, value) in values.iter().enumerate() {
        if quantity_of(value) > quantity_of(most) {
            let most = shown_quantity(most);
            said(cx, value, &format!("option is larger than capacity value: {most}"));
        }
        // Equal amounts written otherwise are not told apart here: the server may.
        if values[..at].iter().any(|other| other.kind == value.kind) {
            cx.duplicate(value, "", &format!("{:?}", shown_quantity(value)));
        }
    }
    let default = policy.of("default");
    if !values.iter().any(|value| quantity_of(value) == quantity_of(default)) {
        let value = format!("{:?}", shown_quantity(default));
        let detail = "default value is not valid according to the requestPolicy";
        cx.invalid_at(policy, "validValues", &value, detail);
    }
}

fn said(cx: &mut Cx<'_>, node: &Node, detail: &str) {
    cx.invalid_at(node, "", &format!("{:?}", shown_quantity(node)), detail);
}

fn valid_range(cx: &mut Cx<'_>, policy: &Node, range: &Node, most: &Node) {
    if !range.has("min") {
        cx.required(range, "min", "required when validRange is defined");
        return;
    }
    bounds(cx, policy.of("default"), range, most);
    step(cx, policy.of("default"), range, most);
}

fn bounds(cx: &mut Cx<'_>, default: &Node, range: &Node, most: &Node) {
    let amount = |node: &Node| quantity_of(node);
    let (min, max) = (range.of("min"), range.of("max"));
    let told = |node: &Node| format!("{:?}", shown_quantity(node));
    if amount(min) > amount(most) {
        let detail = format!("min is larger than capacity value: {}", shown_quantity(most));
        cx.invalid_at(min, "", &told(min), &detail);
    }
    if amount(default) < amount(min) {
        let detail = format!("default is less than min: {}", shown_quantity(min));
        cx.invalid_at(range, "default", &told(default), &detail);
    }
    if max.is_null() {
        return;
    }
    if amount(min) > amount(max) {
        let detail = format!("min is larger than max: {}", shown_quantity(max));
        cx.invalid_at(max, "", &told(min), &detail);
    }
    if amount(max) > amount(most) {
        let detail = format!("max is larger than capacity value: {}", shown_quantity(most));
        cx.invalid_at(max, "", &told(max), &detail);
    }
    if amount(default) > amount(max) {
        let detail = format!("default is more than max: {}", shown_quantity(max));
        cx.invalid_at(range, "default", &told(default), &detail);
    }
}

fn fields<'a>(
    default: &'a Node,
    range: &'a Node,
) -> impl Iterator<Item = (&'static str, &'a Node)> {
    let own = ["min", "max", "step"].map(|field| (field, range.of(field)));
    std::iter::once(("default", default)).chain(own).filter(|(_, node)| !node.is_null())
}

/// k8s: steps are counted in whole units, parts of one rounded up; the gate that counts in thousandths
/// waits for every server to know it.
fn step(cx: &mut Cx<'_>, default: &Node, range: &Node, most: &Node) {
    let (step, min) = (range.of("step"), range.of("min"));
    if step.is_null() {
        return;
    }
    if quantity_of(step) <= 0 {
        said(cx, step, "must be greater than zero");
        return;
    }
    let next = quantity_of(min) + quantity_of(step);
    if next > quantity_of(most) {
        let (next, most) = (canonical_quantity(next, min), shown_quantity(most));
        said(cx, step, &format!("one step {next} is larger than capacity value: {most}"));
    }
    if cx.minor >= 37 && is_out_of_range(cx, default, range) {
        return;
    }
    for value in [default, range.of("max")].into_iter().filter(|node| !node.is_null()) {
        let whole = |node: &Node| {
            let amount = quantity_of(node);
            amount.div_euclid(ONE) + i128::from(amount.rem_euclid(ONE) != 0)
        };
        if (whole(value) - whole(min)) % whole(step) != 0 {
            let (step, min) = (shown_quantity(step), shown_quantity(min));
            let detail = format!("value is not a multiple of a given step ({step}) from ({min})");
            let value = format!("{:?}", shown_quantity(value));
            cx.invalid_at(range, "step", &value, &detail);
        }
    }
}

fn is_out_of_range(cx: &mut Cx<'_>, default: &Node, range: &Node) -> bool {
    let mut found = false;
    for (field, node) in fields(default, range) {
        let amount = quantity_of(node);
        let detail = if amount < 0 {
            "must be greater than or equal to 0"
        } else if amount > i128::from(i64::MAX) * ONE {
            "must not be larger than 9223372036854775807"
        } else {
            continue;
        };
        cx.invalid_at(range, field, &format!("{:?}", shown_quantity(node)), detail);
        found = true;
    }
    found
}
