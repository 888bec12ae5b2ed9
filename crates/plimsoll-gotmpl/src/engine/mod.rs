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

pub use limit::Limits;
pub(crate) use limit::MOST_TEXT;
pub use parse::ParseError;
pub use table::FunctionTable;
pub use templates::{FileParser, ParsedFile, ParsedFiles, Templates};
pub use trace::{SiteOf, Trace};
