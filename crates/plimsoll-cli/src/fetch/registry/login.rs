//! Logging in to a registry and out of it.

use super::client::{RegistryClient, tell_error};
use super::credentials::{Credential, CredentialFile, server_name};
use super::reference::{check_registry, host_of};
use crate::fetch::settings::{ServerFlags, Settings};
use crate::fetch::{Request, quote};

/// Asks a registry whether it takes somebody, and keeps who it was; the error is Helm's text.
/// helm: registry/client.go `Login`.
pub(crate) fn login(settings: &Settings, host: &str, server: &ServerFlags) -> Result<(), String> {
    let credential = Credential {
        username: server.username.clone(),
        password: server.password.clone(),
        ..Credential::default()
    };
    check_registry(host)?;
    let client = RegistryClient::new(settings, server)?
        .with_plain_http(server.plain_http)
        .with_credential(credential.clone());
    let ping = |oauth2: bool| -> Result<(), String> {
        let url = client.url(host_of(host), "")?;
        let response = client.send_as(Request::get(url), "", oauth2)?;
        match response.status() {
            200 => Ok(()),
            404 => Err("not found".to_owned()),
            _ => Err(tell_error(response)),
        }
    };
    if ping(true).is_err() {
        ping(false).map_err(|why| format!("authenticating to {}: {why}", quote(host)))?;
    }
    CredentialFile::load(&settings.registry_config)?.put(server_name(host), &credential)
}

/// Forgets who somebody is to a registry. helm: registry/client.go `Logout`.
pub(crate) fn logout(settings: &Settings, host: &str) -> Result<(), String> {
    let server = server_name(host);
    let done = CredentialFile::load(&settings.registry_config)?.delete(server);
    done.map_err(|why| format!("failed to delete the credential for {server}: {why}"))
}
