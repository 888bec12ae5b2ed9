//! Unpacks a chart.

use plimsoll::gotmpl::Compat;
use plimsoll::helm::chart::{Metadata, archive_files};
use plimsoll::source::FileId;
use plimsoll::yaml::read_json;

use crate::fetch::files::{folder_of, join, make_folder, read};
use crate::fetch::{go_errno, quote};

/// Unpacks an archive into a folder of the chart's name below `into`; the error is Helm's text.
/// helm: chart/v2/util/expand.go.
pub(super) fn untar(archive: &str, into: &str, compat: Compat) -> Result<(), String> {
    let files = archive_files(&read(archive)?, compat).map_err(|error| error.message)?;
    let mut name = String::new();
    for file in files.iter().filter(|file| &*file.name == "Chart.yaml") {
        let bytes = file.bytes().map_err(|error| error.message)?;
        let metadata = read_json(&bytes, FileId::NONE)
            .map_err(|error| format!("error converting YAML to JSON: {error}"))
            .and_then(|node| Metadata::from_node(&node, compat));
        name = metadata.map_err(|why| format!("cannot load Chart.yaml: {why}"))?.name;
    }
    if name.is_empty() {
        return Err("chart name not specified".to_owned());
    }
    if name == "." || name == ".." {
        return Err(format!("chart name {} is not allowed", quote(&name)));
    }
    if name.contains(['/', '\\']) {
        return Err(format!("chart name {} must not contain path separators", quote(&name)));
    }
    let folder = join(into, &name);
    refuse_link(&folder)?;
    for file in &files {
        let path = join(&folder, &file.name);
        let parent = folder_of(&path);
        links_below(&folder, &parent)?;
        make_folder(&parent)?;
        refuse_link(&path)?;
        let bytes = file.bytes().map_err(|error| error.message)?;
        std::fs::write(&path, &bytes)
            .map_err(|error| format!("open {path}: {}", go_errno(&error)))?;
    }
    Ok(())
}

/// Refuses to write through links between two folders: what is unpacked stays where it belongs.
fn links_below(top: &str, folder: &str) -> Result<(), String> {
    let mut at = top.to_owned();
    for part in folder[top.len().min(folder.len())..].split('/').filter(|part| !part.is_empty()) {
        at = join(&at, part);
        refuse_link(&at)?;
    }
    Ok(())
}

fn refuse_link(path: &str) -> Result<(), String> {
    match std::fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => {
            Err(format!("`{path}` is a link, and nothing is unpacked through links"))
        }
        _ => Ok(()),
    }
}
