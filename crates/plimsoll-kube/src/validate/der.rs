//! Certificates and requests for them, as far as their form goes: whether they can be read, what
//! keys they hold, whether they are an authority's. Signatures are not verified.

/// What a public key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Ed25519,
    /// An elliptic curve, by the name that Go gives it.
    Curve(&'static str),
    /// How many bits its modulus has, in whole bytes.
    Rsa(usize),
    /// Any other.
    Other,
}

/// What tells a key pair from others: the modulus of RSA, the point on a curve; empty where a private
/// key does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Public<'a> {
    Rsa(&'a [u8]),
    Curve(&'a [u8]),
    Ed25519,
}

/// A value with its tag.
#[derive(Clone, Copy)]
struct Value<'a> {
    tag: u8,
    content: &'a [u8],
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 2;
const BIT_STRING: u8 = 3;
const OCTET_STRING: u8 = 4;
const OID: u8 = 6;

const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const CURVE: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];

/// Reads the values of a content one after another.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The next value; `None` at the end and for what is broken.
    fn next(&mut self) -> Option<Value<'a>> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let mut size = usize::from(first);
        if first >= 0x80 {
            let count = usize::from(first & 0x7f);
            if count == 0 || count > 4 || rest.len() < count {
                return None;
            }
            let (bytes, after) = rest.split_at(count);
            size = bytes.iter().fold(0, |size, byte| size << 8 | usize::from(*byte));
            rest = after;
        }
        let (content, after) = rest.split_at_checked(size)?;
        self.0 = after;
        Some(Value { tag, content })
    }

    fn take(&mut self, tag: u8) -> Option<Reader<'a>> {
        self.next().filter(|value| value.tag == tag).map(|value| Reader(value.content))
    }
}

/// The only value of a text.
fn whole(bytes: &[u8]) -> Option<Reader<'_>> {
    let mut all = Reader(bytes);
    let found = all.take(SEQUENCE)?;
    all.0.is_empty().then_some(found)
}

/// The key of a request for a certificate (PKCS#10); `None` if it cannot be read.
pub(super) fn request_key(bytes: &[u8]) -> Option<Key> {
    let mut outer = whole(bytes)?;
    let mut info = outer.take(SEQUENCE)?;
    outer.take(SEQUENCE)?;
    outer.take(BIT_STRING)?;
    info.take(INTEGER)?;
    info.take(SEQUENCE)?;
    key(info.take(SEQUENCE)?)
}

/// A public key on its own (PKIX); `None` if it cannot be read.
pub(super) fn public_key(bytes: &[u8]) -> Option<Key> {
    key(whole(bytes)?)
}

fn key(mut info: Reader<'_>) -> Option<Key> {
    let mut algorithm = info.take(SEQUENCE)?;
    let bits = info.take(BIT_STRING)?;
    let name = algorithm.take(OID)?.0;
    Some(match name {
        ED25519 => Key::Ed25519,
        CURVE => match algorithm.take(OID)?.0 {
            [0x2b, 0x81, 4, 0, 0x21] => Key::Curve("P-224"),
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7] => Key::Curve("P-256"),
            [0x2b, 0x81, 4, 0, 0x22] => Key::Curve("P-384"),
            [0x2b, 0x81, 4, 0, 0x23] => Key::Curve("P-521"),
            _ => Key::Other,
        },
        RSA => {
            let modulus = whole(bits.0.get(1..)?)?.take(INTEGER)?.0;
            let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
            Key::Rsa(8 * (modulus.len() - zeros))
        }
        _ => Key::Other,
    })
}

/// Whether a certificate is an authority's; `None` if it cannot be read.
pub(super) fn is_authority(bytes: &[u8]) -> Option<bool> {
    let mut outer = whole(bytes)?;
    let mut body = outer.take(SEQUENCE)?;
    outer.take(SEQUENCE)?;
    outer.take(BIT_STRING)?;
    // Everything up to the extensions, which are [3].
    while let Some(part) = body.next() {
        if part.tag != 0xa3 {
            continue;
        }
        let mut extensions = Reader(part.content).take(SEQUENCE)?;
        while !extensions.0.is_empty() {
            let mut extension = extensions.take(SEQUENCE)?;
            if extension.take(OID)?.0 == [0x55, 0x1d, 0x13] {
                return basic_constraints(extension);
            }
        }
    }
    Some(false)
}

fn basic_constraints(mut extension: Reader<'_>) -> Option<bool> {
    let mut value = extension.next()?;
    if value.tag == 1 {
        value = extension.next()?;
    }
    if value.tag != OCTET_STRING {
        return None;
    }
    let first = whole(value.content)?.next();
    Some(first.is_some_and(|value| value.tag == 1 && value.content == [0xff]))
}

/// The key that a certificate is for; `None` if it cannot be read or is of another sort.
pub(super) fn certificate_key(bytes: &[u8]) -> Option<Public<'_>> {
    let mut body = whole(bytes)?.take(SEQUENCE)?;
    let mut part = body.next()?;
    // The version, which is [0].
    if part.tag == 0xa0 {
        part = body.next()?;
    }
    if part.tag != INTEGER {
        return None;
    }
    for _ in 0..4 {
        body.take(SEQUENCE)?;
    }
    let mut info = body.take(SEQUENCE)?;
    let mut algorithm = info.take(SEQUENCE)?;
    let bits = info.take(BIT_STRING)?.0.get(1..)?;
    match algorithm.take(OID)?.0 {
        RSA => Some(Public::Rsa(whole(bits)?.take(INTEGER)?.0)),
        CURVE => Some(Public::Curve(bits)),
        ED25519 => Some(Public::Ed25519),
        _ => None,
    }
}

/// The same of a private key: PKCS#8, PKCS#1 or SEC 1.
pub(super) fn private_key(bytes: &[u8]) -> Option<Public<'_>> {
    let mut outer = whole(bytes)?;
    let version = outer.take(INTEGER)?.0;
    let next = outer.next()?;
    match next.tag {
        INTEGER if version == [0] => Some(Public::Rsa(next.content)),
        OCTET_STRING if version == [1] => Some(Public::Curve(point(outer))),
        SEQUENCE => {
            let name = Reader(next.content).take(OID)?.0;
            let inner = outer.take(OCTET_STRING)?.0;
            match name {
                RSA | CURVE => private_part(inner),
                ED25519 => Some(Public::Ed25519),
                _ => None,
            }
        }
        _ => None,
    }
}

fn private_part(bytes: &[u8]) -> Option<Public<'_>> {
    let mut outer = whole(bytes)?;
    outer.take(INTEGER)?;
    let next = outer.next()?;
    match next.tag {
        INTEGER => Some(Public::Rsa(next.content)),
        OCTET_STRING => Some(Public::Curve(point(outer))),
        _ => None,
    }
}

/// The point of a private key on a curve, which is [1] and need not be there.
fn point(mut rest: Reader<'_>) -> &[u8] {
    while let Some(part) = rest.next() {
        if part.tag == 0xa1 {
            let bits = Reader(part.content).take(BIT_STRING);
            return bits.and_then(|bits| bits.0.get(1..)).unwrap_or_default();
        }
    }
    &[]
}

/// A block of a PEM text.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) kind: String,
    pub(super) has_headers: bool,
    pub(super) bytes: Vec<u8>,
}

/// The blocks of a PEM text; `None` where something between its marks is no block, which Go's reader
/// may make something else of.
pub(super) fn blocks(text: &str) -> Option<Vec<Block>> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(rest) = line.strip_prefix("-----BEGIN ") else {
            if line.contains("-----BEGIN") {
                return None;
            }
            continue;
        };
        let kind = rest.trim_end().strip_suffix("-----")?;
        let mut block = Block { kind: kind.to_owned(), has_headers: false, bytes: Vec::new() };
        let (end, mut body) = (format!("-----END {kind}-----"), String::new());
        loop {
            let line = lines.next()?.trim_end();
            if line == end {
                break;
            }
            if line.contains(':') {
                block.has_headers = true;
            } else {
                body.push_str(line);
            }
        }
        block.bytes = super::from_base64(&body)?;
        found.push(block);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: &str = "MIGAMDQCAQAwADAqMAUGAytlcAMhAA==";

    #[test]
    fn what_cannot_be_read_is_no_certificate() {
        for bytes in [&b""[..], b"a", &[0x30], &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &[0x30, 0]] {
            assert_eq!(request_key(bytes), None);
            assert_eq!(public_key(bytes), None);
            assert_eq!(is_authority(bytes), None);
        }
        assert_eq!(request_key(&super::super::from_base64(REQUEST).unwrap()), None);
    }

    #[test]
    fn keys_are_told_apart() {
        let ed = [&[0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21][..], &[0; 33]].concat();
        assert_eq!(public_key(&ed), Some(Key::Ed25519));
        let rsa = [
            &[0x30, 0x19, 0x30, 0x0b, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1][..],
            &[3, 0x0a, 0, 0x30, 7, 2, 2, 0, 0x80, 2, 1, 3],
        ]
        .concat();
        assert_eq!(public_key(&rsa), Some(Key::Rsa(8)));
    }

    #[test]
    fn blocks_are_cut_out_of_other_text() {
        let text = "x\n-----BEGIN A-----\na: b\n\nYQ==\n-----END A-----\n";
        let found = blocks(text).unwrap();
        assert_eq!(
            (&*found[0].kind, found[0].has_headers, &*found[0].bytes),
            ("A", true, &b"a"[..])
        );
        assert!(blocks("").unwrap().is_empty());
        assert!(blocks("-----BEGIN A-----\n!\n-----END A-----\n").is_none());
        assert!(blocks("-----BEGIN A-----\n").is_none());
    }
}
