use std::cmp::Ordering;

use plimsoll_gotmpl::{
    CallError, Elem, Function, IntType, Kind, List, Object, Runtime, Type, UintType, Value,
};
use plimsoll_source::Origin;

use super::Version;

/// The type that `semver` gives.
pub(super) const POINTER: Type = Type::Named("*semver.Version", Kind::Pointer);

/// The type that `IncMajor` and its like give: no pointer, so the methods that need one are gone.
const STRUCT: Type = Type::Named("semver.Version", Kind::Struct);

/// A version that is no pointer.
struct Unshared(Version);

impl Object for Version {
    fn type_name(&self) -> &'static str {
        "*semver.Version"
    }

    fn kind(&self) -> Kind {
        Kind::Pointer
    }

    fn field(&self, name: &str) -> Option<Value> {
        field(self, name)
    }

    fn field_names(&self) -> &'static [&'static str] {
        FIELDS
    }

    fn method(&self, name: &str) -> Option<&'static Function> {
        find(METHODS, name).or_else(|| find(POINTER_METHODS, name))
    }

    fn to_go_string(&self) -> Option<String> {
        Some(self.to_string())
    }

    fn to_json(&self) -> Value {
        Value::text(self.to_string())
    }

    fn equals(&self, other: &dyn Object) -> bool {
        std::ptr::addr_eq(std::ptr::from_ref(self), std::ptr::from_ref(other))
    }
}

impl Object for Unshared {
    fn type_name(&self) -> &'static str {
        "semver.Version"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn field(&self, name: &str) -> Option<Value> {
        field(&self.0, name)
    }

    fn field_names(&self) -> &'static [&'static str] {
        FIELDS
    }

    fn method(&self, name: &str) -> Option<&'static Function> {
        find(METHODS, name)
    }

    fn to_go_string(&self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn to_json(&self) -> Value {
        Value::text(self.0.to_string())
    }
}

/// The fields, none of which templates may touch; `printf "%d"` shows them.
const FIELDS: &[&str] = &["major", "minor", "patch", "pre", "metadata", "original"];

fn field(version: &Version, name: &str) -> Option<Value> {
    let number = |number| Value::Uint(UintType::Uint64, Origin::NONE, number);
    Some(match name {
        "major" => number(version.major),
        "minor" => number(version.minor),
        "patch" => number(version.patch),
        "pre" => Value::text(version.prerelease.as_str()),
        "metadata" => Value::text(version.metadata.as_str()),
        "original" => Value::text(version.original.as_str()),
        _ => return None,
    })
}

fn find(methods: &'static [Function], name: &str) -> Option<&'static Function> {
    methods.iter().find(|method| method.name == name)
}

type Call = fn(&mut dyn Runtime, &[Value]) -> Result<Value, CallError>;

const fn method(name: &'static str, params: &'static [Type], result: Type, call: Call) -> Function {
    Function { name, params, variadic: false, result, call }
}

const UINT64: Type = Type::Uint(UintType::Uint64);
const INT: Type = Type::Int(IntType::Int);
const BYTES: Type = Type::Slice(Elem::Bytes);

static METHODS: &[Function] = &[
    method("Major", &[], UINT64, |_, args| number(args, |version| version.major)),
    method("Minor", &[], UINT64, |_, args| number(args, |version| version.minor)),
    method("Patch", &[], UINT64, |_, args| number(args, |version| version.patch)),
    method("Prerelease", &[], Type::String, |_, args| {
        text(args, |version| version.prerelease.clone())
    }),
    method("Metadata", &[], Type::String, |_, args| text(args, |version| version.metadata.clone())),
    method("String", &[], Type::String, |_, args| text(args, Version::to_string)),
    method("Value", &[], Type::Any, |_, args| text(args, Version::to_string)),
    method("IncMajor", &[], STRUCT, |_, args| next(args, "major", Version::next_major)),
    method("IncMinor", &[], STRUCT, |_, args| next(args, "minor", Version::next_minor)),
    method("IncPatch", &[], STRUCT, |_, args| next(args, "patch", Version::next_patch)),
    method("SetPrerelease", &[Type::String], STRUCT, |_, args| {
        changed(receiver(args)?.with_prerelease(args[1].as_bytes().unwrap_or_default()))
    }),
    method("SetMetadata", &[Type::String], STRUCT, |_, args| {
        changed(receiver(args)?.with_metadata(args[1].as_bytes().unwrap_or_default()))
    }),
    method("MarshalText", &[], BYTES, |_, args| Ok(bytes(&receiver(args)?.to_string()))),
    method("MarshalJSON", &[], BYTES, |_, args| Ok(bytes(&format!("\"{}\"", receiver(args)?)))),
];

static POINTER_METHODS: &[Function] = &[
    method("Original", &[], Type::String, |_, args| text(args, |version| version.original.clone())),
    method("Compare", &[POINTER], INT, |_, args| Ok(Value::int(compare(args)? as i64))),
    method("Equal", &[POINTER], Type::Bool, |_, args| ordered(args, Ordering::is_eq)),
    method("LessThan", &[POINTER], Type::Bool, |_, args| ordered(args, Ordering::is_lt)),
    method("LessThanEqual", &[POINTER], Type::Bool, |_, args| ordered(args, Ordering::is_le)),
    method("GreaterThan", &[POINTER], Type::Bool, |_, args| ordered(args, Ordering::is_gt)),
    method("GreaterThanEqual", &[POINTER], Type::Bool, |_, args| ordered(args, Ordering::is_ge)),
];

fn version(value: &Value) -> Result<&Version, CallError> {
    let unshared = || value.downcast::<Unshared>().map(|unshared| &unshared.0);
    value
        .downcast::<Version>()
        .or_else(unshared)
        .ok_or_else(|| CallError::message(crate::lists::NIL_POINTER))
}

fn receiver(args: &[Value]) -> Result<&Version, CallError> {
    version(&args[0])
}

fn number(args: &[Value], get: fn(&Version) -> u64) -> Result<Value, CallError> {
    Ok(Value::Uint(UintType::Uint64, Origin::NONE, get(receiver(args)?)))
}

fn text(args: &[Value], get: impl Fn(&Version) -> String) -> Result<Value, CallError> {
    Ok(Value::text(get(receiver(args)?)))
}

fn next(
    args: &[Value],
    part: &str,
    next: fn(&Version) -> Option<Version>,
) -> Result<Value, CallError> {
    let overflow = || CallError::Message(format!("{part} version increment would overflow uint64"));
    next(receiver(args)?).map(|version| Value::object(Unshared(version))).ok_or_else(overflow)
}

fn changed(version: Result<Version, super::Error>) -> Result<Value, CallError> {
    version
        .map(|version| Value::object(Unshared(version)))
        .map_err(|error| CallError::Message(error.to_string()))
}

fn bytes(text: &str) -> Value {
    let byte = |byte| Value::Uint(UintType::Uint8, Origin::NONE, u64::from(byte));
    List::new(Elem::Bytes, text.bytes().map(byte).collect()).into()
}

fn compare(args: &[Value]) -> Result<Ordering, CallError> {
    Ok(receiver(args)?.compare(version(&args[1])?))
}

fn ordered(args: &[Value], test: fn(Ordering) -> bool) -> Result<Value, CallError> {
    Ok(Value::bool(test(compare(args)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_of_pointers_and_structs_differ() {
        let version = Version::parse("1.2.3").unwrap();
        assert!(version.method("Major").is_some() && version.method("Compare").is_some());
        let unshared = Unshared(version);
        assert!(unshared.method("Major").is_some() && unshared.method("Compare").is_none());
        assert_eq!(unshared.to_go_string().as_deref(), Some("1.2.3"));
    }
}
