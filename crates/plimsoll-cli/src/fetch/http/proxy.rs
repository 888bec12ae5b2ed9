//! Which proxy a request goes through, as Go reads it from the environment: `HTTP_PROXY`,
//! `HTTPS_PROXY` and `NO_PROXY`, the lower-case names first.
//!
//! golang.org/x/net/http/httpproxy; never for `localhost` and loopback addresses.

use std::net::IpAddr;

use crate::fetch::Url;

/// The environment's proxies.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    http: Option<Url>,
    https: Option<Url>,
    exceptions: Vec<Exception>,
    /// A CGI program takes no `HTTP_PROXY`: a client could have set it.
    is_cgi: bool,
}

#[derive(Clone, Debug)]
enum Exception {
    All,
    Network(IpAddr, u8),
    Address(IpAddr, Option<String>),
    /// With a dot before it; the flag says whether the name itself counts too.
    Domain(String, Option<String>, bool),
}

impl Proxies {
    /// Reads the environment.
    pub(crate) fn from_env(env: impl Fn(&str) -> Option<String>) -> Proxies {
        let any = |names: [&str; 2]| {
            names.iter().find_map(|name| env(name).filter(|value| !value.is_empty()))
        };
        Proxies {
            http: any(["http_proxy", "HTTP_PROXY"]).and_then(|text| parse_proxy(&text)),
            https: any(["https_proxy", "HTTPS_PROXY"]).and_then(|text| parse_proxy(&text)),
            exceptions: exceptions(&any(["no_proxy", "NO_PROXY"]).unwrap_or_default()),
            is_cgi: env("REQUEST_METHOD").is_some_and(|value| !value.is_empty()),
        }
    }

    /// The proxy for a URL, if any; the error is Go's.
    pub(crate) fn of(&self, url: &Url) -> Result<Option<&Url>, String> {
        let proxy = match url.scheme.as_str() {
            "https" => self.https.as_ref(),
            "http" => self.http.as_ref(),
            _ => None,
        };
        if proxy.is_some() && url.scheme == "http" && self.is_cgi {
            let why = "see golang.org/s/cgihttpproxy";
            return Err(format!("refusing to use HTTP_PROXY value in CGI environment; {why}"));
        }
        let host = url.hostname().trim().to_lowercase();
        Ok(proxy.filter(|_| self.is_used(&host, &url.port().to_string())))
    }

    fn is_used(&self, host: &str, port: &str) -> bool {
        let address: Option<IpAddr> = host.parse().ok();
        if host == "localhost" || address.is_some_and(|address| address.is_loopback()) {
            return false;
        }
        !self.exceptions.iter().any(|exception| exception.fits(host, port, address))
    }
}

impl Exception {
    fn fits(&self, host: &str, port: &str, address: Option<IpAddr>) -> bool {
        let port_fits = |wanted: &Option<String>| wanted.as_deref().is_none_or(|it| it == port);
        match (self, address) {
            (Exception::All, _) => true,
            (Exception::Network(network, bits), Some(address)) => {
                in_network(address, *network, *bits)
            }
            (Exception::Address(one, wanted), Some(address)) => {
                *one == address && port_fits(wanted)
            }
            (Exception::Domain(domain, wanted, itself), None) => {
                let fits = host.ends_with(domain) || (*itself && host == &domain[1..]);
                fits && port_fits(wanted)
            }
            _ => false,
        }
    }
}

/// What is no URL with a host is taken for `http://…`.
fn parse_proxy(text: &str) -> Option<Url> {
    let usable = |url: &Url| url.is_absolute() && !url.host.is_empty();
    let parsed = Url::parse(text).ok();
    match parsed.filter(usable) {
        Some(url) => Some(url),
        None => Url::parse(&format!("http://{text}")).ok(),
    }
}

fn exceptions(text: &str) -> Vec<Exception> {
    let mut found = Vec::new();
    for part in text.split(',') {
        let part = part.trim().to_lowercase();
        match part.as_str() {
            "" => {}
            "*" => return vec![Exception::All],
            part => found.extend(exception(part)),
        }
    }
    found
}

fn exception(part: &str) -> Option<Exception> {
    if let Some((network, bits)) = part.split_once('/')
        && let (Ok(network), Ok(bits)) = (network.parse::<IpAddr>(), bits.parse::<u8>())
    {
        return Some(Exception::Network(network, bits));
    }
    let (host, port) = split_port(part);
    if let Ok(address) = host.parse() {
        return Some(Exception::Address(address, port));
    }
    let host = host.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(host);
    match host.strip_prefix('.') {
        _ if host.is_empty() => None,
        Some(_) => Some(Exception::Domain(host.to_owned(), port, false)),
        None => Some(Exception::Domain(format!(".{host}"), port, true)),
    }
}

fn split_port(part: &str) -> (&str, Option<String>) {
    if let Some(rest) = part.strip_prefix('[')
        && let Some((host, port)) = rest.split_once(']')
    {
        return (host, port.strip_prefix(':').map(str::to_owned));
    }
    match part.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, Some(port.to_owned())),
        _ => (part, None),
    }
}

fn in_network(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            let shift = 32_u32.saturating_sub(u32::from(bits));
            let cut = |it: std::net::Ipv4Addr| u32::from(it).checked_shr(shift).unwrap_or(0);
            cut(address) == cut(network)
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            let shift = 128_u32.saturating_sub(u32::from(bits));
            let cut = |it: std::net::Ipv6Addr| u128::from(it).checked_shr(shift).unwrap_or(0);
            cut(address) == cut(network)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(env: &[(&str, &str)], url: &str) -> String {
        let env: Vec<(String, String)> =
            env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let look = |name: &str| env.iter().find(|(known, _)| known == name).map(|it| it.1.clone());
        let url = Url::parse(url).expect("it is a URL");
        match Proxies::from_env(look).of(&url) {
            Ok(proxy) => proxy.map(Url::to_string).unwrap_or_default(),
            Err(error) => error,
        }
    }

    #[test]
    fn each_scheme_has_its_proxy_and_lower_case_wins() {
        let env = [("HTTP_PROXY", "a:1"), ("http_proxy", "b:2"), ("HTTPS_PROXY", "http://c:3")];
        assert_eq!(proxy(&env, "http://x/"), "http://b:2");
        assert_eq!(proxy(&env, "https://x/"), "http://c:3");
        assert_eq!(proxy(&[], "https://x/"), "");
        assert_eq!(proxy(&env, "http://localhost:8/"), "");
        assert_eq!(proxy(&env, "http://127.9.9.9/"), "");
        let cgi = [("HTTP_PROXY", "a:1"), ("REQUEST_METHOD", "GET")];
        assert!(proxy(&cgi, "http://x/").starts_with("refusing to use HTTP_PROXY"));
    }

    #[test]
    fn exceptions_are_names_addresses_and_networks() {
        let check = |exceptions: &str, url: &str, direct: bool| {
            let got = proxy(&[("http_proxy", "p:1"), ("no_proxy", exceptions)], url);
            assert_eq!(got.is_empty(), direct, "{exceptions} {url}");
        };
        check("foo.com", "http://bar.foo.com/", true);
        check("foo.com", "http://foo.com/", true);
        check("foo.com", "http://xfoo.com/", false);
        check(".foo.com", "http://foo.com/", false);
        check("*.foo.com", "http://a.foo.com/", true);
        check("foo.com:81", "http://foo.com/", false);
        check("foo.com:80", "http://foo.com/", true);
        check("10.0.0.0/8", "http://10.1.2.3/", true);
        check("10.0.0.1", "http://10.0.0.2/", false);
        check("fe80::/16, [::2]:80", "http://[::2]/", true);
        check("a, *", "http://x/", true);
        check("0.0.0.0/0", "http://9.9.9.9/", true);
    }
}
