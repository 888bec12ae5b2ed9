//! Files as Helm writes them: whole or not at all.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::go_errno;

/// Writes a file through another beside it, so that nobody sees half of it; on Unix with the
/// permissions that are given.
pub(crate) fn write_atomically(path: &str, bytes: &[u8], mode: u32) -> Result<(), String> {
    let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
    let name = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
    let folder = folder.unwrap_or(Path::new("."));
    let mut random = [0; 4];
    getrandom::fill(&mut random).map_err(|error| error.to_string())?;
    let temporary = folder.join(format!("{name}{}", u32::from_ne_bytes(random)));
    let shown = temporary.to_string_lossy().into_owned();
    let done = write_new(&temporary, bytes, mode)
        .map_err(|error| format!("open {shown}: {}", go_errno(&error)))
        .and_then(|()| {
            let why = |error| format!("rename {shown} {path}: {}", go_errno(&error));
            fs::rename(&temporary, path).map_err(why)
        });
    if done.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    done
}

fn write_new(path: &Path, bytes: &[u8], mode: u32) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    let mut file = options.open(path)?;
    set_mode(&file, mode)?;
    file.write_all(bytes)
}

#[cfg(unix)]
fn set_mode(file: &fs::File, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &fs::File, _: u32) -> std::io::Result<()> {
    Ok(())
}

/// The file itself, where a path is a link to it.
pub(crate) fn behind_links(path: &str) -> String {
    let real = fs::canonicalize(path).map(|real| real.to_string_lossy().into_owned());
    real.unwrap_or_else(|_| path.to_owned())
}

/// Makes a folder and those above it; the error is Go's text.
pub(crate) fn make_folder(path: &str) -> Result<(), String> {
    fs::create_dir_all(path).map_err(|error| format!("mkdir {path}: {}", go_errno(&error)))
}

/// Reads a file; the error is Go's text.
pub(crate) fn read(path: &str) -> Result<Vec<u8>, String> {
    let operation = if Path::new(path).is_dir() { "read" } else { "open" };
    fs::read(path).map_err(|error| format!("{operation} {path}: {}", go_errno(&error)))
}

/// A path below a folder, as Go's `filepath.Join` has it.
pub(crate) fn join(folder: &str, name: &str) -> String {
    plimsoll::source::go_path::join(&[folder, name])
}

/// The folder that a path lies in, as Go's `filepath.Dir` has it.
pub(crate) fn folder_of(path: &str) -> String {
    let folder = path.rfind('/').map_or("", |at| &path[..=at]);
    plimsoll::source::go_path::clean(folder)
}
