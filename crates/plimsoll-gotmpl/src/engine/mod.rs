//! The interpreter: parses templates and runs them.

mod ast;
mod builtins;
mod call;
mod exec;
mod hash;
mod lex;
mod limit;
mod parse;
mod show;
mod table;
mod templates;
mod trace;

pub use parse::ParseError;
pub use table::FunctionTable;
pub use limit::Limits;
pub use templates::Templates;
pub use trace::{SiteOf, Trace};
