//! `helm dependency`: what a chart needs, and whether it is there.

mod list;
mod table;

pub use list::list;
pub use table::table;
