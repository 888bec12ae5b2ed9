//! Addresses and ranges as the server reads them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::names::Words;

const IP: &str = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
const CIDR: &str = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

/// An address that may have leading zeros; whether it has.
pub(super) fn parse_ip(text: &str) -> Option<(IpAddr, bool)> {
    if text.contains(':') {
        return text.parse::<Ipv6Addr>().ok().map(|ip| (IpAddr::V6(ip), false));
    }
    let mut octets = [0_u8; 4];
    let (mut zeros, mut count) = (false, 0);
    for part in text.split('.') {
        if count == 4 || part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        zeros |= part.len() > 1 && part.starts_with('0');
        octets[count] = part
            .trim_start_matches('0')
            .parse()
            .or_else(|_| if part.bytes().all(|byte| byte == b'0') { Ok(0) } else { Err(()) })
            .ok()?;
        count += 1;
    }
    (count == 4).then(|| (IpAddr::V4(Ipv4Addr::from(octets)), zeros))
}

fn is_mapped(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V6(ip) if ip.to_ipv4_mapped().is_some())
}

/// An address; `strict` refuses leading zeros and IPv4 within IPv6.
pub(super) fn ip(text: &str, strict: bool) -> Words {
    match parse_ip(text) {
        None => vec![IP.to_owned()],
        Some((_, true)) if strict => vec!["must not have leading 0s".to_owned()],
        Some((ip, _)) if strict && is_mapped(ip) => {
            vec!["must not be an IPv4-mapped IPv6 address".to_owned()]
        }
        Some(_) => Words::new(),
    }
}

/// A range and how long its prefix is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cidr {
    pub(super) ip: IpAddr,
    pub(super) prefix: u32,
    zeros: bool,
}

/// A range that may have leading zeros and bits behind its prefix.
pub(super) fn parse_cidr(text: &str) -> Option<Cidr> {
    let (ip, prefix) = text.split_once('/')?;
    let (ip, zeros) = parse_ip(ip)?;
    let digits = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
    let length: u32 = prefix.parse().ok().filter(|_| digits)?;
    let zeros = zeros || prefix.len() > 1 && prefix.starts_with('0');
    let most = if ip.is_ipv4() { 32 } else { 128 };
    (length <= most).then_some(Cidr { ip, prefix: length, zeros })
}

fn bits(ip: IpAddr) -> (u128, u32) {
    match ip {
        IpAddr::V4(ip) => (u128::from(u32::from(ip)) << 96, 32),
        IpAddr::V6(ip) => (u128::from(ip), 128),
    }
}

fn mask(prefix: u32) -> u128 {
    if prefix == 0 { 0 } else { u128::MAX << (128 - prefix) }
}

impl Cidr {
    /// The same family, and each address of `other` among this one's.
    pub(super) fn contains(&self, other: &Cidr) -> bool {
        let ((own, _), (theirs, _)) = (bits(self.ip), bits(other.ip));
        let masked = |value: u128| value & mask(self.prefix);
        self.ip.is_ipv4() == other.ip.is_ipv4()
            && self.prefix <= other.prefix
            && masked(own) == masked(theirs)
    }

    fn has_host_bits(&self) -> bool {
        bits(self.ip).0 & !mask(self.prefix) != 0
    }
}

/// A range; `strict` refuses what is only read for old times' sake.
pub(super) fn cidr(text: &str, strict: bool) -> Words {
    let Some(cidr) = parse_cidr(text) else { return vec![CIDR.to_owned()] };
    let mut found = Words::new();
    if strict {
        if cidr.zeros {
            found.push("must not have leading 0s in IP or prefix length".to_owned());
        }
        if is_mapped(cidr.ip) {
            found.push("must not have an IPv4-mapped IPv6 address".to_owned());
        }
        if cidr.has_host_bits() {
            found.push("must not have bits set beyond the prefix length".to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, loose: bool, strict: bool) {
        let form = if text.contains('/') { cidr } else { ip };
        assert_eq!(
            (form(text, false).is_empty(), form(text, true).is_empty()),
            (loose, strict),
            "{text}"
        );
    }

    #[test]
    fn strictness_is_about_zeros_mapping_and_bits() {
        check("10.0.0.1", true, true);
        check("010.0.0.1", true, false);
        check("::ffff:1.2.3.4", true, false);
        check("1.2.3", false, false);
        check("300.1.1.1", false, false);
        check("10.0.0.0/8", true, true);
        check("10.0.0.1/8", true, false);
        check("10.0.0.0/33", false, false);
        check("fe80::/10", true, true);
    }

    #[test]
    fn ranges_contain_ranges() {
        let range = |text| parse_cidr(text).unwrap();
        assert!(range("10.0.0.0/8").contains(&range("10.1.0.0/16")));
        assert!(!range("10.0.0.0/8").contains(&range("11.0.0.0/16")));
        assert!(range("0.0.0.0/0").contains(&range("11.0.0.0/16")));
        assert!(!range("::/0").contains(&range("11.0.0.0/16")));
    }
}
