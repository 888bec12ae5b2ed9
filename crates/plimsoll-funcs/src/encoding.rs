//! Base 64 and base 32, sprig's strings.go.

use plimsoll_gotmpl::{Function, Text, function};
use plimsoll_source::encoding::{decode_base32, decode_base64, encode_base32, encode_base64};

pub(crate) const ENCODING: &[Function] = &[
    function!("b64enc", b64enc),
    function!("b64dec", b64dec),
    function!("b32enc", b32enc),
    function!("b32dec", b32dec),
];

fn b64enc(text: Text) -> String {
    encode_base64(&text)
}

/// sprig: an error is the result.
fn b64dec(text: Text) -> Text {
    base64_decode(&text).map_or_else(std::convert::Into::into, Text::from)
}

fn b32enc(text: Text) -> String {
    encode_base32(&text)
}

/// sprig: an error is the result.
fn b32dec(text: Text) -> Text {
    match decode_base32(&text) {
        Ok(bytes) => bytes.into(),
        Err(at) => format!("illegal base32 data at input byte {at}").into(),
    }
}

/// Reads Go's `base64.StdEncoding`; fails with its text `illegal base64 data at input byte 3`.
pub(crate) fn base64_decode(text: &[u8]) -> Result<Vec<u8>, String> {
    decode_base64(text).map_err(|at| format!("illegal base64 data at input byte {at}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(function: fn(Text) -> Text, input: &str, want: &str) {
        assert_eq!(function(Text::from(input)).to_str_lossy(), want, "{input:?}");
    }

    #[test]
    fn errors_are_results() {
        check(b64dec, "aGVsbG8=", "hello");
        check(b64dec, "x", "illegal base64 data at input byte 0");
        check(b32dec, "NBSWY3DP", "hello");
        check(b32dec, "x", "illegal base32 data at input byte 0");
    }
}
