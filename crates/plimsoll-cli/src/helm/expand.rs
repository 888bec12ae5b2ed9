//! Packed charts, unpacked into folders.

use std::path::{Path, PathBuf};

use plimsoll::gotmpl::Compat;
use plimsoll::helm::chart;

use super::outside::errno;

/// A chart in a temporary folder, which goes with this.
pub(super) struct Expanded {
    folder: PathBuf,
    /// The folder of the chart itself.
    pub(super) chart: PathBuf,
}

impl Drop for Expanded {
    fn drop(&mut self) {
        // What is left over in the temporary folder does no harm.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Unpacks an archive for `helm lint`.
pub(super) fn into_temporary(path: &str, compat: Compat) -> Result<Expanded, String> {
    let packed = std::fs::read(path)
        .map_err(|error| format!("unable to open tarball: open {path}: {}", errno(&error)))?;
    let folder = temporary("helm-lint")
        .map_err(|error| format!("unable to create temp dir to extract tarball: {error}"))?;
    let mut expanded = Expanded { chart: folder.clone(), folder };
    let name = expand(&expanded.folder, &packed, compat)
        .map_err(|error| format!("unable to extract tarball: {error}"))?;
    expanded.chart.push(name);
    Ok(expanded)
}

/// Writes the files of an archive under a folder, in one of the chart's name, which is given back.
/// helm: chartutil/expand.go.
pub(super) fn expand(folder: &Path, packed: &[u8], compat: Compat) -> Result<String, String> {
    let (name, files) = chart::expand(packed, compat).map_err(|error| error.message)?;
    let top = folder.join(&name);
    for file in files {
        // Names stay below the chart: the reading of the archive sees to it.
        let path = top.join(&*file.name);
        let bytes = file.bytes().map_err(|error| error.message)?;
        let said = |error: std::io::Error| format!("open {}: {}", path.display(), errno(&error));
        path.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(said)?;
        std::fs::write(&path, &bytes).map_err(said)?;
    }
    Ok(name)
}

/// A new folder under the system's folder of temporary files.
pub(super) fn temporary(prefix: &str) -> Result<PathBuf, String> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| error.to_string())?;
    let path = std::env::temp_dir().join(format!("{prefix}{}", u64::from_ne_bytes(random)));
    std::fs::create_dir(&path).map_err(|error| errno(&error))?;
    Ok(path)
}
