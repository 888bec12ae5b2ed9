use aes::Aes256;
use cbc::cipher::{Block, BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use plimsoll_gotmpl::{CallError, Runtime, Text};

use plimsoll_source::encoding::encode_base64;

use crate::encoding::base64_decode;

const BLOCK: usize = 16;

/// AES-256 in CBC with the password, cut or filled with zeros, as the key; the random start vector
/// stands before the text.
pub(super) fn encrypt_aes(
    runtime: &mut dyn Runtime,
    password: Text,
    text: Text,
) -> Result<Text, CallError> {
    if text.is_empty() {
        return Ok("".into());
    }
    let mut start = [0; BLOCK];
    runtime.host_here().fill_random(&mut start);
    let pad = BLOCK - text.len() % BLOCK;
    let mut bytes = text.to_vec();
    bytes.resize(bytes.len() + pad, pad as u8);
    let mut cipher = cbc::Encryptor::<Aes256>::new(&key(&password).into(), &start.into());
    for block in bytes.chunks_exact_mut(BLOCK) {
        if let Ok(block) = <&mut Block<Aes256>>::try_from(block) {
            cipher.encrypt_block(block);
        }
    }
    Ok(encode_base64(&[&start[..], &bytes].concat()).into())
}

/// sprig checks nothing: the texts are those of Go's panics.
pub(super) fn decrypt_aes(password: Text, text: Text) -> Result<Text, CallError> {
    if text.is_empty() {
        return Ok("".into());
    }
    let bytes = base64_decode(&text)?;
    // The slice that Go decodes into is as long as the text allows for.
    let room = text.len() / 4 * 3;
    if room < BLOCK {
        let why = format!("runtime error: slice bounds out of range [:16] with capacity {room}");
        return Err(why.into());
    }
    let Some((start, mut rest)) =
        bytes.split_first_chunk::<BLOCK>().map(|(start, rest)| (start, rest.to_vec()))
    else {
        let len = bytes.len();
        return Err(format!("runtime error: slice bounds out of range [16:{len}]").into());
    };
    if rest.len() % BLOCK != 0 {
        return Err("crypto/cipher: input not full blocks".into());
    }
    let mut cipher = cbc::Decryptor::<Aes256>::new(&key(&password).into(), start.into());
    for block in rest.chunks_exact_mut(BLOCK) {
        if let Ok(block) = <&mut Block<Aes256>>::try_from(block) {
            cipher.decrypt_block(block);
        }
    }
    let Some(&pad) = rest.last() else {
        return Err("runtime error: index out of range [-1]".into());
    };
    if let Some(len) = rest.len().checked_sub(usize::from(pad)) {
        Ok(rest[..len].into())
    } else {
        let end = rest.len() as i64 - i64::from(pad);
        Err(format!("runtime error: slice bounds out of range [:{end}]").into())
    }
}

fn key(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    let len = password.len().min(32);
    key[..len].copy_from_slice(&password[..len]);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: &str) {
        let got = decrypt_aes("key".into(), text.into());
        let got =
            got.map_or_else(|error| error.to_string(), |text| text.to_str_lossy().into_owned());
        assert_eq!(got, want, "{text}");
    }

    #[test]
    fn panics_read_as_in_go() {
        check("", "");
        check("x", "illegal base64 data at input byte 0");
        check("YWJj", "runtime error: slice bounds out of range [:16] with capacity 3");
        check("YWJjZGVmZ2hpamtsbW5vcA==", "runtime error: index out of range [-1]");
        check("YWJjZGVmZ2hpamtsbW5vcHE=", "crypto/cipher: input not full blocks");
    }
}
