//! Plain manifests, read from files, folders and standard input.

use std::io::Read;
use std::path::{Path, PathBuf};

use plimsoll::source::{FileId, Files};

const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// Reads the manifests that an argument names into `files`; notices are lines for standard error.
pub(super) fn read(
    argument: &str,
    files: &mut Files,
    notices: &mut Vec<String>,
) -> Result<Vec<FileId>, String> {
    if argument == "-" {
        let mut text = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut text);
        read.map_err(|error| format!("standard input cannot be read: {}", why(&error)))?;
        return Ok(vec![files.add("<stdin>", in_utf8(text))]);
    }
    let path = Path::new(argument);
    let paths = if path.is_dir() { found(path, notices)? } else { vec![path.to_owned()] };
    paths.iter().map(|path| add(path, files)).collect()
}

/// Patterns of paths.
pub(super) struct Patterns(Vec<regex::Regex>);

impl Patterns {
    /// Compiles regular expressions.
    pub(super) fn new(patterns: &[String]) -> Result<Patterns, String> {
        let compile = |pattern: &String| {
            regex::Regex::new(pattern)
                .map_err(|error| format!("`{pattern}` is no pattern: {error}"))
        };
        patterns.iter().map(compile).collect::<Result<_, _>>().map(Patterns)
    }

    /// Whether any fits a path.
    pub(super) fn matches(&self, path: &str) -> bool {
        self.0.iter().any(|pattern| pattern.is_match(path))
    }
}

fn add(path: &Path, files: &mut Files) -> Result<FileId, String> {
    let text = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    Ok(files.add(shown(path), in_utf8(text)))
}

/// PowerShell writes UTF-16 with a mark; kubectl reads it.
fn in_utf8(text: Vec<u8>) -> Vec<u8> {
    let unit: fn([u8; 2]) -> u16 = match text.get(..2) {
        Some([0xff, 0xfe]) => u16::from_le_bytes,
        Some([0xfe, 0xff]) => u16::from_be_bytes,
        _ => return text,
    };
    let units: Vec<u16> = text[2..].as_chunks().0.iter().map(|&pair| unit(pair)).collect();
    String::from_utf16_lossy(&units).into_bytes()
}

/// The manifests under a folder, sorted by path. Charts and hidden folders are passed over, links
/// to folders too.
fn found(root: &Path, notices: &mut Vec<String>) -> Result<Vec<PathBuf>, String> {
    let (mut folders, mut files) = (vec![root.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| unreadable(&folder, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| unreadable(&folder, &error))?;
            let path = entry.path();
            let kind = entry.file_type().map_err(|error| unreadable(&path, &error))?;
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if kind.is_dir() && !hidden {
                if path.join("Chart.yaml").is_file() {
                    notices.push(format!("`{}` is a chart: lint it by its own name", shown(&path)));
                } else {
                    folders.push(path);
                }
            } else if is_manifest(&path) && path.is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    notices.sort();
    if files.is_empty() {
        notices.push(format!("`{}` holds no .yaml, .yml or .json file", shown(root)));
    }
    Ok(files)
}

fn is_manifest(path: &Path) -> bool {
    path.extension().is_some_and(|extension| EXTENSIONS.iter().any(|known| extension == *known))
}

/// A path as reports write it, with `/`.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = text.strip_prefix("./").unwrap_or(&text);
    if std::path::MAIN_SEPARATOR == '/' { text.to_owned() } else { text.replace('\\', "/") }
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    format!("`{}` cannot be read: {}", shown(path), why(error))
}

fn why(error: &std::io::Error) -> String {
    let text = error.to_string().to_lowercase();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}
