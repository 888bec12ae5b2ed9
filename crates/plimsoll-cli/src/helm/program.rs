//! Programs by their names.

use std::path::{Path, PathBuf};

use super::outside::errno;

/// The absolute path of a program, looked for in `PATH` unless its name has a `/`. The error is
/// that of Go's `os/exec`.
pub(super) fn find(name: &str) -> Result<String, String> {
    let failed = |why: String| format!("exec: {name:?}: {why}");
    if name.contains('/') {
        return check(Path::new(name)).map(|()| absolute(Path::new(name))).map_err(failed);
    }
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&paths)
        .map(|folder| folder.join(name))
        .find(|path| check(path).is_ok());
    found
        .map(|path| absolute(&path))
        .ok_or_else(|| failed("executable file not found in $PATH".to_owned()))
}

fn absolute(path: &Path) -> String {
    let path: PathBuf = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.to_string_lossy().into_owned()
}

fn check(path: &Path) -> Result<(), String> {
    let metadata = std::fs::metadata(path);
    let metadata =
        metadata.map_err(|error| format!("stat {}: {}", path.display(), errno(&error)))?;
    if metadata.is_dir() {
        return Err("is a directory".to_owned());
    }
    if is_executable(&metadata) { Ok(()) } else { Err("permission denied".to_owned()) }
}

#[cfg(unix)]
fn is_executable(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &std::fs::Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_missing_is_said_as_go_does() {
        let check = |name| super::find(name).expect_err("it is missing");
        let missing = "executable file not found in $PATH";
        assert_eq!(check("no-such-program"), format!("exec: \"no-such-program\": {missing}"));
        assert!(check("./none").starts_with("exec: \"./none\": stat ./none: "));
    }
}
