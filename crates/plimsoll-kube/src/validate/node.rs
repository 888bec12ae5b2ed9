use plimsoll_yaml::{Entry, Kind, Node};

/// What stands for an item that is not there, or is `null`: the zero value of its type.
pub(super) static NOTHING: Node = Node {
    kind: Kind::Null,
    span: plimsoll_source::Span::new(plimsoll_source::FileId::NONE, 0, 0),
};

/// Nodes as the server's Go structs read them: what is absent or `null` is the zero value.
pub(super) trait Fields {
    /// A field that is there and not `null`: what Go keeps as a pointer.
    fn ptr(&self, field: &str) -> Option<&Node>;
    /// A field, or the zero value of whatever it holds.
    fn of(&self, field: &str) -> &Node;
    /// The text of a field; empty where there is none.
    fn text(&self, field: &str) -> &str;
    /// The number of a field.
    fn int(&self, field: &str) -> Option<i64>;
    /// Whether the field is `true`.
    fn is_true(&self, field: &str) -> bool;
    /// The items of a field.
    fn list(&self, field: &str) -> &[Node];
    /// The entries of a field.
    fn map(&self, field: &str) -> &[Entry];
    /// Whether a field is there and not `null`.
    fn has(&self, field: &str) -> bool;
    /// The node itself as text; empty where it is none.
    fn str(&self) -> &str;
    /// The node itself as a whole number.
    fn as_int(&self) -> Option<i64>;
}

impl Fields for Node {
    fn ptr(&self, field: &str) -> Option<&Node> {
        self.get(field).filter(|node| !node.is_null())
    }

    fn of(&self, field: &str) -> &Node {
        self.get(field).unwrap_or(&NOTHING)
    }

    fn text(&self, field: &str) -> &str {
        self.of(field).str()
    }

    fn int(&self, field: &str) -> Option<i64> {
        self.get(field).and_then(Fields::as_int)
    }

    fn is_true(&self, field: &str) -> bool {
        self.of(field).kind == Kind::Bool(true)
    }

    fn list(&self, field: &str) -> &[Node] {
        self.of(field).as_list()
    }

    fn map(&self, field: &str) -> &[Entry] {
        self.of(field).as_map()
    }

    fn has(&self, field: &str) -> bool {
        self.ptr(field).is_some()
    }

    fn str(&self) -> &str {
        self.as_str().unwrap_or_default()
    }

    fn as_int(&self) -> Option<i64> {
        match self.kind {
            Kind::Int(value) => Some(value),
            Kind::Float(value) if value.fract() == 0.0 && value.abs() < 9e15 => Some(value as i64),
            _ => None,
        }
    }
}
