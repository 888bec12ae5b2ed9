use std::cmp::Ordering;

use super::Version;
use crate::compose::go_utf8;

/// Sorts what has keys into the order in which go-yaml writes a mapping.
///
/// That order is no order in the strict sense (`v10 < v1beta1 < v2 < v10`), and real Helm's answer
/// varies there; ours starts from byte order and inserts, so that it is one of them, always the
/// same.
pub fn sort_keys<T>(version: Version, items: &mut [T], key: impl Fn(&T) -> &[u8]) {
    items.sort_by(|a, b| key(a).cmp(key(b)));
    for at in 1..items.len() {
        let mut place = at;
        while place > 0 && is_less(version, key(&items[place]), key(&items[place - 1])) {
            items.swap(place, place - 1);
            place -= 1;
        }
    }
}

fn is_less(version: Version, a: &[u8], b: &[u8]) -> bool {
    let common = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    if common == a.len() || common == b.len() {
        return a.len() < b.len();
    }
    let a: Vec<char> = go_utf8(a).chars().collect();
    let b: Vec<char> = go_utf8(b).chars().collect();
    let Some(at) = a.iter().zip(&b).position(|(a, b)| a != b) else { return a.len() < b.len() };
    match (is_letter(a[at]), is_letter(b[at])) {
        (true, true) => a[at] < b[at],
        (false, false) => compare_digits(&a, &b, at) == Ordering::Less,
        (letter, _) => {
            let after_digit = version == Version::V3 && at > 0 && is_digit(a[at - 1]);
            letter == after_digit
        }
    }
}

/// Neither is a letter at `at`: by the number that begins there, by its length, by the character.
fn compare_digits(a: &[char], b: &[char], at: usize) -> Ordering {
    // A zero right behind other digits does not lead: both numbers get a digit before.
    let zero = a[at] == '0' || b[at] == '0';
    let digits_before = a[..at].iter().rev().take_while(|c| is_digit(**c));
    let start = i64::from(zero && digits_before.into_iter().any(|c| *c != '0'));
    let number = |text: &[char]| {
        let mut end = at;
        let mut value = start;
        while end < text.len() && is_digit(text[end]) {
            let digit = i64::from(u32::from(text[end])) - i64::from(u32::from('0'));
            value = value.wrapping_mul(10).wrapping_add(digit);
            end += 1;
        }
        (value, end)
    };
    number(a).cmp(&number(b)).then(a[at].cmp(&b[at]))
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || (!c.is_ascii() && c.is_alphabetic())
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}
