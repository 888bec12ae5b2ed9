//! Schemas and definitions that a user names by their URLs.

use std::time::Duration;

use super::Url;
use super::http::{HttpClient, HttpOptions, Proxies, Request, RootPlaces, TlsFiles};

const TIMEOUT: Duration = Duration::from_secs(30);

/// No schema that people wrote is larger.
const MOST: u64 = 64 << 20;

/// Reads what is at URLs; nothing is connected before the first.
pub(crate) struct Documents {
    client: HttpClient,
}

impl Documents {
    /// A reader that trusts whom the environment trusts, or everyone.
    pub(crate) fn new(insecure: bool) -> Documents {
        let env = |name: &str| std::env::var_os(name).map(|it| it.to_string_lossy().into_owned());
        let client = HttpClient::new(HttpOptions {
            proxies: Proxies::from_env(env),
            places: RootPlaces { file: env("SSL_CERT_FILE"), folders: env("SSL_CERT_DIR") },
            files: TlsFiles { insecure, ..TlsFiles::default() },
            timeout: Some(TIMEOUT),
        });
        Documents { client }
    }

    /// What is at a URL; `None` where the server says that there is nothing.
    pub(crate) fn read(&self, url: &str) -> Result<Option<Vec<u8>>, String> {
        let response = self.client.send(&Request::get(Url::parse(url)?))?;
        match response.status() {
            200 => response.body(MOST).map(Some),
            404 | 410 => Ok(None),
            _ => Err(format!("`{url}` answered {}", response.status_text())),
        }
    }
}
