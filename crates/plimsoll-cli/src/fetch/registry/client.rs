//! Requests to a registry: who asks, tokens, and trying again where that may help.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use plimsoll::gotmpl::Compat;
use serde_json::Value as Json;

use super::challenge::{self, Challenge};
use super::credentials::{Credential, CredentialFile, server_name};
use crate::fetch::settings::{ServerFlags, Settings};
use crate::fetch::url::query_escape;
use crate::fetch::{HttpClient, Request, Response, TlsFiles, Url, quote};
use plimsoll::source::encoding::encode_base64;

/// oras: the most that is read of an answer that is no blob.
pub(super) const MOST_METADATA: u64 = 4 << 20;

/// oras: retry.DefaultPolicy.
const MOST_RETRIES: u32 = 5;

/// Go's words for a server that does not speak TLS.
const NO_TLS: &str = "http: server gave HTTP response to HTTPS client";

/// A registry's silence is no answer either: Helm would wait for ever.
const TIMEOUT: Duration = Duration::from_mins(10);

/// A client for registries.
#[derive(Debug)]
pub(crate) struct RegistryClient {
    http: Arc<HttpClient>,
    plain_http: AtomicBool,
    /// helm 3: registry/fallback.go: what does not speak TLS is spoken to without.
    falls_back: bool,
    /// Who asks, by flags or at a login.
    given: Option<Credential>,
    registry_config: String,
    docker_config: Option<String>,
    /// What was sent to a host with success, by scopes: values of `Authorization`.
    known: Mutex<Vec<(String, String, String)>>,
}

impl RegistryClient {
    /// A client that has read no files yet, but for those that flags name.
    pub(crate) fn new(settings: &Settings, server: &ServerFlags) -> Result<Self, String> {
        let files = &server.files;
        let pair = !files.cert_file.is_empty() && !files.key_file.is_empty();
        let custom = pair || !files.ca_file.is_empty() || files.insecure;
        let files = if custom { files.clone() } else { TlsFiles::default() };
        files.check()?;
        let has_given = !server.username.is_empty() && !server.password.is_empty();
        Ok(RegistryClient {
            http: settings.client(&files, Some(TIMEOUT)),
            // helm: a client with certificates is made without --plain-http.
            plain_http: AtomicBool::new(server.plain_http && !custom),
            falls_back: settings.compat == Compat::Helm3 && !custom,
            given: has_given.then(|| Credential {
                username: server.username.clone(),
                password: server.password.clone(),
                ..Credential::default()
            }),
            registry_config: settings.registry_config.clone(),
            docker_config: settings.docker_config.clone(),
            known: Mutex::default(),
        })
    }

    /// The same client without TLS.
    pub(crate) fn with_plain_http(self, plain_http: bool) -> RegistryClient {
        self.plain_http.store(plain_http, Ordering::Relaxed);
        self
    }

    /// The same client for somebody.
    pub(crate) fn with_credential(mut self, credential: Credential) -> RegistryClient {
        self.given = Some(credential);
        self
    }

    /// A URL of a registry's API.
    pub(super) fn url(&self, host: &str, path: &str) -> Result<Url, String> {
        let scheme = if self.plain_http.load(Ordering::Relaxed) { "http" } else { "https" };
        Url::parse(&format!("{scheme}://{host}/v2/{path}"))
    }

    /// Sends a request, for some scopes (`repository:NAME:pull`); the error is oras' text.
    pub(super) fn send(&self, request: Request, scope: &str) -> Result<Response, String> {
        self.send_as(request, scope, false)
    }

    /// The same, where `oauth2` asks for tokens with a form first.
    pub(super) fn send_as(
        &self,
        mut request: Request,
        scope: &str,
        oauth2: bool,
    ) -> Result<Response, String> {
        if self.falls_back && self.plain_http.load(Ordering::Relaxed) {
            "http".clone_into(&mut request.url.scheme);
        }
        let answer = self.send_with(request.clone(), scope, oauth2);
        match answer {
            Err(why) if self.falls_back && why.ends_with(NO_TLS) => {
                self.plain_http.store(true, Ordering::Relaxed);
                "http".clone_into(&mut request.url.scheme);
                self.send_with(request, scope, oauth2)
            }
            answer => answer,
        }
    }

    fn send_with(
        &self,
        mut request: Request,
        scope: &str,
        oauth2: bool,
    ) -> Result<Response, String> {
        request.same_origin_only = true;
        let origin = request.url.clone();
        let known = self.known_authorization(&origin.host, scope);
        let first = match &known {
            Some(value) => request.clone().header("Authorization", value.as_str()),
            None => request.clone(),
        };
        let response = self.retrying(&first)?;
        if response.status() != 401 || !origin.same_origin(&response.url) {
            return Ok(response);
        }
        let header = response.header("www-authenticate").unwrap_or_default();
        let failed =
            |why: String| format!("{} {}: {why}", first.method, quote(&origin.to_string()));
        let value = match challenge::parse(header) {
            Challenge::Unknown => return Ok(response),
            Challenge::Basic => self.basic(&origin.host).map_err(failed)?,
            Challenge::Bearer { realm, service, scope: wanted } => {
                let scopes = merge_scopes(scope, &wanted);
                let realm = challenge::check_realm(&realm, &origin).map_err(failed)?;
                self.bearer(&origin.host, realm, &service, &scopes, oauth2).map_err(failed)?
            }
        };
        drop(response);
        self.remember(&origin.host, scope, &value);
        self.retrying(&request.header("Authorization", value))
    }

    fn known_authorization(&self, host: &str, scope: &str) -> Option<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.iter().find(|(at, for_scope, _)| at == host && for_scope == scope);
        found.map(|(_, _, value)| value.clone())
    }

    fn remember(&self, host: &str, scope: &str, value: &str) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(at, for_scope, _)| at != host || for_scope != scope);
        known.push((host.to_owned(), scope.to_owned(), value.to_owned()));
    }

    /// oras: retry.Transport: 408, 429 and what is the server's fault.
    fn retrying(&self, request: &Request) -> Result<Response, String> {
        let mut attempt = 0;
        loop {
            let response = self.http.send(request);
            let again = match &response {
                Ok(response) => matches!(response.status(), 408 | 429 | 500..),
                Err(why) => why.ends_with("i/o timeout"),
            };
            if !again || attempt == MOST_RETRIES {
                return response;
            }
            std::thread::sleep(pause(attempt, response.as_ref().ok()));
            attempt += 1;
        }
    }

    /// Who asks a host.
    fn credential(&self, host: &str) -> Result<Credential, String> {
        if let Some(given) = &self.given {
            return Ok(given.clone());
        }
        let server = server_name(host);
        let own = CredentialFile::load(&self.registry_config)?.get(server)?;
        match &self.docker_config {
            // helm: Docker's file only counts where it can be read.
            Some(docker) if own.is_empty() => {
                CredentialFile::load(docker).map_or(Ok(own), |file| file.get(server))
            }
            _ => Ok(own),
        }
    }

    fn basic(&self, host: &str) -> Result<String, String> {
        let credential = self.credential(host);
        let credential =
            credential.map_err(|why| format!("failed to resolve credential: {why}"))?;
        if credential.is_empty() {
            return Err("basic credential not found".to_owned());
        }
        if credential.username.is_empty() || credential.password.is_empty() {
            return Err("missing username or password for basic auth".to_owned());
        }
        let pair = format!("{}:{}", credential.username, credential.password);
        Ok(format!("Basic {}", encode_base64(pair.as_bytes())))
    }

    fn bearer(
        &self,
        host: &str,
        realm: Url,
        service: &str,
        scopes: &[String],
        oauth2: bool,
    ) -> Result<String, String> {
        let credential = self.credential(host)?;
        if !credential.access_token.is_empty() {
            return Ok(format!("Bearer {}", credential.access_token));
        }
        let with_form = !credential.is_empty() && (oauth2 || !credential.refresh_token.is_empty());
        let request = if with_form {
            form_request(realm, service, scopes, &credential)?
        } else {
            query_request(realm, service, scopes, &credential)
        };
        let token = self.token(&request)?;
        Ok(format!("Bearer {token}"))
    }

    fn token(&self, request: &Request) -> Result<String, String> {
        let response = self.retrying(request)?;
        if response.status() != 200 {
            return Err(tell_error(response));
        }
        let shown = format!("{} {}", response.method, quote(&response.url.to_string()));
        let bytes = response.body(MOST_METADATA)?;
        let answer: Json = serde_json::from_slice(&bytes)
            .map_err(|error| format!("{shown}: failed to decode response: {error}"))?;
        let text = |key: &str| answer.get(key).and_then(Json::as_str).filter(|it| !it.is_empty());
        match text("access_token").or_else(|| text("token")) {
            Some(token) => Ok(token.to_owned()),
            None => Err(format!("{shown}: empty token returned")),
        }
    }
}

/// What a token is asked for by a question in the URL.
fn query_request(
    mut realm: Url,
    service: &str,
    scopes: &[String],
    credential: &Credential,
) -> Request {
    let mut parts: Vec<String> = Vec::new();
    if !realm.query.is_empty() {
        parts.push(realm.query.clone());
    }
    parts.extend(scopes.iter().map(|scope| format!("scope={}", query_escape(scope))));
    if !service.is_empty() {
        parts.push(format!("service={}", query_escape(service)));
    }
    realm.query = parts.join("&");
    let mut request = Request { same_origin_only: true, ..Request::get(realm) };
    if !credential.username.is_empty() || !credential.password.is_empty() {
        request = request.basic_auth(&credential.username, &credential.password);
    }
    request
}

/// What a token is asked for by an OAuth2 form.
fn form_request(
    realm: Url,
    service: &str,
    scopes: &[String],
    credential: &Credential,
) -> Result<Request, String> {
    let mut form = vec![("client_id", "oras-go".to_owned())];
    if !credential.refresh_token.is_empty() {
        form.push(("grant_type", "refresh_token".to_owned()));
        form.push(("refresh_token", credential.refresh_token.clone()));
    } else if !credential.username.is_empty() && !credential.password.is_empty() {
        form.push(("grant_type", "password".to_owned()));
        form.push(("password", credential.password.clone()));
        form.push(("username", credential.username.clone()));
    } else {
        return Err("missing username or password for bearer auth".to_owned());
    }
    if !scopes.is_empty() {
        form.push(("scope", scopes.join(" ")));
    }
    form.push(("service", service.to_owned()));
    form.sort();
    let pairs: Vec<String> =
        form.iter().map(|(key, value)| format!("{key}={}", query_escape(value))).collect();
    let request = Request {
        method: "POST",
        body: pairs.join("&").into_bytes(),
        same_origin_only: true,
        ..Request::get(realm)
    };
    Ok(request.header("Content-Type", "application/x-www-form-urlencoded"))
}

/// The scopes that are known to be needed and those that the registry names, each once, sorted.
fn merge_scopes(known: &str, wanted: &str) -> Vec<String> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in known.split(' ').chain(wanted.split(' ')).filter(|scope| !scope.is_empty()) {
        match scopes.iter_mut().find(|had| joined_actions(had, scope).is_some()) {
            Some(had) => *had = joined_actions(had, scope).unwrap_or_default(),
            None => scopes.push(scope.to_owned()),
        }
    }
    scopes.sort();
    scopes
}

/// Two scopes of one resource as one. oras: CleanScopes.
fn joined_actions(a: &str, b: &str) -> Option<String> {
    let ((resource, actions), (other, more)) = (a.rsplit_once(':')?, b.rsplit_once(':')?);
    if resource != other {
        return None;
    }
    let mut all: Vec<&str> = actions.split(',').chain(more.split(',')).collect();
    all.sort_unstable();
    all.dedup();
    let actions = if all.contains(&"*") { "*".to_owned() } else { all.join(",") };
    Some(format!("{resource}:{actions}"))
}

/// How long to wait before the next try: 250 ms, twice as long each time, at most three seconds; a
/// server may ask for up to that.
fn pause(attempt: u32, response: Option<&Response>) -> Duration {
    let asked = response.and_then(|it| it.header("retry-after")).and_then(|it| it.parse().ok());
    let asked = asked.filter(|_| response.is_some_and(|response| response.status() == 429));
    let pause = asked.map_or(Duration::from_millis(250 << attempt), Duration::from_secs);
    pause.clamp(Duration::from_millis(200), Duration::from_secs(3))
}

/// What a registry says is wrong. oras: errcode.ErrorResponse.
pub(super) fn tell_error(response: Response) -> String {
    let (status, method) = (response.status(), response.method);
    let url = quote(&response.url.to_string());
    let reason = response.status_text();
    let reason = reason.split_once(' ').map(|(_, text)| text.to_owned()).unwrap_or_default();
    let body: Json = serde_json::from_slice(&response.beginning(8 << 10)).unwrap_or_default();
    let errors: Vec<String> = match body.get("errors").and_then(Json::as_array) {
        Some(errors) => errors.iter().map(tell_code).collect(),
        None => Vec::new(),
    };
    let text = if errors.is_empty() { reason } else { errors.join("; ") };
    format!("{method} {url}: response status code {status}: {text}")
}

fn tell_code(error: &Json) -> String {
    let text = |key: &str| error.get(key).and_then(Json::as_str).unwrap_or_default();
    let code = text("code").replace('_', " ").to_lowercase();
    let detail = error.get("detail").filter(|detail| !detail.is_null());
    match (text("message"), detail) {
        ("", _) => code,
        (message, None) => format!("{code}: {message}"),
        (message, Some(detail)) => format!("{code}: {message}: {}", go_value(detail)),
    }
}

/// Go's `%v` of what JSON holds.
fn go_value(json: &Json) -> String {
    match json {
        Json::Null => "<nil>".to_owned(),
        Json::String(text) => text.clone(),
        Json::Array(items) => {
            format!("[{}]", items.iter().map(go_value).collect::<Vec<_>>().join(" "))
        }
        Json::Object(entries) => {
            let pairs: Vec<String> =
                entries.iter().map(|(key, value)| format!("{key}:{}", go_value(value))).collect();
            format!("map[{}]", pairs.join(" "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_of_one_resource_become_one() {
        assert_eq!(
            merge_scopes("repository:a:pull", "repository:a:push,pull"),
            ["repository:a:pull,push"]
        );
        assert_eq!(merge_scopes("", "b c"), ["b", "c"]);
    }

    #[test]
    fn tokens_are_asked_for_as_the_specification_says() {
        let realm = Url::parse("https://a/token?x=1").expect("it is a URL");
        let who =
            Credential { username: "u".into(), password: "p&".into(), ..Credential::default() };
        let scopes = ["repository:a/b:pull".to_owned()];
        let query = query_request(realm.clone(), "s s", &scopes, &who);
        assert_eq!(
            query.url.to_string(),
            "https://a/token?x=1&scope=repository%3Aa%2Fb%3Apull&service=s+s"
        );
        assert_eq!(query.headers.len(), 1);
        let form = form_request(realm, "s", &scopes, &who).expect("there is a password");
        assert_eq!(
            String::from_utf8_lossy(&form.body),
            "client_id=oras-go&grant_type=password&password=p%26&\
             scope=repository%3Aa%2Fb%3Apull&service=s&username=u"
        );
    }
}
