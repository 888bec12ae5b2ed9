//! Charts as inert data, and how they are read from a folder or an archive.

mod archive;
mod dependency;
pub(crate) mod disk;
mod file;
mod folder;
mod glob;
mod helmignore;
mod json_struct;
mod load;
mod lock_time;
mod metadata;
mod metadata_value;
mod mime;
mod sanitize;
mod walk;

use plimsoll_source::go_path;
use std::sync::Arc;

pub use archive::{expand, from_archive};
pub use dependency::{Dependency, Lock, is_compatible_range};
pub use file::{ChartFile, Moment};
pub(crate) use glob::Glob;
pub use helmignore::is_ignored;
pub(crate) use json_struct::StructDecoder;
pub(crate) use load::absolute;
pub use load::{LoadOptions, from_files, load, load_dir, load_plain};
pub use metadata::{Maintainer, Metadata};
pub use metadata_value::chart_value;

use plimsoll_gotmpl::Compat;

use crate::HelmError;
use crate::values::ValuesTree;

/// A chart as it was loaded: nothing in it has been decided yet, and it may be shared by threads.
#[derive(Debug)]
pub struct Chart {
    /// `Chart.yaml`, and what `requirements.yaml` adds to it.
    pub metadata: Metadata,
    /// `Chart.lock` or `requirements.lock`.
    pub lock: Option<Lock>,
    /// `values.yaml`, parsed.
    pub values: Option<ValuesTree>,
    /// `values.schema.json`.
    pub schema: Option<ChartFile>,
    /// The files under `templates/`, in load order.
    pub templates: Vec<ChartFile>,
    /// What `.Files` shows, `crds/` included, in load order.
    pub files: Vec<ChartFile>,
    /// Every file of the chart, those of its subcharts included, in load order.
    pub raw: Vec<ChartFile>,
    /// The loaded subcharts, in load order.
    pub dependencies: Vec<Arc<Chart>>,
}

impl Chart {
    /// The name in `Chart.yaml`.
    pub fn name(&self) -> &str {
        &self.metadata.name
    }

    /// Whether only the chart's partials count. helm: `IsLibraryChart`.
    pub fn is_library(&self) -> bool {
        self.metadata.is_library()
    }

    /// The files under `crds/` that hold manifests, of this chart alone.
    pub fn crds(&self) -> impl Iterator<Item = &ChartFile> {
        self.files.iter().filter(|file| file.name.starts_with("crds/") && is_manifest(&file.name))
    }
}

/// The files of a packed chart, in the order of the archive. helm: `LoadArchiveFiles`.
pub fn archive_files(packed: &[u8], compat: Compat) -> Result<Vec<ChartFile>, HelmError> {
    archive::read_files(packed, compat)
}

/// helm: chart.go `hasManifestExtension`.
fn is_manifest(name: &str) -> bool {
    let extension = go_path::ext(name);
    [".yaml", ".yml", ".json"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Go's `filepath.Match`; a pattern that cannot be read fits nothing.
pub(crate) fn path_match(pattern: &str, name: &str) -> bool {
    glob::Glob::new(pattern).is_ok_and(|glob| glob.matches(name))
}
