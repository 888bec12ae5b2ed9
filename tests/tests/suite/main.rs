//! One binary for all tests of the whole, so that the workspace links once.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read files and may fail"
)]

#[cfg(unix)]
mod advisories;
mod broken;
mod certificates;
mod config;
mod fuzz;
mod helm_commands;
mod hostile;
mod lint;
mod plimsoll;
mod projects;
mod public_items;
mod registries;
mod repositories;
mod schema_places;
mod seed;
mod tidy;
mod tour;
mod universal;
mod validate;
