//! Numbers and quoted strings as Go's `strconv` reads and writes them.
//!
//! What Go's functions accept and print shows through in templates, in YAML scalars, in `--set`
//! and in error messages, so all of them share this one module.

mod digits;
mod float;
mod hex_float;
mod int;
mod letters;
mod parse_float;
mod print_table;
mod quote;
mod rune;
mod unquote;

pub use float::{append_float, format_float};
pub use int::{append_int, append_uint, atoi, parse_int, parse_uint};
pub use letters::{is_digit, is_letter};
pub use parse_float::parse_float;
pub use print_table::is_print;
pub use quote::{
    can_backquote, quote, quote_char, quote_char_to_ascii, quote_into, quote_to_ascii,
    quote_to_ascii_into,
};
pub use rune::{decode_rune, rune_count, truncate_runes};
pub use unquote::{Unescaped, unquote, unquote_char};

use std::fmt;

/// Why a number could not be read: displays as Go's `*strconv.NumError`,
/// `strconv.ParseInt: parsing "x": invalid syntax`.
#[derive(Clone, Debug, PartialEq)]
pub struct NumError<T> {
    /// The function's name in Go: `ParseInt`, `Atoi`.
    pub function: &'static str,
    /// The text that was to be read.
    pub input: Vec<u8>,
    /// What was wrong with it.
    pub kind: NumErrorKind,
    /// What Go returns beside the error, and callers that ignore errors go on with: zero, or the
    /// nearest value of the range.
    pub value: T,
}

/// What was wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumErrorKind {
    /// Not a number.
    Syntax,
    /// A number, but none of the type.
    Range,
    /// A base that is neither 0 nor between 2 and 36.
    Base(u32),
}

impl<T> NumError<T> {
    fn new(function: &'static str, input: &[u8], kind: NumErrorKind, value: T) -> NumError<T> {
        NumError { function, input: input.to_vec(), kind, value }
    }
}

impl fmt::Display for NumErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NumErrorKind::Syntax => f.write_str("invalid syntax"),
            NumErrorKind::Range => f.write_str("value out of range"),
            NumErrorKind::Base(base) => write!(f, "invalid base {base}"),
        }
    }
}

impl<T> fmt::Display for NumError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "strconv.{}: parsing {}: {}", self.function, quote(&self.input), self.kind)
    }
}

impl<T: fmt::Debug> std::error::Error for NumError<T> {}

/// Whether every underscore of a number stands between two digits, where a base prefix counts as
/// a digit.
fn underscores_separate_digits(text: &[u8]) -> bool {
    let body = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let prefixed = matches!(body, [b'0', b'b' | b'B' | b'o' | b'O' | b'x' | b'X', ..]);
    let hex = matches!(body, [b'0', b'x' | b'X', ..]);
    let is_digit = |c: u8| c.is_ascii_digit() || hex && c.is_ascii_hexdigit();
    let digits = if prefixed { &body[2..] } else { body };
    digits.iter().enumerate().filter(|(_, c)| **c == b'_').all(|(at, _)| {
        let before = if at == 0 { prefixed } else { is_digit(digits[at - 1]) };
        before && digits.get(at + 1).is_some_and(|c| is_digit(*c))
    })
}
