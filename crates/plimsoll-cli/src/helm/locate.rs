//! Finds the chart that a command names.

use std::path::{Path, PathBuf};

use plimsoll::gotmpl::Compat;

use super::outside::errno;
use super::pflag::Parsed;
use crate::fetch;
use crate::io::Io;

/// helm: install.go LocateChart.
pub(super) fn locate(
    name: &str,
    parsed: &Parsed,
    compat: Compat,
    io: &mut Io,
) -> Result<PathBuf, String> {
    let name = name.trim();
    let repo = parsed.text("repo").filter(|repo| !repo.is_empty());
    if (repo.is_none() || compat == Compat::Helm3) && Path::new(name).exists() {
        if let Some(repo) = repo {
            let text = "local chart found in current working directory. repository url ignored";
            io.error(&format!("install.go:759: WARN {text} chart={name} repository={repo}\n"));
        }
        let absolute = std::path::absolute(name).map_err(|error| error.to_string())?;
        let absolute = clean(&absolute);
        if parsed.bool("verify") {
            verify(&absolute)?;
        }
        return Ok(absolute);
    }
    if (repo.is_none() || compat == Compat::Helm3)
        && (Path::new(name).is_absolute() || name.starts_with('.'))
    {
        return Err(format!("path {name:?} not found"));
    }
    fetch::locate_chart(name, parsed, compat, io)
}

/// helm: chart_downloader.go VerifyChart, up to the signature, which is not checked.
pub(super) fn verify(path: &Path) -> Result<(), String> {
    let metadata = std::fs::metadata(path);
    let metadata =
        metadata.map_err(|error| format!("stat {}: {}", path.display(), errno(&error)))?;
    if metadata.is_dir() {
        return Err("unpacked charts cannot be verified".to_owned());
    }
    let name = path.to_string_lossy();
    if path.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("tgz")) {
        return Err("chart must be a tgz file".to_owned());
    }
    let signature = format!("{name}.prov");
    std::fs::metadata(&signature).map_err(|error| {
        let why = errno(&error);
        format!("could not load provenance file {signature}: stat {signature}: {why}")
    })?;
    Err(format!("the signature of `{name}` was not checked: signatures are not supported"))
}

/// Go's `filepath.Clean` of an absolute path.
fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                cleaned.pop();
            }
            std::path::Component::CurDir => {}
            part => cleaned.push(part),
        }
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned() {
        assert_eq!(clean(Path::new("/a/./b/../c")), Path::new("/a/c"));
    }
}
