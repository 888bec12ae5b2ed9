//! The namespace of a kubeconfig file.

use plimsoll_yaml::{Node, parse_json};

/// The namespace of a context of a kubeconfig file, of the current one where `context` is empty.
/// `None` where the file cannot be read, has no such context, or the context no namespace.
pub fn kubeconfig_namespace(text: &[u8], context: &str) -> Option<String> {
    let root = parse_json(text).ok()?;
    let name = if context.is_empty() {
        entry(&root, "current-context")?
    } else {
        return named(&root, context);
    };
    let Node::Text(name) = name else { return None };
    named(&root, name)
}

fn named(root: &Node, name: &str) -> Option<String> {
    let Node::List(contexts) = entry(root, "contexts")? else { return None };
    let is_it = |one: &&Node| matches!(entry(one, "name"), Some(Node::Text(text)) if text == name);
    match entry(entry(contexts.iter().find(is_it)?, "context")?, "namespace")? {
        Node::Text(namespace) if !namespace.is_empty() => Some(namespace.clone()),
        _ => None,
    }
}

fn entry<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    let Node::Map(entries) = node else { return None };
    entries.iter().find(|entry| entry.0 == key).map(|entry| &entry.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_current_context_decides_unless_one_is_given() {
        let text = b"current-context: a\ncontexts:\n- name: a\n  context: {namespace: x}\n- name: b\n  context: {namespace: other}\n- name: c\n  context: {}\n";
        let check = |context| kubeconfig_namespace(text, context);
        assert_eq!(check("").as_deref(), Some("x"));
        assert_eq!(check("b").as_deref(), Some("other"));
        assert_eq!((check("c"), check("d")), (None, None));
    }
}
