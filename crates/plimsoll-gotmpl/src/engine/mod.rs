//! The interpreter: parses templates and runs them.

mod ast;
mod builtins;
mod call;
mod exec;
mod lex;
mod parse;
mod templates;
mod trace;

pub use parse::ParseError;
pub use templates::{FunctionTable, Templates};
pub use trace::Trace;
