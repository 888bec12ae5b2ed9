//! Finds the chart that a command names.

use std::path::{Path, PathBuf};

use plimsoll::gotmpl::Compat;

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
            io.error(&format!("level=WARN msg=\"{text}\" chart={name} repository={repo}\n"));
        }
        let absolute = std::path::absolute(name).map_err(|error| error.to_string())?;
        return Ok(clean(&absolute));
    }
    if (repo.is_none() || compat == Compat::Helm3)
        && (Path::new(name).is_absolute() || name.starts_with('.'))
    {
        return Err(format!("path {name:?} not found"));
    }
    fetch::locate_chart(name, parsed, compat, io)
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
