//! `Chart.lock`: the dependencies and their exact versions, and the hash that ties it to
//! `Chart.yaml`.

use std::path::Path;

use plimsoll::helm::chart::Dependency;
use serde::Serialize;

use crate::fetch::files::{join, write_atomically};
use crate::fetch::index::DependencyJson;
use crate::fetch::yaml::{go_json, marshal};
use crate::fetch::{go_errno, quote, sha256};

/// The hash of what is asked for and what was found. helm: resolver.go `HashReq`.
pub(super) fn hash(wanted: &[Dependency], locked: &[Dependency]) -> String {
    let both = [all(wanted), all(locked)];
    format!("sha256:{}", sha256(go_json(&both).as_bytes()))
}

/// The hash that Helm 2 wrote. helm: resolver.go `HashV2Req`.
pub(super) fn hash_of_helm_2(wanted: &[Dependency]) -> String {
    #[derive(Serialize)]
    struct Requirements<'a> {
        dependencies: Vec<DependencyJson<'a>>,
    }
    let requirements = Requirements { dependencies: all(wanted) };
    format!("sha256:{}", sha256(go_json(&requirements).as_bytes()))
}

fn all(dependencies: &[Dependency]) -> Vec<DependencyJson<'_>> {
    dependencies.iter().map(DependencyJson::of).collect()
}

/// Writes the file into a chart's folder. helm: manager.go writeLock.
pub(super) fn write(
    folder: &str,
    locked: &[Dependency],
    digest: &str,
    generated: &str,
    is_v1: bool,
) -> Result<(), String> {
    #[derive(Serialize)]
    struct Lock<'a> {
        generated: &'a str,
        digest: &'a str,
        dependencies: Vec<DependencyJson<'a>>,
    }
    let name = if is_v1 { "requirements.lock" } else { "Chart.lock" };
    let path = join(folder, name);
    match std::fs::symlink_metadata(&path) {
        Ok(metadata) if metadata.is_symlink() => {
            let target = std::fs::read_link(Path::new(&path)).unwrap_or_default();
            let target = quote(&target.to_string_lossy());
            return Err(format!("the {name} file is a symlink to {target}"));
        }
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            let why = go_errno(&error);
            return Err(format!("error getting info for {}: lstat {path}: {why}", quote(&path)));
        }
        _ => {}
    }
    let lock = Lock { generated, digest, dependencies: all(locked) };
    write_atomically(&path, &marshal(&lock), 0o644)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dependency(name: &str, version: &str) -> Dependency {
        Dependency::new(name, "", version)
    }

    #[test]
    fn the_hash_is_of_gos_json() {
        let mut aliased = dependency("a", ">=1");
        aliased.alias = "b".into();
        let wanted = [aliased];
        let locked = [dependency("a", "1.2.0")];
        let json = r#"[[{"name":"a","version":"\u003e=1","repository":"","alias":"b"}],[{"name":"a","version":"1.2.0","repository":""}]]"#;
        assert_eq!(hash(&wanted, &locked), format!("sha256:{}", sha256(json.as_bytes())));
    }
}
