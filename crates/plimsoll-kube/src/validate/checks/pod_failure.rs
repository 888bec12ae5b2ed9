//! What a Job makes of failed and of succeeded pods.

use plimsoll_yaml::Node;

use super::selector::text_at;
use crate::validate::cx::{Cx, shown};
use crate::validate::names;
use crate::validate::node::Fields as _;

const ACTIONS: &[&str] = &["Count", "FailIndex", "FailJob", "Ignore"];

/// `podFailurePolicy`.
pub(super) fn failure_policy(cx: &mut Cx<'_>, spec: &Node) {
    let policy = spec.of("podFailurePolicy");
    let rules = policy.list("rules");
    if rules.len() > 20 {
        cx.too_many(policy, "rules", rules.len(), 20);
    }
    for rule in rules {
        one(cx, spec, rule);
    }
}

fn one(cx: &mut Cx<'_>, spec: &Node, rule: &Node) {
    match rule.text("action") {
        "" => cx.required(
            rule,
            "action",
            "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]",
        ),
        "FailIndex" if !spec.has("backoffLimitPerIndex") => {
            cx.invalid(rule.of("action"), "requires the backoffLimitPerIndex to be set");
        }
        action if !ACTIONS.contains(&action) => cx.unsupported(rule, "action", action, ACTIONS),
        _ => {}
    }
    let codes = rule.of("onExitCodes");
    let conditions = rule.list("onPodConditions");
    if !codes.is_null() {
        exit_codes(cx, spec, codes);
    }
    if conditions.len() > 20 {
        cx.too_many(rule, "onPodConditions", conditions.len(), 20);
    }
    for condition in conditions {
        text_at(cx, condition, "type", names::qualified);
        cx.maybe_text_of(condition, "status", &["False", "True", "Unknown"]);
    }
    match (codes.is_null(), conditions.is_empty()) {
        (false, false) => {
            let message =
                "Invalid value: specifying both OnExitCodes and OnPodConditions is not supported";
            cx.error(rule, "", message.to_owned());
        }
        (true, true) => {
            let message =
                "Invalid value: specifying one of OnExitCodes and OnPodConditions is required";
            cx.error(rule, "", message.to_owned());
        }
        _ => {}
    }
}

fn exit_codes(cx: &mut Cx<'_>, spec: &Node, codes: &Node) {
    cx.one_of(codes, "operator", &["In", "NotIn"]);
    let values = codes.list("values");
    if codes.has("containerName") {
        let name = codes.text("containerName");
        let pod = spec.of("template").of("spec");
        let known = ["containers", "initContainers"]
            .iter()
            .flat_map(|field| pod.list(field))
            .any(|container| container.text("name") == name);
        if !known {
            let detail = "must be one of the container or initContainer names in the pod template";
            cx.invalid(codes.of("containerName"), detail);
        }
    }
    if values.is_empty() {
        cx.invalid_at(codes, "values", "[]", "at least one value is required");
    } else if values.len() > 255 {
        cx.too_many(codes, "values", values.len(), 255);
    }
    let numbers: Vec<i64> = values.iter().map(|value| value.as_int().unwrap_or(0)).collect();
    for (at, (value, number)) in values.iter().zip(&numbers).enumerate() {
        if *number == 0 && codes.text("operator") == "In" {
            cx.invalid_at(value, "", "0", "must not be 0 for the In operator");
        }
        if numbers[..at].contains(number) {
            cx.duplicate(value, "", &number.to_string());
        }
    }
    if !numbers.is_sorted() {
        cx.invalid_at(codes, "values", &shown(codes.of("values")), "must be ordered");
    }
}

/// `successPolicy`.
pub(super) fn success_policy(cx: &mut Cx<'_>, spec: &Node, indexed: bool) {
    let policy = spec.of("successPolicy");
    let rules = policy.list("rules");
    if !indexed {
        return;
    }
    if rules.is_empty() {
        let detail = "at least one rules must be specified when the successPolicy is specified";
        cx.required(policy, "rules", detail);
    }
    if rules.len() > 20 {
        cx.too_many(policy, "rules", rules.len(), 20);
    }
    let completions = spec.int("completions");
    for rule in rules {
        if !rule.has("succeededCount") && !rule.has("succeededIndexes") {
            let detail = "at least one of succeededCount or succeededIndexes must be specified";
            cx.required(rule, "", detail);
            continue;
        }
        success_rule(cx, rule, completions.unwrap_or(0));
    }
}

fn success_rule(cx: &mut Cx<'_>, rule: &Node, completions: i64) {
    let mut total = None;
    if rule.has("succeededIndexes") {
        match count_indexes(rule.text("succeededIndexes"), completions) {
            Ok(count) => total = Some(count),
            Err(words) => {
                let detail = format!("error parsing succeededIndexes: {words}");
                cx.invalid(rule.of("succeededIndexes"), &detail);
                total = Some(0);
            }
        }
    }
    let Some(count) = rule.int("succeededCount") else { return };
    if count < 0 {
        cx.invalid(rule.of("succeededCount"), "must be greater than or equal to 0");
    }
    if count > completions {
        let detail = format!(
            "must be less than or equal to {completions} (the number of specified completions)"
        );
        cx.invalid(rule.of("succeededCount"), &detail);
    }
    if let Some(total) = total
        && count > total
    {
        let detail = format!(
            "must be less than or equal to {total} (the number of indexes in the specified succeededIndexes field)"
        );
        cx.invalid(rule.of("succeededCount"), &detail);
    }
}

/// How many indexes `1,3-5` names; they have to rise and stay below the number of completions.
fn count_indexes(text: &str, completions: i64) -> Result<i64, String> {
    if text.is_empty() {
        return Ok(0);
    }
    let mut total = 0;
    let mut previous: Option<i64> = None;
    for part in text.split(',') {
        let ends: Vec<&str> = part.split('-').collect();
        if ends.len() > 2 {
            return Err(format!(
                "the fragment {part:?} violates the requirement that an index interval can have at most two parts separated by '-'"
            ));
        }
        let mut bounds = Vec::new();
        for end in &ends {
            let number = index(end)?;
            if number >= completions {
                return Err(format!("too large index: {end:?}"));
            }
            bounds.push(number);
        }
        let (first, last) = (bounds[0], bounds[bounds.len() - 1]);
        if let Some(previous) = previous
            && previous >= first
        {
            return Err(format!("non-increasing order, previous: {previous}, current: {first}"));
        }
        if bounds.len() == 2 && first >= last {
            return Err(format!("non-increasing order, previous: {first}, current: {last}"));
        }
        total += last - first + 1;
        previous = Some(last);
    }
    Ok(total)
}

fn index(text: &str) -> Result<i64, String> {
    text.parse::<i64>().map_err(|_| format!("cannot convert string to integer for index: {text:?}"))
}
