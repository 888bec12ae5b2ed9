//! URLs as Go's `net/url` takes them apart, joins and prints them: texts with a URL in them are
//! Helm's, and what a server is asked for must be what Helm asks for.

use std::fmt;

/// A URL or a reference to one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Url {
    /// Lower case; nothing for a reference.
    pub(crate) scheme: String,
    /// What follows the scheme where that is no path: `mailto:OPAQUE`.
    opaque: String,
    /// Name and password, decoded.
    pub(crate) user: Option<(String, Option<String>)>,
    /// With the port, where there is one.
    pub(crate) host: String,
    /// Decoded.
    path: String,
    /// As it was written, where that is a valid way to write it.
    escaped_path: String,
    pub(crate) query: String,
    has_empty_query: bool,
    fragment: String,
    omits_host: bool,
}

impl Url {
    /// Takes a text apart; the error is Go's.
    pub(crate) fn parse(text: &str) -> Result<Url, String> {
        let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
        let named = |text: &str, why: String| format!("parse {}: {why}", super::quote(text));
        let mut url = Url::parse_rest(rest).map_err(|why| named(rest, why))?;
        url.fragment = unescape(fragment).map_err(|why| named(text, why))?;
        Ok(url)
    }

    fn parse_rest(text: &str) -> Result<Url, String> {
        if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
            return Err("net/url: invalid control character in URL".to_owned());
        }
        let mut url = Url::default();
        let (scheme, rest) = split_scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (mut rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        query.clone_into(&mut url.query);
        url.has_empty_query = text.ends_with('?') && query.is_empty();
        if !rest.starts_with('/') {
            if !scheme.is_empty() {
                rest.clone_into(&mut url.opaque);
                return Ok(url);
            }
            if rest.split('/').next().is_some_and(|first| first.contains(':')) {
                return Err("first path segment in URL cannot contain colon".to_owned());
            }
        }
        if rest.starts_with("//") && (!scheme.is_empty() || !rest.starts_with("///")) {
            let end = rest[2..].find('/').map_or(rest.len(), |at| at + 2);
            url.set_authority(&rest[2..end])?;
            rest = &rest[end..];
        } else {
            url.omits_host = !scheme.is_empty() && rest.starts_with('/');
        }
        url.path = unescape(rest)?;
        url.escaped_path = if is_encoded(rest) { rest.to_owned() } else { escape(&url.path, PATH) };
        Ok(url)
    }

    fn set_authority(&mut self, text: &str) -> Result<(), String> {
        let (user, host) = match text.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, text),
        };
        self.host = parse_host(host)?;
        let Some(user) = user else { return Ok(()) };
        let valid =
            |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
        if !user.bytes().all(valid) {
            return Err("net/url: invalid userinfo".to_owned());
        }
        self.user = Some(match user.split_once(':') {
            Some((name, password)) => (unescape(name)?, Some(unescape(password)?)),
            None => (unescape(user)?, None),
        });
        Ok(())
    }

    /// Whether there is a scheme.
    pub(crate) fn is_absolute(&self) -> bool {
        !self.scheme.is_empty()
    }

    /// The path, decoded.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Sets the path from its decoded form.
    pub(crate) fn set_path(&mut self, path: &str) {
        path.clone_into(&mut self.path);
        self.escaped_path = escape(path, PATH);
    }

    /// Ends the path in exactly one slash.
    pub(crate) fn end_in_slash(&mut self) {
        for path in [&mut self.path, &mut self.escaped_path] {
            let kept = path.strip_suffix('/').unwrap_or(path).len();
            path.truncate(kept);
            path.push('/');
        }
    }

    /// What a request line asks for.
    pub(crate) fn request_target(&self) -> String {
        let path = if self.escaped_path.is_empty() { "/" } else { &self.escaped_path };
        if self.query.is_empty() { path.to_owned() } else { format!("{path}?{}", self.query) }
    }

    /// The host without its port, and without the brackets of an IPv6 address.
    pub(crate) fn hostname(&self) -> &str {
        let host = match self.host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => &self.host,
        };
        host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
    }

    /// The port, or the scheme's own.
    pub(crate) fn port(&self) -> u16 {
        let given = self.host.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        given.unwrap_or(match self.scheme.as_str() {
            "https" => 443,
            "socks5" | "socks5h" => 1080,
            _ => 80,
        })
    }

    /// Whether two URLs have the same scheme, host and port, default ports included.
    pub(crate) fn same_origin(&self, other: &Url) -> bool {
        self.scheme == other.scheme
            && self.hostname().eq_ignore_ascii_case(other.hostname())
            && self.port() == other.port()
    }

    /// A reference that was found in this document, as an absolute URL.
    pub(crate) fn resolve(&self, reference: &Url) -> Url {
        let mut url = reference.clone();
        if url.scheme.is_empty() {
            self.scheme.clone_into(&mut url.scheme);
        }
        if reference.is_absolute() || !reference.host.is_empty() || reference.user.is_some() {
            url.set_escaped(&resolve_path(&reference.escaped_path, ""));
            return url;
        }
        if !reference.opaque.is_empty() {
            return url;
        }
        if reference.path.is_empty() && reference.query.is_empty() && !reference.has_empty_query {
            self.query.clone_into(&mut url.query);
            if reference.fragment.is_empty() {
                self.fragment.clone_into(&mut url.fragment);
            }
        }
        self.host.clone_into(&mut url.host);
        url.user.clone_from(&self.user);
        url.set_escaped(&resolve_path(&self.escaped_path, &reference.escaped_path));
        url
    }

    fn set_escaped(&mut self, escaped: &str) {
        self.path = unescape(escaped).unwrap_or_else(|_| escaped.to_owned());
        escaped.clone_into(&mut self.escaped_path);
    }

    /// The URL with `***` for a password, as Go shows it in errors.
    pub(crate) fn without_password(&self) -> String {
        match &self.user {
            // Go puts the stars in as they are.
            Some((name, Some(_))) => {
                let user = Some((name.clone(), Some("***".to_owned())));
                Url { user, ..self.clone() }.to_string().replacen("%2A%2A%2A", "***", 1)
            }
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.scheme.is_empty() {
            write!(f, "{}:", self.scheme)?;
        }
        if self.opaque.is_empty() {
            let authority = !self.host.is_empty() || self.user.is_some();
            let empty = !self.omits_host && !self.scheme.is_empty() && !self.path.is_empty();
            if authority || empty {
                f.write_str("//")?;
            }
            if let Some((name, password)) = &self.user {
                f.write_str(&escape(name, USER))?;
                if let Some(password) = password {
                    write!(f, ":{}", escape(password, USER))?;
                }
                f.write_str("@")?;
            }
            f.write_str(&escape(&self.host, HOST))?;
            let path = &self.escaped_path;
            if !path.is_empty() && !path.starts_with('/') && !self.host.is_empty() {
                f.write_str("/")?;
            }
            let bare = self.scheme.is_empty() && !authority;
            if bare && path.split('/').next().is_some_and(|first| first.contains(':')) {
                f.write_str("./")?;
            }
            f.write_str(path)?;
        } else {
            f.write_str(&self.opaque)?;
        }
        if self.has_empty_query || !self.query.is_empty() {
            write!(f, "?{}", self.query)?;
        }
        if !self.fragment.is_empty() {
            write!(f, "#{}", escape(&self.fragment, FRAGMENT))?;
        }
        Ok(())
    }
}

/// A reference against a repository's URL, which counts as a folder and gives its own query.
/// helm: repo/v1/chartrepo.go `ResolveReferenceURL`.
pub(crate) fn resolve_reference(base: &str, reference: &str) -> Result<String, String> {
    let failed = |text: &str, why: String| format!("failed to parse {text} as URL: {why}");
    let parsed = Url::parse(reference).map_err(|why| failed(reference, why))?;
    if parsed.is_absolute() {
        return Ok(reference.to_owned());
    }
    let mut folder = Url::parse(base).map_err(|why| failed(base, why))?;
    folder.end_in_slash();
    let mut resolved = folder.resolve(&parsed);
    folder.query.clone_into(&mut resolved.query);
    Ok(resolved.to_string())
}

/// A path under a base URL. helm: urlutil.go `URLJoin`.
pub(crate) fn join(base: &str, path: &str) -> Result<String, String> {
    let mut url = Url::parse(base)?;
    let joined = plimsoll::source::go_path::join(&[url.path(), path]);
    url.set_path(&joined);
    Ok(url.to_string())
}

/// Whether two URLs are the same but for slashes. helm: urlutil.go `Equal`.
pub(crate) fn equal(a: &str, b: &str) -> bool {
    match (Url::parse(a), Url::parse(b)) {
        (Err(_), _) => plimsoll::source::go_path::clean(a) == plimsoll::source::go_path::clean(b),
        (Ok(_), Err(_)) => false,
        (Ok(mut a), Ok(mut b)) => {
            for url in [&mut a, &mut b] {
                let path = if url.path.is_empty() { "/" } else { &url.path };
                let cleaned = plimsoll::source::go_path::clean(path);
                if cleaned != url.path {
                    url.set_path(&cleaned);
                }
            }
            a.to_string() == b.to_string()
        }
    }
}

fn split_scheme(text: &str) -> Result<(&str, &str), String> {
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Ok(("", text))
}

fn parse_host(host: &str) -> Result<String, String> {
    let port = if host.starts_with('[') {
        let close = host.rfind(']').ok_or("missing ']' in host")?;
        &host[close + 1..]
    } else {
        host.find(':').map_or("", |at| &host[at..])
    };
    let digits = port.strip_prefix(':').unwrap_or(port);
    if !port.is_empty()
        && (!port.starts_with(':') || !digits.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Err(format!("invalid port {} after host", super::quote(port)));
    }
    let wrong = |c: &char| c.is_ascii() && !takes(HOST, *c as u8) && *c != '%';
    if let Some(wrong) = host.chars().find(wrong) {
        let quoted = super::quote(&wrong.to_string());
        return Err(format!("invalid character {quoted} in host name"));
    }
    unescape(host)
}

/// Go: url.go resolvePath: dots are taken out, and the path starts with a slash.
fn resolve_path(base: &str, reference: &str) -> String {
    let full = if reference.is_empty() {
        base.to_owned()
    } else if reference.starts_with('/') {
        reference.to_owned()
    } else {
        format!("{}{reference}", &base[..base.rfind('/').map_or(0, |at| at + 1)])
    };
    if full.is_empty() {
        return full;
    }
    let mut parts: Vec<&str> = Vec::new();
    let mut last = "";
    for part in full.strip_prefix('/').unwrap_or(&full).split('/') {
        last = part;
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let slash = if matches!(last, "." | "..") && !parts.is_empty() { "/" } else { "" };
    format!("/{}{slash}", parts.join("/"))
}

/// The signs that need no escape in each part of a URL.
const PATH: &[u8] = b"$&+,/:;=@";
const HOST: &[u8] = b"!\"$&'()*+,:;<=>[]";
const USER: &[u8] = b"$&+,;=";
const FRAGMENT: &[u8] = b"!$&()*+,/:;=?@";

fn takes(signs: &[u8], byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) || signs.contains(&byte)
}

fn escape(text: &str, signs: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if takes(signs, byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A value of a query. Go's `url.QueryEscape`.
pub(crate) fn query_escape(text: &str) -> String {
    escape(text, b" ").replace(' ', "+")
}

/// Whether a path is written with nothing in it that must be escaped. Go: validEncoded.
fn is_encoded(path: &str) -> bool {
    path.bytes().all(|byte| takes(b"!$&'()*+,;=:@[]/%", byte))
}

fn unescape(text: &str) -> Result<String, String> {
    if !text.contains('%') {
        return Ok(text.to_owned());
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'%' {
            out.push(bytes[at]);
            at += 1;
            continue;
        }
        let digit = |at: usize| bytes.get(at).and_then(|byte| (*byte as char).to_digit(16));
        let (Some(high), Some(low)) = (digit(at + 1), digit(at + 2)) else {
            let end = (at + 3).min(bytes.len());
            let wrong = String::from_utf8_lossy(&bytes[at..end]);
            return Err(format!("invalid URL escape {}", super::quote(&wrong)));
        };
        out.push((high << 4 | low) as u8);
        at += 3;
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let got = Url::parse(text).map_or_else(|error| error, |url| url.to_string());
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn urls_are_printed_as_go_prints_them() {
        check("HTTPS://u:p%20w@h:80/a%2Fb c?q#f", "https://u:p%20w@h:80/a/b%20c?q#f");
        check("oci://h/a:1", "oci://h/a:1");
        check("a/b", "a/b");
        check("file:///x", "file:///x");
        check("mailto:a@b", "mailto:a@b");
        check("http://h?", "http://h?");
    }

    #[test]
    fn errors_are_gos() {
        check(":x", "parse \":x\": missing protocol scheme");
        check("a:b/c", "a:b/c");
        check("1:b", "parse \"1:b\": first path segment in URL cannot contain colon");
        check("http://a b/", "parse \"http://a b/\": invalid character \" \" in host name");
        check("http://h:x/", "parse \"http://h:x/\": invalid port \":x\" after host");
        check("/%zz", "parse \"/%zz\": invalid URL escape \"%zz\"");
        check("a\n", "parse \"a\\n\": net/url: invalid control character in URL");
    }

    #[test]
    fn references_are_resolved_against_a_folder() {
        let check = |base: &str, reference: &str, expected: &str| {
            assert_eq!(resolve_reference(base, reference).as_deref(), Ok(expected));
        };
        check("http://h/c", "index.yaml", "http://h/c/index.yaml");
        check("http://h/c/?t=1", "a+b.tgz", "http://h/c/a+b.tgz?t=1");
        check("http://h/c", "/d/e.tgz", "http://h/d/e.tgz");
        check("http://h/c", "../e%2Bf.tgz", "http://h/e%2Bf.tgz");
        check("http://h/c", "https://o/x y", "https://o/x y");
        check("http://h", "//o/x", "http://o/x");
    }

    #[test]
    fn slashes_do_not_make_urls_differ() {
        assert!(equal("http://h", "http://h/") && equal("http://h/a/", "http://h/a"));
        assert!(!equal("http://h/a", "http://h/b"));
        assert_eq!(join("http://h/c", "a.tgz").as_deref(), Ok("http://h/c/a.tgz"));
        assert_eq!(join("", "a.tgz").as_deref(), Ok("a.tgz"));
    }

    #[test]
    fn passwords_are_not_shown() {
        let url = Url::parse("http://u:secret@h/x").expect("it is a URL");
        assert_eq!(url.without_password(), "http://u:***@h/x");
        assert_eq!((url.hostname(), url.port()), ("h", 80));
    }
}
