use std::any::Any;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use super::{Kind, Map, Value};
use crate::Function;

/// A value of a Go type that is none of the plain ones: a struct, a pointer to one, a function.
pub trait Object: Any {
    /// The name that `%T` prints: `*semver.Version`.
    fn type_name(&self) -> &'static str;

    /// `reflect.Kind`.
    fn kind(&self) -> Kind;

    /// A field of the struct (or of the struct pointed to); `None` if it has none of that name.
    fn field(&self, name: &str) -> Option<Value> {
        let _ = name;
        None
    }

    /// The names of the struct's fields in order, for `%+v` and the like.
    fn field_names(&self) -> &'static [&'static str] {
        &[]
    }

    /// The names of all fields in order, for structs that have some which only printing sees:
    /// `time.Time`. [`Object::field`] gives them.
    fn hidden_field_names(&self) -> &'static [&'static str] {
        &[]
    }

    /// Where a pointer points to, as number verbs show it; `None` where any address serves, zero
    /// for a nil pointer.
    fn address(&self) -> Option<u64> {
        None
    }

    /// A method; it takes the receiver as an additional first argument that its parameters do
    /// not list.
    fn method(&self, name: &str) -> Option<&'static Function> {
        let _ = name;
        None
    }

    /// What the `String` or `Error` method gives, for types that have one.
    fn to_go_string(&self) -> Option<String> {
        None
    }

    /// What the `String` method of a pointer to it gives, where the value itself has none: actions
    /// print by it, functions do not see it.
    fn pointer_to_go_string(&self) -> Option<String> {
        None
    }

    /// What the `GoString` method gives, which `%#v` prints, for types that have one.
    fn to_go_syntax(&self) -> Option<String> {
        None
    }

    /// Go's template truth; structs are true.
    fn is_true(&self) -> bool {
        true
    }

    /// The map that this is, for map types that are computed: range, index, `len` and printing
    /// go through it.
    fn as_map(&self) -> Option<Map> {
        None
    }

    /// What `encoding/json` sees of it.
    fn to_json(&self) -> Value {
        Value::Nil
    }

    /// Go's `==`; types that cannot be compared are never equal.
    fn equals(&self, other: &dyn Object) -> bool {
        let _ = other;
        false
    }
}

/// A shared [`Object`], one word wide.
#[derive(Clone)]
pub struct ObjectRef(Rc<Box<dyn Object>>);

impl ObjectRef {
    /// Takes an object in.
    pub fn new(object: impl Object) -> ObjectRef {
        ObjectRef(Rc::new(Box::new(object)))
    }

    /// The object, if it is of type `T`.
    pub fn downcast<T: Object>(&self) -> Option<&T> {
        let object: &dyn Any = self.0.as_ref().as_ref();
        object.downcast_ref()
    }

    /// Whether both are the same object in memory.
    pub fn same(&self, other: &ObjectRef) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for ObjectRef {
    type Target = dyn Object;

    fn deref(&self) -> &dyn Object {
        self.0.as_ref().as_ref()
    }
}

impl fmt::Debug for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.type_name())
    }
}
