//! What a container requests and what it is limited to, wherever that is written.

use plimsoll_kube::{Container, Fields, Node, Quantity};

use crate::Context;

/// Whether a container has a limit: its own, its pod's, or one that a LimitRange gives it.
pub(crate) fn is_limited(cx: &Context<'_>, container: &Container<'_>, name: &str) -> bool {
    is_positive(container.resource("limits", name))
        || of_pod(cx, container, "limits", name)
        || has_default(cx, "default", name)
}

/// Whether a container has a request: its own, its pod's, one that a LimitRange gives it, or a limit
/// in its place.
pub(crate) fn is_requested(cx: &Context<'_>, container: &Container<'_>, name: &str) -> bool {
    container.resource("requests", name).is_some()
        || of_pod(cx, container, "requests", name)
        || has_default(cx, "defaultRequest", name)
        || is_limited(cx, container, name)
}

fn is_positive(amount: Option<&Node>) -> bool {
    amount.and_then(Quantity::of).is_some_and(Quantity::is_positive)
}

fn of_pod(cx: &Context<'_>, container: &Container<'_>, list: &str, name: &str) -> bool {
    cx.settings.is_since(34) && is_positive(container.pod.spec.at(&["resources", list, name]))
}

fn has_default(cx: &Context<'_>, key: &str, name: &str) -> bool {
    let mut ranges = cx.set.beside(&cx.object, "", "LimitRange");
    ranges.any(|range| {
        let limits = range.spec().map(|spec| spec.items("limits")).unwrap_or_default();
        let mut of_containers = limits.iter().filter(|limit| limit.text("type") == "Container");
        of_containers.any(|limit| is_positive(limit.at(&[key, name])))
    })
}
