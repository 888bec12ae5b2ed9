/// Arithmetic modulo an odd number of `N` words, in Montgomery's form. It is used to find primes,
/// where its running time tells nothing to anybody, and not to sign.
pub(super) struct Montgomery<const N: usize> {
    modulus: [u64; N],
    /// The negated inverse of the lowest word.
    inverse: u64,
    /// One and the square of the radix.
    one: [u64; N],
    square: [u64; N],
}

impl<const N: usize> Montgomery<N> {
    /// The modulus must be odd and have its highest bit set.
    pub(super) fn new(modulus: [u64; N]) -> Montgomery<N> {
        let mut inverse = 1_u64;
        for _ in 0..6 {
            inverse = inverse.wrapping_mul(2_u64.wrapping_sub(modulus[0].wrapping_mul(inverse)));
        }
        let mut one = [0; N];
        subtract(&mut one, &modulus);
        let mut field =
            Montgomery { modulus, inverse: inverse.wrapping_neg(), one, square: [0; N] };
        let mut square = one;
        for _ in 0..64 * N {
            square = field.double(&square);
        }
        field.square = square;
        field
    }

    /// One in Montgomery's form.
    pub(super) fn one(&self) -> [u64; N] {
        self.one
    }

    /// Minus one in Montgomery's form.
    pub(super) fn minus_one(&self) -> [u64; N] {
        let mut value = self.modulus;
        subtract(&mut value, &self.one);
        value
    }

    pub(super) fn enter(&self, value: &[u64; N]) -> [u64; N] {
        self.multiply(value, &self.square)
    }

    pub(super) fn leave(&self, value: &[u64; N]) -> [u64; N] {
        let mut one = [0; N];
        one[0] = 1;
        self.multiply(value, &one)
    }

    pub(super) fn double(&self, value: &[u64; N]) -> [u64; N] {
        let mut out = [0; N];
        let mut carry = 0;
        for at in 0..N {
            out[at] = value[at] << 1 | carry;
            carry = value[at] >> 63;
        }
        self.reduce_once(&mut out, carry);
        out
    }

    /// Both factors and the product in Montgomery's form.
    pub(super) fn multiply(&self, a: &[u64; N], b: &[u64; N]) -> [u64; N] {
        let mut out = [0_u64; N];
        let mut top = 0_u64;
        for &factor in b {
            let (low, mut carry) = multiply_add(a[0], factor, out[0], 0);
            let quotient = low.wrapping_mul(self.inverse);
            let (_, mut reduced) = multiply_add(quotient, self.modulus[0], low, 0);
            for at in 1..N {
                let (word, next) = multiply_add(a[at], factor, out[at], carry);
                carry = next;
                (out[at - 1], reduced) = multiply_add(quotient, self.modulus[at], word, reduced);
            }
            let (sum, first) = carry.overflowing_add(reduced);
            let (sum, second) = sum.overflowing_add(top);
            out[N - 1] = sum;
            top = u64::from(first) + u64::from(second);
        }
        self.reduce_once(&mut out, top);
        out
    }

    pub(super) fn square(&self, a: &[u64; N]) -> [u64; N] {
        self.multiply(a, a)
    }

    fn reduce_once(&self, value: &mut [u64; N], top: u64) {
        if top != 0 || !less(value, &self.modulus) {
            subtract(value, &self.modulus);
        }
    }

    /// The power of a base in Montgomery's form; the exponent's words begin with the lowest.
    pub(super) fn power(&self, base: &[u64; N], exponent: &[u64]) -> [u64; N] {
        let mut table = [self.one; 16];
        for at in 1..16 {
            table[at] = self.multiply(&table[at - 1], base);
        }
        let mut out = self.one;
        for word in exponent.iter().rev() {
            for shift in (0..16).rev() {
                for _ in 0..4 {
                    out = self.square(&out);
                }
                let digit = (word >> (4 * shift)) as usize & 15;
                if digit != 0 {
                    out = self.multiply(&out, &table[digit]);
                }
            }
        }
        out
    }

    /// The power of two, which takes squares alone.
    pub(super) fn power_of_two(&self, exponent: &[u64; N]) -> [u64; N] {
        let mut out = self.one;
        for word in exponent.iter().rev() {
            for bit in (0..64).rev() {
                out = self.square(&out);
                if word >> bit & 1 == 1 {
                    out = self.double(&out);
                }
            }
        }
        out
    }
}

fn multiply_add(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    let sum = u128::from(a) * u128::from(b) + u128::from(c) + u128::from(d);
    (sum as u64, (sum >> 64) as u64)
}

/// Whether `a` is less than `b`.
pub(super) fn less(a: &[u64], b: &[u64]) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

fn subtract<const N: usize>(a: &mut [u64; N], b: &[u64; N]) {
    let mut borrow = false;
    for at in 0..N {
        let (difference, first) = a[at].overflowing_sub(b[at]);
        let (difference, second) = difference.overflowing_sub(u64::from(borrow));
        a[at] = difference;
        borrow = first || second;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_powers_agree() {
        let modulus = [0xffff_ffff_0000_0001, 0x1234_5678_9abc_def0, 0xdead_beef_0bad_cafe];
        let field = Montgomery::new(modulus);
        let base = field.enter(&[5, 6, 7]);
        assert_eq!(field.leave(&base), [5, 6, 7]);
        let two = field.double(&field.one());
        let exponent = [77, 3, 1];
        assert_eq!(field.power(&two, &exponent), field.power_of_two(&exponent));
    }
}
