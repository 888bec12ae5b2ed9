//! Go's text/template language, knowing nothing of Helm, YAML or disks.
//!
//! Templates are parsed once into a set and run on [`Value`]s; functions are [`Function`]s,
//! registered by the caller beside Go's builtins. What the templates need of the world comes
//! through a [`Host`].

mod engine;
mod error;
mod escape;
mod fixed_host;
mod function;
mod printf;
mod runtime;
pub use engine::{
    FileParser, FunctionTable, Limits, ParseError, ParsedFile, ParsedFiles, SiteOf, Templates,
    Trace,
};
pub mod value;

pub use error::{Cause, ExecError};
pub use escape::{html_escape, js_escape, text_to_escape, url_query_escape};
pub use fixed_host::FixedHost;
pub use function::{
    Arg, Duration, Function, Int64, Marked, Plain, Rest, Ret, StringMap, Strings, Typed,
    WithRuntime, params_of, result_of, variadic_of,
};
pub use printf::sprintf;
pub use runtime::{CallError, Compat, Host, Runtime};
pub use value::fmt::{
    print_value, quote_go, sprint, sprint_pointed, sprintln, write_action_value, write_value,
};
pub use value::{
    Elem, IntType, Kind, List, Map, MapType, Object, ObjectRef, SliceType, Text, TextBuf, Type,
    UintType, Value,
};
