use std::path::PathBuf;

use plimsoll::helm::values::ReadFile;

/// Files under a folder.
pub(super) struct Folder(pub(super) PathBuf);

impl ReadFile for Folder {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(self.0.join(path)).map_err(|error| format!("open {path}: {error}"))
    }
}
