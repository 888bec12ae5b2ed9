//! URLs as Go's `net/url` takes them apart and puts them together. Texts are bytes, as in Go.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::strconv;

/// The parts of a URL or of a reference to one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// In lower case; nothing for a reference.
    pub scheme: Vec<u8>,
    /// What follows the scheme where that is no path: `mailto:OPAQUE`.
    pub opaque: Vec<u8>,
    /// Who asks.
    pub user: Option<User>,
    /// With the port, where there is one.
    pub host: Vec<u8>,
    /// Decoded.
    pub path: Vec<u8>,
    /// The path as it was written. Go: `RawPath`, but always there.
    pub raw_path: Vec<u8>,
    /// What follows the question mark, as it was written.
    pub query: Vec<u8>,
    /// Whether there is a question mark with nothing behind it. Go: `ForceQuery`.
    pub force_query: bool,
    /// Decoded.
    pub fragment: Vec<u8>,
    /// Whether the path follows the scheme with one slash: `file:/x`.
    pub omit_host: bool,
}

/// Name and password, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct User {
    pub name: Vec<u8>,
    pub password: Option<Vec<u8>>,
}

impl Url {
    /// Go's `url.Parse`; the error is Go's, with `parse "TEXT": ` in front.
    pub fn parse(text: &[u8]) -> Result<Url, String> {
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
        url.force_query = query == Some(b"");
        url.query = query.unwrap_or_default().to_vec();
        if !rest.starts_with(b"/") {
            if !scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if first_segment_has_colon(rest) {
                return Err("first path segment in URL cannot contain colon".to_owned());
            }
        }
        if (!scheme.is_empty() || !rest.starts_with(b"///")) && rest.starts_with(b"//") {
            let end = find(&rest[2..], b'/').map_or(rest.len(), |at| at + 2);
            (url.user, url.host) = parse_authority(&url.scheme, &rest[2..end])?;
            rest = &rest[end..];
        } else {
            url.omit_host = !scheme.is_empty() && rest.starts_with(b"/");
        }
        url.raw_path = rest.to_vec();
        url.path = unescape(rest, Place::Path)?;
        Ok(url)
    }

    /// The URL as Go prints it, with `path` for its path, which must be escaped.
    pub fn print(&self, path: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend_from_slice(&self.scheme);
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.print_hierarchy(path, &mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if self.force_query || !self.query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend(escape(&self.fragment, Place::Fragment));
        }
        out
    }

    fn print_hierarchy(&self, path: &[u8], out: &mut Vec<u8>) {
        let authority = !self.host.is_empty() || self.user.is_some();
        if authority || !self.omit_host && !self.scheme.is_empty() && !path.is_empty() {
            out.extend_from_slice(b"//");
        }
        if let Some(user) = &self.user {
            out.extend(user.escaped());
            out.push(b'@');
        }
        out.extend(escape(&self.host, Place::Host));
        if !self.host.is_empty() && !path.is_empty() && path[0] != b'/' {
            out.push(b'/');
        }
        if out.is_empty() && first_segment_has_colon(path) {
            out.extend_from_slice(b"./");
        }
        out.extend_from_slice(path);
    }
}

impl User {
    /// `name:password`, as a URL has it.
    pub fn escaped(&self) -> Vec<u8> {
        let mut out = escape(&self.name, Place::User);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend(escape(password, Place::User));
        }
        out
    }
}

/// A host without its port, and without the brackets of an IPv6 address. Go: `URL.Hostname`.
pub fn hostname(host: &[u8]) -> &[u8] {
    let colon = rfind(host, b':').filter(|at| is_port(&host[*at..]));
    let host = &host[..colon.unwrap_or(host.len())];
    let inner = host.strip_prefix(b"[").and_then(|inner| inner.strip_suffix(b"]"));
    inner.unwrap_or(host)
}

/// Where in a URL a text stands: what may stand there unescaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Place {
    Path,
    Host,
    Zone,
    User,
    Fragment,
    QueryValue,
}

impl Place {
    fn takes(self, byte: u8) -> bool {
        let signs: &[u8] = match self {
            Place::Path => b"$&+,/:;=@",
            Place::Host | Place::Zone => b"!\"$&'()*+,:;<=>[]",
            Place::User => b"$&+,;=",
            Place::Fragment => b"!$&()*+,/:;=?@",
            Place::QueryValue => b"",
        };
        byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) || signs.contains(&byte)
    }
}

/// The text as it stands in that place; a space in a query is a plus sign.
pub fn escape(text: &[u8], place: Place) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        if place.takes(byte) {
            out.push(byte);
        } else if byte == b' ' && place == Place::QueryValue {
            out.push(b'+');
        } else {
            let digits = [byte >> 4, byte & 15].map(|digit| DIGITS[usize::from(digit)]);
            out.extend([b'%', digits[0], digits[1]]);
        }
    }
    out
}

/// What an escaped text says; the error is Go's.
pub fn unescape(text: &[u8], place: Place) -> Result<Vec<u8>, String> {
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

/// Whether a path is written with nothing in it that must be escaped. Go: validEncoded.
pub fn is_encoded_path(path: &[u8]) -> bool {
    path.iter().all(|byte| b"!'()*[]%".contains(byte) || Place::Path.takes(*byte))
}

fn find(text: &[u8], byte: u8) -> Option<usize> {
    text.iter().position(|&found| found == byte)
}

fn rfind(text: &[u8], byte: u8) -> Option<usize> {
    text.iter().rposition(|&found| found == byte)
}

fn cut(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match find(text, at) {
        Some(found) => (&text[..found], Some(&text[found + 1..])),
        None => (text, None),
    }
}

fn first_segment_has_colon(path: &[u8]) -> bool {
    cut(path, b'/').0.contains(&b':')
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
    let Some(at) = rfind(text, b'@') else {
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
    match rfind(host, b'[') {
        Some(0) => return parse_ip_literal(host),
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {}
    }
    if let Some(first) = find(host, b':') {
        // go: only http and https hosts may not have colons beside the port's.
        let strict = scheme == b"http" || scheme == b"https";
        let colon = if strict { first } else { rfind(host, b':').unwrap_or(first) };
        check_port(&host[colon..])?;
    }
    unescape(host, Place::Host)
}

fn parse_ip_literal(host: &[u8]) -> Result<Vec<u8>, String> {
    let close = rfind(host, b']').ok_or("missing ']' in host")?;
    let port = &host[close + 1..];
    check_port(port)?;
    let address = &host[1..close];
    let unescaped = match address.windows(3).position(|three| three == b"%25") {
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

fn hex_byte(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    Some((digit(0)? << 4 | digit(1)?) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let printed = |url: Url| {
            let path = escape(&url.path, Place::Path);
            String::from_utf8(url.print(&path)).expect("it is escaped")
        };
        assert_eq!(Url::parse(text.as_bytes()).map_or_else(|error| error, printed), expected);
    }

    #[test]
    fn urls_are_printed_as_go_prints_them() {
        check("HTTPS://u:p%20w@h:80/a%20b?q=1#f", "https://u:p%20w@h:80/a%20b?q=1#f");
        check("mailto:a@b", "mailto:a@b");
        check("file:/x", "file:/x");
        check("file:///x", "file:///x");
        check("http://h?", "http://h?");
        check("./a:b", "./a:b");
        check("http://[fe80::1%25en0]:80/", "http://[fe80::1%25en0]:80/");
    }

    #[test]
    fn errors_are_those_of_go() {
        check(":foo", r#"parse ":foo": missing protocol scheme"#);
        check("1:b", r#"parse "1:b": first path segment in URL cannot contain colon"#);
        check("http://a b/", r#"parse "http://a b/": invalid character " " in host name"#);
        check("/%zz#f", r#"parse "/%zz": invalid URL escape "%zz""#);
        check("http://h:x/", r#"parse "http://h:x/": invalid port ":x" after host"#);
        check("http://[::1", r#"parse "http://[::1": missing ']' in host"#);
        check("a\n", r#"parse "a\n": net/url: invalid control character in URL"#);
    }
}
