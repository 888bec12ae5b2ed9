//! How connections come about: names are looked up, a proxy stands in between or not, TLS is added
//! for `https`. Plugged into ureq, which speaks HTTP over what comes out of here.

use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::ClientConfig;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};

use super::proxy::Proxies;
use super::roots::RootPlaces;
use super::tls::{self, TlsFiles, TlsStream};
use crate::fetch::{Url, go_errno};
use plimsoll::source::encoding::encode_base64;

/// Go's dialer gives up after this long.
const DIAL_TIMEOUT: Duration = Duration::from_secs(30);

/// An error whose text is Go's already.
#[derive(Debug)]
pub(super) struct GoError(pub(super) String);

impl fmt::Display for GoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for GoError {}

fn go(text: String) -> ureq::Error {
    ureq::Error::Other(Box::new(GoError(text)))
}

/// Names are looked up when it is known whose: the proxy's or the server's.
#[derive(Debug)]
pub(super) struct Later;

impl Resolver for Later {
    fn resolve(
        &self,
        _: &Uri,
        _: &Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}

/// Opens connections.
#[derive(Debug)]
pub(super) struct Dialer {
    pub(super) proxies: Proxies,
    pub(super) places: RootPlaces,
    pub(super) files: TlsFiles,
    /// Made at the first use of TLS.
    pub(super) config: OnceLock<Result<Arc<ClientConfig>, String>>,
}

impl Connector for Dialer {
    type Out = Wire;

    fn connect(
        &self,
        details: &ConnectionDetails,
        _: Option<()>,
    ) -> Result<Option<Wire>, ureq::Error> {
        let url = Url::parse(&details.uri.to_string()).map_err(go)?;
        let timeout = details.timeout.not_zero().map_or(DIAL_TIMEOUT, |given| *given);
        self.open(&url, timeout.min(DIAL_TIMEOUT)).map(Some).map_err(go)
    }
}

impl Dialer {
    fn open(&self, url: &Url, timeout: Duration) -> Result<Wire, String> {
        let is_tls = url.scheme == "https";
        let Some(proxy) = self.proxies.of(url)? else {
            let socket = dial(url, timeout)?;
            return self.wire(socket, is_tls.then_some(url), None);
        };
        if proxy.scheme != "http" {
            let scheme = &proxy.scheme;
            return Err(format!("proxyconnect tcp: a proxy of scheme `{scheme}` is not spoken"));
        }
        let socket = dial(proxy, timeout).map_err(|why| format!("proxyconnect tcp: {why}"))?;
        if is_tls {
            tunnel(&socket, url, proxy, timeout)?;
            return self.wire(socket, Some(url), None);
        }
        let absolute = Absolute {
            origin: format!("http://{}", url.host),
            authorization: authorization(proxy),
        };
        self.wire(socket, None, Some(absolute))
    }

    fn wire(
        &self,
        socket: TcpStream,
        tls: Option<&Url>,
        absolute: Option<Absolute>,
    ) -> Result<Wire, String> {
        let stream = match tls {
            None => Stream::Plain(socket),
            Some(url) => {
                let config = self.config.get_or_init(|| {
                    self.files.read().and_then(|material| tls::config(&material, &self.places))
                });
                let config = config.as_ref().map_err(Clone::clone)?;
                // Go: http.Transport's TLSHandshakeTimeout.
                let _ = socket.set_read_timeout(Some(Duration::from_secs(10)));
                Stream::Tls(Box::new(tls::handshake(config, url.hostname(), socket)?))
            }
        };
        let host = tls.map(|url| url.hostname().to_owned()).unwrap_or_default();
        Ok(Wire { stream, host, absolute, buffers: LazyBuffers::new(128 * 1024, 128 * 1024) })
    }
}

/// Connects to a server; the error is Go's text.
fn dial(url: &Url, timeout: Duration) -> Result<TcpStream, String> {
    let (host, port) = (url.hostname(), url.port());
    let addresses: Vec<SocketAddr> =
        (host, port).to_socket_addrs().map_err(|_| no_such_host(host))?.collect();
    let mut first = None;
    for address in &addresses {
        match TcpStream::connect_timeout(address, timeout) {
            Ok(socket) => {
                let _ = socket.set_nodelay(true);
                return Ok(socket);
            }
            Err(error) => {
                let why = match error.kind() {
                    ErrorKind::TimedOut => "i/o timeout".to_owned(),
                    _ => format!("connect: {}", go_errno(&error)),
                };
                first.get_or_insert(format!("dial tcp {address}: {why}"));
            }
        }
    }
    Err(first.unwrap_or_else(|| no_such_host(host)))
}

/// Go says which name server does not know a name.
fn no_such_host(host: &str) -> String {
    let servers = std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    let server = servers.lines().find_map(|line| line.strip_prefix("nameserver "));
    let server = server.map(|server| match server.trim() {
        server if server.contains(':') => format!(" on [{server}]:53"),
        server => format!(" on {server}:53"),
    });
    format!("dial tcp: lookup {host}{}: no such host", server.unwrap_or_default())
}

/// Asks a proxy for a way through to a server.
fn tunnel(socket: &TcpStream, url: &Url, proxy: &Url, timeout: Duration) -> Result<(), String> {
    let target = format!("{}:{}", host_part(url), url.port());
    let mut head = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
    if let Some(value) = authorization(proxy) {
        head.push_str(&format!("Proxy-Authorization: {value}\r\n"));
    }
    head.push_str("\r\n");
    let _ = socket.set_read_timeout(Some(timeout));
    let mut stream = socket;
    stream.write_all(head.as_bytes()).map_err(|error| go_errno(&error))?;
    let answer = read_head(stream)?;
    let status = answer.split_once(' ').map_or("", |(_, status)| status);
    // Go shows what follows the number.
    if status.starts_with("200") {
        return Ok(());
    }
    Err(status.split_once(' ').map_or("unknown status code", |(_, text)| text).to_owned())
}

/// The status line of an answer; its headers are passed over.
fn read_head(mut stream: &TcpStream) -> Result<String, String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > 64 * 1024 {
            return Err("the proxy's answer is too long".to_owned());
        }
        match stream.read(&mut byte) {
            Ok(0) => return Err("EOF".to_owned()),
            Ok(_) => head.push(byte[0]),
            Err(error) => return Err(go_errno(&error)),
        }
    }
    let text = String::from_utf8_lossy(&head);
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn host_part(url: &Url) -> String {
    let host = url.hostname();
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

fn authorization(proxy: &Url) -> Option<String> {
    let (name, password) = proxy.user.as_ref()?;
    let pair = format!("{name}:{}", password.as_deref().unwrap_or_default());
    Some(format!("Basic {}", encode_base64(pair.as_bytes())))
}

/// What a proxy for plain HTTP wants to see: the whole address in the request line.
#[derive(Debug)]
struct Absolute {
    origin: String,
    authorization: Option<String>,
}

impl Absolute {
    /// The start of a request, which begins with its request line.
    fn rewrite(&self, output: &[u8]) -> Option<Vec<u8>> {
        let method = output.iter().position(|byte| *byte == b' ')?;
        let path = output.get(method + 1).filter(|byte| **byte == b'/').map(|_| method + 1)?;
        let line = output[path..].windows(2).position(|two| two == b"\r\n")? + path + 2;
        let mut out = output[..path].to_vec();
        out.extend_from_slice(self.origin.as_bytes());
        out.extend_from_slice(&output[path..line]);
        if let Some(value) = &self.authorization {
            out.extend_from_slice(format!("Proxy-Authorization: {value}\r\n").as_bytes());
        }
        out.extend_from_slice(&output[line..]);
        Some(out)
    }
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream>),
}

impl Stream {
    fn socket(&self) -> &TcpStream {
        match self {
            Stream::Plain(socket) => socket,
            Stream::Tls(stream) => &stream.sock,
        }
    }

    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Stream::Plain(socket) => socket.read(into),
            Stream::Tls(stream) => stream.read(into),
        }
    }

    fn write_all(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Stream::Plain(socket) => socket.write_all(bytes),
            Stream::Tls(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
        }
    }
}

/// An open connection.
pub(super) struct Wire {
    stream: Stream,
    host: String,
    absolute: Option<Absolute>,
    buffers: LazyBuffers,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("host", &self.host).finish_non_exhaustive()
    }
}

impl Wire {
    fn tell(&self, error: std::io::Error, timeout: NextTimeout) -> ureq::Error {
        match error.kind() {
            ErrorKind::TimedOut | ErrorKind::WouldBlock => ureq::Error::Timeout(timeout.reason),
            _ if matches!(self.stream, Stream::Tls(_)) => go(tls::tell_io(&error, &self.host)),
            _ => error.into(),
        }
    }
}

impl Transport for Wire {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let limit = timeout.not_zero().map(|limit| *limit);
        self.stream.socket().set_write_timeout(limit)?;
        let output = &self.buffers.output()[..amount];
        let rewritten = self.absolute.as_ref().and_then(|absolute| absolute.rewrite(output));
        let written = self.stream.write_all(rewritten.as_deref().unwrap_or(output));
        written.map_err(|error| self.tell(error, timeout))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let limit = timeout.not_zero().map(|limit| *limit);
        self.stream.socket().set_read_timeout(limit)?;
        let input = self.buffers.input_append_buf();
        let read = match self.stream.read(input) {
            Ok(read) => read,
            // Somebody may have cut off a connection that ends without TLS' farewell.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                return Err(go("unexpected EOF".to_owned()));
            }
            Err(error) => return Err(self.tell(error, timeout)),
        };
        self.buffers.input_appended(read);
        Ok(read > 0)
    }

    fn is_open(&mut self) -> bool {
        let socket = self.stream.socket();
        let mut byte = [0];
        let quiet = |error: std::io::Error| error.kind() == ErrorKind::WouldBlock;
        let open = socket.set_nonblocking(true).is_ok() && socket.peek(&mut byte).is_err_and(quiet);
        socket.set_nonblocking(false).is_ok() && open
    }

    fn is_tls(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_sees_the_whole_address() {
        let absolute =
            Absolute { origin: "http://h:8".into(), authorization: Some("Basic x".into()) };
        let check = |output: &str, expected: Option<&str>| {
            let got = absolute.rewrite(output.as_bytes());
            assert_eq!(got.as_deref(), expected.map(str::as_bytes), "{output}");
        };
        check(
            "GET /a HTTP/1.1\r\nhost: h:8\r\n\r\n",
            Some("GET http://h:8/a HTTP/1.1\r\nProxy-Authorization: Basic x\r\nhost: h:8\r\n\r\n"),
        );
        check("body of a request", None);
    }
}
