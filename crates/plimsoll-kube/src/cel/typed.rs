//! The types of expressions, as cel-go's checker knows them.

use std::fmt;
use std::rc::Rc;

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    /// Anything; checked when it is evaluated.
    Dyn,
    /// What follows from an error that has been told.
    Wrong,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    Text,
    Bytes,
    Duration,
    Timestamp,
    List(Rc<Type>),
    Map(Rc<Type>, Rc<Type>),
    Optional(Rc<Type>),
    /// The type of a type.
    Kind(Rc<Type>),
    /// A struct with fields.
    Struct(Rc<Struct>),
    /// A type of a library, by its name: `kubernetes.URL`.
    Opaque(&'static str),
    /// A parameter of a function's type.
    Param(u32),
}

/// A struct.
#[derive(Debug)]
pub(crate) struct Struct {
    pub(crate) name: String,
    /// In order of their names.
    pub(crate) fields: Vec<(String, Type)>,
    /// Whether every field is there, of any type.
    pub(crate) open: bool,
}

impl PartialEq for Struct {
    fn eq(&self, other: &Struct) -> bool {
        self.name == other.name
    }
}

impl Struct {
    /// A struct of some fields, in any order.
    pub(crate) fn of(name: &str, mut fields: Vec<(String, Type)>) -> Type {
        fields.sort_by(|(one, _), (other, _)| one.cmp(other));
        Type::Struct(Rc::new(Struct { name: name.to_owned(), fields, open: false }))
    }

    pub(super) fn field(&self, name: &str) -> Option<Type> {
        if self.open {
            return Some(Type::Dyn);
        }
        let at = self.fields.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        Some(self.fields[at].1.clone())
    }
}

impl Type {
    pub(crate) fn list(item: Type) -> Type {
        Type::List(Rc::new(item))
    }

    pub(crate) fn map(key: Type, value: Type) -> Type {
        Type::Map(Rc::new(key), Rc::new(value))
    }

    pub(super) fn optional(inner: Type) -> Type {
        Type::Optional(Rc::new(inner))
    }

    pub(super) fn is_free(&self) -> bool {
        matches!(self, Type::Dyn | Type::Wrong)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Dyn => out.write_str("dyn"),
            Type::Wrong => out.write_str("!error!"),
            Type::Null => out.write_str("null"),
            Type::Bool => out.write_str("bool"),
            Type::Int => out.write_str("int"),
            Type::Uint => out.write_str("uint"),
            Type::Double => out.write_str("double"),
            Type::Text => out.write_str("string"),
            Type::Bytes => out.write_str("bytes"),
            Type::Duration => out.write_str("google.protobuf.Duration"),
            Type::Timestamp => out.write_str("google.protobuf.Timestamp"),
            Type::List(item) => write!(out, "list({item})"),
            Type::Map(key, value) => write!(out, "map({key}, {value})"),
            Type::Optional(inner) => write!(out, "optional_type({inner})"),
            Type::Kind(inner) => write!(out, "type({inner})"),
            Type::Struct(name) => out.write_str(&name.name),
            Type::Opaque(name) => out.write_str(name),
            Type::Param(number) => write!(out, "_var{number}"),
        }
    }
}

/// What the parameters of types stand for so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Bindings(Vec<Option<Type>>);

impl Bindings {
    /// A parameter that stands for nothing yet.
    pub(super) fn fresh(&mut self) -> u32 {
        self.0.push(None);
        self.0.len() as u32 - 1
    }

    /// A type with every parameter that is known replaced, `Dyn` for the rest.
    pub(super) fn resolved(&self, kind: &Type) -> Type {
        self.map(kind, 0, Type::Dyn)
    }

    /// The same, with the rest left as they are.
    pub(super) fn partly(&self, kind: &Type) -> Type {
        self.map(kind, 0, Type::Wrong)
    }

    fn map(&self, kind: &Type, depth: usize, unknown: Type) -> Type {
        if depth > 40 {
            return Type::Dyn;
        }
        let inner = |inner: &Type| Rc::new(self.map(inner, depth + 1, unknown.clone()));
        match kind {
            Type::Param(number) => match self.0.get(*number as usize) {
                Some(Some(bound)) => self.map(bound, depth + 1, unknown),
                _ if unknown == Type::Wrong => kind.clone(),
                _ => unknown,
            },
            Type::List(item) => Type::List(inner(item)),
            Type::Map(key, value) => Type::Map(inner(key), inner(value)),
            Type::Optional(item) => Type::Optional(inner(item)),
            Type::Kind(item) => Type::Kind(inner(item)),
            other => other.clone(),
        }
    }

    /// Whether a value of `from` may stand where `to` is wanted; binds what is free.
    pub(super) fn accept(&mut self, to: &Type, from: &Type) -> bool {
        self.fits(to, from, 0)
    }

    fn fits(&mut self, to: &Type, from: &Type, depth: usize) -> bool {
        if depth > 40 {
            return true;
        }
        match (to, from) {
            (Type::Param(one), Type::Param(other)) if one == other => true,
            (Type::Param(number), other) | (other, Type::Param(number)) => {
                let Some(bound) = self.0.get(*number as usize).cloned().flatten() else {
                    if let Some(slot) = self.0.get_mut(*number as usize) {
                        *slot = Some(other.clone());
                    }
                    return true;
                };
                let good = if matches!(to, Type::Param(_)) {
                    self.fits(&bound, other, depth + 1)
                } else {
                    self.fits(other, &bound, depth + 1)
                };
                // Where `null` was first, what is not `null` tells the type.
                if good && bound == Type::Null {
                    self.0[*number as usize] = Some(other.clone());
                }
                good
            }
            (to, from) if to.is_free() || from.is_free() => true,
            (Type::List(to), Type::List(from))
            | (Type::Optional(to), Type::Optional(from))
            | (Type::Kind(to), Type::Kind(from)) => self.fits(to, from, depth + 1),
            (Type::Map(to, to_value), Type::Map(from, from_value)) => {
                self.fits(to, from, depth + 1) && self.fits(to_value, from_value, depth + 1)
            }
            (one, Type::Null) | (Type::Null, one) => is_nullable(one),
            (to, from) => to == from,
        }
    }
}

/// Whether `null` may stand for a value of a type.
fn is_nullable(kind: &Type) -> bool {
    matches!(
        kind,
        Type::Null
            | Type::Struct(_)
            | Type::Opaque(_)
            | Type::Optional(_)
            | Type::Duration
            | Type::Timestamp
    )
}
