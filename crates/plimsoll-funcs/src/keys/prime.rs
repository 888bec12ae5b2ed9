use super::montgomery::Montgomery;

/// Fills bytes at random.
pub(crate) type Random<'a> = &'a mut dyn FnMut(&mut [u8]);

/// A random prime of 64 · `N` bits whose two highest bits are set, so that the product of two of
/// them has all its bits.
pub(super) fn random_prime<const N: usize>(random: Random<'_>) -> [u64; N] {
    let mut step = [0; N];
    step[0] = 2;
    loop {
        let mut start = random_words(random);
        start[0] |= 1;
        start[N - 1] |= 3 << 62;
        if let Some((prime, _)) = first_prime(&start, &step, random) {
            return prime;
        }
    }
}

pub(super) fn random_words<const N: usize>(random: Random<'_>) -> [u64; N] {
    let mut bytes = [[0; 8]; N];
    random(bytes.as_flattened_mut());
    bytes.map(u64::from_le_bytes)
}

/// How many numbers of a sequence are looked at.
const WINDOW: usize = 8192;

/// The first prime of `start`, `start + step`, …: the prime and its index. `None` if there is none
/// nearby or it would overflow.
pub(super) fn first_prime<const N: usize>(
    start: &[u64; N],
    step: &[u64; N],
    random: Random<'_>,
) -> Option<([u64; N], u64)> {
    let composite = sieve(start, step);
    for index in (0..WINDOW).filter(|index| !composite[*index]) {
        let candidate = add_multiple(start, step, index as u64)?;
        if is_prime(candidate, random) {
            return Some((candidate, index as u64));
        }
    }
    None
}

fn add_multiple<const N: usize>(start: &[u64; N], step: &[u64; N], count: u64) -> Option<[u64; N]> {
    let mut out = [0; N];
    let mut carry = 0_u128;
    for at in 0..N {
        let sum = u128::from(step[at]) * u128::from(count) + u128::from(start[at]) + carry;
        out[at] = sum as u64;
        carry = sum >> 64;
    }
    (carry == 0).then_some(out)
}

/// Strikes out the numbers of a sequence that have a small factor.
fn sieve<const N: usize>(start: &[u64; N], step: &[u64; N]) -> Vec<bool> {
    let mut composite = vec![false; WINDOW];
    let primes = small_primes();
    let mut rest = &primes[..];
    while !rest.is_empty() {
        let (mut product, mut count) = (1_u64, 0);
        while let Some(next) = rest.get(count).and_then(|prime| product.checked_mul(*prime)) {
            product = next;
            count += 1;
        }
        let (start, step) = (remainder(start, product), remainder(step, product));
        for &prime in &rest[..count] {
            strike(&mut composite, start % prime, step % prime, prime);
        }
        rest = &rest[count..];
    }
    composite
}

fn strike(composite: &mut [bool], start: u64, step: u64, prime: u64) {
    if step == 0 {
        if start == 0 {
            composite.fill(true);
        }
        return;
    }
    let first = (prime - start) % prime * inverse(step, prime) % prime;
    composite.iter_mut().skip(first as usize).step_by(prime as usize).for_each(|it| *it = true);
}

/// The inverse modulo a small prime.
fn inverse(value: u64, prime: u64) -> u64 {
    let (mut old, mut new) = ((prime as i64, 0_i64), (value as i64, 1_i64));
    while new.0 != 0 {
        let quotient = old.0 / new.0;
        (old, new) = (new, (old.0 - quotient * new.0, old.1 - quotient * new.1));
    }
    old.1.rem_euclid(prime as i64) as u64
}

fn remainder(value: &[u64], divisor: u64) -> u64 {
    value.iter().rev().fold(0, |rest, word| {
        ((u128::from(rest) << 64 | u128::from(*word)) % u128::from(divisor)) as u64
    })
}

/// The odd primes below 2¹⁶.
fn small_primes() -> Vec<u64> {
    let mut composite = vec![false; 1 << 16];
    let mut primes = Vec::with_capacity(6542);
    for number in (3..1_usize << 16).step_by(2) {
        if !composite[number] {
            primes.push(number as u64);
            (number * number..1 << 16).step_by(2 * number).for_each(|at| composite[at] = true);
        }
    }
    primes
}

/// How many random bases a number must pass beside two, so that the chance of error is below 2⁻¹⁰⁰
/// for random candidates (FIPS 186-5, table B.1).
const fn rounds(bits: usize) -> usize {
    if bits < 1024 { 32 } else { 5 }
}

/// The test of Miller and Rabin; the number is odd with its highest bit set.
fn is_prime<const N: usize>(number: [u64; N], random: Random<'_>) -> bool {
    let field = Montgomery::new(number);
    let mut odd = number;
    odd[0] -= 1;
    let twos = trailing_zeros(&odd);
    let odd = shift_right(&odd, twos);
    if !passes(&field, field.power_of_two(&odd), twos) {
        return false;
    }
    (0..rounds(64 * N)).all(|_| {
        let mut base: [u64; N] = random_words(random);
        base[N - 1] >>= 1;
        base[0] |= 2;
        passes(&field, field.power(&field.enter(&base), &odd), twos)
    })
}

fn passes<const N: usize>(field: &Montgomery<N>, mut power: [u64; N], twos: u32) -> bool {
    if power == field.one() {
        return true;
    }
    let minus_one = field.minus_one();
    for _ in 0..twos {
        if power == minus_one {
            return true;
        }
        power = field.square(&power);
    }
    false
}

fn trailing_zeros(words: &[u64]) -> u32 {
    let zeros = words.iter().take_while(|word| **word == 0).count();
    zeros as u32 * 64 + words.get(zeros).map_or(0, |word| word.trailing_zeros())
}

fn shift_right<const N: usize>(words: &[u64; N], bits: u32) -> [u64; N] {
    let (whole, part) = ((bits / 64) as usize, bits % 64);
    std::array::from_fn(|at| {
        let low = words.get(at + whole).map_or(0, |word| word >> part);
        let high = words.get(at + whole + 1).copied().unwrap_or(0);
        low | if part == 0 { 0 } else { high << (64 - part) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(number: u64, want: bool) {
        let mut state = 1_u8;
        let mut random = |bytes: &mut [u8]| {
            for byte in bytes {
                state = state.wrapping_mul(37).wrapping_add(11);
                *byte = state;
            }
        };
        assert_eq!(is_prime([number], &mut random), want, "{number}");
    }

    #[test]
    fn primes_are_told_from_composites() {
        check(18_446_744_073_709_551_557, true);
        check(18_446_744_073_709_551_559, false);
        check(0xffff_fffb * 0xffff_ffef, false);
    }
}
