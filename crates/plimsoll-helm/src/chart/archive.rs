use plimsoll_source::go_path;
use std::io::{BufReader, Read};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use flate2::bufread::MultiGzDecoder;
use plimsoll_gotmpl::Compat;
use tar::EntryType;

use super::file::ChartFile;
use super::folder::{MAX_CHART_SIZE, MAX_FILE_SIZE};
use super::load::{LoadOptions, check_api_version, load_files};
use super::metadata::Metadata;
use super::{Chart, disk, mime};
use crate::HelmError;
use crate::log::Log;
use crate::text::quote;

/// Go: `gzip.ErrHeader`.
const INVALID_HEADER: &str = "gzip: invalid header";

/// Loads a chart from a packed file.
pub(super) fn load_archive(
    path: &Path,
    compat: Compat,
    detects: bool,
    log: Log<'_>,
) -> Result<Arc<Chart>, HelmError> {
    let packed = disk::read(path)?;
    ensure_archive(&path.display().to_string(), &packed)?;
    let files = read_files(&packed, compat).map_err(|error| {
        if error.message == INVALID_HEADER {
            let name = path.display();
            return HelmError::new(format!(
                "file '{name}' does not appear to be a valid chart file (details: {error})"
            ));
        }
        if detects { "unable to load chart archive".into() } else { error }
    })?;
    if detects {
        let chart_yaml = files.iter().find(|file| &*file.name == "Chart.yaml");
        let chart_yaml = chart_yaml.ok_or("unable to detect chart version, no Chart.yaml found")?;
        chart_yaml.with_bytes(check_api_version)??;
    }
    load_files(files, compat, log)
}

/// The name of a packed chart and its files. helm: expand.go.
pub fn expand(packed: &[u8], compat: Compat) -> Result<(String, Vec<ChartFile>), HelmError> {
    let files = read_files(packed, compat)?;
    let mut metadata = Metadata::default();
    if let Some(file) = files.iter().find(|file| &*file.name == "Chart.yaml") {
        let decoded = file.with_bytes(|bytes| metadata.decode(bytes, compat))?;
        decoded.map_err(|error| format!("cannot load Chart.yaml: {error}"))?;
    }
    if metadata.name.is_empty() {
        return Err("chart name not specified".into());
    }
    // What would lead out of the folder is cut off, as a path that starts at the folder would be.
    let name = go_path::clean(&format!("/{}", metadata.name)).trim_start_matches('/').to_owned();
    Ok((name, files))
}

/// Loads a chart from the bytes of a packed file.
pub fn from_archive(
    packed: &[u8],
    options: &LoadOptions,
    log: Log<'_>,
) -> Result<Arc<Chart>, HelmError> {
    load_files(read_files(packed, options.compat)?, options.compat, log)
}

/// helm: `EnsureArchive`.
fn ensure_archive(name: &str, packed: &[u8]) -> Result<(), HelmError> {
    if packed.starts_with(b"\x1F\x8B\x08") {
        return Ok(());
    }
    let is_yaml = [".yml", ".yaml"].iter().any(|extension| name.ends_with(extension));
    let message = if is_yaml {
        format!("file '{name}' seems to be a YAML file, but expected a gzipped archive")
    } else {
        // Go sniffs a buffer of 512 bytes, of which what the file does not fill stays zero.
        let mut buffer = [0; 512];
        let length = packed.len().min(buffer.len());
        buffer[..length].copy_from_slice(&packed[..length]);
        let mime = mime::detect(&buffer);
        format!("file '{name}' does not appear to be a gzipped archive; got '{mime}'")
    };
    Err(message.into())
}

/// The files of a packed chart in the order of the archive. helm: `LoadArchiveFiles`.
pub(super) fn read_files(packed: &[u8], compat: Compat) -> Result<Vec<ChartFile>, HelmError> {
    if let Some(problem) = header_problem(packed) {
        return Err(problem.into());
    }
    let mut archive = tar::Archive::new(BufReader::new(MultiGzDecoder::new(packed)));
    let mut unpacked = Unpacked { compat, buffer: Vec::new(), files: Vec::new() };
    for entry in archive.entries().map_err(|why| unpack_error(&why))? {
        unpacked.entry(entry.map_err(|why| unpack_error(&why))?)?;
    }
    if unpacked.files.is_empty() {
        return Err("no files in chart archive".into());
    }
    let buffer = Arc::new(unpacked.buffer);
    let part = |(name, range, modified): (String, Range<usize>, i64)| {
        ChartFile::part(&name, &buffer, range).modified_at(Some((modified, 0)))
    };
    Ok(unpacked.files.into_iter().map(part).collect())
}

struct Unpacked {
    compat: Compat,
    /// The contents of all files, one behind the other.
    buffer: Vec<u8>,
    /// With the times they were changed at.
    files: Vec<(String, Range<usize>, i64)>,
}

impl Unpacked {
    fn entry(&mut self, mut entry: tar::Entry<'_, impl Read>) -> Result<(), HelmError> {
        let kind = entry.header().entry_type();
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let extends = matches!(kind, EntryType::XGlobalHeader | EntryType::XHeader);
        if kind.is_dir() || path.ends_with('/') || extends {
            return Ok(());
        }
        let name = inner_name(&path)?;
        let size = entry.size();
        let left = MAX_CHART_SIZE - self.buffer.len() as u64;
        if size >= left {
            return Err(self.too_large().into());
        }
        if self.compat == Compat::Helm3 && size > MAX_FILE_SIZE {
            let path = quote(&path);
            let message = format!(
                "decompressed chart file {path} is larger than the maximum file size \
                 {MAX_FILE_SIZE}"
            );
            return Err(message.into());
        }
        let mut start = self.buffer.len();
        entry.read_to_end(&mut self.buffer).map_err(|why| unpack_error(&why))?;
        if self.buffer[start..].starts_with(b"\xEF\xBB\xBF") {
            start += 3;
        }
        let modified = entry.header().mtime().unwrap_or_default() as i64;
        self.files.push((name, start..self.buffer.len(), modified));
        Ok(())
    }

    fn too_large(&self) -> String {
        let what = if self.compat == Compat::Helm4 { "size" } else { "file size" };
        format!("decompressed chart is larger than the maximum {what} {MAX_CHART_SIZE}")
    }
}

/// The path in the chart of a path in the archive: the first part goes, whatever it is.
fn inner_name(path: &str) -> Result<String, HelmError> {
    let delimiter = if path.contains('\\') { '\\' } else { '/' };
    let (first, rest) = path.split_once(delimiter).unwrap_or((path, ""));
    let rest = rest.replace(delimiter, "/");
    if rest.starts_with('/') {
        return Err("chart illegally contains absolute paths".into());
    }
    let name = go_path::clean(&rest);
    if name == "." {
        let path = quote(path);
        let message =
            format!("chart illegally contains content outside the base directory: {path}");
        return Err(message.into());
    }
    if name.starts_with("..") {
        return Err("chart illegally references parent directory".into());
    }
    let drive = name.as_bytes();
    if drive.len() > 2 && drive[0].is_ascii_alphabetic() && &drive[1..3] == b":/" {
        return Err("chart contains illegally named files".into());
    }
    if first == "Chart.yaml" {
        return Err("chart yaml not in base directory".into());
    }
    Ok(name)
}

/// What Go's gzip reader says of the ten bytes that a header has at least.
fn header_problem(packed: &[u8]) -> Option<&'static str> {
    match packed.len() {
        0 => Some("EOF"),
        1..10 => Some("unexpected EOF"),
        _ if packed.starts_with(b"\x1F\x8B\x08") => None,
        _ => Some(INVALID_HEADER),
    }
}

/// Go's words for a broken archive, as far as its kinds can be told apart.
fn unpack_error(why: &std::io::Error) -> HelmError {
    let is_short = why.to_string().contains("failed to read entire block");
    match why.kind() {
        std::io::ErrorKind::Other if !is_short => "archive/tar: invalid tar header".into(),
        _ => "unexpected EOF".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, expected: Result<&str, &str>) {
        let got = inner_name(path).map_err(|error| error.message);
        assert_eq!(got.as_deref().map_err(String::as_str), expected, "{path}");
    }

    #[test]
    fn the_first_part_of_a_path_goes() {
        check("c/templates/a.yaml", Ok("templates/a.yaml"));
        check("c\\templates\\a.yaml", Ok("templates/a.yaml"));
        check("./c/Chart.yaml", Ok("c/Chart.yaml"));
    }

    #[test]
    fn paths_stay_inside_the_chart() {
        check("c//etc/passwd", Err("chart illegally contains absolute paths"));
        check("c/../x", Err("chart illegally references parent directory"));
        check("c/d:/x", Err("chart contains illegally named files"));
        check(
            "Chart.yaml",
            Err("chart illegally contains content outside the base directory: \"Chart.yaml\""),
        );
        check("Chart.yaml/x", Err("chart yaml not in base directory"));
    }
}
