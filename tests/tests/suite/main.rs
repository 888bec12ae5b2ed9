//! One binary for all tests of the whole, so that the workspace links once.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read files and may fail"
)]

mod helm_commands;
mod lint;
mod plimsoll;
mod tidy;
mod tour;
