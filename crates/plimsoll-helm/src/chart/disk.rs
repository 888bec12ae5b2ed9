//! The disk, which only chart loading touches; every error is Go's text.
#![expect(clippy::disallowed_methods, reason = "charts are read from the disk here and only here")]

use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::go_errors::io_error;

/// The bytes of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|why| io_error("open", path, &why))
}

/// The bytes of a file that was `size` bytes long, without asking for the size once more.
pub(super) fn read_sized(path: &Path, size: usize) -> Result<Arc<[u8]>, String> {
    // Some files only say that they are empty.
    if size == 0 {
        return read(path).map(Into::into);
    }
    let mut bytes: Arc<[u8]> = std::iter::repeat_n(0, size).collect();
    let room = Arc::get_mut(&mut bytes).expect("nobody else has it yet");
    let mut file = File::open(path).map_err(|why| io_error("open", path, &why))?;
    match file.read_exact(room) {
        Ok(()) => Ok(bytes),
        Err(_) => read(path).map(Into::into),
    }
}

/// What a path leads to, links followed.
pub(crate) fn stat(path: &Path) -> Result<Metadata, String> {
    fs::metadata(path).map_err(|why| io_error("stat", path, &why))
}

/// What a path is, be it a link.
pub(super) fn lstat(path: &Path) -> Result<Metadata, String> {
    fs::symlink_metadata(path).map_err(|why| io_error("lstat", path, &why))
}

/// Where a link leads to.
pub(super) fn read_link(path: &Path) -> Result<PathBuf, String> {
    fs::read_link(path).map_err(|why| io_error("readlink", path, &why))
}

/// The names in a folder in byte order; none where it cannot be read.
pub(crate) fn names(path: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(path) else { return Vec::new() };
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let mut names: Vec<String> = entries.flatten().map(name).collect();
    names.sort();
    names
}

/// When a file was changed last.
pub(super) fn modified(metadata: &Metadata) -> Option<super::Moment> {
    let modified = metadata.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some((modified.as_secs() as i64, modified.subsec_nanos()))
}
