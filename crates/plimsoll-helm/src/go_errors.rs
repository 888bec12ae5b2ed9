use std::io;
use std::path::Path;

/// Go's `*fs.PathError`: `open c/values.yaml: no such file or directory`. Go can open a folder and
/// fails when it reads it.
pub fn io_error(operation: &str, path: &Path, why: &io::Error) -> String {
    let is_folder = why.kind() == io::ErrorKind::IsADirectory && operation == "open";
    let operation = if is_folder { "read" } else { operation };
    format!("{operation} {}: {}", path.display(), errno(why))
}

/// The system's words for an error, as Go's table of them has them.
pub(crate) fn errno(why: &io::Error) -> String {
    let text = why.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
