//! The most that an expression may cost, as the server estimates it before it takes a definition.
//!
//! Sizes come from the schema where a value is reached by a path through it, from the expression
//! where it says them, and are unknown elsewhere.

use super::cost_calls::{Estimate, estimate};
use super::declared::{overloads, read, type_named};
use super::expr::{Access, Call, Expr, Fold, FoldKind, Kind, Select};
use super::extent::Extent;
use super::parse::Program;
use super::typed::{Bindings, Type};

/// The most that an expression over values of an extent costs; `None` where that is not known.
pub(crate) fn cost(program: &Program, variables: &[(&str, Type)], root: Extent<'_>) -> Option<u64> {
    let scope = variables
        .iter()
        .map(|(name, kind)| Variable {
            name: (*name).to_owned(),
            kind: kind.clone(),
            path: Path::At(Some(root)),
            size: None,
        })
        .collect();
    Coster { root, scope }.expr(&program.root).map(|told| told.cost)
}

/// The least and the largest size that a value may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) min: u64,
    pub(super) max: u64,
}

impl Size {
    pub(super) const UNKNOWN: Size = Size { min: 0, max: u64::MAX };

    pub(super) fn exactly(size: u64) -> Size {
        Size { min: size, max: size }
    }

    pub(super) fn union(self, other: Size) -> Size {
        Size { min: self.min.min(other.min), max: self.max.max(other.max) }
    }

    pub(super) fn plus(self, other: Size) -> Size {
        Size { min: self.min.saturating_add(other.min), max: self.max.saturating_add(other.max) }
    }

    pub(super) fn times(self, other: Size) -> Size {
        Size { min: self.min.saturating_mul(other.min), max: self.max.saturating_mul(other.max) }
    }
}

/// How a value is reached: by no path, or by one that may lead nowhere.
#[derive(Clone, Copy)]
pub(super) enum Path<'e> {
    None,
    At(Option<Extent<'e>>),
}

/// What is known of a part of an expression.
#[derive(Clone)]
pub(super) struct Told<'e> {
    pub(super) cost: u64,
    pub(super) kind: Type,
    pub(super) path: Path<'e>,
    pub(super) size: Option<Size>,
    /// Of keys and of values, for what the expression itself makes.
    entry: Option<(Size, Size)>,
    /// A literal number.
    pub(super) number: Option<i64>,
}

impl<'e> Told<'e> {
    fn new(cost: u64, kind: Type) -> Told<'e> {
        Told { cost, kind, path: Path::None, size: None, entry: None, number: None }
    }

    pub(super) fn size_or_unknown(&self) -> Size {
        self.size.unwrap_or(Size::UNKNOWN)
    }
}

struct Variable<'e> {
    name: String,
    kind: Type,
    path: Path<'e>,
    size: Option<Size>,
}

struct Coster<'e> {
    root: Extent<'e>,
    scope: Vec<Variable<'e>>,
}

impl<'e> Coster<'e> {
    fn expr(&mut self, expr: &Expr) -> Option<Told<'e>> {
        let literal = |kind: Type, size: usize| {
            let mut told = Told::new(0, kind);
            told.size = Some(Size::exactly(size as u64));
            told
        };
        Some(match &expr.kind {
            Kind::Null => literal(Type::Null, 1),
            Kind::Bool(_) => literal(Type::Bool, 1),
            Kind::Int(number) => Told { number: Some(*number), ..literal(Type::Int, 1) },
            Kind::Uint(_) => literal(Type::Uint, 1),
            Kind::Double(_) => literal(Type::Double, 1),
            Kind::Text(text) => literal(Type::Text, text.chars().count()),
            Kind::Bytes(bytes) => literal(Type::Bytes, bytes.len()),
            Kind::Name(name) => self.name(name)?,
            Kind::Select(select) => self.select(expr, select)?,
            Kind::Call(call) => self.call(call)?,
            Kind::And(parts) | Kind::Or(parts) => {
                let mut cost: u64 = 0;
                for part in parts {
                    cost = cost.saturating_add(self.expr(part)?.cost);
                }
                Coster::sized(Told::new(cost, Type::Bool))
            }
            Kind::List(items) => {
                let values: Vec<&Expr> = items.iter().map(|item| &item.value).collect();
                let (cost, kind, size) = self.alike(&values)?;
                let mut told = Told::new(cost.saturating_add(10), Type::list(kind));
                told.size = Some(Size::exactly(items.len() as u64));
                told.entry = Some((Size::exactly(1), size));
                told
            }
            Kind::Map(pairs) => {
                let keys: Vec<&Expr> = pairs.iter().map(|pair| &pair.key).collect();
                let values: Vec<&Expr> = pairs.iter().map(|pair| &pair.value).collect();
                let (keys_cost, key, key_size) = self.alike(&keys)?;
                let (cost, value, value_size) = self.alike(&values)?;
                let cost = cost.saturating_add(keys_cost).saturating_add(30);
                let mut told = Told::new(cost, Type::map(key, value));
                told.size = Some(Size::exactly(pairs.len() as u64));
                told.entry = Some((key_size, value_size));
                told
            }
            Kind::Fold(fold) => self.fold(fold)?,
            Kind::Struct(..) | Kind::OptMap(_) => return None,
        })
    }

    /// The size by the path or by the type, where nothing else tells it.
    fn sized(mut told: Told<'e>) -> Told<'e> {
        if told.size.is_none() {
            told.size = match told.path {
                Path::At(Some(extent)) => Some(Size { min: 0, max: extent.most() }),
                _ if is_scalar(&told.kind) => Some(Size::exactly(1)),
                _ => None,
            };
        }
        told
    }

    /// k8s: the first step of a path is taken for `self`, whatever it is.
    fn step(&self, path: Path<'e>, name: &str) -> Path<'e> {
        match path {
            Path::None => Path::At(Some(self.root)),
            Path::At(extent) => Path::At(extent.and_then(|extent| extent.behind(name))),
        }
    }

    fn name(&self, name: &str) -> Option<Told<'e>> {
        let name = name.strip_prefix('.').unwrap_or(name);
        let Some(known) = self.scope.iter().rev().find(|known| known.name == name) else {
            return self.type_name(name);
        };
        let mut told = Told::new(1, known.kind.clone());
        told.path = known.path;
        let mut told = Coster::sized(told);
        told.size = told.size.or(known.size);
        Some(told)
    }

    fn type_name(&self, name: &str) -> Option<Told<'e>> {
        let mut told = Told::new(1, Type::Kind(type_named(name)?.into()));
        told.path = Path::At(Some(self.root));
        Some(Coster::sized(told))
    }

    fn is_variable(&self, name: &str) -> bool {
        self.scope.iter().any(|known| known.name == name)
    }

    fn select(&mut self, expr: &Expr, select: &Select) -> Option<Told<'e>> {
        let named = expr
            .qualified()
            .filter(|name| name.split('.').next().is_some_and(|first| !self.is_variable(first)));
        if let Some(told) = named.and_then(|name| self.type_name(&name)) {
            return Some(told);
        }
        let operand = self.expr(&select.operand)?;
        if select.access == Access::Test {
            return Some(Coster::sized(Told::new(operand.cost, Type::Bool)));
        }
        let (inner, mut is_optional) = match &operand.kind {
            Type::Optional(inner) => ((**inner).clone(), true),
            other => (other.clone(), false),
        };
        let found = match &inner {
            Type::Map(_, value) => (**value).clone(),
            Type::Struct(known) => known.field(&select.field)?,
            Type::Dyn => Type::Dyn,
            _ => return None,
        };
        is_optional |= select.access == Access::Optional;
        let kind = match found {
            Type::Optional(_) => found,
            _ if is_optional => Type::optional(found),
            _ => found,
        };
        // `a.?b` is a call, which leads along no path.
        if select.access == Access::Optional {
            return Some(Coster::sized(Told::new(operand.cost.saturating_add(1), kind)));
        }
        let own = u64::from(matches!(operand.kind, Type::Map(..) | Type::Struct(_)));
        let mut told = Told::new(operand.cost.saturating_add(own), kind);
        told.path = self.step(operand.path, &select.field);
        Some(Coster::sized(told))
    }

    /// The costs of some values together, the type that they share, and their sizes.
    fn alike(&mut self, values: &[&Expr]) -> Option<(u64, Type, Size)> {
        let mut size = Size { min: if values.is_empty() { 0 } else { u64::MAX }, max: 0 };
        let (mut cost, mut kind) = (0_u64, None);
        for value in values {
            let told = self.expr(value)?;
            cost = cost.saturating_add(told.cost);
            size = size.union(told.size_or_unknown());
            kind = match kind {
                None | Some(Type::Null) => Some(told.kind),
                Some(known) if known == told.kind || told.kind == Type::Null => Some(known),
                Some(_) => Some(Type::Dyn),
            };
        }
        Some((cost, kind.unwrap_or(Type::Dyn), size))
    }

    fn call(&mut self, call: &Call) -> Option<Told<'e>> {
        if let ("-_", [number]) = (call.name.as_str(), &call.args[..])
            && matches!(number.kind, Kind::Int(_) | Kind::Double(_))
        {
            let mut told = self.expr(number)?;
            told.number = None;
            return Some(told);
        }
        let whole =
            call.target.as_ref().and_then(Expr::qualified).filter(|name| {
                name.split('.').next().is_some_and(|first| !self.is_variable(first))
            });
        let whole = whole.map(|name| format!("{name}.{}", call.name));
        let (name, target) = match whole.filter(|name| overloads(name).is_some()) {
            Some(name) => (name, None),
            None => (call.name.clone(), call.target.as_ref()),
        };
        let mut args = Vec::new();
        for arg in &call.args {
            args.push(self.expr(arg)?);
        }
        let target = match target {
            Some(target) => Some(self.expr(target)?),
            None => None,
        };
        if let ("dyn", [arg]) = (name.as_str(), &args[..]) {
            let mut told = Told::new(arg.cost.saturating_add(1), Type::Dyn);
            (told.size, told.entry) = (arg.size, arg.entry);
            return Some(told);
        }
        self.function(&name, target.as_ref(), &args)
    }

    fn function(
        &mut self,
        name: &str,
        target: Option<&Told<'e>>,
        args: &[Told<'e>],
    ) -> Option<Told<'e>> {
        let fitting = fitting(name, target, args)?;
        let mut kind: Option<Type> = None;
        let (mut most, mut size): (u64, Option<Size>) = (0, None);
        let mut path = Path::None;
        for (overload, result) in &fitting {
            let Estimate { cost, result: own } = estimate(name, overload, target, args)?;
            most = most.max(cost);
            size = match (size, own) {
                (Some(size), Some(own)) => Some(size.union(own)),
                (size, own) => size.or(own),
            };
            if name == "_[_]" && !overload.starts_with("(optional") {
                let is_list = overload.starts_with("(list");
                size = args[0].entry.map(|(_, value)| value);
                path = self.step(args[0].path, if is_list { "@items" } else { "@values" });
            }
            kind = match kind {
                None => Some(result.clone()),
                Some(kind) if kind == *result => Some(kind),
                Some(_) => Some(Type::Dyn),
            };
        }
        let sum = if name == "_?_:_" {
            args[0].cost.saturating_add(args[1].cost.max(args[2].cost))
        } else {
            args.iter().fold(most, |sum, arg| sum.saturating_add(arg.cost))
        };
        let sum = sum.saturating_add(target.map_or(0, |target| target.cost));
        let mut told = Told::new(sum, kind?);
        (told.size, told.path) = (size, path);
        told.entry = match (name, args) {
            ("_+_", [one, other]) | ("_?_:_", [_, one, other]) => both(one, other),
            _ => None,
        };
        Some(Coster::sized(told))
    }

    fn fold(&mut self, fold: &Fold) -> Option<Told<'e>> {
        let range = self.expr(&fold.range)?;
        let (key, value) = match &range.kind {
            Type::List(item) => (Type::Int, (**item).clone()),
            Type::Map(key, value) => ((**key).clone(), (**value).clone()),
            Type::Dyn => (Type::Dyn, Type::Dyn),
            _ => return None,
        };
        let is_list = matches!(range.kind, Type::List(_));
        let sizes = range.entry.unzip();
        let of_value = (self.step(range.path, if is_list { "@items" } else { "@values" }), sizes.1);
        let of_key = (self.step(range.path, if is_list { "@indices" } else { "@keys" }), sizes.0);
        let depth = self.scope.len();
        let mut push = |name: &String, kind: &Type, (path, size): (Path<'e>, Option<Size>)| {
            let (name, kind) = (name.clone(), kind.clone());
            self.scope.push(Variable { name, kind, path, size });
        };
        match &fold.second {
            Some(second) => {
                push(&fold.var, &key, of_key);
                push(second, &value, of_value);
            }
            None if is_list => push(&fold.var, &value, of_value),
            None => push(&fold.var, &key, of_key),
        }
        let item = if is_list { &value } else { &key };
        let told = self.loops(fold, &range, item);
        self.scope.truncate(depth);
        told
    }

    /// k8s: every macro is a loop with an accumulator, whose parts have these costs.
    fn loops(&mut self, fold: &Fold, range: &Told<'e>, item: &Type) -> Option<Told<'e>> {
        let body = self.expr(&fold.body)?;
        let filter = match &fold.filter {
            Some(filter) => Some(self.expr(filter)?),
            None => None,
        };
        let (before, each, after, kind) = match fold.kind {
            FoldKind::All => (0, body.cost.saturating_add(3), 1, Type::Bool),
            FoldKind::Exists => (0, body.cost.saturating_add(4), 1, Type::Bool),
            FoldKind::ExistsOne => (0, body.cost.saturating_add(2), 2, Type::Bool),
            FoldKind::Filter => (10, body.cost.saturating_add(13), 1, Type::list(item.clone())),
            FoldKind::Map => {
                let filter = filter.map_or(0, |filter| filter.cost);
                let each = body.cost.saturating_add(12).saturating_add(filter);
                (10, each, 1, Type::list(body.kind.clone()))
            }
            _ => return None,
        };
        let count = range.size_or_unknown();
        let cost = range
            .cost
            .saturating_add(before + after)
            .saturating_add(count.max.saturating_mul(each));
        let mut told = Told::new(cost, kind);
        if before == 0 {
            told.size = Some(Size::exactly(1));
            return Some(told);
        }
        told.size = Some(count);
        let item = if fold.kind == FoldKind::Filter {
            let name = Expr::new(0, Kind::Name(fold.var.clone()));
            self.expr(&name)?
        } else {
            body
        };
        let values = Size { min: 0, max: item.size_or_unknown().max };
        told.entry = Some((Size::exactly(1), values));
        Some(told)
    }
}

fn both<'e>(one: &Told<'e>, other: &Told<'e>) -> Option<(Size, Size)> {
    let (one, other) = (one.entry?, other.entry?);
    Some((one.0.union(other.0), one.1.union(other.1)))
}

/// The overloads of a function that take such values, and what they yield.
fn fitting(
    name: &str,
    target: Option<&Told<'_>>,
    args: &[Told<'_>],
) -> Option<Vec<(&'static str, Type)>> {
    if let Some(one) = plain(name, args) {
        return Some(vec![one]);
    }
    let mut found = Vec::new();
    for overload in overloads(name)? {
        let mut bindings = Bindings::default();
        let one = read(overload, &mut bindings);
        let receives = match (&one.receiver, target) {
            (Some(want), Some(have)) => bindings.accept(want, &have.kind),
            (None, None) => true,
            _ => false,
        };
        let fits = receives
            && one.args.len() == args.len()
            && one.args.iter().zip(args).all(|(want, have)| bindings.accept(want, &have.kind));
        if fits {
            found.push((*overload, bindings.resolved(&one.result)));
        }
    }
    (!found.is_empty()).then_some(found)
}

/// The overload of what most rules are made of, without reading any.
fn plain(name: &str, args: &[Told<'_>]) -> Option<(&'static str, Type)> {
    let kinds = (args.first().map(|one| &one.kind), args.get(1).map(|one| &one.kind));
    let overload = match (name, kinds) {
        ("_==_" | "_!=_", (Some(_), Some(_))) => "(A,A) bool",
        ("!_", (Some(Type::Bool), None)) => "(bool) bool",
        ("_<_" | "_<=_" | "_>_" | "_>=_", (Some(Type::Int), Some(Type::Int))) => "(int,int) bool",
        ("@in", (Some(_), Some(Type::List(_)))) => "(A,list(A)) bool",
        ("@in", (Some(_), Some(Type::Map(..)))) => "(A,map(A,B)) bool",
        ("startsWith" | "endsWith" | "contains" | "matches", (Some(Type::Text), None)) => {
            "string.(string) bool"
        }
        _ => return None,
    };
    Some((overload, Type::Bool))
}

fn is_scalar(kind: &Type) -> bool {
    match kind {
        Type::Bool | Type::Int | Type::Uint | Type::Double | Type::Duration | Type::Timestamp => {
            true
        }
        Type::Optional(inner) => is_scalar(inner),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    use super::*;
    use crate::cel::type_of;
    use crate::crd::Schema;

    #[track_caller]
    fn check(rule: &str, want: Option<u64>) {
        let text = "{type: object, properties: {count: {type: integer}, name: {type: string, maxLength: 10}, tags: {type: array, maxItems: 5, items: {type: string, maxLength: 10}}, free: {type: string}}}";
        let node = plimsoll_yaml::read(text.as_bytes(), FileId::NONE).unwrap();
        let schema = Schema::read_part(&node);
        let kind = type_of(&schema, false).unwrap();
        let extent = Extent::Of(&schema, false);
        let program = Program::parse(rule).unwrap();
        assert_eq!(cost(&program, &[("self", kind)], extent), want, "{rule}");
    }

    #[test]
    fn sizes_come_from_the_schema() {
        check("true", Some(0));
        check("self.count > 1", Some(3));
        check("self.name == 'abcdefghijklm'", Some(4));
        check("self.name.startsWith(self.name)", Some(8));
        check("self.free.matches('^[a-z]+$')", Some(2 + 314_573 * 2));
        check("has(self.count) || self.count == 1", Some(3));
    }

    #[test]
    fn loops_cost_what_their_bodies_do() {
        check("self.tags.all(x, x == 'a')", Some(2 + 1 + 5 * (3 + 2)));
        check("self.tags.exists(x, x == 'a')", Some(2 + 1 + 5 * (4 + 2)));
        check("self.tags.exists_one(x, x == 'a')", Some(2 + 2 + 5 * (2 + 2)));
        check("self.tags.map(x, x).size() == 1", Some(2 + 10 + 1 + 5 * (12 + 1) + 1 + 1));
        check("'a'.split('').all(x, x.size() == 1)", Some(1 + 1 + 3 + 3));
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        check("Object{}.x == 1", None);
        check("self.tags.sortBy(x, x) == self.tags", None);
    }
}
