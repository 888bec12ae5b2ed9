use hmac::{Hmac, KeyInit, Mac};
use plimsoll_gotmpl::{CallError, Runtime, Text};
use sha2::Sha256;

use crate::limit::steps;

/// The Master Password algorithm; an error is the result.
pub(super) fn derive_password(
    runtime: &mut dyn Runtime,
    counter: u32,
    kind: Text,
    password: Text,
    user: Text,
    site: Text,
) -> Result<Text, CallError> {
    runtime.charge(steps::SCRYPT)?;
    Ok(derived(counter, &kind, &password, &user, &site))
}

fn derived(counter: u32, kind: &[u8], password: &[u8], user: &[u8], site: &[u8]) -> Text {
    let Some(templates) = templates(kind) else {
        return [b"cannot find password template ", kind].concat().into();
    };
    let seed = match seed(counter, password, user, site) {
        Ok(seed) => seed,
        Err(error) => return format!("failed to derive password: {error}").into(),
    };
    let template = templates[usize::from(seed[0]) % templates.len()];
    let pick = |(class, byte): (u8, &u8)| {
        let characters = characters(class);
        characters[usize::from(*byte) % characters.len()]
    };
    template.bytes().zip(&seed[1..]).map(pick).collect::<Vec<u8>>().into()
}

const SCOPE: &[u8] = b"com.lyndir.masterpassword";

fn seed(counter: u32, password: &[u8], user: &[u8], site: &[u8]) -> Result<Vec<u8>, String> {
    let len = |text: &[u8]| (text.len() as u32).to_be_bytes();
    let salt = [SCOPE, &len(user), user].concat();
    let parameters = scrypt::Params::new(15, 8, 2).map_err(|error| error.to_string())?;
    let mut key = [0; 64];
    scrypt::scrypt(password, &salt, &parameters, &mut key).map_err(|error| error.to_string())?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|error| error.to_string())?;
    mac.update(&[SCOPE, &len(site), site, &counter.to_be_bytes()].concat());
    Ok(mac.finalize().into_bytes().to_vec())
}

/// The patterns of a kind of password, each character of which is a class.
fn templates(kind: &[u8]) -> Option<&'static [&'static str]> {
    Some(match kind {
        b"maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        b"long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        b"medium" => &["CvcnoCvc", "CvcCvcno"],
        b"short" => &["Cvcn"],
        b"basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        b"pin" => &["nnnn"],
        _ => return None,
    })
}

fn characters(class: u8) -> &'static [u8] {
    match class {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(counter: u32, kind: &str, want: &str) {
        let got = derived(counter, kind.as_bytes(), b"password", b"user", b"example.com");
        assert_eq!(got.to_str_lossy(), want);
    }

    #[test]
    fn passwords_are_those_of_sprig() {
        check(1, "long", "ZedaFaxcZaso9*");
        check(2, "maximum", "O8-6Bwz1*I5XVPPq)@H!");
        check(1, "pin", "6685");
        check(1, "bogus", "cannot find password template bogus");
    }
}
