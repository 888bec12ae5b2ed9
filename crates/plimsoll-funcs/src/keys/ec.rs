use sha2::{Digest, Sha256, Sha384, Sha512};

use super::der::{self, INTEGER, OCTET_STRING, OID, Reader, SEQUENCE};
use super::prime::Random;

/// A curve of NIST's that keys are read for. (Go knows P-224 too.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

/// A private key on a curve.
pub(crate) struct EcKey {
    pub(super) curve: Curve,
    /// The private number, as long as the curve's order.
    secret: Vec<u8>,
    /// The public point, not compressed.
    pub(super) public: Vec<u8>,
}

impl Curve {
    pub(super) fn oid(self) -> &'static [u8] {
        match self {
            Curve::P256 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7],
            Curve::P384 => &[0x2b, 0x81, 4, 0, 34],
            Curve::P521 => &[0x2b, 0x81, 4, 0, 35],
        }
    }

    pub(super) fn from_oid(oid: &[u8]) -> Option<Curve> {
        [Curve::P256, Curve::P384, Curve::P521].into_iter().find(|curve| curve.oid() == oid)
    }

    /// ECDSA with the hash that suits the curve.
    pub(super) fn signature_oid(self) -> &'static [u8] {
        match self {
            Curve::P256 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2],
            Curve::P384 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3],
            Curve::P521 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4],
        }
    }

    fn len(self) -> usize {
        match self {
            Curve::P256 => 32,
            Curve::P384 => 48,
            Curve::P521 => 66,
        }
    }
}

/// The public point of a private number, `None` if the number is none of the curve's.
macro_rules! public_point {
    ($curve:ident, $secret:expr) => {{
        use $curve::elliptic_curve::sec1::ToSec1Point;
        let key = $curve::SecretKey::from_slice($secret).ok()?;
        key.public_key().to_sec1_point(false).as_bytes().to_vec()
    }};
}

/// The signature of a hash, as DER.
macro_rules! signature {
    ($curve:ident, $secret:expr, $hash:expr) => {{
        use $curve::ecdsa::signature::hazmat::PrehashSigner;
        let key = $curve::ecdsa::SigningKey::from_slice($secret)?;
        let signature: $curve::ecdsa::Signature = key.sign_prehash($hash)?;
        let (r, s) = signature.split_bytes();
        der::sequence(&[&der::integer(&r), &der::integer(&s)])
    }};
}

impl EcKey {
    /// A new key on P-256.
    pub(super) fn generate(random: Random<'_>) -> EcKey {
        loop {
            let mut secret = vec![0; Curve::P256.len()];
            random(&mut secret);
            if let Some(key) = EcKey::new(Curve::P256, secret) {
                return key;
            }
        }
    }

    fn new(curve: Curve, secret: Vec<u8>) -> Option<EcKey> {
        let public = match curve {
            Curve::P256 => public_point!(p256, &secret),
            Curve::P384 => public_point!(p384, &secret),
            Curve::P521 => public_point!(p521, &secret),
        };
        Some(EcKey { curve, secret, public })
    }

    /// Reads SEC 1; `curve` stands beside the key in PKCS#8.
    pub(super) fn from_sec1(bytes: &[u8], curve: Option<Curve>) -> Result<EcKey, String> {
        let (secret, own) = sec1_parts(bytes).ok_or("asn1: structure error: malformed key")?;
        let curve = curve.or(own).ok_or("x509: unknown elliptic curve")?;
        let invalid = || "x509: invalid elliptic curve private key value".to_owned();
        let zeros = secret.len().saturating_sub(curve.len());
        if secret[..zeros].iter().any(|byte| *byte != 0) {
            return Err("x509: invalid private key length".to_owned());
        }
        let digits = &secret[zeros..];
        let mut padded = vec![0; curve.len() - digits.len()];
        padded.extend_from_slice(digits);
        EcKey::new(curve, padded).ok_or_else(invalid)
    }

    pub(super) fn to_sec1(&self) -> Vec<u8> {
        der::sequence(&[
            &der::integer(&[1]),
            &der::element(OCTET_STRING, &self.secret),
            &der::element(0xa0, &der::element(OID, self.curve.oid())),
            &der::element(0xa1, &der::bit_string(&self.public)),
        ])
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        self.try_sign(message).map_err(|error| format!("ecdsa: {error}"))
    }

    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, p256::ecdsa::Error> {
        Ok(match self.curve {
            Curve::P256 => signature!(p256, &self.secret, &Sha256::digest(message)),
            Curve::P384 => signature!(p384, &self.secret, &Sha384::digest(message)),
            Curve::P521 => signature!(p521, &self.secret, &Sha512::digest(message)),
        })
    }
}

/// The private number and the curve that the key names.
fn sec1_parts(bytes: &[u8]) -> Option<(&[u8], Option<Curve>)> {
    let mut key = Reader(Reader(bytes).take(SEQUENCE)?);
    key.take(INTEGER)?;
    let secret = key.take(OCTET_STRING)?;
    let curve = key.take_if(0xa0).and_then(|named| Reader(named).take(OID));
    Some((secret, curve.and_then(Curve::from_oid)))
}
