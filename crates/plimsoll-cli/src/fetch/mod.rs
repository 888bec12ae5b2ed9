//! The network: chart repositories, OCI registries and the dependencies that come from them.
//!
//! Nothing here does anything until a command asks for it: no file is read, no name looked up and
//! no TLS set up before. Errors are Helm's texts.

pub(crate) mod commands;
mod dependencies;
mod document;
mod download;
pub(crate) mod files;
mod http;
mod index;
mod index_file;
mod index_slice;
mod locate;
mod lock;
mod registry;
mod repositories;
mod schema;
mod settings;
mod url;
mod yaml;

use self::http::{HttpClient, Request, Response, TlsFiles};
use self::url::Url;
use crate::helm::go_errno;

pub(crate) use self::dependencies::{Task, dependencies};
pub(crate) use self::document::Documents;
pub(crate) use self::locate::locate_chart;
pub(crate) use self::schema::validate_online;

/// Go's `%q`.
fn quote(text: &str) -> String {
    plimsoll::source::strconv::quote(text.as_bytes())
}

/// The hash of bytes, in hexadecimal digits.
fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
