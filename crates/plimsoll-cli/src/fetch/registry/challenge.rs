//! `WWW-Authenticate`: how a registry wants to be told who asks.

use std::net::IpAddr;

use crate::fetch::{Url, quote};

/// What a registry asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// Name and password.
    Basic,
    /// A token from another server.
    Bearer { realm: String, service: String, scope: String },
    /// Something that nobody here speaks.
    Unknown,
}

/// Reads the header.
pub(super) fn parse(header: &str) -> Challenge {
    let (scheme, rest) = token(header);
    if scheme.eq_ignore_ascii_case("basic") {
        return Challenge::Basic;
    }
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Challenge::Unknown;
    }
    let (mut realm, mut service, mut scope) = (String::new(), String::new(), String::new());
    let mut rest = rest.trim_start();
    while let Some((key, value, after)) = parameter(rest) {
        match key {
            "realm" => realm = value,
            "service" => service = value,
            "scope" => scope = value,
            _ => {}
        }
        match after.trim_start().strip_prefix(',') {
            Some(next) => rest = next.trim_start(),
            None => break,
        }
    }
    Challenge::Bearer { realm, service, scope }
}

fn token(text: &str) -> (&str, &str) {
    let inside = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let end = text.find(|c| !inside(c)).unwrap_or(text.len());
    text.split_at(end)
}

/// `key=value` or `key="value"`, and what follows.
fn parameter(text: &str) -> Option<(&str, String, &str)> {
    let (key, rest) = token(text);
    if key.is_empty() {
        return None;
    }
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let Some(quoted) = rest.strip_prefix('"') else {
        let (value, rest) = token(rest);
        return (!value.is_empty()).then(|| (key, value.to_owned(), rest));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((key, value, &quoted[at + 1..])),
            '\\' => value.push(chars.next()?.1),
            c => value.push(c),
        }
    }
    None
}

/// Whether credentials may be sent to the server that gives tokens. oras: validateRealm, which
/// knows of registries that name a server of somebody else's network.
pub(super) fn check_realm(realm: &str, registry: &Url) -> Result<Url, String> {
    let url = Url::parse(realm)
        .map_err(|why| format!("failed to parse bearer realm {}: {why}", quote(realm)))?;
    match url.scheme.as_str() {
        "https" => {}
        "http" if registry.scheme != "https" => {}
        "http" => {
            let why = "uses http but registry was contacted over https";
            return Err(format!("bearer realm {} {why}", quote(realm)));
        }
        scheme => {
            let scheme = quote(scheme);
            return Err(format!("bearer realm {} uses unsupported scheme {scheme}", quote(realm)));
        }
    }
    let host = url.hostname();
    if is_inside(host) && host != registry.hostname() {
        let why = "is a loopback, link-local, private, or unspecified address";
        return Err(format!("bearer realm host {} {why}", quote(host)));
    }
    Ok(url)
}

/// An address that only a private network has.
fn is_inside(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            address.is_loopback()
                || address.is_link_local()
                || address.is_private()
                || address.is_unspecified()
                || address.octets()[..3] == [224, 0, 0]
        }
        Ok(IpAddr::V6(address)) => {
            let first = address.segments()[0];
            let mapped = address.to_ipv4_mapped();
            address.is_loopback()
                || address.is_unspecified()
                || first & 0xffc0 == 0xfe80
                || first & 0xfe00 == 0xfc00
                || first & 0xff0f == 0xff02
                || mapped.is_some_and(|address| is_inside(&address.to_string()))
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_read() {
        assert_eq!(parse("Basic realm=\"x\""), Challenge::Basic);
        assert_eq!(parse("Digest x"), Challenge::Unknown);
        let bearer =
            "bearer realm=\"https://a/t?x=1\", service = s,scope=\"repository:a:pull\",e=\"\\\"\"";
        let expected = Challenge::Bearer {
            realm: "https://a/t?x=1".into(),
            service: "s".into(),
            scope: "repository:a:pull".into(),
        };
        assert_eq!(parse(bearer), expected);
        assert_eq!(
            parse("Bearer"),
            Challenge::Bearer {
                realm: String::new(),
                service: String::new(),
                scope: String::new()
            }
        );
    }

    #[test]
    fn tokens_are_not_asked_for_inside_another_network() {
        let check = |realm: &str, registry: &str, allowed: bool| {
            let registry = Url::parse(registry).expect("it is a URL");
            assert_eq!(check_realm(realm, &registry).is_ok(), allowed, "{realm}");
        };
        check("https://auth.docker.io/token", "https://registry-1.docker.io/", true);
        check("http://a/token", "https://a/", false);
        check("http://a/token", "http://b/", true);
        check("https://169.254.169.254/x", "https://a/", false);
        check("https://[::ffff:10.0.0.1]/x", "https://a/", false);
        check("http://127.0.0.1:2/x", "http://127.0.0.1:1/", true);
        check("file:///x", "http://a/", false);
    }
}
