//! What the tests of the whole share: where the repository's folders are, and servers to speak to.
#![expect(clippy::disallowed_methods, reason = "tests read and write files")]

pub mod archive;
pub mod authority;
pub mod folder;
pub mod home;
pub mod registry;
pub mod server;
pub mod universal;

use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository")
}

/// A folder or file below `fixtures/`.
pub fn fixture(path: &str) -> PathBuf {
    root().join("fixtures").join(path)
}
