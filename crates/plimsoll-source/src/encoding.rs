//! Base 64 and base 32 in Go's standard encodings. The usual libraries do not say at which byte a
//! text breaks off, which Go's errors tell.

/// Bytes in Go's `base64.StdEncoding`.
pub fn encode_base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// What a text in Go's `base64.StdEncoding` stands for, line breaks passed over; the error is the
/// position that Go tells.
pub fn decode_base64(text: &[u8]) -> Result<Vec<u8>, usize> {
    Base64Reader { source: text, at: 0 }.read()
}

/// Bytes in Go's `base32.StdEncoding`.
pub fn encode_base32(bytes: &[u8]) -> String {
    BASE32.encode(bytes)
}

/// What a text in Go's `base32.StdEncoding` stands for, line breaks passed over; the error is the
/// position that Go tells.
pub fn decode_base32(text: &[u8]) -> Result<Vec<u8>, usize> {
    let mut source = text.to_vec();
    source.retain(|byte| !matches!(byte, b'\n' | b'\r'));
    read_base32(&source)
}

/// One of Go's standard encodings: quanta of `chars` characters for `bytes` bytes, padded.
struct Encoding {
    alphabet: &'static [u8],
    bits: u32,
    chars: usize,
    bytes: usize,
    values: [u8; 256],
}

const BASE64: Encoding =
    Encoding::new(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6, 4, 3);
const BASE32: Encoding = Encoding::new(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, 8, 5);

const NO_VALUE: u8 = 0xff;

impl Encoding {
    const fn new(alphabet: &'static [u8], bits: u32, chars: usize, bytes: usize) -> Encoding {
        let mut values = [NO_VALUE; 256];
        let mut at = 0;
        while at < alphabet.len() {
            values[alphabet[at] as usize] = at as u8;
            at += 1;
        }
        Encoding { alphabet, bits, chars, bytes, values }
    }

    fn encode(&self, bytes: &[u8]) -> String {
        let mut out = String::with_capacity(bytes.len().div_ceil(self.bytes) * self.chars);
        for quantum in bytes.chunks(self.bytes) {
            let mut sum = quantum.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
            sum <<= 8 * (self.bytes - quantum.len());
            let used = (quantum.len() * 8).div_ceil(self.bits as usize);
            for at in 0..self.chars {
                let shift = self.bits as usize * (self.chars - 1 - at);
                let digit = (sum >> shift) as usize & (self.alphabet.len() - 1);
                out.push(if at < used { char::from(self.alphabet[digit]) } else { '=' });
            }
        }
        out
    }

    fn value(&self, byte: u8) -> Option<u64> {
        let value = self.values[byte as usize];
        (value != NO_VALUE).then_some(u64::from(value))
    }

    /// Appends the bytes of the digits of one quantum.
    fn push_quantum(&self, out: &mut Vec<u8>, digits: &[u64]) {
        let bits = self.bits as usize;
        let sum = digits
            .iter()
            .enumerate()
            .fold(0, |sum, (at, digit)| sum | digit << (bits * (self.chars - 1 - at)));
        let bytes = digits.len() * bits / 8;
        out.extend((0..bytes).map(|at| (sum >> (8 * (self.bytes - 1 - at))) as u8));
    }
}

/// Reads base 64 quantum by quantum; positions count line breaks, but for a quantum that ends
/// early, where Go counts back as if there were none.
struct Base64Reader<'a> {
    source: &'a [u8],
    at: usize,
}

impl Base64Reader<'_> {
    fn read(mut self) -> Result<Vec<u8>, usize> {
        let mut out = Vec::with_capacity(self.source.len() / 4 * 3 + 3);
        while self.at < self.source.len() {
            let mut digits = [0; 4];
            let used = self.quantum(&mut digits)?;
            BASE64.push_quantum(&mut out, &digits[..used]);
        }
        Ok(out)
    }

    fn skip_breaks(&mut self) {
        while matches!(self.source.get(self.at), Some(b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn quantum(&mut self, digits: &mut [u64; 4]) -> Result<usize, usize> {
        for (used, digit) in digits.iter_mut().enumerate() {
            self.skip_breaks();
            let Some(&byte) = self.source.get(self.at) else {
                return if used == 0 { Ok(0) } else { Err(self.at - used) };
            };
            self.at += 1;
            match BASE64.value(byte) {
                Some(value) => *digit = value,
                None if byte == b'=' && used >= 2 => return self.padding(used),
                None => return Err(self.at - 1),
            }
        }
        Ok(4)
    }

    /// What follows the first `=`.
    fn padding(&mut self, used: usize) -> Result<usize, usize> {
        if used == 2 {
            self.skip_breaks();
            match self.source.get(self.at) {
                None => return Err(self.source.len()),
                Some(b'=') => self.at += 1,
                Some(_) => return Err(self.at - 1),
            }
        }
        self.skip_breaks();
        if self.at < self.source.len() { Err(self.at) } else { Ok(used) }
    }
}

/// Reads base 32; positions leave line breaks out, and what follows the padding is not looked at.
fn read_base32(source: &[u8]) -> Result<Vec<u8>, usize> {
    let mut out = Vec::with_capacity(source.len() / 8 * 5 + 5);
    let mut at = 0;
    while at < source.len() {
        let mut digits = [0; 8];
        let mut used = 0;
        while used < 8 {
            let byte = *source.get(at).ok_or(at - used)?;
            if byte == b'=' && used >= 2 && source.len() - at - 1 < 8 {
                check_base32_padding(source, at, used)?;
                BASE32.push_quantum(&mut out, &digits[..used]);
                return Ok(out);
            }
            digits[used] = BASE32.value(byte).ok_or(at)?;
            used += 1;
            at += 1;
        }
        BASE32.push_quantum(&mut out, &digits);
    }
    Ok(out)
}

/// Checks the padding that starts at `at` behind `used` digits.
fn check_base32_padding(source: &[u8], at: usize, used: usize) -> Result<(), usize> {
    let rest = &source[at + 1..];
    if rest.len() + used < 7 {
        return Err(source.len());
    }
    if let Some(wrong) = rest.iter().take(7 - used).position(|&byte| byte != b'=') {
        return Err(at + wrong);
    }
    if matches!(used, 3 | 6) { Err(at) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_goes_there_and_back() {
        let texts =
            [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("abcd", "YWJjZA==")];
        for (plain, coded) in texts {
            assert_eq!(encode_base64(plain.as_bytes()), coded);
            assert_eq!(decode_base64(coded.as_bytes()).as_deref(), Ok(plain.as_bytes()));
        }
        assert_eq!(decode_base64(b"aGV\nsbG8=\r\n").as_deref(), Ok(&b"hello"[..]));
    }

    #[test]
    fn errors_tell_where_base64_breaks() {
        let errors = ["YWJ", "Y%", "====", "YWJj="].map(|text| decode_base64(text.as_bytes()));
        assert_eq!(errors, [Err(0), Err(1), Err(0), Err(4)]);
    }

    #[test]
    fn base32_goes_there_and_back() {
        assert_eq!(encode_base32(b"hello"), "NBSWY3DP");
        assert_eq!(decode_base32(b"NBSW\nY3DP").as_deref(), Ok(&b"hello"[..]));
        assert_eq!(decode_base32(b"x"), Err(0));
    }
}
