use std::cmp::Ordering;

use super::Dialect;

/// Sorts entries by key as go-yaml does. Its order is not transitive (`v10` < `v1beta1` < `v2` <
/// `v10`), so Go's own answer varies; ours is the one of a merge sort of the entries as they come.
pub(super) fn sort<T>(entries: &mut Vec<T>, key: impl Fn(&T) -> &[u8], dialect: Dialect) {
    if entries.is_sorted_by(|a, b| compare(key(a), key(b), dialect) != Ordering::Greater) {
        return;
    }
    let mut runs: Vec<Vec<T>> = entries.drain(..).map(|entry| vec![entry]).collect();
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut rest = runs.into_iter();
        while let Some(left) = rest.next() {
            merged.push(match rest.next() {
                Some(right) => merge(left, right, &key, dialect),
                None => left,
            });
        }
        runs = merged;
    }
    *entries = runs.pop().unwrap_or_default();
}

fn merge<T>(left: Vec<T>, right: Vec<T>, key: &impl Fn(&T) -> &[u8], dialect: Dialect) -> Vec<T> {
    let mut out = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let greater = compare(key(a), key(b), dialect) == Ordering::Greater;
        out.extend(if greater { right.next() } else { left.next() });
    }
    out.extend(left.chain(right));
    out
}

/// go-yaml: sorter.go, `keyList.Less`.
fn compare(a: &[u8], b: &[u8], dialect: Dialect) -> Ordering {
    let common = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    if common == a.len() || common == b.len() {
        return a.len().cmp(&b.len());
    }
    // Back to the start of a character that differs in its later bytes.
    let start = (0..=common).rev().find(|at| a[*at] & 0xc0 != 0x80).unwrap_or(0);
    let (prefix, a, b) = (&a[..start], runes(&a[start..]), runes(&b[start..]));
    let (Some(&first_a), Some(&first_b)) = (a.first(), b.first()) else {
        return a.len().cmp(&b.len());
    };
    match (first_a.is_alphabetic(), first_b.is_alphabetic()) {
        (true, true) => return first_a.cmp(&first_b),
        (false, false) => {}
        (letter_a, _) => {
            let after_digit = prefix.last().is_some_and(u8::is_ascii_digit);
            let letter_first = dialect == Dialect::V3 && after_digit;
            return if letter_a == letter_first { Ordering::Less } else { Ordering::Greater };
        }
    }
    let zero = first_a == '0' || first_b == '0';
    let digits = prefix.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let start = i64::from(zero && digits.clone().any(|digit| *digit != b'0'));
    let ((number_a, len_a), (number_b, len_b)) = (number(&a, start), number(&b, start));
    number_a.cmp(&number_b).then(len_a.cmp(&len_b)).then(first_a.cmp(&first_b))
}

fn runes(text: &[u8]) -> Vec<char> {
    String::from_utf8_lossy(text).chars().collect()
}

/// The number of the leading digits, wrapping as an `int64`, and how many they are.
fn number(text: &[char], start: i64) -> (i64, usize) {
    let digits = text.iter().take_while(|c| c.is_ascii_digit());
    let count = digits.clone().count();
    let value = digits
        .fold(start, |sum, digit| sum.wrapping_mul(10).wrapping_add(i64::from(*digit as u32) - 48));
    (value, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(dialect: Dialect, want: &str) {
        let mut keys: Vec<&str> = want.split(' ').collect();
        keys.sort_unstable();
        sort(&mut keys, |key| key.as_bytes(), dialect);
        assert_eq!(keys.join(" "), want);
    }

    #[test]
    fn numbers_in_keys_count() {
        check(Dialect::V2, "A B a a2 a10 b");
        check(Dialect::V2, "_a 1 2 10 a");
        check(Dialect::V3, "a2 a10 b1x b1-");
        check(Dialect::V2, "a2 a10 b1- b1x");
    }
}
