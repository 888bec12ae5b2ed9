//! Whether a certificate and a private key belong together.

use super::der::{self, Public};

const KIND: &str = "tls: private key type does not match public key type";
const OTHER: &str = "tls: private key does not match public key";

/// What Go says of two PEM texts that do not belong together; nothing where that is not certain.
pub(super) fn mismatch(certificate: &[u8], key: &[u8]) -> Option<&'static str> {
    let blocks = der::blocks(std::str::from_utf8(certificate).ok()?)?;
    let first = blocks.iter().find(|block| block.kind == "CERTIFICATE")?;
    let keys = der::blocks(std::str::from_utf8(key).ok()?)?;
    if let [only] = &keys[..]
        && only.kind == "CERTIFICATE"
    {
        return Some("tls: found a certificate rather than a key in the PEM for the private key");
    }
    let key = keys.iter().find(|block| block.kind.ends_with("PRIVATE KEY"))?;
    match (der::certificate_key(&first.bytes)?, der::private_key(&key.bytes)?) {
        (Public::Rsa(one), Public::Rsa(other)) | (Public::Curve(one), Public::Curve(other)) => {
            (!one.is_empty() && !other.is_empty() && one != other).then_some(OTHER)
        }
        (Public::Ed25519, Public::Ed25519) => None,
        _ => Some(KIND),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, content.len() as u8][..], content].concat()
    }

    /// A certificate for a key of RSA, and a private key, of two moduli.
    fn pair(one: u8, other: u8) -> (String, String) {
        let name = part(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]);
        let modulus = part(0x30, &part(2, &[one]));
        let bits = part(3, &[&[0][..], &modulus].concat());
        let info = part(0x30, &[part(0x30, &name), bits].concat());
        let body = [part(2, &[1]), part(0x30, &[]).repeat(4), info].concat();
        let certificate = part(0x30, &part(0x30, &body));
        let key = part(0x30, &[part(2, &[0]), part(2, &[other])].concat());
        (pem("CERTIFICATE", &certificate), pem("RSA PRIVATE KEY", &key))
    }

    fn pem(kind: &str, bytes: &[u8]) -> String {
        let text = plimsoll_source::encoding::encode_base64(bytes);
        format!("-----BEGIN {kind}-----\n{text}\n-----END {kind}-----\n")
    }

    #[test]
    fn keys_are_compared_by_what_they_share() {
        let told = |one, other| {
            let (certificate, key) = pair(one, other);
            mismatch(certificate.as_bytes(), key.as_bytes())
        };
        assert_eq!(told(7, 7), None);
        assert_eq!(told(7, 8), Some(OTHER));
        let (certificate, _) = pair(7, 7);
        let curve = part(0x30, &[part(2, &[1]), part(4, &[9])].concat());
        let curve = pem("EC PRIVATE KEY", &curve);
        assert_eq!(mismatch(certificate.as_bytes(), curve.as_bytes()), Some(KIND));
    }

    #[test]
    fn what_cannot_be_read_is_left_alone() {
        let pem = |kind: &str| format!("-----BEGIN {kind}-----\nYQ==\n-----END {kind}-----\n");
        let (certificate, key) = (pem("CERTIFICATE"), pem("PRIVATE KEY"));
        assert_eq!(mismatch(certificate.as_bytes(), key.as_bytes()), None);
        assert_eq!(mismatch(b"", b""), None);
        let why = mismatch(certificate.as_bytes(), certificate.as_bytes()).unwrap();
        assert!(why.starts_with("tls: found a certificate"), "{why}");
    }
}
