//! The Go types and kinds of values.

use plimsoll_gotmpl::value::compare;
use plimsoll_gotmpl::{Function, Text, Value, function};

pub(crate) const TYPES: &[Function] = &[
    function!("typeOf", type_of),
    function!("typeIs", type_is),
    function!("typeIsLike", type_is_like),
    function!("kindOf", kind_of),
    function!("kindIs", kind_is),
    function!("deepEqual", deep_equal),
];

/// `typeOf 1.5` → `float64`
fn type_of(value: Value) -> String {
    value.type_name()
}

fn type_is(name: Text, value: Value) -> bool {
    *name == *value.type_name().as_bytes()
}

/// `typeIs`, or the type is a pointer to what is named.
fn type_is_like(name: Text, value: Value) -> bool {
    let got = value.type_name();
    *name == *got.as_bytes() || got.strip_prefix('*').is_some_and(|got| *name == *got.as_bytes())
}

/// `kindOf nil` → `invalid`
fn kind_of(value: Value) -> &'static str {
    value.kind().name()
}

fn kind_is(name: Text, value: Value) -> bool {
    *name == *value.kind().name().as_bytes()
}

fn deep_equal(a: Value, b: Value) -> bool {
    compare::deep_equal(&a, &b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_the_names_of_go() {
        assert_eq!(type_of(Value::list(vec![])), "[]interface {}");
        assert_eq!(type_of(Value::Nil), "<nil>");
        assert_eq!(kind_of(Value::Nil), "invalid");
        assert!(kind_is("map".into(), plimsoll_gotmpl::Map::new().into()));
        assert!(type_is("int".into(), Value::int(1)) && !type_is("int".into(), Value::int64(1)));
    }

    #[test]
    fn pointers_are_like_what_they_point_to() {
        let version = crate::semver::Version::parse("1.2.3").unwrap();
        assert!(type_is_like("semver.Version".into(), Value::object(version)));
    }
}
