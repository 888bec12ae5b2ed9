//! What every command that might ask a server does first.

use plimsoll::gotmpl::Compat;

use super::outside::errno;
use super::pflag::Parsed;

/// helm: root.go makes a registry client, which reads the certificates although nothing is fetched.
pub(super) fn check_registry(parsed: &Parsed, compat: Compat) -> Result<(), String> {
    let client = "missing registry client: can't create TLS config for client";
    let unread = |path: &str| {
        let error = std::fs::read(path).err()?;
        Some(format!("open {path}: {}", errno(&error)))
    };
    if let (Some(cert), Some(key)) = (parsed.filled("cert-file"), parsed.filled("key-file")) {
        for (kind, path) in [("cert", cert), ("key", key)] {
            if let Some(why) = unread(path) {
                return Err(match compat {
                    Compat::Helm3 => {
                        format!(
                            "{client}: can't load key pair from cert {cert} and key {key}: {why}"
                        )
                    }
                    Compat::Helm4 => {
                        format!("{client}: unable to read {kind} file: {path:?}: {why}")
                    }
                });
            }
        }
    }
    let Some(path) = parsed.filled("ca-file") else { return Ok(()) };
    match (unread(path), compat) {
        (None, _) => Ok(()),
        (Some(_), Compat::Helm3) => Err(format!("{client}: can't read CA file: {path}")),
        (Some(why), Compat::Helm4) => Err(format!("{client}: can't read CA file: {path:?}: {why}")),
    }
}
