//! Schemas that `values.schema.json` refers to over http.

use std::time::Duration;

use plimsoll::gotmpl::Map;
use plimsoll::helm::schema::validate_with;

use super::Url;
use super::http::{HttpClient, HttpOptions, Proxies, Request, RootPlaces};

/// helm: common/util/jsonschema.go.
const TIMEOUT: Duration = Duration::from_secs(15);

/// No schema that people wrote is larger.
const MOST_SCHEMA: u64 = 32 << 20;

/// Checks values against a schema and fetches the schemas that it refers to, as Helm does. Where
/// the network is not to be used, [`plimsoll::helm::schema::validate`] serves.
pub(crate) fn validate_online(schema: &[u8], values: &Map) -> Result<(), String> {
    let env = |name: &str| std::env::var_os(name).map(|it| it.to_string_lossy().into_owned());
    let client = HttpClient::new(HttpOptions {
        proxies: Proxies::from_env(env),
        places: RootPlaces { file: env("SSL_CERT_FILE"), folders: env("SSL_CERT_DIR") },
        timeout: Some(TIMEOUT),
        ..HttpOptions::default()
    });
    validate_with(schema, values, Some(&|url| load(&client, url)))
}

/// The document at a URL; the error is Helm's text behind `failing loading "URL": `.
fn load(client: &HttpClient, url: &str) -> Result<Vec<u8>, String> {
    let failed = |why: String| format!("HTTP request failed for {url}: {why}");
    let request = Request::get(Url::parse(url).map_err(failed)?);
    let response = client.send(&request).map_err(failed)?;
    if response.status() != 200 {
        let status = response.status_text();
        let (number, text) = status.split_once(' ').unwrap_or((&status, ""));
        return Err(format!("HTTP request to {url} returned status {number} ({text})"));
    }
    response.body(MOST_SCHEMA)
}
