//! HTTP servers on the loopback that answer as a test wants them to, faults included.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    /// `GET`
    pub method: String,
    /// What the request line asks for.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Seen {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What a server does with a request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A status, headers and a body.
    Full(u16, Vec<(String, String)>, Vec<u8>),
    /// A body that is shorter than it is said to be.
    Truncated(Vec<u8>),
    /// A body without an end.
    Endless,
    /// An answer after a while.
    Late(Duration, Box<Answer>),
    /// No answer: the server hangs up.
    HangUp,
}

impl Answer {
    /// 200 and a body.
    pub fn ok(body: impl Into<Vec<u8>>) -> Answer {
        Answer::Full(200, Vec::new(), body.into())
    }

    /// A status alone.
    pub fn status(status: u16) -> Answer {
        Answer::Full(status, Vec::new(), Vec::new())
    }

    /// With a header more.
    #[must_use]
    pub fn header(self, name: &str, value: impl Into<String>) -> Answer {
        match self {
            Answer::Full(status, mut headers, body) => {
                headers.push((name.to_owned(), value.into()));
                Answer::Full(status, headers, body)
            }
            other => other,
        }
    }
}

type Handler = dyn Fn(&Seen) -> Answer + Send + Sync;

/// A server; it ends when this is dropped.
pub struct Server {
    address: SocketAddr,
    is_tls: bool,
    seen: Arc<Mutex<Vec<Seen>>>,
    ends: Arc<AtomicBool>,
}

impl Server {
    /// A server without TLS.
    pub fn start(handler: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Server {
        Server::run(Arc::new(handler), None)
    }

    /// A server with TLS.
    pub fn start_tls(
        config: Arc<ServerConfig>,
        handler: impl Fn(&Seen) -> Answer + Send + Sync + 'static,
    ) -> Server {
        Server::run(Arc::new(handler), Some(config))
    }

    fn run(handler: Arc<Handler>, tls: Option<Arc<ServerConfig>>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has free ports");
        let address = listener.local_addr().expect("it is bound");
        let server =
            Server { address, is_tls: tls.is_some(), seen: Arc::default(), ends: Arc::default() };
        let (seen, ends) = (server.seen.clone(), server.ends.clone());
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                if ends.load(Ordering::Relaxed) {
                    return;
                }
                let (handler, seen, tls) = (handler.clone(), seen.clone(), tls.clone());
                std::thread::spawn(move || match tls {
                    None => serve(socket, &*handler, &seen),
                    Some(config) => {
                        if let Ok(connection) = ServerConnection::new(config) {
                            serve(StreamOwned::new(connection, socket), &*handler, &seen);
                        }
                    }
                });
            }
        });
        server
    }

    /// `127.0.0.1:PORT`
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("{}://{}", if self.is_tls { "https" } else { "http" }, self.address)
    }

    /// What was asked so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no handler panics").clone()
    }

    /// The request lines so far: `GET /index.yaml`.
    pub fn lines(&self) -> Vec<String> {
        self.seen().iter().map(|seen| format!("{} {}", seen.method, seen.target)).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        // Whoever waits for a connection gets one.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(stream: impl Read + Write, handler: &Handler, seen: &Mutex<Vec<Seen>>) {
    let mut stream = BufReader::new(stream);
    if stream.fill_buf().is_ok_and(|bytes| bytes.first() == Some(&0x16)) {
        // Somebody speaks TLS to a server that does not.
        let _ = stream.get_mut().write_all(b"HTTP/1.0 400 Bad Request\r\n\r\n");
        return;
    }
    let Some(request) = read_request(&mut stream) else { return };
    seen.lock().expect("no handler panics").push(request.clone());
    let answer = handler(&request);
    let _ = write_answer(stream.get_mut(), answer, request.method == "HEAD");
}

fn read_request(stream: &mut impl BufRead) -> Option<Seen> {
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let mut parts = line.split_whitespace();
    let (method, target) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => {
                headers.push((name.to_lowercase(), value.trim().to_owned()));
            }
            None => break,
        }
    }
    let mut seen = Seen { method, target, headers, body: Vec::new() };
    let length = seen.header("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
    seen.body.resize(length, 0);
    stream.read_exact(&mut seen.body).ok()?;
    Some(seen)
}

fn write_answer(stream: &mut impl Write, answer: Answer, head: bool) -> std::io::Result<()> {
    match answer {
        Answer::Full(status, headers, body) => {
            write!(stream, "HTTP/1.1 {status} {}\r\n", reason(status))?;
            for (name, value) in headers {
                write!(stream, "{name}: {value}\r\n")?;
            }
            write!(stream, "Connection: close\r\nContent-Length: {}\r\n\r\n", body.len())?;
            stream.write_all(if head { &[] } else { &body })?;
        }
        Answer::Truncated(body) => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len() + 10)?;
            stream.write_all(&body)?;
        }
        Answer::Endless => {
            write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            let block = vec![b'x'; 1 << 20];
            while stream.write_all(&block).is_ok() {}
        }
        Answer::Late(wait, answer) => {
            std::thread::sleep(wait);
            return write_answer(stream, *answer, head);
        }
        Answer::HangUp => {}
    }
    stream.flush()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        307 => "Temporary Redirect",
        401 => "Unauthorized",
        404 => "Not Found",
        429 => "Too Many Requests",
        _ => "Internal Server Error",
    }
}
