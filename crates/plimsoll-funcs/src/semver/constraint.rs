use std::cmp::Ordering;
use std::fmt;

use plimsoll_source::strconv;

use super::version::{Error, Version, compare_prereleases, scan};

/// Ranges of versions: `^1.2 || >= 3, < 4`, in Masterminds' language.
///
/// A group of conditions none of which names a prerelease holds for no prerelease.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Any of the groups must hold.
    groups: Vec<Group>,
}

/// Conditions that must hold together.
#[derive(Clone, Debug)]
struct Group {
    conditions: Vec<Condition>,
    takes_prereleases: bool,
}

#[derive(Clone, Debug)]
struct Condition {
    operator: Operator,
    /// The version, zeros for what is left open.
    version: Version,
    open: Open,
    /// As written, for printing.
    written: String,
}

/// Which part of a condition's version is `x` or missing, and all parts behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Nothing,
    Patch,
    Minor,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    Tilde,
    Caret,
}

/// Longer signs before those that they start with.
const OPERATORS: &[(&str, Operator)] = &[
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterOrEqual),
    ("=>", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("=<", Operator::LessOrEqual),
    ("~>", Operator::Tilde),
    ("=", Operator::Equal),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
    ("", Operator::Equal),
];

const MOST_BYTES: usize = 512;
const MOST_GROUPS: usize = 32;

impl Constraint {
    /// Reads a constraint: conditions side by side or with commas between, groups of them with
    /// `||`, ranges `1.2 - 1.4`.
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Constraint, Error> {
        let text = text.as_ref();
        if text.len() > MOST_BYTES {
            let message = format!("constraint string is too long (max {MOST_BYTES} bytes)");
            return Err(Error(message));
        }
        let text = rewrite_ranges(text);
        let groups = crate::split::pieces(&text, b"||", usize::MAX);
        if groups.len() > MOST_GROUPS {
            return Err(Error(format!("too many constraint groups (max {MOST_GROUPS})")));
        }
        let groups =
            groups.into_iter().map(|group| Group::parse(&text[group])).collect::<Result<_, _>>()?;
        Ok(Constraint { groups })
    }

    /// Whether a version lies in the ranges.
    pub fn check(&self, version: &Version) -> bool {
        self.groups.iter().any(|group| group.check(version))
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups: Vec<String> = self.groups.iter().map(Group::written).collect();
        f.write_str(&groups.join(" || "))
    }
}

/// `1.2 - 1.4` → `>= 1.2, <= 1.4 `, wherever it stands.
fn rewrite_ranges(text: &[u8]) -> Vec<u8> {
    let mut out = text.to_vec();
    let mut from = 0;
    while let Some(range) = next_range(text, from) {
        let found = &text[range.start..range.end];
        // Masterminds: the first place with the same text is replaced, which need not be this one.
        if let Some(at) = memchr::memmem::find(&out, found) {
            let (first, second) = (&text[range.first.clone()], &text[range.second.clone()]);
            let new = [b">= ", first, b", <= ", second, b" "].concat();
            out.splice(at..at + found.len(), new);
        }
        from = range.end;
    }
    out
}

struct HyphenRange {
    start: usize,
    first: std::ops::Range<usize>,
    second: std::ops::Range<usize>,
    end: usize,
}

fn next_range(text: &[u8], from: usize) -> Option<HyphenRange> {
    (from..text.len()).find_map(|start| range_at(text, start))
}

fn range_at(text: &[u8], start: usize) -> Option<HyphenRange> {
    let first_start = start + spaces(&text[start..]);
    let first_end = first_start + version_at(&text[first_start..])?.1;
    let before = spaces(&text[first_end..]);
    let hyphen = first_end + before;
    if before == 0 || text.get(hyphen) != Some(&b'-') {
        return None;
    }
    let after = spaces(&text[hyphen + 1..]);
    if after == 0 {
        return None;
    }
    let second_start = hyphen + 1 + after;
    let second_end = second_start + version_at(&text[second_start..])?.1;
    let end = second_end + spaces(&text[second_end..]);
    Some(HyphenRange {
        start,
        first: first_start..first_end,
        second: second_start..second_end,
        end,
    })
}

fn version_at(text: &[u8]) -> Option<(super::version::Scanned<'_>, usize)> {
    // Masterminds: the class of a number's characters has `|` in it by accident.
    scan(text, |byte| byte.is_ascii_digit() || matches!(byte, b'x' | b'X' | b'*' | b'|'))
}

fn spaces(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | b' ')).count()
}

impl Group {
    fn parse(text: &[u8]) -> Result<Group, Error> {
        let improper = || Error(format!("improper constraint: {}", strconv::quote(text)));
        let mut conditions = Vec::new();
        let mut at = spaces(text);
        loop {
            let (condition, len) = Condition::scan(&text[at..]).ok_or_else(improper)?;
            conditions.push(condition);
            at += len;
            let gap = spaces(&text[at..]);
            at += gap;
            match text.get(at) {
                None => break,
                Some(b',') => at += 1 + spaces(&text[at + 1..]),
                Some(_) if gap > 0 => {}
                Some(_) => return Err(improper()),
            }
        }
        let conditions = conditions.into_iter().collect::<Result<Vec<_>, _>>()?;
        let takes_prereleases = conditions.iter().any(|one| !one.version.prerelease.is_empty());
        Ok(Group { conditions, takes_prereleases })
    }

    fn check(&self, version: &Version) -> bool {
        (self.takes_prereleases || version.prerelease.is_empty())
            && self.conditions.iter().all(|condition| condition.check(version))
    }

    fn written(&self) -> String {
        let written: Vec<&str> = self.conditions.iter().map(|one| one.written.as_str()).collect();
        written.join(" ")
    }
}

impl Condition {
    /// The condition at the start of a text and its length; inside, the error of its version.
    fn scan(text: &[u8]) -> Option<(Result<Condition, Error>, usize)> {
        let signs = OPERATORS.iter().filter(|(sign, _)| text.starts_with(sign.as_bytes()));
        signs.into_iter().find_map(|(sign, operator)| {
            let start = sign.len() + spaces(&text[sign.len()..]);
            let (parts, len) = version_at(&text[start..])?;
            let written = String::from_utf8_lossy(&text[start..start + len]);
            let condition = Condition::new(*operator, &parts, &written).map(|mut condition| {
                condition.written = format!("{sign}{written}");
                condition
            });
            Some((condition, start + len))
        })
    }

    fn new(
        operator: Operator,
        parts: &super::version::Scanned<'_>,
        written: &str,
    ) -> Result<Condition, Error> {
        let is_open = |part: &[u8]| part.is_empty() || matches!(part, b"x" | b"X" | b"*");
        let [major, minor, patch] = parts.numbers;
        let text = |part| String::from_utf8_lossy(part);
        let (open, numbers) = if is_open(major) {
            (Open::All, "0.0.0".to_owned())
        } else if is_open(minor) {
            (Open::Minor, format!("{}.0.0", text(major)))
        } else if is_open(patch) {
            (Open::Patch, format!("{}.{}.0", text(major), text(minor)))
        } else {
            (Open::Nothing, String::new())
        };
        let version = if open == Open::Nothing {
            Version::parse(written)
        } else if parts.prerelease.is_empty() {
            Version::parse(numbers)
        } else {
            Version::parse(format!("{numbers}-{}", text(parts.prerelease)))
        };
        let version = version.map_err(|_| Error::from("constraint parser error"))?;
        Ok(Condition { operator, version, open, written: String::new() })
    }

    fn check(&self, version: &Version) -> bool {
        let order = version.compare(&self.version);
        match self.operator {
            Operator::Equal if self.open == Open::Nothing => order == Ordering::Equal,
            Operator::Equal | Operator::Tilde => order != Ordering::Less && self.tilde(version),
            Operator::NotEqual => self.not_equal(version),
            Operator::Greater => self.greater(version),
            Operator::Less => order == Ordering::Less,
            Operator::GreaterOrEqual => order != Ordering::Less,
            Operator::LessOrEqual => self.less_or_equal(version),
            Operator::Caret => order != Ordering::Less && self.caret(version),
        }
    }

    fn not_equal(&self, version: &Version) -> bool {
        let same_major = version.major == self.version.major;
        let same_minor = same_major && version.minor == self.version.minor;
        let prereleases = || compare_prereleases(&version.prerelease, &self.version.prerelease);
        match self.open {
            Open::Minor => !same_major,
            Open::Patch => !same_minor || prereleases() != Ordering::Equal,
            Open::All | Open::Nothing => version.compare(&self.version) != Ordering::Equal,
        }
    }

    fn greater(&self, version: &Version) -> bool {
        let (major, minor) =
            (version.major.cmp(&self.version.major), version.minor.cmp(&self.version.minor));
        match self.open {
            Open::Nothing => version.compare(&self.version) == Ordering::Greater,
            _ if major != Ordering::Equal => major == Ordering::Greater,
            Open::Minor => false,
            Open::Patch => minor == Ordering::Greater,
            Open::All => version.compare(&self.version) == Ordering::Greater,
        }
    }

    fn less_or_equal(&self, version: &Version) -> bool {
        if self.open == Open::Nothing {
            return version.compare(&self.version) != Ordering::Greater;
        }
        let beyond = version.major == self.version.major && version.minor > self.version.minor;
        version.major <= self.version.major && (self.open == Open::Minor || !beyond)
    }

    /// For versions that are not less: `~1.2.3` stays in 1.2, `~1` in 1.
    fn tilde(&self, version: &Version) -> bool {
        let con = &self.version;
        let zeros = con.major == 0 && con.minor == 0 && con.patch == 0;
        if zeros && matches!(self.open, Open::Nothing | Open::All) {
            return true;
        }
        version.major == con.major && (version.minor == con.minor || self.open == Open::Minor)
    }

    /// For versions that are not less: `^1.2` stays in 1, `^0.2` in 0.2, `^0.0.3` is 0.0.3.
    fn caret(&self, version: &Version) -> bool {
        let con = &self.version;
        if con.major > 0 || self.open == Open::Minor || version.major > 0 {
            return version.major == con.major;
        }
        if con.minor > 0 || self.open == Open::Patch || version.minor > 0 {
            return version.minor == con.minor;
        }
        version.patch == con.patch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(constraint: &str, yes: &[&str], no: &[&str]) {
        let parsed = Constraint::parse(constraint).unwrap();
        let holds = |text: &&str| parsed.check(&Version::parse(text).unwrap());
        assert_eq!(yes.iter().find(|text| !holds(text)), None, "{constraint} holds");
        assert_eq!(no.iter().find(|text| holds(text)), None, "{constraint} does not hold");
    }

    fn fails(constraint: &str, want: &str) {
        assert_eq!(Constraint::parse(constraint).unwrap_err().to_string(), want);
    }

    #[test]
    fn operators_compare() {
        check("=1.2.3", &["1.2.3", "1.2.3+m"], &["1.2.4", "1.2.3-a"]);
        check("!=1.2.x", &["1.3.0"], &["1.2.9"]);
        check(">1.2", &["1.3.0"], &["1.2.9"]);
        check("<=1.2", &["1.2.9"], &["1.3.0"]);
        check("=> 1.2, =<2", &["1.2.0", "2.9.9"], &["1.1.9", "3.0.0"]);
        check("^0.0.3", &["0.0.3"], &["0.0.4"]);
        check("^1.2", &["1.9.0"], &["2.0.0", "1.1.0"]);
        check("~>1.2.3", &["1.2.9"], &["1.3.0"]);
        check("*", &["0.0.0", "9.9.9"], &["1.0.0-a"]);
        check("x.1", &["7.0.0"], &[]);
    }

    #[test]
    fn groups_and_ranges() {
        check("1.2 - 1.4 || ^3", &["1.4.9", "3.1.0"], &["1.5.0", "2.0.0"]);
        check(">=1.2-0 <2", &["1.3.0-rc"], &["2.0.0"]);
    }

    #[test]
    fn errors_are_those_of_masterminds() {
        fails("", r#"improper constraint: """#);
        fails("1.2,", r#"improper constraint: "1.2,""#);
        fails("1 || ", r#"improper constraint: " ""#);
        fails("^1 - 2", r#"improper constraint: "^>= 1, <= 2 ""#);
        fails("1x", "constraint parser error");
        fails("1.2.3-01", "constraint parser error");
        fails(&"1".repeat(513), "constraint string is too long (max 512 bytes)");
        fails(&["1"; 33].join("||"), "too many constraint groups (max 32)");
    }

    #[test]
    fn constraints_print_as_written() {
        assert_eq!(Constraint::parse(">= 1.2,<2 || v3").unwrap().to_string(), ">=1.2 <2 || v3");
    }
}
