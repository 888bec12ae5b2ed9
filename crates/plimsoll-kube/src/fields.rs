use plimsoll_yaml::{Kind, Node};

/// Fields of a node as the API server sees them: `null` is as good as absent.
pub trait Fields {
    /// The value of a key, unless it is `null`.
    fn field(&self, key: &str) -> Option<&Node>;

    /// The value at the end of a chain of keys.
    fn at(&self, path: &[&str]) -> Option<&Node>;

    /// The text of a key; empty where there is none.
    fn text(&self, key: &str) -> &str;

    /// The items of a list under a key; none where there is no list.
    fn items(&self, key: &str) -> &[Node];

    /// The boolean under a key.
    fn flag(&self, key: &str) -> Option<bool>;

    /// The integer under a key.
    fn integer(&self, key: &str) -> Option<i64>;
}

impl Fields for Node {
    fn field(&self, key: &str) -> Option<&Node> {
        self.get(key).filter(|node| !node.is_null())
    }

    fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.field(key))
    }

    fn text(&self, key: &str) -> &str {
        self.field(key).and_then(Node::as_str).unwrap_or_default()
    }

    fn items(&self, key: &str) -> &[Node] {
        self.field(key).map(Node::as_list).unwrap_or_default()
    }

    fn flag(&self, key: &str) -> Option<bool> {
        self.field(key).and_then(Node::as_bool)
    }

    fn integer(&self, key: &str) -> Option<i64> {
        self.field(key).and_then(as_integer)
    }
}

/// JSON has one kind of number: `1.0` is an integer to Kubernetes too.
pub(crate) fn as_integer(node: &Node) -> Option<i64> {
    match node.kind {
        Kind::Int(value) => Some(value),
        Kind::Float(value) if value.fract() == 0.0 && value.abs() < 9e15 => Some(value as i64),
        _ => None,
    }
}

/// Whether two nodes hold the same, wherever they stand.
pub fn same(a: &Node, b: &Node) -> bool {
    let mut open = vec![(a, b)];
    while let Some((a, b)) = open.pop() {
        match (&a.kind, &b.kind) {
            (Kind::List(a), Kind::List(b)) if a.len() == b.len() => open.extend(a.iter().zip(b)),
            (Kind::Map(a), Kind::Map(b)) if a.len() == b.len() => {
                for (a, b) in a.iter().zip(b) {
                    if a.key != b.key {
                        return false;
                    }
                    open.push((&a.value, &b.value));
                }
            }
            (Kind::List(_) | Kind::Map(_), _) | (_, Kind::List(_) | Kind::Map(_)) => return false,
            (a, b) if a != b => return false,
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    use super::*;

    #[test]
    fn null_is_absent() {
        let node = plimsoll_yaml::read(b"a: {b: null, c: 2.0}", FileId(0)).unwrap();
        assert!(node.at(&["a", "b"]).is_none());
        assert_eq!(node.field("a").and_then(|a| a.integer("c")), Some(2));
        assert_eq!(node.text("a"), "");
    }

    #[test]
    fn the_same_is_the_same_anywhere() {
        let read = |text: &str| plimsoll_yaml::read(text.as_bytes(), FileId(0)).unwrap();
        assert!(same(&read("{a: [1, {b: x}]}"), &read("a:\n- 1\n- b: 'x'\n")));
        assert!(!same(&read("{a: [1]}"), &read("{a: [1, 2]}")));
        assert!(!same(&read("{a: 1}"), &read("{a: '1'}")));
        assert!(!same(&read("{a: 1}"), &read("{b: 1}")));
    }
}
