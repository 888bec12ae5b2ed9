//! URLs as Go's `net/url` takes them apart, joins and prints them: texts with a URL in them are
//! Helm's, and what a server is asked for must be what Helm asks for.

use std::fmt;

use plimsoll::source::go_path;
use plimsoll::source::go_url::{self, Place, User};

/// A URL or a reference to one, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Url {
    /// Lower case; nothing for a reference.
    pub(crate) scheme: String,
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
    force_query: bool,
    fragment: String,
    omit_host: bool,
}

impl Url {
    /// Takes a text apart; the error is Go's.
    pub(crate) fn parse(text: &str) -> Result<Url, String> {
        let url = go_url::Url::parse(text.as_bytes())?;
        let path = lossy(url.path);
        let escaped_path = if go_url::is_encoded_path(&url.raw_path) {
            lossy(url.raw_path)
        } else {
            escape(&path, Place::Path)
        };
        Ok(Url {
            scheme: lossy(url.scheme),
            opaque: lossy(url.opaque),
            user: url.user.map(|user| (lossy(user.name), user.password.map(lossy))),
            host: lossy(url.host),
            path,
            escaped_path,
            query: lossy(url.query),
            force_query: url.force_query,
            fragment: lossy(url.fragment),
            omit_host: url.omit_host,
        })
    }

    fn parts(&self) -> go_url::Url {
        let bytes = |text: &String| text.as_bytes().to_vec();
        let user = self.user.as_ref().map(|(name, password)| User {
            name: bytes(name),
            password: password.as_ref().map(bytes),
        });
        go_url::Url {
            scheme: bytes(&self.scheme),
            opaque: bytes(&self.opaque),
            user,
            host: bytes(&self.host),
            path: bytes(&self.path),
            raw_path: bytes(&self.escaped_path),
            query: bytes(&self.query),
            force_query: self.force_query,
            fragment: bytes(&self.fragment),
            omit_host: self.omit_host,
        }
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
        self.escaped_path = escape(path, Place::Path);
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
        let host = go_url::hostname(self.host.as_bytes());
        std::str::from_utf8(host).expect("it is cut at ASCII signs")
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
        if reference.path.is_empty() && reference.query.is_empty() && !reference.force_query {
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
        self.path = go_url::unescape(escaped.as_bytes(), Place::Path)
            .map_or_else(|_| escaped.to_owned(), lossy);
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
        f.write_str(&lossy(self.parts().print(self.escaped_path.as_bytes())))
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
    let joined = go_path::join(&[url.path(), path]);
    url.set_path(&joined);
    Ok(url.to_string())
}

/// Whether two URLs are the same but for slashes. helm: urlutil.go `Equal`.
pub(crate) fn equal(a: &str, b: &str) -> bool {
    match (Url::parse(a), Url::parse(b)) {
        (Err(_), _) => go_path::clean(a) == go_path::clean(b),
        (Ok(_), Err(_)) => false,
        (Ok(mut a), Ok(mut b)) => {
            for url in [&mut a, &mut b] {
                let path = if url.path.is_empty() { "/" } else { &url.path };
                let cleaned = go_path::clean(path);
                if cleaned != url.path {
                    url.set_path(&cleaned);
                }
            }
            a.to_string() == b.to_string()
        }
    }
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

/// A value of a query. Go's `url.QueryEscape`.
pub(crate) fn query_escape(text: &str) -> String {
    escape(text, Place::QueryValue)
}

fn escape(text: &str, place: Place) -> String {
    lossy(go_url::escape(text.as_bytes(), place))
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|wrong| String::from_utf8_lossy(wrong.as_bytes()).into_owned())
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
