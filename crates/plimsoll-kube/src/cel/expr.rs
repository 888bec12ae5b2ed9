/// A part of an expression and where its operator stands, in bytes.
#[derive(Clone, Debug)]
pub(super) struct Expr {
    pub(super) at: usize,
    /// How many lie below each other, itself included.
    pub(super) depth: usize,
    pub(super) kind: Kind,
}

/// What a part of an expression is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(String),
    Bytes(Vec<u8>),
    Name(String),
    Select(Box<Select>),
    /// A function or an operator by cel-go's name for it: `size`, `_+_`, `@in`.
    Call(Box<Call>),
    /// `a && b && c`, in order; cel-go balances such chains, so they may be long.
    And(Vec<Expr>),
    Or(Vec<Expr>),
    List(Vec<Item>),
    Map(Vec<Pair>),
    /// `Object.spec{replicas: 1}`
    Struct(String, Vec<Pair>),
    Fold(Box<Fold>),
    /// `x.optMap(v, body)`; the flag tells `optFlatMap`.
    OptMap(Box<OptMap>),
}

/// `operand.field`, `operand.?field`, `has(operand.field)`.
#[derive(Clone, Debug)]
pub(super) struct Select {
    pub(super) operand: Expr,
    pub(super) field: String,
    pub(super) access: Access,
}

/// What a field is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Value,
    Optional,
    Test,
}

/// A call, with the value before the full stop where there is one.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) target: Option<Expr>,
    pub(super) args: Vec<Expr>,
}

/// An item of a list; an optional one is left out where it has no value.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) optional: bool,
    pub(super) value: Expr,
}

/// An entry of a map or a field of a struct.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) at: usize,
    pub(super) optional: bool,
    pub(super) key: Expr,
    pub(super) value: Expr,
}

/// `range.all(var, body)` and its like.
#[derive(Clone, Debug)]
pub(super) struct Fold {
    pub(super) kind: FoldKind,
    pub(super) range: Expr,
    pub(super) var: String,
    pub(super) second: Option<String>,
    /// Which items count, for `map` and `transform…` with three arguments.
    pub(super) filter: Option<Expr>,
    pub(super) body: Expr,
}

/// What becomes of the items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FoldKind {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
    SortBy,
    TransformMap,
    TransformMapEntry,
}

#[derive(Clone, Debug)]
pub(super) struct OptMap {
    pub(super) flat: bool,
    pub(super) target: Expr,
    pub(super) var: String,
    pub(super) body: Expr,
}

impl Expr {
    pub(super) fn new(at: usize, kind: Kind) -> Expr {
        let mut expr = Expr { at, depth: 0, kind };
        expr.depth = 1 + expr.parts().iter().map(|part| part.depth).max().unwrap_or(0);
        expr
    }

    pub(super) fn call(at: usize, name: &str, args: Vec<Expr>) -> Expr {
        Expr::new(at, Kind::Call(Box::new(Call { name: name.to_owned(), target: None, args })))
    }

    /// The expressions that it is made of.
    pub(super) fn parts(&self) -> Vec<&Expr> {
        match &self.kind {
            Kind::Select(select) => vec![&select.operand],
            Kind::Call(call) => call.target.iter().chain(&call.args).collect(),
            Kind::And(parts) | Kind::Or(parts) => parts.iter().collect(),
            Kind::List(items) => items.iter().map(|item| &item.value).collect(),
            Kind::Map(pairs) | Kind::Struct(_, pairs) => {
                pairs.iter().flat_map(|pair| [&pair.key, &pair.value]).collect()
            }
            Kind::Fold(fold) => [&fold.range, &fold.body].into_iter().chain(&fold.filter).collect(),
            Kind::OptMap(map) => vec![&map.target, &map.body],
            _ => Vec::new(),
        }
    }

    /// `a.b.c`, if it is nothing but names.
    pub(super) fn qualified(&self) -> Option<String> {
        match &self.kind {
            Kind::Name(name) => Some(name.clone()),
            Kind::Select(select) if select.access == Access::Value => {
                Some(format!("{}.{}", select.operand.qualified()?, select.field))
            }
            _ => None,
        }
    }
}
