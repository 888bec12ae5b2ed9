//! `urlParse` and `urlJoin`: URLs as Go's `net/url` takes them apart and puts them together.

use std::net::{Ipv4Addr, Ipv6Addr};

use memchr::{memchr, memrchr};
use plimsoll_gotmpl::{CallError, Function, Map, Text, Value, function};
use plimsoll_source::strconv;

pub(crate) const URL: &[Function] =
    &[function!("urlParse", url_parse), function!("urlJoin", url_join)];

/// `urlParse "http://host/p"` → a map of its parts.
pub fn url_parse(text: Text) -> Result<Map, CallError> {
    let url = Url::parse(&text).map_err(|error| format!("unable to parse url: {error}"))?;
    let hostname = hostname(&url.host).to_vec();
    let userinfo = url.user.map(|user| user.escaped()).unwrap_or_default();
    let parts = [
        ("scheme", url.scheme),
        ("host", url.host),
        ("hostname", hostname),
        ("path", url.path),
        ("query", url.query),
        ("opaque", url.opaque),
        ("fragment", url.fragment),
        ("userinfo", userinfo),
    ];
    Ok(Map::from_entries(parts.map(|(key, part)| (key.into(), Value::text(part))).to_vec()))
}

/// `urlJoin (dict "scheme" "http" "host" "h")` → `http://h`
fn url_join(parts: Map) -> Result<Text, CallError> {
    let part = |key: &str| part(&parts, key);
    let mut url = Url {
        scheme: part("scheme")?,
        host: part("host")?,
        path: part("path")?,
        query: part("query")?,
        opaque: part("opaque")?,
        fragment: part("fragment")?,
        user: None,
    };
    let userinfo = part("userinfo")?;
    if !userinfo.is_empty() {
        let text = [b"proto://", userinfo.as_slice(), b"@host"].concat();
        let parsed = Url::parse(&text);
        url.user =
            parsed.map_err(|error| format!("unable to parse userinfo in dict: {error}"))?.user;
    }
    Ok(url.into_text().into())
}

fn part(parts: &Map, key: &str) -> Result<Vec<u8>, CallError> {
    match parts.get(key.as_bytes()) {
        None => Ok(Vec::new()),
        Some(Value::Text(_, text)) => Ok(text.to_vec()),
        Some(Value::Nil) => Err(crate::lists::NIL_POINTER.into()),
        Some(other) => Err(CallError::Message(format!(
            "unable to parse {key} key, must be of type string, but {} found",
            other.kind().name()
        ))),
    }
}

#[derive(Default)]
struct Url {
    scheme: Vec<u8>,
    opaque: Vec<u8>,
    user: Option<User>,
    host: Vec<u8>,
    path: Vec<u8>,
    query: Vec<u8>,
    fragment: Vec<u8>,
}

struct User {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

impl Url {
    fn parse(text: &[u8]) -> Result<Url, String> {
        let named = |text: &[u8], error| format!("parse {}: {error}", strconv::quote(text));
        let (rest, fragment) = cut(text, b'#');
        let mut url = Url::parse_rest(rest).map_err(|error| named(rest, error))?;
        let fragment = fragment.unwrap_or_default();
        url.fragment = unescape(fragment, Place::Fragment).map_err(|error| named(text, error))?;
        Ok(url)
    }

    fn parse_rest(text: &[u8]) -> Result<Url, String> {
        if text.iter().any(|byte| *byte < b' ' || *byte == 0x7f) {
            return Err("net/url: invalid control character in URL".to_owned());
        }
        let mut url = Url::default();
        let (scheme, rest) = split_scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (mut rest, query) = cut(rest, b'?');
        url.query = query.unwrap_or_default().to_vec();
        if !rest.starts_with(b"/") {
            if !scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if memchr(b':', cut(rest, b'/').0).is_some() {
                return Err("first path segment in URL cannot contain colon".to_owned());
            }
        }
        if (!scheme.is_empty() || !rest.starts_with(b"///")) && rest.starts_with(b"//") {
            let end = memchr(b'/', &rest[2..]).map_or(rest.len(), |at| at + 2);
            (url.user, url.host) = parse_authority(&url.scheme, &rest[2..end])?;
            rest = &rest[end..];
        }
        url.path = unescape(rest, Place::Path)?;
        Ok(url)
    }

    fn into_text(self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend_from_slice(&self.scheme);
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.push_hierarchy(&mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if !self.query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend(escape(&self.fragment, Place::Fragment));
        }
        out
    }

    fn push_hierarchy(&self, out: &mut Vec<u8>) {
        let authority = !self.host.is_empty() || self.user.is_some();
        if authority || !self.scheme.is_empty() && !self.path.is_empty() {
            out.extend_from_slice(b"//");
        }
        if let Some(user) = &self.user {
            out.extend(user.escaped());
            out.push(b'@');
        }
        out.extend(escape(&self.host, Place::Host));
        if !self.host.is_empty() && !self.path.is_empty() && self.path[0] != b'/' {
            out.push(b'/');
        }
        let path = if self.path == b"*" { b"*".to_vec() } else { escape(&self.path, Place::Path) };
        if out.is_empty() && memchr(b':', cut(&path, b'/').0).is_some() {
            out.extend_from_slice(b"./");
        }
        out.extend(path);
    }
}

impl User {
    fn escaped(&self) -> Vec<u8> {
        let mut out = escape(&self.name, Place::User);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend(escape(password, Place::User));
        }
        out
    }
}

fn cut(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match memchr(at, text) {
        Some(found) => (&text[..found], Some(&text[found + 1..])),
        None => (text, None),
    }
}

fn split_scheme(text: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Ok((b"", text))
}

fn parse_authority(scheme: &[u8], text: &[u8]) -> Result<(Option<User>, Vec<u8>), String> {
    let Some(at) = memrchr(b'@', text) else {
        return Ok((None, parse_host(scheme, text)?));
    };
    let host = parse_host(scheme, &text[at + 1..])?;
    let userinfo = &text[..at];
    let valid = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
    if !userinfo.iter().all(valid) {
        return Err("net/url: invalid userinfo".to_owned());
    }
    let (name, password) = cut(userinfo, b':');
    let name = unescape(name, Place::User)?;
    let password = password.map(|password| unescape(password, Place::User)).transpose()?;
    Ok((Some(User { name, password }), host))
}

fn parse_host(scheme: &[u8], host: &[u8]) -> Result<Vec<u8>, String> {
    match memrchr(b'[', host) {
        Some(0) => return parse_ip_literal(host),
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {}
    }
    if let Some(first) = memchr(b':', host) {
        // go: only http and https hosts may not have colons beside the port's.
        let strict = scheme == b"http" || scheme == b"https";
        let colon = if strict { first } else { memrchr(b':', host).unwrap_or(first) };
        check_port(&host[colon..])?;
    }
    unescape(host, Place::Host)
}

fn parse_ip_literal(host: &[u8]) -> Result<Vec<u8>, String> {
    let close = memrchr(b']', host).ok_or("missing ']' in host")?;
    let port = &host[close + 1..];
    check_port(port)?;
    let address = &host[1..close];
    let unescaped = match memchr::memmem::find(address, b"%25") {
        Some(at) => {
            let zone = unescape(&address[at..], Place::Zone);
            [unescape(&address[..at], Place::Host)?, zone?].concat()
        }
        None => unescape(address, Place::Host)?,
    };
    check_ipv6(&unescaped)?;
    Ok([b"[", unescaped.as_slice(), b"]", port].concat())
}

/// go: netip.ParseAddr, with the most general of its errors for most.
fn check_ipv6(text: &[u8]) -> Result<(), String> {
    let invalid =
        |reason: &str| Err(format!("invalid host: ParseAddr({}): {reason}", strconv::quote(text)));
    let (address, zone) = cut(text, b'%');
    let Ok(address) = std::str::from_utf8(address) else { return invalid("unable to parse IP") };
    if zone.is_none() && address.parse::<Ipv4Addr>().is_ok() {
        return Err("invalid IP-literal".to_owned());
    }
    match zone {
        Some(_) if !address.contains(['.', ':']) => invalid("missing IPv6 address"),
        Some(b"") => invalid("zone must be a non-empty string"),
        _ if address.parse::<Ipv6Addr>().is_err() => invalid("unable to parse IP"),
        _ => Ok(()),
    }
}

fn check_port(text: &[u8]) -> Result<(), String> {
    if is_port(text) {
        return Ok(());
    }
    Err(format!("invalid port {} after host", strconv::quote(text)))
}

/// Nothing, or a colon and digits.
fn is_port(text: &[u8]) -> bool {
    text.split_first()
        .is_none_or(|(colon, digits)| *colon == b':' && digits.iter().all(u8::is_ascii_digit))
}

fn hostname(host: &[u8]) -> &[u8] {
    let colon = memrchr(b':', host).filter(|at| is_port(&host[*at..]));
    let host = &host[..colon.unwrap_or(host.len())];
    let inner = host.strip_prefix(b"[").and_then(|inner| inner.strip_suffix(b"]"));
    inner.unwrap_or(host)
}

/// Where in a URL a text stands: what may stand there unescaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Path,
    Host,
    Zone,
    User,
    Fragment,
}

impl Place {
    fn takes(self, byte: u8) -> bool {
        let signs: &[u8] = match self {
            Place::Path => b"$&+,/:;=@",
            Place::Host | Place::Zone => b"!\"$&'()*+,:;<=>[]",
            Place::User => b"$&+,;=",
            Place::Fragment => b"!$&()*+,/:;=?@",
        };
        byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) || signs.contains(&byte)
    }
}

fn escape(text: &[u8], place: Place) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        if place.takes(*byte) {
            out.push(*byte);
        } else {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
    out
}

fn unescape(text: &[u8], place: Place) -> Result<Vec<u8>, String> {
    let invalid = |bad: &[u8]| Err(format!("invalid URL escape {}", strconv::quote(bad)));
    let host = matches!(place, Place::Host | Place::Zone);
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        if *first != b'%' {
            if host && first.is_ascii() && !place.takes(*first) {
                let quoted = strconv::quote(&[*first]);
                return Err(format!("invalid character {quoted} in host name"));
            }
            out.push(*first);
            rest = tail;
            continue;
        }
        let Some(byte) = hex_byte(tail) else { return invalid(&rest[..rest.len().min(3)]) };
        let percent = &rest[..3] == b"%25";
        // go: a host escapes only what is not ASCII, its zone only what a host may hold.
        let refused = match place {
            Place::Host => byte < 0x80,
            Place::Zone => byte != b' ' && !Place::Host.takes(byte),
            _ => false,
        };
        if refused && !percent {
            return invalid(&rest[..3]);
        }
        out.push(byte);
        rest = &rest[3..];
    }
    Ok(out)
}

fn hex_byte(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    Some((digit(0)? << 4 | digit(1)?) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strval::strval;

    fn check(url: &str, want: &str) {
        let got = match url_parse(url.into()) {
            Ok(parts) => strval(&parts.into()).text.to_str_lossy().into_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(got, want);
    }

    fn joined(parts: &[(&str, &str)]) -> String {
        let entry = |(key, part): &(&str, &str)| ((*key).into(), Value::from(*part));
        let map = Map::from_entries(parts.iter().map(entry).collect());
        url_join(map).unwrap().to_str_lossy().into_owned()
    }

    #[test]
    fn urls_come_apart() {
        check(
            "HTTPS://u:p%20w@h:80/a%20b?q=1#f",
            "map[fragment:f host:h:80 hostname:h opaque: path:/a b query:q=1 scheme:https userinfo:u:p%20w]",
        );
        check(
            "mailto:a@b",
            "map[fragment: host: hostname: opaque:a@b path: query: scheme:mailto userinfo:]",
        );
    }

    #[test]
    fn errors_are_those_of_go() {
        check(":foo", r#"unable to parse url: parse ":foo": missing protocol scheme"#);
        check(
            "http://a b/",
            r#"unable to parse url: parse "http://a b/": invalid character " " in host name"#,
        );
        check("/%zz#f", r#"unable to parse url: parse "/%zz": invalid URL escape "%zz""#);
        check(
            "a:1/b:c",
            "map[fragment: host: hostname: opaque:1/b:c path: query: scheme:a userinfo:]",
        );
        check(
            "http://h:x/",
            r#"unable to parse url: parse "http://h:x/": invalid port ":x" after host"#,
        );
    }

    #[test]
    fn urls_are_put_together() {
        assert_eq!(joined(&[("scheme", "http"), ("host", "h"), ("path", "a b")]), "http://h/a%20b");
        assert_eq!(joined(&[("path", "a:b")]), "./a:b");
        assert_eq!(joined(&[("host", "h"), ("userinfo", "u:p")]), "//u:p@h");
        assert_eq!(joined(&[("scheme", "a"), ("opaque", "x"), ("fragment", "f f")]), "a:x#f%20f");
    }
}
