use std::io::Write;

/// Decimal digits of a finite number: `0.d₁d₂d₃… × 10^point`. Zero has no digits.
pub(super) struct Digits {
    pub(super) digits: Vec<u8>,
    pub(super) point: i32,
}

/// No `f64` has more significant digits than this, so more are zeros.
const MAX_DIGITS: usize = 800;
/// No `f64` has more decimals than this, so more are zeros.
const MAX_DECIMALS: usize = 1100;

impl Digits {
    /// The fewest digits that read back as the same number of `bits` bits.
    pub(super) fn shortest(value: f64, bits: u32) -> Digits {
        let mut text = Vec::with_capacity(32);
        let written =
            if bits == 32 { write!(text, "{:e}", value as f32) } else { write!(text, "{value:e}") };
        written.expect("a vector takes everything");
        let shortest = Digits::from_scientific(&text);
        let odd = shortest.digits.last().is_some_and(|digit| digit % 2 == 1);
        if odd && may_be_halfway(value) {
            let even = Digits::significant(value, shortest.digits.len());
            if even.read(bits) == value {
                return even;
            }
        }
        shortest
    }

    /// `count` significant digits, at least one, rounded half to even.
    pub(super) fn significant(value: f64, count: usize) -> Digits {
        let mut text = Vec::with_capacity(count.min(MAX_DIGITS) + 8);
        write!(text, "{value:.*e}", count.clamp(1, MAX_DIGITS) - 1)
            .expect("a vector takes everything");
        Digits::from_scientific(&text)
    }

    /// As many digits as reach `count` decimals, rounded half to even.
    pub(super) fn decimals(value: f64, count: usize) -> Digits {
        let mut text = Vec::with_capacity(count.min(MAX_DECIMALS) + 24);
        write!(text, "{value:.*}", count.min(MAX_DECIMALS)).expect("a vector takes everything");
        let point = text.iter().position(|c| *c == b'.').unwrap_or(text.len());
        text.retain(|c| *c != b'.');
        let zeros = text.iter().take_while(|c| **c == b'0').count();
        if zeros == text.len() {
            return Digits { digits: Vec::new(), point: 0 };
        }
        text.drain(..zeros);
        Digits { digits: text, point: point as i32 - zeros as i32 }
    }

    fn from_scientific(text: &[u8]) -> Digits {
        let split = text.iter().position(|c| *c == b'e').unwrap_or(text.len());
        let digits: Vec<u8> = text[..split].iter().copied().filter(|c| *c != b'.').collect();
        if digits.iter().all(|c| *c == b'0') {
            return Digits { digits: Vec::new(), point: 0 };
        }
        let exponent = std::str::from_utf8(&text[split..]).ok().and_then(|e| e[1..].parse().ok());
        Digits { digits, point: exponent.unwrap_or(0) + 1 }
    }

    fn read(&self, bits: u32) -> f64 {
        let digits = std::str::from_utf8(&self.digits).unwrap_or_default();
        let text = format!("0.{digits}e{}", self.point);
        let read = if bits == 32 { text.parse::<f32>().map(f64::from) } else { text.parse() };
        read.unwrap_or(f64::NAN)
    }

    /// The digit at a place counted from the first; zero beyond the last.
    pub(super) fn at(&self, place: i32) -> u8 {
        usize::try_from(place).ok().and_then(|at| self.digits.get(at)).copied().unwrap_or(b'0')
    }
}

/// Whether the number may lie exactly between two shortest candidates, where Go takes the even
/// one and Rust the larger: so many digits have only fractions of at most 25 bits.
fn may_be_halfway(value: f64) -> bool {
    let scaled = value * f64::from(1 << 25);
    value.trunc() != value && scaled.trunc() == scaled
}
