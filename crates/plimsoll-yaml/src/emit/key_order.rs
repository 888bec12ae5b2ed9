use std::cmp::Ordering;

use plimsoll_source::strconv;

use super::Version;

/// Sorts what has keys into the order in which go-yaml writes a mapping.
///
/// That order is no order in the strict sense (`v10 < v1beta1 < v2 < v10`), and real Helm's answer
/// varies there; ours is that of a merge sort which starts from byte order, so that it is one of
/// them, always the same.
pub fn sort_keys<T>(version: Version, items: &mut Vec<T>, key: impl Fn(&T) -> &[u8]) {
    if !items.is_sorted_by(|a, b| key(a) <= key(b)) {
        items.sort_by(|a, b| key(a).cmp(key(b)));
    }
    if items.is_sorted_by(|a, b| compare(version, key(a), key(b)) != Ordering::Greater) {
        return;
    }
    let mut runs: Vec<Vec<T>> = items.drain(..).map(|item| vec![item]).collect();
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut rest = runs.into_iter();
        while let Some(left) = rest.next() {
            merged.push(match rest.next() {
                Some(right) => merge(version, left, right, &key),
                None => left,
            });
        }
        runs = merged;
    }
    *items = runs.pop().unwrap_or_default();
}

fn merge<T>(version: Version, left: Vec<T>, right: Vec<T>, key: &impl Fn(&T) -> &[u8]) -> Vec<T> {
    let mut out = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let greater = compare(version, key(a), key(b)) == Ordering::Greater;
        out.extend(if greater { right.next() } else { left.next() });
    }
    out.extend(left.chain(right));
    out
}

/// go-yaml: sorter.go, `keyList.Less`: keys are compared where they first differ.
fn compare(version: Version, a: &[u8], b: &[u8]) -> Ordering {
    let common = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    if common == a.len() || common == b.len() {
        return a.len().cmp(&b.len());
    }
    // Back to the start of a character that differs in its later bytes.
    let start = (0..=common).rev().find(|&at| a[at] & 0xc0 != 0x80).unwrap_or(0);
    let (prefix, a, b) = (&a[..start], Runes(&a[start..]), Runes(&b[start..]));
    let (Some(first_a), Some(first_b)) = (a.clone().next(), b.clone().next()) else {
        return a.0.len().cmp(&b.0.len());
    };
    match (strconv::is_letter(first_a), strconv::is_letter(first_b)) {
        (true, true) => first_a.cmp(&first_b),
        (false, false) => compare_numbers(prefix, a, b).then(first_a.cmp(&first_b)),
        (letter_a, _) => {
            let after_digit = || ends_in_digits(prefix).next().is_some();
            let letter_first = version == Version::V3 && after_digit();
            if letter_a == letter_first { Ordering::Less } else { Ordering::Greater }
        }
    }
}

/// Neither begins with a letter: by the numbers that begin there, then by their length.
fn compare_numbers(prefix: &[u8], a: Runes<'_>, b: Runes<'_>) -> Ordering {
    // A zero right behind other digits does not lead: both numbers get a digit before.
    let zero = a.0.first() == Some(&b'0') || b.0.first() == Some(&b'0');
    let start = i64::from(zero && ends_in_digits(prefix).any(|digit| digit != '0'));
    number(a, start).cmp(&number(b, start))
}

/// The digits with which a text ends, the last first.
fn ends_in_digits(text: &[u8]) -> impl Iterator<Item = char> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.iter().rposition(|byte| byte & 0xc0 != 0x80)?;
        let (before, last) = rest.split_at(start);
        rest = before;
        Runes(last).next()
    })
    .take_while(|c| strconv::is_digit(*c))
}

/// The number of the leading digits, wrapping as an `int64`, and how many they are.
fn number(text: Runes<'_>, start: i64) -> (i64, usize) {
    text.take_while(|c| strconv::is_digit(*c)).fold((start, 0), |(value, count), digit| {
        let digit = i64::from(u32::from(digit)) - i64::from(u32::from('0'));
        (value.wrapping_mul(10).wrapping_add(digit), count + 1)
    })
}

/// The characters of a text; a byte that is none is U+FFFD.
#[derive(Clone)]
struct Runes<'a>(&'a [u8]);

impl Iterator for Runes<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let &first = self.0.first()?;
        if first.is_ascii() {
            self.0 = &self.0[1..];
            return Some(char::from(first));
        }
        let head = &self.0[..self.0.len().min(4)];
        let valid = match std::str::from_utf8(head) {
            Ok(valid) => valid,
            Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
        };
        let c = valid.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
        self.0 = &self.0[if valid.is_empty() { 1 } else { c.len_utf8() }..];
        Some(c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(version: Version, want: &str) {
        let mut keys: Vec<&str> = want.split(' ').collect();
        keys.sort_unstable_by(|a, b| b.cmp(a));
        sort_keys(version, &mut keys, |key| key.as_bytes());
        assert_eq!(keys.join(" "), want);
    }

    #[test]
    fn numbers_in_keys_count() {
        check(Version::V2, "A B a a2 a10 b");
        check(Version::V2, "_a 1 2 10 a");
        check(Version::V3, "a2 a10 b1x b1-");
        check(Version::V2, "a2 a10 b1- b1x");
        check(Version::V2, "a1 a01 a10 a٢");
    }

    #[test]
    fn letters_are_those_of_go() {
        // U+0345 is alphabetic, but no letter to Go; other marks sort before letters.
        check(Version::V2, "a\u{345} ab");
        check(Version::V2, "a\u{24b6} aé");
    }
}
