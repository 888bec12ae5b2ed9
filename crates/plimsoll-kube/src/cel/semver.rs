//! Versions, as semver.org has them.

use std::cmp::Ordering;
use std::rc::Rc;

use super::eval::Run;
use super::fault::Fault;
use super::value::Value;

/// A version without its build.
#[derive(Debug)]
pub(crate) struct Semver {
    numbers: [u64; 3],
    before: Vec<String>,
}

impl Semver {
    /// Reads a version of all three numbers.
    pub(crate) fn strict(text: &str) -> Option<Semver> {
        Semver::read(text, false)
    }

    /// Whether it is `0.0.0`.
    pub(crate) fn is_zero(&self) -> bool {
        self.numbers == [0; 3] && self.before.is_empty()
    }

    /// Reads a version; `loose` also takes `v1.2`.
    fn read(text: &str, loose: bool) -> Option<Semver> {
        let text = if loose { text.strip_prefix('v').unwrap_or(text) } else { text };
        let (rest, build) = match text.split_once('+') {
            Some((rest, build)) => (rest, Some(build)),
            None => (text, None),
        };
        let (core, before) = match rest.split_once('-') {
            Some((core, before)) => (core, Some(before)),
            None => (rest, None),
        };
        let word = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if !build.is_none_or(|build| build.split('.').all(word)) {
            return None;
        }
        let before: Vec<String> =
            before.map(|before| before.split('.').map(str::to_owned).collect()).unwrap_or_default();
        let zero = |part: &str| part.len() > 1 && part.starts_with('0') && is_number(part);
        if !before.iter().all(|part| word(part) && !zero(part)) {
            return None;
        }
        let parts: Vec<&str> = core.split('.').collect();
        if parts.len() > 3 || !loose && parts.len() < 3 {
            return None;
        }
        let mut numbers = [0; 3];
        for (at, part) in parts.iter().enumerate() {
            if !is_number(part) || !loose && part.len() > 1 && part.starts_with('0') {
                return None;
            }
            numbers[at] = part.parse().ok()?;
        }
        Some(Semver { numbers, before })
    }

    /// Which comes first.
    pub(crate) fn cmp(&self, other: &Semver) -> Ordering {
        let release = other.before.is_empty().cmp(&self.before.is_empty()).reverse();
        self.numbers.cmp(&other.numbers).then(release).then_with(|| {
            let pairs = self.before.iter().zip(&other.before);
            pairs
                .map(|(one, two)| part_order(one, two))
                .find(|order| order.is_ne())
                .unwrap_or_else(|| self.before.len().cmp(&other.before.len()))
        })
    }
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
}

fn part_order(one: &str, two: &str) -> Ordering {
    match (one.parse::<u64>(), two.parse::<u64>()) {
        (Ok(one), Ok(two)) => one.cmp(&two),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        _ => one.cmp(two),
    }
}

pub(super) fn call<'a>(
    _: &mut Run<'a>,
    name: &str,
    args: &[Value<'a>],
    _: bool,
) -> Result<Option<Value<'a>>, Fault> {
    let loose = matches!(args, [_, Value::Bool(true)]);
    Ok(Some(match (name, args) {
        ("isSemver", [Value::Text(text), ..]) => Value::Bool(Semver::read(text, loose).is_some()),
        ("semver", [Value::Text(text), ..]) => match Semver::read(text, loose) {
            Some(version) => Value::Semver(Rc::new(version)),
            None => return Fault::error("No Major.Minor.Patch elements found"),
        },
        ("major", [Value::Semver(one)]) => Value::Int(one.numbers[0] as i64),
        ("minor", [Value::Semver(one)]) => Value::Int(one.numbers[1] as i64),
        ("patch", [Value::Semver(one)]) => Value::Int(one.numbers[2] as i64),
        ("compareTo", [Value::Semver(one), Value::Semver(two)]) => Value::Int(one.cmp(two) as i64),
        ("isLessThan", [Value::Semver(one), Value::Semver(two)]) => {
            Value::Bool(one.cmp(two).is_lt())
        }
        ("isGreaterThan", [Value::Semver(one), Value::Semver(two)]) => {
            Value::Bool(one.cmp(two).is_gt())
        }
        _ => return Ok(None),
    }))
}
