use std::fmt;

use super::MapType;
use crate::Function;

/// `reflect.Kind`, as far as template values have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are Go's own")]
pub enum Kind {
    Invalid,
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Float32,
    Float64,
    Complex128,
    String,
    Slice,
    Array,
    Map,
    Struct,
    Pointer,
    Func,
    Interface,
}

impl Kind {
    /// The kind's name as sprig's `kindOf` prints it.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Invalid => "invalid",
            Kind::Bool => "bool",
            Kind::Int => "int",
            Kind::Int8 => "int8",
            Kind::Int16 => "int16",
            Kind::Int32 => "int32",
            Kind::Int64 => "int64",
            Kind::Uint => "uint",
            Kind::Uint8 => "uint8",
            Kind::Uint16 => "uint16",
            Kind::Uint32 => "uint32",
            Kind::Uint64 => "uint64",
            Kind::Float32 => "float32",
            Kind::Float64 => "float64",
            Kind::Complex128 => "complex128",
            Kind::String => "string",
            Kind::Slice => "slice",
            Kind::Array => "array",
            Kind::Map => "map",
            Kind::Struct => "struct",
            Kind::Pointer => "ptr",
            Kind::Func => "func",
            Kind::Interface => "interface",
        }
    }
}

/// The signed integer types that values have. The named ones print by their own `String` method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are Go's own")]
pub enum IntType {
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    /// `time.Duration`, in nanoseconds.
    Duration,
    /// `time.Month`, January is 1.
    Month,
    /// `time.Weekday`, Sunday is 0.
    Weekday,
}

impl IntType {
    /// The underlying kind: `time.Duration` is an `int64`.
    pub const fn kind(self) -> Kind {
        match self {
            IntType::Int | IntType::Month | IntType::Weekday => Kind::Int,
            IntType::Int8 => Kind::Int8,
            IntType::Int16 => Kind::Int16,
            IntType::Int32 => Kind::Int32,
            IntType::Int64 | IntType::Duration => Kind::Int64,
        }
    }

    /// The type's name as `%T` prints it.
    pub const fn name(self) -> &'static str {
        match self {
            IntType::Duration => "time.Duration",
            IntType::Month => "time.Month",
            IntType::Weekday => "time.Weekday",
            _ => self.kind().name(),
        }
    }
}

/// The unsigned integer types that values have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are Go's own")]
pub enum UintType {
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
}

impl UintType {
    /// The underlying kind.
    pub const fn kind(self) -> Kind {
        match self {
            UintType::Uint => Kind::Uint,
            UintType::Uint8 => Kind::Uint8,
            UintType::Uint16 => Kind::Uint16,
            UintType::Uint32 => Kind::Uint32,
            UintType::Uint64 => Kind::Uint64,
        }
    }
}

/// What a slice holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elem {
    /// `[]interface {}`
    Any,
    /// `[]string`
    String,
    /// `[]int`
    Int,
    /// `[]float64`
    Float64,
    /// `[]uint8`, Go's bytes; items are `Uint(Uint8)`.
    Bytes,
    /// `[][]interface {}`
    AnyList,
    /// `[]map[string]interface {}`
    AnyMap,
    /// A slice of a type of its own, by the name of the element: `*chart.Dependency`.
    Named(&'static str),
    /// A slice type with a name and methods of its own: `common.VersionSet`.
    Typed(&'static SliceType),
}

/// A named slice type.
#[derive(Debug)]
pub struct SliceType {
    /// The name that `%T` prints.
    pub name: &'static str,
    /// The static type of an element.
    pub elem: Type,
    /// The type's methods. Each takes the receiver as an additional first argument that its
    /// parameters do not list.
    pub methods: &'static [Function],
}

impl PartialEq for SliceType {
    fn eq(&self, other: &SliceType) -> bool {
        self.name == other.name
    }
}

impl Eq for SliceType {}

impl Elem {
    /// The static type of an element.
    pub const fn element_type(self) -> Type {
        match self {
            Elem::Any => Type::Any,
            Elem::String => Type::String,
            Elem::Int => Type::Int(IntType::Int),
            Elem::Float64 => Type::Float64,
            Elem::Bytes => Type::Uint(UintType::Uint8),
            Elem::AnyList => Type::Slice(Elem::Any),
            Elem::AnyMap => Type::Map(MapType::ANY),
            Elem::Named(name) => Type::Named(name, Kind::Pointer),
            Elem::Typed(slice) => slice.elem,
        }
    }
}

/// A Go type, as far as templates can tell types apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Type {
    /// `interface {}`: anything, nil included.
    Any,
    /// `bool`
    Bool,
    /// A signed integer type.
    Int(IntType),
    /// An unsigned integer type.
    Uint(UintType),
    /// `float64`
    Float64,
    /// `string`
    String,
    /// A slice type.
    Slice(Elem),
    /// A map type.
    Map(&'static MapType),
    /// A type of its own, by the name that `%T` prints and its kind.
    Named(&'static str, Kind),
    /// `reflect.Value`, what Go's own builtins take: anything, nil included, and it prints so.
    Reflect,
}

impl Type {
    /// The kind of values of the type.
    pub const fn kind(self) -> Kind {
        match self {
            Type::Any => Kind::Interface,
            Type::Bool => Kind::Bool,
            Type::Int(ty) => ty.kind(),
            Type::Uint(ty) => ty.kind(),
            Type::Float64 => Kind::Float64,
            Type::String => Kind::String,
            Type::Slice(_) => Kind::Slice,
            Type::Map(_) => Kind::Map,
            Type::Named(_, kind) => kind,
            Type::Reflect => Kind::Struct,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any => f.write_str("interface {}"),
            Type::Int(ty) => f.write_str(ty.name()),
            Type::Slice(Elem::Typed(slice)) => f.write_str(slice.name),
            Type::Slice(elem) => write!(f, "[]{}", elem.element_type()),
            Type::Map(map) => f.write_str(map.name),
            Type::Named(name, _) => f.write_str(name),
            Type::Reflect => f.write_str("reflect.Value"),
            _ => f.write_str(self.kind().name()),
        }
    }
}
