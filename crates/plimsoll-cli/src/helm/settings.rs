//! Where Helm keeps its files, and what the environment says: flags before variables before
//! Helm's own choices.

use plimsoll::source::go_path;

use super::pflag::{Parsed, parse_bool};
use crate::io::Io;

/// Helm's folders: a variable of Helm's own, one of the XDG's, or a folder of the home.
pub(super) struct Homes {
    pub(super) cache: String,
    pub(super) config: String,
    pub(super) data: String,
}

impl Homes {
    /// helm: helmpath/lazypath.go.
    pub(super) fn new(io: &Io) -> Homes {
        let home = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        let home = io.env(home).unwrap_or_default();
        let under = |helm: &str, xdg: &str, unix: &str, mac: &str, windows: &str| {
            let given = |name: &str| io.env(name).filter(|value| !value.is_empty());
            if let Some(folder) = given(helm) {
                return clean(&folder);
            }
            let base = given(xdg).unwrap_or_else(|| match std::env::consts::OS {
                "windows" => given(windows).unwrap_or_default(),
                "macos" => format!("{home}/{mac}"),
                _ => format!("{home}/{unix}"),
            });
            join(&base, "helm")
        };
        let mac = "Library/Preferences";
        Homes {
            cache: under("HELM_CACHE_HOME", "XDG_CACHE_HOME", ".cache", "Library/Caches", "TEMP"),
            config: under("HELM_CONFIG_HOME", "XDG_CONFIG_HOME", ".config", mac, "APPDATA"),
            data: under("HELM_DATA_HOME", "XDG_DATA_HOME", ".local/share", "Library", "APPDATA"),
        }
    }
}

/// The file of repository names and URLs.
pub(crate) fn repository_config(parsed: &Parsed, io: &Io) -> String {
    let or = || join(&Homes::new(io).config, "repositories.yaml");
    setting(parsed, io, "repository-config", "HELM_REPOSITORY_CONFIG", or)
}

/// The folder of fetched repository indexes.
pub(crate) fn repository_cache(parsed: &Parsed, io: &Io) -> String {
    let or = || join(&Homes::new(io).cache, "repository");
    setting(parsed, io, "repository-cache", "HELM_REPOSITORY_CACHE", or)
}

/// The registries' configuration file.
pub(crate) fn registry_config(parsed: &Parsed, io: &Io) -> String {
    let or = || join(&Homes::new(io).config, "registry/config.json");
    setting(parsed, io, "registry-config", "HELM_REGISTRY_CONFIG", or)
}

/// Helm 4's folder of fetched charts.
pub(crate) fn content_cache(parsed: &Parsed, io: &Io) -> String {
    let or = || join(&Homes::new(io).cache, "content");
    setting(parsed, io, "content-cache", "HELM_CONTENT_CACHE", or)
}

/// Whether more is said.
pub(crate) fn is_debug(parsed: &Parsed, io: &Io) -> bool {
    let env = || io.env("HELM_DEBUG").and_then(|value| parse_bool(&value)).unwrap_or(false);
    if parsed.is_set("debug") { parsed.bool("debug") } else { env() }
}

/// A flag, else a variable (which may be empty), else Helm's own choice.
pub(super) fn setting(
    parsed: &Parsed,
    io: &Io,
    flag: &str,
    variable: &str,
    or: impl FnOnce() -> String,
) -> String {
    parsed.text(flag).map(str::to_owned).or_else(|| io.env(variable)).unwrap_or_else(or)
}

/// Go's `filepath.Join` of a folder and a name.
pub(super) fn join(folder: &str, name: &str) -> String {
    clean(&go_path::join(&[folder, name]))
}

/// Go's `filepath.Clean`, with slashes on every system.
pub(super) fn clean(path: &str) -> String {
    go_path::clean(&path.replace(std::path::MAIN_SEPARATOR, "/"))
}
