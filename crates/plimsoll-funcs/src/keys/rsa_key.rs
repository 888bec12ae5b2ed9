use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest, Sha256};

use super::der;
use super::prime::{Random, random_prime};

/// A new key of two primes of 64 · `N` bits and the exponent 65537.
pub(super) fn generate<const N: usize>(random: Random<'_>) -> Result<RsaPrivateKey, String> {
    let failed = |error: rsa::Error| format!("crypto/rsa: {error}");
    let (p, q) = (rsa_prime::<N>(random), rsa_prime::<N>(random));
    let number = |words: &[u64; N]| BoxedUint::from_words(words.iter().map(|word| *word as _));
    RsaPrivateKey::from_p_q(number(&p), number(&q), BoxedUint::from(EXPONENT)).map_err(failed)
}

const EXPONENT: u64 = 65_537;

/// A prime that is not one modulo the exponent, so that the exponent has an inverse.
fn rsa_prime<const N: usize>(random: Random<'_>) -> [u64; N] {
    loop {
        let prime = random_prime::<N>(random);
        let rest = prime.iter().rev().fold(0, |rest, word| {
            ((u128::from(rest) << 64 | u128::from(*word)) % u128::from(EXPONENT)) as u64
        });
        if rest != 1 {
            return prime;
        }
    }
}

pub(super) fn to_pkcs1(key: &RsaPrivateKey) -> Vec<u8> {
    key.to_pkcs1_der().map(|document| document.as_bytes().to_vec()).unwrap_or_default()
}

pub(super) fn public_bits(key: &RsaPrivateKey) -> Vec<u8> {
    let modulus = key.n().to_be_bytes();
    der::sequence(&[&der::integer(&modulus), &der::integer(&key.e().to_be_bytes())])
}

pub(super) fn sign(key: &RsaPrivateKey, message: &[u8]) -> Result<Vec<u8>, String> {
    key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message))
        .map_err(|error| format!("crypto/rsa: {error}"))
}
