//! The values that templates compute with, as Go's `reflect` would see them.

pub mod compare;
pub(crate) mod complex;
pub mod fmt;
mod int_methods;
mod list;
mod map;
mod object;
mod text;
mod types;

pub use complex::Complex;
pub use int_methods::{duration_in, duration_round, duration_truncate};
pub use list::List;
pub use map::{Entries, Map, MapType};
pub use object::{Object, ObjectRef};
pub use text::{Text, TextBuf};
pub use types::{Elem, IntType, Kind, SliceType, Type, UintType};

use plimsoll_source::Origin;

/// A value of a template: sixteen bytes, cheap to clone, never copied deeply by the engine.
///
/// Text, lists, maps and objects are shared by reference count. Maps are shared mutably as Go's
/// are: `set` on one holder is seen by all. Every variant but `Nil` carries the [`Origin`] it came
/// from; without tracing that is [`Origin::NONE`] everywhere and costs nothing.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// The nil interface, and what a missing map entry gives.
    #[default]
    Nil,
    /// `bool`.
    Bool(Origin, bool),
    /// A signed integer and its Go type.
    Int(IntType, Origin, i64),
    /// An unsigned integer and its Go type.
    Uint(UintType, Origin, u64),
    /// `float64`.
    Float(Origin, f64),
    /// `string`: bytes, mostly but not always UTF-8.
    Text(Origin, Text),
    /// A slice.
    List(Origin, List),
    /// A map with string keys.
    Map(Origin, Map),
    /// Everything else: times, versions, certificates, complex numbers, Helm's own objects.
    Object(Origin, ObjectRef),
}

const _: () = assert!(size_of::<Value>() == 16, "a value is two words: see decisions.md, Engine");

impl Value {
    /// A `bool`.
    pub const fn bool(value: bool) -> Value {
        Value::Bool(Origin::NONE, value)
    }

    /// An `int`, what integer literals are.
    pub const fn int(value: i64) -> Value {
        Value::Int(IntType::Int, Origin::NONE, value)
    }

    /// An `int64`, what `--set` and sprig's arithmetic give.
    pub const fn int64(value: i64) -> Value {
        Value::Int(IntType::Int64, Origin::NONE, value)
    }

    /// A `time.Duration` in nanoseconds.
    pub const fn duration(nanoseconds: i64) -> Value {
        Value::Int(IntType::Duration, Origin::NONE, nanoseconds)
    }

    /// A `float64`, what every number of a values file is.
    pub const fn float(value: f64) -> Value {
        Value::Float(Origin::NONE, value)
    }

    /// A `string`.
    pub fn text(value: impl Into<Text>) -> Value {
        Value::Text(Origin::NONE, value.into())
    }

    /// A `[]interface {}`.
    pub fn list(items: Vec<Value>) -> Value {
        Value::List(Origin::NONE, List::new(Elem::Any, items))
    }

    /// A `[]string`.
    pub fn strings<T: Into<Text>>(items: impl IntoIterator<Item = T>) -> Value {
        let items = items.into_iter().map(Value::text).collect();
        Value::List(Origin::NONE, List::new(Elem::String, items))
    }

    /// A `map[string]interface {}`.
    pub fn map(map: Map) -> Value {
        Value::Map(Origin::NONE, map)
    }

    /// An object of a type of its own.
    pub fn object(object: impl Object) -> Value {
        Value::Object(Origin::NONE, ObjectRef::new(object))
    }

    /// Where the value came from.
    pub const fn origin(&self) -> Origin {
        match self {
            Value::Nil => Origin::NONE,
            Value::Bool(origin, _)
            | Value::Int(_, origin, _)
            | Value::Uint(_, origin, _)
            | Value::Float(origin, _)
            | Value::Text(origin, _)
            | Value::List(origin, _)
            | Value::Map(origin, _)
            | Value::Object(origin, _) => *origin,
        }
    }

    /// The same value, said to come from `origin`. `Nil` has no place for one.
    #[must_use]
    pub fn with_origin(mut self, new: Origin) -> Value {
        match &mut self {
            Value::Nil => {}
            Value::Bool(origin, _)
            | Value::Int(_, origin, _)
            | Value::Uint(_, origin, _)
            | Value::Float(origin, _)
            | Value::Text(origin, _)
            | Value::List(origin, _)
            | Value::Map(origin, _)
            | Value::Object(origin, _) => *origin = new,
        }
        self
    }

    /// Whether this is the nil interface.
    pub const fn is_nil(&self) -> bool {
        matches!(self, Value::Nil)
    }

    /// `reflect.Kind` of the concrete value; [`Kind::Invalid`] for nil.
    pub fn kind(&self) -> Kind {
        match self {
            Value::Nil => Kind::Invalid,
            Value::Bool(..) => Kind::Bool,
            Value::Int(ty, ..) => ty.kind(),
            Value::Uint(ty, ..) => ty.kind(),
            Value::Float(..) => Kind::Float64,
            Value::Text(..) => Kind::String,
            Value::List(..) => Kind::Slice,
            Value::Map(..) => Kind::Map,
            Value::Object(_, object) => object.kind(),
        }
    }

    /// The Go type of the concrete value; [`Type::Any`] for nil.
    pub fn go_type(&self) -> Type {
        match self {
            Value::Nil => Type::Any,
            Value::Bool(..) => Type::Bool,
            Value::Int(ty, ..) => Type::Int(*ty),
            Value::Uint(ty, ..) => Type::Uint(*ty),
            Value::Float(..) => Type::Float64,
            Value::Text(..) => Type::String,
            Value::List(_, list) => Type::Slice(list.elem()),
            Value::Map(_, map) => Type::Map(map.map_type()),
            Value::Object(_, object) => Type::Named(object.type_name(), object.kind()),
        }
    }

    /// The Go type's name as `%T` prints it: `float64`, `map[string]interface {}`, `<nil>`.
    pub fn type_name(&self) -> String {
        if self.is_nil() { "<nil>".to_owned() } else { self.go_type().to_string() }
    }

    /// Go's template truth: false for nil, false, zero and empty; structs are true.
    pub fn is_true(&self) -> bool {
        match self {
            Value::Nil => false,
            Value::Bool(_, value) => *value,
            Value::Int(_, _, value) => *value != 0,
            Value::Uint(_, _, value) => *value != 0,
            Value::Float(_, value) => *value != 0.0,
            Value::Text(_, text) => !text.is_empty(),
            Value::List(_, list) => !list.is_empty(),
            Value::Map(_, map) => !map.is_empty(),
            Value::Object(_, object) => object.is_true(),
        }
    }

    /// Whether it may hold other values.
    const fn holds_values(&self) -> bool {
        matches!(self, Value::List(..) | Value::Map(..))
    }

    /// The text of a `string`.
    pub const fn as_text(&self) -> Option<&Text> {
        match self {
            Value::Text(_, text) => Some(text),
            _ => None,
        }
    }

    /// The bytes of a `string`.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        self.as_text().map(Text::as_bytes)
    }

    /// The list of a slice.
    pub const fn as_list(&self) -> Option<&List> {
        match self {
            Value::List(_, list) => Some(list),
            _ => None,
        }
    }

    /// The map of a map.
    pub const fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(_, map) => Some(map),
            _ => None,
        }
    }

    /// The object, if it is of type `T`.
    pub fn downcast<T: Object>(&self) -> Option<&T> {
        match self {
            Value::Object(_, object) => object.downcast(),
            _ => None,
        }
    }
}

/// Drops values, and what a map shows under another type, one by one: they may be deeper inside of
/// each other than stacks are.
fn take_apart(values: impl Iterator<Item = Value>, base: Option<Map>) {
    let mut rest: Vec<Value> = values.filter(Value::holds_values).collect();
    rest.extend(base.map(Value::map));
    while let Some(value) = rest.pop() {
        match value {
            Value::List(_, list) => list.take_apart(|value| rest.push(value)),
            Value::Map(_, map) => map.take_apart(|value| rest.push(value)),
            _ => {}
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::bool(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Value {
        Value::float(value)
    }
}

impl From<Text> for Value {
    fn from(value: Text) -> Value {
        Value::text(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::text(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::text(value)
    }
}

impl From<Map> for Value {
    fn from(value: Map) -> Value {
        Value::map(value)
    }
}

impl From<List> for Value {
    fn from(value: List) -> Value {
        Value::List(Origin::NONE, value)
    }
}
