//! The network: chart repositories, OCI registries and the dependencies that come from them.
//!
//! Nothing here does anything until a command asks for it: no file is read, no name looked up and
//! no TLS set up before. Errors are Helm's texts.

pub(crate) mod commands;
mod dependencies;
mod document;
mod download;
pub(crate) mod files;
mod http;
mod index;
mod index_file;
mod index_slice;
mod locate;
mod lock;
mod registry;
mod repositories;
mod schema;
mod settings;
mod url;
mod yaml;

use self::http::{HttpClient, Request, Response, TlsFiles};
use self::url::Url;
use crate::helm::go_errno;

pub(crate) use self::dependencies::{Task, dependencies};
pub(crate) use self::document::Documents;
pub(crate) use self::locate::locate_chart;
pub(crate) use self::schema::validate_online;

/// Go's `%q`.
fn quote(text: &str) -> String {
    plimsoll::source::strconv::quote(text.as_bytes())
}

/// Standard base64 with padding.
fn encode_base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at) & 63) as usize] as char;
            out.push(if at > three.len() { '=' } else { digit });
        }
    }
    out
}

/// What standard base64 with padding stands for.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    if !digits.len().is_multiple_of(4) {
        return None;
    }
    let padding = digits.iter().rev().take_while(|byte| **byte == b'=').count();
    let (mut out, mut bits, mut count) = (Vec::with_capacity(digits.len()), 0_u32, 0);
    for byte in digits.get(..digits.len() - padding).filter(|_| padding <= 2)? {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    Some(out)
}

/// The hash of bytes, in hexadecimal digits.
fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_goes_there_and_back() {
        for (plain, coded) in
            [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("?>~", "Pz5+")]
        {
            assert_eq!(encode_base64(plain.as_bytes()), coded);
            assert_eq!(decode_base64(coded).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!(decode_base64("a"), None);
        assert_eq!(decode_base64("===="), None);
        assert_eq!(decode_base64("a*=="), None);
    }
}
