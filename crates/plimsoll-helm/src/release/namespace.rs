//! The namespace of a kubeconfig file.

use plimsoll_source::FileId;
use plimsoll_yaml::{Node, read};

/// The namespace of a context of a kubeconfig file, of the current one where `context` is empty.
/// `None` where the file cannot be read, has no such context, or the context no namespace.
pub fn kubeconfig_namespace(text: &[u8], context: &str) -> Option<String> {
    let root = read(text, FileId::NONE).ok()?;
    let name = match context {
        "" => root.get("current-context")?.as_str()?,
        name => name,
    };
    let is_it = |one: &&Node| one.get("name").and_then(Node::as_str) == Some(name);
    let found = root.get("contexts")?.as_list().iter().find(is_it)?;
    let namespace = found.get("context")?.get("namespace")?.as_str()?;
    (!namespace.is_empty()).then(|| namespace.to_owned())
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
