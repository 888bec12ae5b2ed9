//! What is asked of servers: not built yet.

use super::commands::Call;
use super::outside::errno;
use super::pflag::Parsed;
use crate::io::Io;

/// Refuses a command that needs a server.
pub(super) fn not_built(call: &Call, _: &mut Io) -> Result<(), String> {
    Err(format!("`helm {}` is not built yet", call.path))
}

/// helm: root.go makes a registry client, which reads the certificates although nothing is fetched.
pub(super) fn check_registry(parsed: &Parsed) -> Result<(), String> {
    let Some(path) = parsed.filled("ca-file") else { return Ok(()) };
    std::fs::read(path).map(drop).map_err(|error| {
        let why = errno(&error);
        let client = "missing registry client: can't create TLS config for client";
        format!("{client}: can't read CA file: {path:?}: open {path}: {why}")
    })
}
