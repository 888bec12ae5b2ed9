//! HTTP as Go's client speaks it: redirects, proxies, credentials that do not leak, and Go's words
//! for what goes wrong. A [`HttpClient`] costs nothing until it is asked for something.

mod proxy;
mod roots;
mod tls;
mod wire;

use std::io::Read;
use std::sync::OnceLock;
use std::time::Duration;

use ureq::config::Config;
use ureq::http::{Method, Request as HttpRequest, Response as HttpResponse};
use ureq::{Agent, Body};

pub(crate) use self::proxy::Proxies;
pub(crate) use self::roots::RootPlaces;
pub(crate) use self::tls::TlsFiles;
use self::wire::{Dialer, GoError, Later};
use super::{Url, go_errno};
use plimsoll::source::encoding::encode_base64;

/// What every request calls itself.
const USER_AGENT: &str = concat!("Helm/4.3.1 (plimsoll ", env!("CARGO_PKG_VERSION"), ")");

/// Go: client.go defaultCheckRedirect.
const MOST_REDIRECTS: usize = 10;

/// What the environment and a command say about connections.
#[derive(Clone, Debug, Default)]
pub(crate) struct HttpOptions {
    pub(crate) proxies: Proxies,
    pub(crate) places: RootPlaces,
    pub(crate) files: TlsFiles,
    /// For a request and its whole answer; `None` waits for as long as it takes.
    pub(crate) timeout: Option<Duration>,
}

/// A client; requests to one server share connections.
#[derive(Debug)]
pub(crate) struct HttpClient {
    options: HttpOptions,
    agent: OnceLock<Agent>,
}

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// `GET`, `HEAD` or `POST`.
    pub(crate) method: &'static str,
    pub(crate) url: Url,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether credentials are kept from another port and scheme too, as registries want it, or
    /// only from other domains, as Go does.
    pub(crate) same_origin_only: bool,
}

/// The answer to a request, its body unread.
#[derive(Debug)]
pub(crate) struct Response {
    /// What answered in the end, after redirects.
    pub(crate) url: Url,
    /// Of the last request.
    pub(crate) method: &'static str,
    inner: HttpResponse<Body>,
}

impl Request {
    /// `GET`
    pub(crate) fn get(url: Url) -> Request {
        Request {
            method: "GET",
            url,
            headers: Vec::new(),
            body: Vec::new(),
            same_origin_only: false,
        }
    }

    /// With a header more.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Request {
        self.headers.push((name, value.into()));
        self
    }

    /// With a name and a password.
    pub(crate) fn basic_auth(self, username: &str, password: &str) -> Request {
        let pair = encode_base64(format!("{username}:{password}").as_bytes());
        self.header("Authorization", format!("Basic {pair}"))
    }
}

impl HttpClient {
    /// A client that has done nothing yet.
    pub(crate) fn new(options: HttpOptions) -> HttpClient {
        HttpClient { options, agent: OnceLock::new() }
    }

    /// Sends a request and follows redirects; the error is Go's text.
    pub(crate) fn send(&self, request: &Request) -> Result<Response, String> {
        let mut request = request.clone();
        if let Some((name, password)) = request.url.user.clone()
            && !request.headers.iter().any(|(header, _)| *header == "Authorization")
        {
            request = request.basic_auth(&name, password.as_deref().unwrap_or_default());
        }
        let first = request.method;
        let failed = |url: &Url, why: String| {
            let method = format!("{}{}", &first[..1], first[1..].to_lowercase());
            format!("{method} {}: {why}", super::quote(&url.without_password()))
        };
        for done in 0.. {
            let inner = self.send_once(&request).map_err(|why| failed(&request.url, why))?;
            let Some(location) = redirect(&inner) else {
                return Ok(Response { url: request.url, method: request.method, inner });
            };
            let to = Url::parse(&location).map(|reference| request.url.resolve(&reference));
            let to = to.map_err(|why| {
                let location = super::quote(&location);
                failed(&request.url, format!("failed to parse Location header {location}: {why}"))
            })?;
            if done == MOST_REDIRECTS {
                // Go shows what the server said, not what it means.
                let location = super::quote(&location);
                let why = format!("{location}: stopped after {MOST_REDIRECTS} redirects");
                return Err(format!("{}{} {why}", &first[..1], first[1..].to_lowercase()));
            }
            follow(&mut request, to, inner.status().as_u16());
        }
        Err("too many redirects".to_owned())
    }

    fn send_once(&self, request: &Request) -> Result<HttpResponse<Body>, String> {
        let url = &request.url;
        if !matches!(url.scheme.as_str(), "http" | "https") {
            return Err(format!("unsupported protocol scheme {}", super::quote(&url.scheme)));
        }
        if url.host.is_empty() {
            return Err("http: no Host in request URL".to_owned());
        }
        let target = format!("{}://{}{}", url.scheme, url.host, url.request_target());
        let method = Method::from_bytes(request.method.as_bytes()).map_err(|e| e.to_string())?;
        let mut builder = HttpRequest::builder().method(method).uri(target);
        builder = builder.header("User-Agent", USER_AGENT);
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let answer = if request.body.is_empty() {
            let request = builder.body(()).map_err(|error| error.to_string())?;
            self.agent().run(request)
        } else {
            let request = builder.body(&request.body).map_err(|error| error.to_string())?;
            self.agent().run(request)
        };
        answer.map_err(|error| tell(&error))
    }

    fn agent(&self) -> &Agent {
        self.agent.get_or_init(|| {
            let config: Config = Agent::config_builder()
                .proxy(None)
                .max_redirects(0)
                .http_status_as_error(false)
                .accept("")
                .accept_encoding("")
                .timeout_global(self.options.timeout)
                .build();
            let dialer = Dialer {
                proxies: self.options.proxies.clone(),
                places: self.options.places.clone(),
                files: self.options.files.clone(),
                config: OnceLock::new(),
            };
            Agent::with_parts(config, dialer, Later)
        })
    }
}

impl Response {
    /// The number alone.
    pub(crate) fn status(&self) -> u16 {
        self.inner.status().as_u16()
    }

    /// The number and its text, as Go prints it: `404 Not Found`.
    pub(crate) fn status_text(&self) -> String {
        let status = self.inner.status();
        format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default())
    }

    /// A header, if it is there and is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.inner.headers().get(name).and_then(|value| value.to_str().ok())
    }

    /// The whole body; the error is Go's text, or ours where the body is larger than `most` bytes.
    pub(crate) fn body(self, most: u64) -> Result<Vec<u8>, String> {
        let too_large = format!(
            "the answer of {} is larger than {} MiB, which is the most that is read",
            self.url.without_password(),
            most >> 20
        );
        let length = self.inner.body().content_length().unwrap_or_default();
        if length > most {
            return Err(too_large);
        }
        let mut bytes = Vec::with_capacity(length.min(8 << 20) as usize);
        let mut reader = self.inner.into_body().into_reader().take(most + 1);
        reader.read_to_end(&mut bytes).map_err(|error| tell_reading(&error))?;
        if bytes.len() as u64 > most { Err(too_large) } else { Ok(bytes) }
    }

    /// The beginning of the body, for messages.
    pub(crate) fn beginning(self, most: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        let _ = self.inner.into_body().into_reader().take(most).read_to_end(&mut bytes);
        bytes
    }
}

/// Where a redirect leads; an answer without the header is no redirect.
fn redirect(response: &HttpResponse<Body>) -> Option<String> {
    let is_redirect = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = response.headers().get("location").filter(|_| is_redirect)?;
    Some(String::from_utf8_lossy(location.as_bytes()).into_owned()).filter(|to| !to.is_empty())
}

/// Go: client.go redirectBehavior and shouldCopyHeaderOnRedirect; credentials never go from TLS to
/// plain text.
fn follow(request: &mut Request, to: Url, status: u16) {
    if !matches!(status, 307 | 308) && request.method != "HEAD" {
        request.method = "GET";
        request.body.clear();
    }
    let from = &request.url;
    let is_kept = if request.same_origin_only {
        from.same_origin(&to)
    } else {
        let downgraded = from.scheme == "https" && to.scheme != "https";
        !downgraded && is_domain_or_below(to.hostname(), from.hostname())
    };
    if !is_kept {
        request.headers.retain(|(name, _)| *name != "Authorization");
    }
    request.url = to;
    if let Some((name, password)) = request.url.user.clone()
        && !request.headers.iter().any(|(header, _)| *header == "Authorization")
    {
        let pair = format!("{name}:{}", password.unwrap_or_default());
        let value = format!("Basic {}", encode_base64(pair.as_bytes()));
        request.headers.push(("Authorization", value));
    }
}

fn is_domain_or_below(host: &str, parent: &str) -> bool {
    let (host, parent) = (host.to_lowercase(), parent.to_lowercase());
    host == parent
        || (!host.contains([':', '%'])
            && host.strip_suffix(&parent).is_some_and(|rest| rest.ends_with('.')))
}

fn tell(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Other(inner) => match inner.downcast_ref::<GoError>() {
            Some(text) => text.0.clone(),
            None => inner.to_string(),
        },
        ureq::Error::Timeout(_) => {
            "context deadline exceeded (Client.Timeout exceeded while awaiting headers)".to_owned()
        }
        ureq::Error::Io(error) => tell_io(error).unwrap_or_else(|| "EOF".to_owned()),
        ureq::Error::Protocol(error) => {
            format!("net/http: HTTP/1.x transport connection broken: {error}")
        }
        other => other.to_string(),
    }
}

/// `None` where the other side hung up.
fn tell_io(error: &std::io::Error) -> Option<String> {
    use std::io::ErrorKind::{ConnectionAborted, UnexpectedEof};
    let hung_up = matches!(error.kind(), UnexpectedEof | ConnectionAborted);
    (!hung_up).then(|| go_errno(error))
}

fn tell_reading(error: &std::io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
    match inner {
        Some(ureq::Error::Timeout(_)) => {
            "context deadline exceeded (Client.Timeout or context cancellation while reading body)"
                .to_owned()
        }
        Some(ureq::Error::Io(error)) => tell_reading_io(error),
        Some(other) => tell(other),
        None => tell_reading_io(error),
    }
}

fn tell_reading_io(error: &std::io::Error) -> String {
    match tell_io(error) {
        Some(text) => text,
        None => "unexpected EOF".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(from: &str, to: &str, same_origin_only: bool) -> bool {
        let url = |text| Url::parse(text).expect("it is a URL");
        let mut request = Request { same_origin_only, ..Request::get(url(from)) };
        request = request.basic_auth("u", "p");
        follow(&mut request, url(to), 302);
        !request.headers.is_empty()
    }

    #[test]
    fn credentials_stay_with_their_domain() {
        assert!(kept("http://a.b/", "http://a.b:8/", false));
        assert!(kept("http://a.b/", "https://x.a.b/", false));
        assert!(!kept("http://a.b/", "http://b/", false));
        assert!(!kept("http://a.b/", "http://xa.b/", false));
        assert!(!kept("https://a.b/", "http://a.b/", false));
    }

    #[test]
    fn a_registrys_credentials_stay_with_its_origin() {
        assert!(kept("https://a.b/x", "https://a.b:443/y", true));
        assert!(!kept("https://a.b/x", "https://a.b:444/y", true));
        assert!(!kept("http://a.b/x", "https://a.b/y", true));
    }
}
