//! What a rule of a role allows.

use plimsoll_kube::{Fields, Node};

/// Whether a list of a rule holds a word, as it is written.
pub(crate) fn lists(rule: &Node, key: &str, word: &str) -> bool {
    rule.items(key).iter().any(|one| one.as_str() == Some(word))
}

/// Whether a rule allows a verb on a resource of a group; `*` stands for all.
pub(crate) fn grants(rule: &Node, group: &str, resource: &str, verb: &str) -> bool {
    let has = |key: &str, word: &str| lists(rule, key, word) || lists(rule, key, "*");
    has("apiGroups", group) && has("resources", resource) && has("verbs", verb)
}
