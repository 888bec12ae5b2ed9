use plimsoll_source::Origin;

use crate::runtime::{CallError, Runtime};
use crate::value::{IntType, List, Map, MapType, Text, Type, UintType, Value};

/// A function that templates can call, with its signature as Go's `reflect` would tell it. The
/// engine checks and converts arguments by the signature, in Go's words, before it calls.
#[derive(Clone, Copy)]
pub struct Function {
    /// The name in templates.
    pub name: &'static str,
    /// The parameter types; for a variadic function the last one is the element's.
    pub params: &'static [Type],
    /// Whether the last parameter repeats.
    pub variadic: bool,
    /// The static type of the result. One of the kind `Invalid` is that of a method whose results
    /// no template can use: its name is Go's complaint about that.
    pub result: Type,
    /// Calls it with arguments that fit the signature.
    pub call: fn(&mut dyn Runtime, &[Value]) -> Result<Value, CallError>,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A type that a typed Rust function can take as an argument.
pub trait Arg: Sized {
    /// The parameter's Go type, by which the engine checks.
    const TYPE: Type;

    /// Takes the checked value.
    fn from_value(value: &Value) -> Self;
}

/// A type that a typed Rust function can give.
pub trait Ret {
    /// The result's Go type.
    const TYPE: Type;

    /// Gives the value or the error.
    fn into_result(self) -> Result<Value, CallError>;
}

/// The remaining arguments of a variadic function; must come last.
#[derive(Debug, Clone)]
pub struct Rest<T>(pub Vec<T>);

/// A value together with its origin-bearing text: for functions that move text and keep its marks.
/// Checked as Go's `string`.
#[derive(Debug, Clone)]
pub struct Marked {
    /// The text, with its marks where it is traced.
    pub text: Text,
    /// Where the whole value came from.
    pub origin: Origin,
}

/// A Rust function with typed arguments, seen as a template function. `A` tells arities apart.
pub trait Typed<A>: Copy {
    /// See [`Function::params`].
    const PARAMS: &'static [Type];
    /// See [`Function::variadic`].
    const VARIADIC: bool;
    /// See [`Function::result`].
    const RESULT: Type;

    /// Converts the arguments and calls.
    fn invoke(self, runtime: &mut dyn Runtime, args: &[Value]) -> Result<Value, CallError>;
}

/// The parameter types of a typed function, for [`function!`](crate::function!).
pub const fn params_of<A, F: Typed<A>>(_: &F) -> &'static [Type] {
    F::PARAMS
}

/// Whether a typed function is variadic, for [`function!`](crate::function!).
pub const fn variadic_of<A, F: Typed<A>>(_: &F) -> bool {
    F::VARIADIC
}

/// The result type of a typed function, for [`function!`](crate::function!).
pub const fn result_of<A, F: Typed<A>>(_: &F) -> Type {
    F::RESULT
}

/// A [`Function`] from a name and a typed Rust function.
///
/// The Rust function takes [`Arg`]s, at the end perhaps a [`Rest`], at the front perhaps a
/// `&mut dyn Runtime`, and gives a [`Ret`]: `fn trunc(length: i64, text: Text) -> Text`.
#[macro_export]
macro_rules! function {
    ($name:literal, $function:expr) => {
        $crate::Function {
            name: $name,
            params: $crate::params_of(&$function),
            variadic: $crate::variadic_of(&$function),
            result: $crate::result_of(&$function),
            call: |runtime, args| $crate::Typed::invoke($function, runtime, args),
        }
    };
}

/// Marks the arity of a plain function.
#[derive(Debug)]
pub struct Plain<T>(T);
/// Marks the arity of a function that takes the runtime first.
#[derive(Debug)]
pub struct WithRuntime<T>(T);

macro_rules! typed {
    ($($arg:ident $at:tt),* ; $count:tt) => {
        impl<F, R, $($arg,)*> Typed<Plain<($($arg,)*)>> for F
        where
            F: Fn($($arg),*) -> R + Copy,
            R: Ret,
            $($arg: Arg,)*
        {
            const PARAMS: &'static [Type] = &[$($arg::TYPE),*];
            const VARIADIC: bool = false;
            const RESULT: Type = R::TYPE;

            fn invoke(self, _: &mut dyn Runtime, args: &[Value]) -> Result<Value, CallError> {
                let _ = args;
                self($($arg::from_value(&args[$at])),*).into_result()
            }
        }

        impl<F, R, $($arg,)*> Typed<WithRuntime<($($arg,)*)>> for F
        where
            F: Fn(&mut dyn Runtime, $($arg),*) -> R + Copy,
            R: Ret,
            $($arg: Arg,)*
        {
            const PARAMS: &'static [Type] = &[$($arg::TYPE),*];
            const VARIADIC: bool = false;
            const RESULT: Type = R::TYPE;

            fn invoke(self, runtime: &mut dyn Runtime, args: &[Value]) -> Result<Value, CallError> {
                let _ = args;
                self(runtime, $($arg::from_value(&args[$at])),*).into_result()
            }
        }

        impl<F, R, $($arg,)* Z> Typed<Plain<($($arg,)* Rest<Z>)>> for F
        where
            F: Fn($($arg,)* Rest<Z>) -> R + Copy,
            R: Ret,
            $($arg: Arg,)*
            Z: Arg,
        {
            const PARAMS: &'static [Type] = &[$($arg::TYPE,)* Z::TYPE];
            const VARIADIC: bool = true;
            const RESULT: Type = R::TYPE;

            fn invoke(self, _: &mut dyn Runtime, args: &[Value]) -> Result<Value, CallError> {
                let rest = Rest(args[$count..].iter().map(Z::from_value).collect());
                self($($arg::from_value(&args[$at]),)* rest).into_result()
            }
        }

        impl<F, R, $($arg,)* Z> Typed<WithRuntime<($($arg,)* Rest<Z>)>> for F
        where
            F: Fn(&mut dyn Runtime, $($arg,)* Rest<Z>) -> R + Copy,
            R: Ret,
            $($arg: Arg,)*
            Z: Arg,
        {
            const PARAMS: &'static [Type] = &[$($arg::TYPE,)* Z::TYPE];
            const VARIADIC: bool = true;
            const RESULT: Type = R::TYPE;

            fn invoke(self, runtime: &mut dyn Runtime, args: &[Value]) -> Result<Value, CallError> {
                let rest = Rest(args[$count..].iter().map(Z::from_value).collect());
                self(runtime, $($arg::from_value(&args[$at]),)* rest).into_result()
            }
        }
    };
}

#[expect(unused_parens, reason = "the tuple of no argument and the rest is written as one type")]
mod no_arguments {
    use super::*;
    typed!(; 0);
}
typed!(A 0; 1);
typed!(A 0, B 1; 2);
typed!(A 0, B 1, C 2; 3);
typed!(A 0, B 1, C 2, D 3; 4);
typed!(A 0, B 1, C 2, D 3, E 4; 5);
typed!(A 0, B 1, C 2, D 3, E 4, G 5; 6);

/// `interface {}`
impl Arg for Value {
    const TYPE: Type = Type::Any;

    fn from_value(value: &Value) -> Value {
        value.clone()
    }
}

impl Arg for Text {
    const TYPE: Type = Type::String;

    fn from_value(value: &Value) -> Text {
        match value {
            Value::Text(_, text) => text.clone(),
            _ => Text::from(""),
        }
    }
}

impl Arg for Marked {
    const TYPE: Type = Type::String;

    fn from_value(value: &Value) -> Marked {
        Marked { text: Text::from_value(value), origin: value.origin() }
    }
}

impl Arg for bool {
    const TYPE: Type = Type::Bool;

    fn from_value(value: &Value) -> bool {
        matches!(value, Value::Bool(_, true))
    }
}

/// Go's `int`, which is what its functions mostly take. A parameter of type `int64` does not occur.
impl Arg for i64 {
    const TYPE: Type = Type::Int(IntType::Int);

    fn from_value(value: &Value) -> i64 {
        match value {
            Value::Int(_, _, value) => *value,
            _ => 0,
        }
    }
}

impl Arg for u32 {
    const TYPE: Type = Type::Uint(UintType::Uint32);

    fn from_value(value: &Value) -> u32 {
        match value {
            Value::Uint(_, _, value) => *value as u32,
            _ => 0,
        }
    }
}

impl Arg for f64 {
    const TYPE: Type = Type::Float64;

    fn from_value(value: &Value) -> f64 {
        match value {
            Value::Float(_, value) => *value,
            _ => 0.0,
        }
    }
}

/// `[]interface {}`
impl Arg for List {
    const TYPE: Type = Type::Slice(crate::value::Elem::Any);

    fn from_value(value: &Value) -> List {
        match value {
            Value::List(_, list) => list.clone(),
            _ => List::nil(crate::value::Elem::Any),
        }
    }
}

/// `map[string]interface {}`
impl Arg for Map {
    const TYPE: Type = Type::Map(MapType::ANY);

    fn from_value(value: &Value) -> Map {
        match value {
            Value::Map(_, map) => map.retyped(MapType::ANY),
            _ => Map::nil(MapType::ANY),
        }
    }
}

/// Go's `any`.
impl Ret for Value {
    const TYPE: Type = Type::Any;

    fn into_result(self) -> Result<Value, CallError> {
        Ok(self)
    }
}

impl<T: Ret> Ret for Result<T, CallError> {
    const TYPE: Type = T::TYPE;

    fn into_result(self) -> Result<Value, CallError> {
        self.and_then(Ret::into_result)
    }
}

macro_rules! ret {
    ($($ty:ty, $go:expr, $value:ident => $make:expr;)*) => {$(
        impl Ret for $ty {
            const TYPE: Type = $go;

            fn into_result(self) -> Result<Value, CallError> {
                let $value = self;
                Ok($make)
            }
        }
    )*};
}

/// An `int64` result; a plain `i64` is Go's `int`.
#[derive(Clone, Copy, Debug)]
pub struct Int64(pub i64);

/// A `time.Duration` result, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct Duration(pub i64);

/// A `[]string` result.
#[derive(Clone, Debug)]
pub struct Strings(pub Vec<Text>);

/// A `map[string]string` result.
#[derive(Clone, Debug)]
pub struct StringMap(pub Vec<(Text, Text)>);

ret! {
    Text, Type::String, value => Value::text(value);
    String, Type::String, value => Value::text(value);
    &'static str, Type::String, value => Value::text(value);
    Marked, Type::String, value => Value::Text(value.origin, value.text);
    bool, Type::Bool, value => Value::bool(value);
    i64, Type::Int(IntType::Int), value => Value::int(value);
    Int64, Type::Int(IntType::Int64), value => Value::int64(value.0);
    Duration, Type::Int(IntType::Duration), value => Value::duration(value.0);
    f64, Type::Float64, value => Value::float(value);
    Vec<Value>, Type::Slice(crate::value::Elem::Any), value => Value::list(value);
    List, Type::Slice(crate::value::Elem::Any), value => value.into();
    Strings, Type::Slice(crate::value::Elem::String), value => Value::strings(value.0);
    Map, Type::Map(MapType::ANY), value => Value::map(value);
    StringMap, Type::Map(MapType::STRINGS), value => Value::map(Map::of(
        MapType::STRINGS,
        value.0.into_iter().map(|(key, text)| (key, Value::text(text))).collect(),
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeat(count: i64, text: Text) -> Text {
        text.repeat(count as usize).into()
    }

    fn join(separator: Text, rest: Rest<Value>) -> String {
        format!("{}{}", rest.0.len(), separator.to_str_lossy())
    }

    const REPEAT: Function = function!("repeat", repeat);
    const JOIN: Function = function!("join", join);

    #[test]
    fn signatures_follow_the_rust_types() {
        assert_eq!(REPEAT.params, [Type::Int(IntType::Int), Type::String]);
        assert_eq!([REPEAT.variadic, JOIN.variadic], [false, true]);
        assert_eq!(REPEAT.result, Type::String);
        assert_eq!(JOIN.params, [Type::String, Type::Any]);
    }
}
