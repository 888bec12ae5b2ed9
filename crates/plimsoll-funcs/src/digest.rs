//! Checksums of texts.

use plimsoll_gotmpl::{Function, Text, function};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

pub(crate) const DIGEST: &[Function] = &[
    function!("sha1sum", sha1sum),
    function!("sha256sum", sha256sum),
    function!("sha512sum", sha512sum),
    function!("adler32sum", adler32sum),
];

fn sha1sum(text: Text) -> Text {
    hex(&Sha1::digest(text.as_bytes()))
}

fn sha256sum(text: Text) -> Text {
    hex(&Sha256::digest(text.as_bytes()))
}

fn sha512sum(text: Text) -> Text {
    hex(&Sha512::digest(text.as_bytes()))
}

/// Decimal, where the others are hexadecimal.
fn adler32sum(text: Text) -> String {
    // The largest count of bytes whose sums fit 32 bits without a division in between.
    const BLOCK: usize = 5552;
    const MODULUS: u32 = 65521;
    let (mut a, mut b) = (1_u32, 0_u32);
    for block in text.chunks(BLOCK) {
        for byte in block {
            a += u32::from(*byte);
            b += a;
        }
        a %= MODULUS;
        b %= MODULUS;
    }
    (b << 16 | a).to_string()
}

fn hex(bytes: &[u8]) -> Text {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = |byte: &u8| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
    bytes.iter().flat_map(digits).collect::<Vec<u8>>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_known() {
        assert_eq!(
            sha1sum("abc".into()).to_str_lossy(),
            "a9993e364706816aba3e25717850c26c9cd0d89d"
        );
        assert!(sha256sum("".into()).starts_with(b"e3b0c44298fc1c14"));
        assert!(sha512sum("".into()).starts_with(b"cf83e1357eefb8bd"));
        assert_eq!(adler32sum("Wikipedia".into()), "300286872");
        assert_eq!(adler32sum("".into()), "1");
    }
}
