//! Addresses, networks and URLs.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

use super::eval::Run;
use super::fault::Fault;
use super::value::Value;

/// The parts of a URL.
#[derive(Debug)]
pub(crate) struct Url {
    pub(super) text: String,
    scheme: String,
    host: String,
    path: String,
    query: String,
}

impl Url {
    /// go: `url.ParseRequestURI`: an absolute address or an absolute path.
    fn read(text: &str) -> Option<Url> {
        if !crate::crd::is_uri(text) {
            return None;
        }
        let (rest, query) = text.split_once('?').unwrap_or((text, ""));
        let (scheme, rest) = match rest.split_once(':') {
            Some((scheme, rest)) if !rest.is_empty() && !scheme.contains('/') => (scheme, rest),
            _ => ("", rest),
        };
        let (host, path) = match rest.strip_prefix("//") {
            Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
            None => ("", rest),
        };
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        if host.contains([' ', '"', '<', '>']) {
            return None;
        }
        Some(Url {
            text: text.to_owned(),
            scheme: scheme.to_lowercase(),
            host: host.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
        })
    }

    fn port(&self) -> Option<(&str, &str)> {
        let end = self.host.rfind(']').map_or(0, |end| end + 1);
        let colon = self.host[end..].rfind(':')? + end;
        Some((&self.host[..colon], &self.host[colon + 1..]))
    }

    fn hostname(&self) -> &str {
        let host = self.port().map_or(&*self.host, |(host, _)| host);
        host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
    }

    fn query<'a>(&self) -> Value<'a> {
        let mut known: Vec<(String, Vec<Value<'a>>)> = Vec::new();
        for pair in self.query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (key, value) = (unescaped(key), Value::text(unescaped(value)));
            match known.iter_mut().find(|(name, _)| *name == key) {
                Some((_, values)) => values.push(value),
                None => known.push((key, vec![value])),
            }
        }
        let pair = |(key, values)| (Value::text(String::as_str(&key)), Value::list(values));
        Value::Map(Rc::new(known.into_iter().map(pair).collect()))
    }
}

fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(code) => {
                out.push(code);
                at += 2;
            }
            None => out.push(if bytes[at] == b'+' { b' ' } else { bytes[at] }),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// An address as the server takes it: without a zone, and no IPv4 within IPv6.
fn read_ip(text: &str) -> Option<IpAddr> {
    let ip: IpAddr = text.parse().ok()?;
    match ip {
        IpAddr::V6(six) if six.to_ipv4_mapped().is_some() => None,
        ip => Some(ip),
    }
}

fn read_cidr(text: &str) -> Option<(IpAddr, u8)> {
    let (ip, bits) = text.split_once('/')?;
    let ip = read_ip(ip)?;
    let plain = bits == "0" || !bits.starts_with('0') && bits.bytes().all(|b| b.is_ascii_digit());
    let bits: u8 = bits.parse().ok().filter(|_| plain)?;
    (bits <= if ip.is_ipv4() { 32 } else { 128 }).then_some((ip, bits))
}

fn masked(ip: IpAddr, bits: u8) -> IpAddr {
    match ip {
        IpAddr::V4(ip) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            Ipv4Addr::from_bits(ip.to_bits() & mask).into()
        }
        IpAddr::V6(ip) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            Ipv6Addr::from_bits(ip.to_bits() & mask).into()
        }
    }
}

fn holds(net: IpAddr, bits: u8, ip: IpAddr) -> bool {
    net.is_ipv4() == ip.is_ipv4() && masked(net, bits) == masked(ip, bits)
}

pub(super) fn call<'a>(
    _: &mut Run<'a>,
    name: &str,
    args: &[Value<'a>],
    _: bool,
) -> Result<Option<Value<'a>>, Fault> {
    Ok(Some(match (name, args) {
        ("isIP", [Value::Text(text)]) => Value::Bool(read_ip(text).is_some()),
        ("ip", [Value::Text(text)]) => match read_ip(text) {
            Some(ip) => Value::Ip(ip),
            None => return Fault::error(format!("IP Address {:?} parse error", &**text)),
        },
        ("ip.isCanonical", [Value::Text(text)]) => match read_ip(text) {
            Some(ip) => Value::Bool(ip.to_string() == **text),
            None => return Fault::error(format!("IP Address {:?} parse error", &**text)),
        },
        ("isCIDR", [Value::Text(text)]) => Value::Bool(read_cidr(text).is_some()),
        ("cidr", [Value::Text(text)]) => match read_cidr(text) {
            Some((ip, bits)) => Value::Cidr(ip, bits),
            None => {
                return Fault::error("network address parse error during conversion from string");
            }
        },
        ("isURL", [Value::Text(text)]) => Value::Bool(Url::read(text).is_some()),
        ("url", [Value::Text(text)]) => match Url::read(text) {
            Some(url) => Value::Url(Rc::new(url)),
            None => {
                return Fault::error(format!(
                    "URL parse error during conversion from string: parse {:?}: invalid URI for request",
                    &**text
                ));
            }
        },
        (_, [Value::Ip(ip)]) => return Ok(of_ip(name, *ip)),
        (_, [Value::Cidr(ip, bits), rest @ ..]) => return of_cidr(name, *ip, *bits, rest),
        (_, [Value::Url(url)]) => return Ok(of_url(name, url)),
        _ => return Ok(None),
    }))
}

fn of_ip<'a>(name: &str, ip: IpAddr) -> Option<Value<'a>> {
    let link_local = match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.segments()[0] & 0xffc0 == 0xfe80,
    };
    let link_multicast = match ip {
        IpAddr::V4(ip) => ip.octets()[..3] == [224, 0, 0],
        IpAddr::V6(ip) => ip.segments()[0] & 0xff0f == 0xff02,
    };
    let broadcast = ip == IpAddr::V4(Ipv4Addr::BROADCAST);
    Some(Value::Bool(match name {
        "family" => return Some(Value::Int(if ip.is_ipv4() { 4 } else { 6 })),
        "isUnspecified" => ip.is_unspecified(),
        "isLoopback" => ip.is_loopback(),
        "isLinkLocalMulticast" => link_multicast,
        "isLinkLocalUnicast" => link_local,
        "isGlobalUnicast" => {
            let special = ip.is_unspecified() || ip.is_loopback() || ip.is_multicast();
            !(special || broadcast || link_local)
        }
        _ => return None,
    }))
}

fn of_cidr<'a>(
    name: &str,
    ip: IpAddr,
    bits: u8,
    rest: &[Value<'a>],
) -> Result<Option<Value<'a>>, Fault> {
    Ok(Some(match (name, rest) {
        ("ip", []) => Value::Ip(ip),
        ("prefixLength", []) => Value::Int(bits.into()),
        ("masked", []) => Value::Cidr(masked(ip, bits), bits),
        ("containsIP", [Value::Ip(other)]) => Value::Bool(holds(ip, bits, *other)),
        ("containsIP", [Value::Text(text)]) => match read_ip(text) {
            Some(other) => Value::Bool(holds(ip, bits, other)),
            None => return Fault::error(format!("IP Address {:?} parse error", &**text)),
        },
        ("containsCIDR", [Value::Cidr(other, more)]) => {
            Value::Bool(bits <= *more && holds(ip, bits, *other))
        }
        ("containsCIDR", [Value::Text(text)]) => match read_cidr(text) {
            Some((other, more)) => Value::Bool(bits <= more && holds(ip, bits, other)),
            None => {
                return Fault::error("network address parse error during conversion from string");
            }
        },
        _ => return Ok(None),
    }))
}

fn of_url<'a>(name: &str, url: &Url) -> Option<Value<'a>> {
    Some(Value::text(match name {
        "getScheme" => &*url.scheme,
        "getHost" => &url.host,
        "getHostname" => url.hostname(),
        "getPort" => url.port().map_or("", |(_, port)| port),
        "getEscapedPath" => &url.path,
        "getQuery" => return Some(url.query()),
        _ => return None,
    }))
}
