use plimsoll_yaml::Node;

use crate::Fields;

/// Whether labels hold every key with the value that a plain map wants, as a Service's `selector`
/// does. An empty map is held by all; what is meant by that is the caller's matter.
pub fn has_labels(wanted: &Node, labels: Option<&Node>) -> bool {
    wanted.as_map().iter().all(|entry| {
        let found = std::str::from_utf8(&entry.key).ok().and_then(|key| labels?.get(key));
        found.is_some_and(|found| found.kind == entry.value.kind)
    })
}

/// Whether a label selector (`matchLabels`, `matchExpressions`) selects labels. One that is empty
/// selects everything; what a missing one does is the caller's matter.
pub fn selects(selector: &Node, labels: Option<&Node>) -> bool {
    let equal = selector.field("matchLabels").is_none_or(|wanted| has_labels(wanted, labels));
    equal && selector.items("matchExpressions").iter().all(|one| holds(one, labels))
}

fn holds(expression: &Node, labels: Option<&Node>) -> bool {
    let found = labels.and_then(|labels| labels.get(expression.text("key")));
    let listed =
        |found: &Node| expression.items("values").iter().any(|value| value.kind == found.kind);
    match expression.text("operator") {
        "In" => found.is_some_and(listed),
        "NotIn" => !found.is_some_and(listed),
        "Exists" => found.is_some(),
        "DoesNotExist" => found.is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    use super::*;

    #[track_caller]
    fn check(selector: &str, labels: &str, want: bool) {
        let read = |text: &str| plimsoll_yaml::read(text.as_bytes(), FileId(0)).unwrap();
        let (selector, labels) = (read(selector), read(labels));
        assert_eq!(selects(&selector, Some(&labels)), want);
    }

    #[test]
    fn labels_are_compared_key_by_key() {
        check("{matchLabels: {a: x}}", "{a: x, b: y}", true);
        check("{matchLabels: {a: x, c: z}}", "{a: x, b: y}", false);
        check("{}", "{a: x}", true);
    }

    #[test]
    fn expressions_hold_all() {
        check("{matchExpressions: [{key: a, operator: In, values: [x, y]}]}", "{a: x}", true);
        check("{matchExpressions: [{key: a, operator: NotIn, values: [x]}]}", "{b: x}", true);
        check("{matchExpressions: [{key: a, operator: Exists}]}", "{b: x}", false);
        check("{matchExpressions: [{key: a, operator: DoesNotExist}]}", "{b: x}", true);
    }
}
