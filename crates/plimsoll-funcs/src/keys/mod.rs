//! Private keys: made, read from PEM, written to PEM, and signed with.

pub(crate) mod der;
mod dsa;
mod ec;
mod montgomery;
pub(crate) mod pem;
mod prime;
mod rsa_key;

use ed25519_dalek::{Signer, SigningKey};
use rsa::RsaPrivateKey;
use rsa::pkcs1::DecodeRsaPrivateKey;

use der::{INTEGER, OCTET_STRING, OID, Reader, SEQUENCE};
pub(crate) use ec::Curve;
use ec::EcKey;
pub(crate) use prime::Random;

/// A private key of one of the kinds that sprig makes and reads.
pub(crate) enum PrivateKey {
    Rsa(Box<RsaPrivateKey>),
    Ec(EcKey),
    Ed25519(SigningKey),
    /// The numbers of a DSA key, written. It can be kept, but no certificate is made with it.
    Dsa(Vec<u8>),
}

const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const SHA256_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

impl PrivateKey {
    /// A new RSA key of 2048 or, if `long`, 4096 bits.
    pub(crate) fn new_rsa(long: bool, random: Random<'_>) -> Result<PrivateKey, String> {
        let key =
            if long { rsa_key::generate::<32>(random) } else { rsa_key::generate::<16>(random) };
        Ok(PrivateKey::Rsa(Box::new(key?)))
    }

    /// A new key on the curve P-256.
    pub(crate) fn new_ecdsa(random: Random<'_>) -> PrivateKey {
        PrivateKey::Ec(EcKey::generate(random))
    }

    /// A new Ed25519 key.
    pub(crate) fn new_ed25519(random: Random<'_>) -> PrivateKey {
        let mut seed = [0; 32];
        random(&mut seed);
        PrivateKey::Ed25519(SigningKey::from_bytes(&seed))
    }

    /// A new DSA key of 2048 and 256 bits.
    pub(crate) fn new_dsa(random: Random<'_>) -> PrivateKey {
        PrivateKey::Dsa(dsa::generate(random))
    }

    /// Reads the first block of a PEM text; fails with sprig's texts.
    pub(crate) fn from_pem(text: &[u8]) -> Result<PrivateKey, String> {
        let block = pem::decode(text).ok_or("no PEM data in input")?;
        if block.kind == "PRIVATE KEY" {
            return from_pkcs8(&block.bytes)
                .map_err(|why| format!("decoding PEM as PKCS#8: {why}"));
        }
        let Some(kind) = block.kind.strip_suffix(" PRIVATE KEY") else {
            return Err(format!("no private key data in PEM block of type {}", block.kind));
        };
        let malformed = "asn1: structure error: malformed key";
        match kind {
            "RSA" => from_pkcs1(&block.bytes)
                .map_err(|why| format!("parsing RSA private key from PEM: {why}")),
            "EC" => EcKey::from_sec1(&block.bytes, None)
                .map(PrivateKey::Ec)
                .map_err(|why| format!("parsing EC private key from PEM: {why}")),
            "DSA" if Reader(&block.bytes).take(SEQUENCE).is_some() => {
                Ok(PrivateKey::Dsa(block.bytes))
            }
            "DSA" => Err(format!("parsing DSA private key from PEM: {malformed}")),
            _ => Err(format!("invalid private key type {kind}")),
        }
    }

    /// The PEM text that sprig writes: PKCS#1, SEC 1, PKCS#8 for Ed25519, OpenSSL's form for DSA.
    pub(crate) fn to_pem(&self) -> String {
        match self {
            PrivateKey::Rsa(key) => pem::encode("RSA PRIVATE KEY", &rsa_key::to_pkcs1(key)),
            PrivateKey::Ec(key) => pem::encode("EC PRIVATE KEY", &key.to_sec1()),
            PrivateKey::Ed25519(key) => {
                let seed = der::element(OCTET_STRING, key.as_bytes());
                let algorithm = der::sequence(&[&der::element(OID, ED25519)]);
                let key = der::element(OCTET_STRING, &seed);
                pem::encode("PRIVATE KEY", &der::sequence(&[&der::integer(&[0]), &algorithm, &key]))
            }
            PrivateKey::Dsa(bytes) => pem::encode("DSA PRIVATE KEY", bytes),
        }
    }

    /// The public key as a certificate shows it: the algorithm and the bits. `None` for DSA.
    pub(crate) fn public_key(&self) -> Option<PublicKey> {
        Some(match self {
            PrivateKey::Rsa(key) => PublicKey {
                algorithm: der::sequence(&[
                    &der::element(OID, RSA_ENCRYPTION),
                    &der::element(der::NULL, &[]),
                ]),
                bits: rsa_key::public_bits(key),
            },
            PrivateKey::Ec(key) => PublicKey {
                algorithm: der::sequence(&[
                    &der::element(OID, EC_PUBLIC_KEY),
                    &der::element(OID, key.curve.oid()),
                ]),
                bits: key.public.clone(),
            },
            PrivateKey::Ed25519(key) => PublicKey {
                algorithm: der::sequence(&[&der::element(OID, ED25519)]),
                bits: key.verifying_key().to_bytes().to_vec(),
            },
            PrivateKey::Dsa(_) => return None,
        })
    }

    /// The algorithm of [`PrivateKey::sign`], as a certificate names it.
    pub(crate) fn signature_algorithm(&self) -> Vec<u8> {
        match self {
            PrivateKey::Rsa(_) => {
                der::sequence(&[&der::element(OID, SHA256_WITH_RSA), &der::element(der::NULL, &[])])
            }
            PrivateKey::Ec(key) => der::sequence(&[&der::element(OID, key.curve.signature_oid())]),
            PrivateKey::Ed25519(_) | PrivateKey::Dsa(_) => {
                der::sequence(&[&der::element(OID, ED25519)])
            }
        }
    }

    /// Signs with the hash that Go chooses for the key.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        match self {
            PrivateKey::Rsa(key) => rsa_key::sign(key, message),
            PrivateKey::Ec(key) => key.sign(message),
            PrivateKey::Ed25519(key) => Ok(key.sign(message).to_bytes().to_vec()),
            PrivateKey::Dsa(_) => {
                Err("x509: certificate private key does not implement crypto.Signer".to_owned())
            }
        }
    }
}

/// A public key as a certificate shows it.
pub(crate) struct PublicKey {
    pub(crate) algorithm: Vec<u8>,
    pub(crate) bits: Vec<u8>,
}

impl PublicKey {
    /// The `SubjectPublicKeyInfo`.
    pub(crate) fn info(&self) -> Vec<u8> {
        der::sequence(&[&self.algorithm, &der::bit_string(&self.bits)])
    }
}

fn from_pkcs1(bytes: &[u8]) -> Result<PrivateKey, String> {
    let key = RsaPrivateKey::from_pkcs1_der(bytes)
        .map_err(|_| "asn1: structure error: malformed key".to_owned())?;
    Ok(PrivateKey::Rsa(Box::new(key)))
}

fn from_pkcs8(bytes: &[u8]) -> Result<PrivateKey, String> {
    let (algorithm, parameters, key) =
        pkcs8_parts(bytes).ok_or("asn1: structure error: malformed key")?;
    match algorithm {
        RSA_ENCRYPTION => from_pkcs1(key),
        EC_PUBLIC_KEY => {
            let curve = Reader(parameters).take(OID).and_then(Curve::from_oid);
            EcKey::from_sec1(key, curve).map(PrivateKey::Ec)
        }
        ED25519 => Reader(key)
            .take(OCTET_STRING)
            .and_then(|seed| seed.try_into().ok())
            .map(|seed| PrivateKey::Ed25519(SigningKey::from_bytes(seed)))
            .ok_or_else(|| "x509: invalid Ed25519 private key".to_owned()),
        _ => Err("x509: PKCS#8 wrapping contained private key with unknown algorithm".to_owned()),
    }
}

/// The algorithm's number, its parameters and the key inside.
fn pkcs8_parts(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let mut info = Reader(Reader(bytes).take(SEQUENCE)?);
    info.take(INTEGER)?;
    let mut algorithm = Reader(info.take(SEQUENCE)?);
    let oid = algorithm.take(OID)?;
    Some((oid, algorithm.0, info.take(OCTET_STRING)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed_random() -> impl FnMut(&mut [u8]) {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        move |bytes| {
            for byte in bytes {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                *byte = (state >> 32) as u8;
            }
        }
    }

    fn check(key: PrivateKey, kind: &str) {
        let text = key.to_pem();
        assert!(text.starts_with(&format!("-----BEGIN {kind}-----\n")), "{text}");
        let again = PrivateKey::from_pem(text.as_bytes()).expect("it is read back");
        assert_eq!(again.to_pem(), text);
        assert_eq!(
            again.public_key().map(|key| key.info()),
            key.public_key().map(|key| key.info())
        );
    }

    #[test]
    fn keys_are_read_back() {
        let mut random = fixed_random();
        check(
            PrivateKey::new_rsa(false, &mut random).expect("primes are found"),
            "RSA PRIVATE KEY",
        );
        check(PrivateKey::new_ecdsa(&mut random), "EC PRIVATE KEY");
        check(PrivateKey::new_ed25519(&mut random), "PRIVATE KEY");
    }

    #[test]
    fn what_is_no_key_is_refused_in_sprigs_words() {
        let refuse =
            |text: &str| PrivateKey::from_pem(text.as_bytes()).err().expect("it is no key");
        assert_eq!(refuse("x"), "no PEM data in input");
        let certificate = pem::encode("CERTIFICATE", &[1]);
        assert_eq!(refuse(&certificate), "no private key data in PEM block of type CERTIFICATE");
    }
}
