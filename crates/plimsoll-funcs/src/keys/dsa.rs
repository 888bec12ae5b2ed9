use super::der;
use super::montgomery::{Montgomery, less};
use super::prime::{Random, first_prime, random_prime, random_words};

/// Words of the modulus, of the order, and of what the order is multiplied with.
const P: usize = 32;
const Q: usize = 4;
const T: usize = P - Q;

/// A new key with new parameters of 2048 and 256 bits, written as OpenSSL does: version, p, q, g,
/// y, x.
pub(super) fn generate(random: Random<'_>) -> Vec<u8> {
    let order = random_prime::<Q>(random);
    let (modulus, cofactor) = modulus(&order, random);
    let field = Montgomery::new(modulus);
    let base = generator(&field, &cofactor);
    let secret = secret(&order, random);
    let public = field.leave(&field.power(&base, &secret));
    let base = field.leave(&base);
    der::sequence(&[
        &der::integer(&[0]),
        &integer(&modulus),
        &integer(&order),
        &integer(&base),
        &integer(&public),
        &integer(&secret),
    ])
}

fn integer<const N: usize>(words: &[u64; N]) -> Vec<u8> {
    let mut bytes = words.map(u64::to_le_bytes).as_flattened().to_vec();
    bytes.reverse();
    der::integer(&bytes)
}

/// A prime p = 2 · q · t + 1 of 2048 bits, and 2 · t.
fn modulus(order: &[u64; Q], random: Random<'_>) -> ([u64; P], [u64; T]) {
    let step = product(order, &two());
    loop {
        let mut cofactor: [u64; T] = random_words(random);
        cofactor[0] &= !1;
        cofactor[T - 1] |= 1 << 63;
        let mut start = product(order, &cofactor);
        start[0] |= 1;
        if start[P - 1] >> 63 == 0 {
            continue;
        }
        if let Some((prime, index)) = first_prime(&start, &step, random) {
            add(&mut cofactor, 2 * index);
            return (prime, cofactor);
        }
    }
}

fn two() -> [u64; T] {
    let mut two = [0; T];
    two[0] = 2;
    two
}

fn product(order: &[u64; Q], other: &[u64; T]) -> [u64; P] {
    let mut out = [0_u64; P];
    for (i, a) in order.iter().enumerate() {
        let mut carry = 0_u128;
        for (j, b) in other.iter().enumerate() {
            let sum = u128::from(*a) * u128::from(*b) + u128::from(out[i + j]) + carry;
            out[i + j] = sum as u64;
            carry = sum >> 64;
        }
        out[i + T] = carry as u64;
    }
    out
}

fn add(words: &mut [u64], number: u64) {
    let mut carry = number;
    for word in words {
        let (sum, overflow) = word.overflowing_add(carry);
        *word = sum;
        carry = u64::from(overflow);
    }
}

/// A number whose powers are a group of the order, in Montgomery's form.
fn generator(field: &Montgomery<P>, cofactor: &[u64; T]) -> [u64; P] {
    let mut base = field.double(&field.one());
    loop {
        let power = field.power(&base, cofactor);
        if power != field.one() {
            return power;
        }
        base = field.double(&base);
    }
}

/// A number from 1 to below the order.
fn secret(order: &[u64; Q], random: Random<'_>) -> [u64; Q] {
    loop {
        let secret: [u64; Q] = random_words(random);
        if secret != [0; Q] && less(&secret, order) {
            return secret;
        }
    }
}
