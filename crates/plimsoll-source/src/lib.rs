//! Where text came from and what there is to say about it: files, spans, text maps, findings, edits.
//!
//! Everybody depends on this crate and it depends on nothing. It knows neither YAML nor templates:
//! a [`Span`] is a range of bytes in a numbered file, a [`TextMap`] says which spans a piece of
//! produced text came from, and a [`Finding`] is something to tell the user, as plain data.
//! [`strconv`] reads and prints numbers and quoted text as Go does, [`encoding`] has its base 64, [`go_path`] cleans and joins
//! paths so, and [`go_url`] takes URLs apart, for all layers alike.
//! Start with [`Files`], which hands out the numbers and turns offsets into lines and columns.

mod diagnostic;
mod edit;
pub mod encoding;
mod file;
mod finding;
pub mod go_path;
pub mod go_url;
mod line_index;
mod span;
pub mod strconv;
mod text_map;

pub use diagnostic::{Diagnostic, Label};
pub use edit::Edit;
pub use file::{Files, SourceFile};
pub use finding::{Finding, Location, ObjectId, Role, Severity};
pub use line_index::{LineColumn, LineIndex};
pub use span::{FileId, Span};
pub use text_map::{Mark, Origin, Site, TextMap};
