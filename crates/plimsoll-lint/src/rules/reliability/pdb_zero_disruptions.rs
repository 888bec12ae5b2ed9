use plimsoll_kube::{Fields, Object};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// Disruption budgets allow a disruption.
    ///
    /// Told of `maxUnavailable: 0` and `minAvailable: 100%`.
    ///
    /// ## Why
    /// Nodes with such pods can never be drained: the upgrade of the cluster waits, until somebody
    /// deletes the budget.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: api
    /// spec:
    ///   maxUnavailable: 0
    ///   selector:
    ///     matchLabels:
    ///       app: api
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: api
    /// spec:
    ///   maxUnavailable: 1
    ///   selector:
    ///     matchLabels:
    ///       app: api
    /// ```
    "pdb-zero-disruptions", Reliability, Warning, [Default], Check::Object(&["PodDisruptionBudget"], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    let Some(spec) = object.spec() else { return };
    let none = |key: &str, share: &str, number: Option<i64>| {
        let exact = number.is_some() && spec.integer(key) == number;
        exact || spec.text(key) == share
    };
    let key = if none("maxUnavailable", "0%", Some(0)) {
        "maxUnavailable"
    } else if none("minAvailable", "100%", None) {
        "minAvailable"
    } else {
        return;
    };
    cx.report(
        (spec, &[key]),
        "the disruption budget allows no disruption at all",
        "set `maxUnavailable: 1`, and run more than one replica",
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    #[test]
    fn nothing_is_nothing_in_both_ways() {
        let budget = |text: &str| {
            format!("{{kind: PodDisruptionBudget, apiVersion: policy/v1, spec: {{{text}}}}}")
        };
        check(&super::RULE, &budget("maxUnavailable: 0"), &["spec.maxUnavailable"]);
        check(&super::RULE, &budget("maxUnavailable: 0%"), &["spec.maxUnavailable"]);
        check(&super::RULE, &budget("minAvailable: 100%"), &["spec.minAvailable"]);
        check(&super::RULE, &budget("minAvailable: 1"), &[]);
        check(&super::RULE, &budget("minAvailable: 0"), &[]);
    }
}
