use std::path::Path;
use std::sync::Arc;

use plimsoll_gotmpl::Compat;

use super::file::ChartFile;
use super::helmignore::Rules;
use super::walk::{Next, Visited, walk};
use super::{Chart, disk, load};
use crate::HelmError;
use crate::log::Log;

/// How many bytes a chart may hold.
pub(super) const MAX_CHART_SIZE: u64 = 100 * 1024 * 1024;

/// How many bytes a file may hold for Helm 3.
pub(super) const MAX_FILE_SIZE: u64 = 5 * 1024 * 1024;

/// Loads a chart from a folder, given by its absolute path.
pub(super) fn load_folder(
    top: &Path,
    compat: Compat,
    log: Log<'_>,
) -> Result<Arc<Chart>, HelmError> {
    let files = list(top, compat, log)?;
    load::load_files(files, compat, log)
}

/// The files that `.helmignore` leaves, in walk order. None of them is read yet.
fn list(top: &Path, compat: Compat, log: Log<'_>) -> Result<Vec<ChartFile>, HelmError> {
    let rules = rules(top)?;
    let mut folder = Folder { top, compat, rules, left: MAX_CHART_SIZE, files: Vec::new() };
    walk(top, compat, log, &mut |visited| folder.visit(&visited))?;
    Ok(folder.files)
}

struct Folder<'a> {
    top: &'a Path,
    compat: Compat,
    rules: Rules,
    /// How many bytes Helm 4 would still read.
    left: u64,
    files: Vec<ChartFile>,
}

impl Folder<'_> {
    fn visit(&mut self, visited: &Visited<'_>) -> Result<Next, String> {
        let inside = visited.path.strip_prefix(self.top).unwrap_or(visited.path);
        let name = slashed(inside);
        if self.rules.ignores(&name, visited.kind.is_dir()) {
            return Ok(Next::Skip);
        }
        if visited.kind.is_dir() {
            return Ok(Next::Enter);
        }
        if !visited.kind.is_file() {
            return Err(format!(
                "cannot load irregular file {} as it has file mode type bits set",
                visited.path.display()
            ));
        }
        self.take(&name, visited)?;
        Ok(Next::Enter)
    }

    fn take(&mut self, name: &str, visited: &Visited<'_>) -> Result<(), String> {
        let file = visited.target.unwrap_or(visited.path);
        let metadata = disk::stat(file)?;
        self.check_size(name, file, metadata.len())?;
        let file = ChartFile::on_disk(name, visited.path, metadata.len())
            .modified_at(disk::modified(&metadata));
        if !is_surely_readable(&metadata) {
            file.bytes().map_err(|error| error.message)?;
        }
        self.files.push(file);
        Ok(())
    }

    fn check_size(&mut self, name: &str, file: &Path, size: u64) -> Result<(), String> {
        match self.compat {
            Compat::Helm3 if size > MAX_FILE_SIZE => {
                let base = file.file_name().unwrap_or_default().to_string_lossy();
                let base = crate::text::quote(&base);
                Err(format!(
                    "chart file {base} is larger than the maximum file size {MAX_FILE_SIZE}"
                ))
            }
            Compat::Helm4 if size > self.left => Err(format!(
                "error reading {name}: chart exceeds maximum decompressed size of \
                 {MAX_CHART_SIZE} bytes"
            )),
            _ => {
                self.left = self.left.saturating_sub(size);
                Ok(())
            }
        }
    }
}

fn rules(top: &Path) -> Result<Rules, HelmError> {
    let path = top.join(".helmignore");
    if disk::stat(&path).is_err() {
        return Ok(Rules::parse(b"")?);
    }
    let text = disk::read(&path)?;
    Ok(Rules::parse(&text)?)
}

fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace('\\', "/") }
}

/// Helm reads every file; what may not be readable is read at once so that it fails as there.
#[cfg(unix)]
fn is_surely_readable(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o444 == 0o444
}

#[cfg(not(unix))]
fn is_surely_readable(_: &std::fs::Metadata) -> bool {
    true
}
