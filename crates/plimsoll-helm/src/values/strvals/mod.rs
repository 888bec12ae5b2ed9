//! The grammar of `--set` and its relatives: `a.b[0]=x,c={1,2}`.

mod cursor;
mod json;
mod parse;
mod place;

pub use json::decode_prefix;
pub use parse::{Parser, ReadPath, parse_into};

/// How a flag of the family reads its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `--set`: `true`, `null`, `12` have types.
    Typed,
    /// `--set-string`: every value is text.
    String,
    /// `--set-file`: the value is a path, the file's text is set.
    File,
    /// `--set-json`: the value is JSON.
    Json,
    /// `--set-literal`: the rest of the argument is the value, nothing in it is special.
    Literal,
}

/// The highest index of a list that a flag may set.
pub const MAX_INDEX: i64 = 65536;

/// How many names a key may nest.
pub const MAX_NESTED_NAME_LEVEL: u32 = 30;
