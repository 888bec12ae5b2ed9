//! Passwords, keys and encryption, sprig's crypto.go.

mod aes_cbc;
mod password;

use plimsoll_gotmpl::{CallError, Function, Runtime, Text, function};

use crate::keys::PrivateKey;
use crate::limit::steps;

pub(crate) const CRYPTO: &[Function] = &[
    function!("bcrypt", bcrypt),
    function!("htpasswd", htpasswd),
    function!("derivePassword", password::derive_password),
    function!("encryptAES", aes_cbc::encrypt_aes),
    function!("decryptAES", aes_cbc::decrypt_aes),
    function!("genPrivateKey", gen_private_key),
    function!("uuidv4", uuidv4),
];

/// golang.org/x/crypto: `DefaultCost`.
const COST: u32 = 10;

/// sprig: an error is the result.
fn bcrypt(runtime: &mut dyn Runtime, password: Text) -> Result<String, CallError> {
    runtime.charge(steps::BCRYPT)?;
    Ok(bcrypt_text(runtime, &password))
}

fn bcrypt_text(runtime: &mut dyn Runtime, password: &[u8]) -> String {
    if password.len() > 72 {
        return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes"
            .to_owned();
    }
    let mut salt = [0; 16];
    runtime.host_here().fill_random(&mut salt);
    match ::bcrypt::hash_with_salt(password, COST, salt) {
        Ok(hash) => hash.format_for_version(::bcrypt::Version::TwoA),
        Err(error) => format!("failed to encrypt string with bcrypt: {error}"),
    }
}

fn htpasswd(runtime: &mut dyn Runtime, user: Text, password: Text) -> Result<Text, CallError> {
    if user.contains(&b':') {
        return Ok([b"invalid username: ", user.as_bytes()].concat().into());
    }
    let hash = bcrypt(runtime, password)?;
    Ok([user.as_bytes(), b":", hash.as_bytes()].concat().into())
}

fn gen_private_key(runtime: &mut dyn Runtime, kind: Text) -> Result<Text, CallError> {
    runtime.charge(match kind.as_bytes() {
        b"" | b"rsa" => steps::RSA_4096,
        b"dsa" => steps::DSA,
        _ => steps::SIGNATURE,
    })?;
    Ok(private_key(runtime, &kind))
}

fn private_key(runtime: &mut dyn Runtime, kind: &[u8]) -> Text {
    let host = runtime.host_here();
    let mut random = |bytes: &mut [u8]| host.fill_random(bytes);
    let key = match kind {
        b"" | b"rsa" => match PrivateKey::new_rsa(true, &mut random) {
            Ok(key) => key,
            Err(error) => return format!("failed to generate private key: {error}").into(),
        },
        b"dsa" => PrivateKey::new_dsa(&mut random),
        b"ecdsa" => PrivateKey::new_ecdsa(&mut random),
        b"ed25519" => PrivateKey::new_ed25519(&mut random),
        other => return [b"Unknown type ", other].concat().into(),
    };
    key.to_pem().into()
}

fn uuidv4(runtime: &mut dyn Runtime) -> String {
    let mut bytes = [0; 16];
    runtime.host_here().fill_random(&mut bytes);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut out = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or('0');
        out.extend([digit(byte >> 4), digit(byte & 15)]);
    }
    out
}
