use std::cmp::Ordering;
use std::fmt;

use plimsoll_source::strconv;

/// A semantic version. Order and [`Version::compare`] leave the metadata out.
#[derive(Clone, Debug, Default)]
pub struct Version {
    /// The first number.
    pub major: u64,
    /// The second number.
    pub minor: u64,
    /// The third number.
    pub patch: u64,
    /// What stands behind `-`, or nothing.
    pub prerelease: String,
    /// What stands behind `+`, or nothing.
    pub metadata: String,
    /// The text that it was read from, a leading `v` included.
    pub original: String,
}

/// Why a version or constraint could not be read: displays in Masterminds' words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(pub(super) String);

const INVALID: &str = "invalid semantic version";
const STARTS_WITH_ZERO: &str = "version segment starts with 0";
const MOST_BYTES: usize = 256;

impl Version {
    /// Reads a version with an optional `v`, minor and patch: `v1.2-rc.1+b5`.
    /// (Masterminds: NewVersion)
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Version, Error> {
        let text = text.as_ref();
        check_length(text)?;
        let (parts, _) = scan(text, |byte| byte.is_ascii_digit())
            .filter(|(_, end)| *end == text.len())
            .ok_or(INVALID)?;
        let [major, minor, patch] = parts.numbers.map(segment);
        let version = Version {
            major: major?,
            minor: minor?,
            patch: patch?,
            prerelease: ascii(parts.prerelease),
            metadata: ascii(parts.metadata),
            original: ascii(text),
        };
        if !parts.prerelease.is_empty() {
            check_prerelease(parts.prerelease)?;
        }
        Ok(version)
    }

    /// Reads a version as semver.org writes it: no `v`, three numbers without leading zeros.
    /// (Masterminds: StrictNewVersion)
    pub fn parse_strict(text: impl AsRef<[u8]>) -> Result<Version, Error> {
        let text = text.as_ref();
        if text.is_empty() {
            return Err("version string empty".into());
        }
        check_length(text)?;
        let mut segments = text.splitn(3, |byte| *byte == b'.');
        let (Some(major), Some(minor), Some(rest)) =
            (segments.next(), segments.next(), segments.next())
        else {
            return Err(INVALID.into());
        };
        let (rest, metadata) = cut(rest, b'+');
        metadata.map_or(Ok(()), check_metadata)?;
        let (patch, prerelease) = cut(rest, b'-');
        prerelease.map_or(Ok(()), check_prerelease)?;
        for segment in [major, minor, patch] {
            check_strict_segment(segment)?;
        }
        let number = |segment| {
            strconv::parse_uint(segment, 10, 64).map_err(|error| Error(error.to_string()))
        };
        Ok(Version {
            major: number(major)?,
            minor: number(minor)?,
            patch: number(patch)?,
            prerelease: ascii(prerelease.unwrap_or_default()),
            metadata: ascii(metadata.unwrap_or_default()),
            original: ascii(text),
        })
    }

    /// How two versions are ordered; the metadata does not count.
    pub fn compare(&self, other: &Version) -> Ordering {
        let numbers = |version: &Version| (version.major, version.minor, version.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| {
            match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => compare_prereleases(&self.prerelease, &other.prerelease),
            }
        })
    }

    /// The next patch version; a prerelease becomes its release. Nothing where the number overflows.
    pub fn next_patch(&self) -> Option<Version> {
        let add = u64::from(self.prerelease.is_empty());
        Some(self.renumbered(self.major, self.minor, self.patch.checked_add(add)?))
    }

    /// The next minor version.
    pub fn next_minor(&self) -> Option<Version> {
        Some(self.renumbered(self.major, self.minor.checked_add(1)?, 0))
    }

    /// The next major version.
    pub fn next_major(&self) -> Option<Version> {
        Some(self.renumbered(self.major.checked_add(1)?, 0, 0))
    }

    fn renumbered(&self, major: u64, minor: u64, patch: u64) -> Version {
        let next = Version { major, minor, patch, ..Version::default() };
        next.with_original_of(self)
    }

    /// The version with another prerelease, or Masterminds' error for one that is none.
    pub fn with_prerelease(&self, prerelease: &[u8]) -> Result<Version, Error> {
        if !prerelease.is_empty() {
            check_prerelease(prerelease)?;
        }
        Ok(Version { prerelease: ascii(prerelease), ..self.clone() }.with_original_of(self))
    }

    /// The version with other metadata, or Masterminds' error for what is none.
    pub fn with_metadata(&self, metadata: &[u8]) -> Result<Version, Error> {
        if !metadata.is_empty() {
            check_metadata(metadata)?;
        }
        Ok(Version { metadata: ascii(metadata), ..self.clone() }.with_original_of(self))
    }

    /// The text anew, with a `v` if the other version has one.
    fn with_original_of(mut self, other: &Version) -> Version {
        let v = if other.original.starts_with('v') { "v" } else { "" };
        self.original = format!("{v}{self}");
        self
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.prerelease.is_empty() {
            write!(f, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<&str> for Error {
    fn from(message: &str) -> Error {
        Error(message.to_owned())
    }
}

fn check_length(text: &[u8]) -> Result<(), Error> {
    if text.len() > MOST_BYTES {
        return Err(Error(format!("version string is too long (max {MOST_BYTES} bytes)")));
    }
    Ok(())
}

/// Bytes that were checked to be ASCII.
fn ascii(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn segment(digits: &[u8]) -> Result<u64, Error> {
    if digits.is_empty() {
        return Ok(0);
    }
    strconv::parse_uint(digits, 10, 64)
        .map_err(|error| Error(format!("error parsing version segment: {error}")))
}

fn cut(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match memchr::memchr(at, text) {
        Some(found) => (&text[..found], Some(&text[found + 1..])),
        None => (text, None),
    }
}

fn check_strict_segment(digits: &[u8]) -> Result<(), Error> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err("invalid characters in version".into());
    }
    if digits.len() > 1 && digits[0] == b'0' {
        return Err(STARTS_WITH_ZERO.into());
    }
    Ok(())
}

fn check_metadata(text: &[u8]) -> Result<(), Error> {
    check_identifiers(text, |_| Ok(()), "invalid metadata string")
}

fn check_prerelease(text: &[u8]) -> Result<(), Error> {
    let number =
        |part: &[u8]| if is_leading_zero(part) { Err(STARTS_WITH_ZERO.into()) } else { Ok(()) };
    check_identifiers(text, number, "invalid prerelease string")
}

fn check_identifiers(
    text: &[u8],
    check: impl Fn(&[u8]) -> Result<(), Error>,
    error: &str,
) -> Result<(), Error> {
    for part in text.split(|byte| *byte == b'.') {
        check(part)?;
        if part.is_empty() || !part.iter().all(|byte| is_identifier(*byte)) {
            return Err(error.into());
        }
    }
    Ok(())
}

fn is_leading_zero(part: &[u8]) -> bool {
    part.len() > 1 && part[0] == b'0' && part.iter().all(u8::is_ascii_digit)
}

pub(super) fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

/// Orders prereleases part by part: numbers before words, fewer parts first.
pub(super) fn compare_prereleases(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (a, b) => compare_parts(a.unwrap_or_default(), b.unwrap_or_default()),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn compare_parts(a: &str, b: &str) -> Ordering {
    if a.is_empty() || b.is_empty() {
        return a.cmp(b);
    }
    // A number that does not fit counts as a word.
    let number = |part: &str| strconv::parse_uint(part.as_bytes(), 10, 64).ok();
    match (number(a), number(b)) {
        (None, None) => a.cmp(b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        // Equal numbers that are written differently: Masterminds says less.
        (Some(x), Some(y)) => {
            x.cmp(&y).then_with(|| if a == b { Ordering::Equal } else { Ordering::Less })
        }
    }
}

/// The pieces at the start of a text, as far as it looks like a version.
pub(super) struct Scanned<'a> {
    /// The numbers, without dots; empty where they are missing.
    pub(super) numbers: [&'a [u8]; 3],
    /// Without the `-`.
    pub(super) prerelease: &'a [u8],
    /// Without the `+`.
    pub(super) metadata: &'a [u8],
}

/// Reads `v?N(.N)?(.N)?(-identifiers)?(+identifiers)?` where a number's bytes pass `digit`; gives
/// the pieces and where they end.
pub(super) fn scan(text: &[u8], digit: impl Fn(u8) -> bool) -> Option<(Scanned<'_>, usize)> {
    let mut at = usize::from(text.first() == Some(&b'v'));
    let mut numbers: [&[u8]; 3] = [b""; 3];
    for (index, number) in numbers.iter_mut().enumerate() {
        let start = if index == 0 { at } else { at + 1 };
        let dotted = index == 0 || text.get(at) == Some(&b'.');
        let digits = text.get(start..).unwrap_or_default();
        let len = digits.iter().take_while(|byte| digit(**byte)).count();
        if !dotted || len == 0 {
            break;
        }
        *number = &digits[..len];
        at = start + len;
    }
    if numbers[0].is_empty() {
        return None;
    }
    let prerelease = identifiers(text, &mut at, b'-');
    let metadata = identifiers(text, &mut at, b'+');
    Some((Scanned { numbers, prerelease, metadata }, at))
}

/// Identifiers joined by dots behind a sign.
fn identifiers<'a>(text: &'a [u8], at: &mut usize, sign: u8) -> &'a [u8] {
    if text.get(*at) != Some(&sign) {
        return b"";
    }
    let start = *at + 1;
    let mut end = start;
    loop {
        let from = if end == start { start } else { end + 1 };
        let dotted = end == start || text.get(end) == Some(&b'.');
        let rest = text.get(from..).unwrap_or_default();
        let len = rest.iter().take_while(|byte| is_identifier(**byte)).count();
        if !dotted || len == 0 {
            break;
        }
        end = from + len;
    }
    if end > start {
        *at = end;
    }
    &text[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: &str) {
        let got = Version::parse(text).map_or_else(|error| error.to_string(), |v| v.to_string());
        assert_eq!(got, want, "{text}");
    }

    #[test]
    fn loose_versions_are_completed() {
        check("v1", "1.0.0");
        check("1.2", "1.2.0");
        check("01.2.3-a.b-c+m.1", "1.2.3-a.b-c+m.1");
        check("1-rc", "1.0.0-rc");
        check("1.2.3.4", INVALID);
        check("1.2.3-", INVALID);
        check("1.2.3-a..b", INVALID);
        check("", INVALID);
        check("1.2.3-01", STARTS_WITH_ZERO);
        let range = r#"error parsing version segment: strconv.ParseUint: parsing "99999999999999999999": value out of range"#;
        check("99999999999999999999", range);
        check(&"1".repeat(257), "version string is too long (max 256 bytes)");
    }

    #[test]
    fn strict_versions_are_complete() {
        let check = |text: &str, want: &str| {
            let got = Version::parse_strict(text);
            assert_eq!(
                got.map_or_else(|error| error.to_string(), |v| v.to_string()),
                want,
                "{text}"
            );
        };
        check("1.2.3-a+b", "1.2.3-a+b");
        check("", "version string empty");
        check("1.2", INVALID);
        check("v1.2.3", "invalid characters in version");
        check("1.02.3", STARTS_WITH_ZERO);
        check("1.2.3-a_b", "invalid prerelease string");
        check("1.2.3+", "invalid metadata string");
        check("1.2.3-", "invalid prerelease string");
    }

    #[test]
    fn prereleases_are_ordered_by_parts() {
        let sorted =
            ["1.0.0-1", "1.0.0-2", "1.0.0-11", "1.0.0-a", "1.0.0-a.1", "1.0.0-b", "1.0.0", "1.0.1"];
        let versions = sorted.map(|text| Version::parse(text).unwrap());
        for pair in versions.windows(2) {
            assert_eq!(pair[0].compare(&pair[1]), Ordering::Less, "{} {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn next_versions_keep_the_v() {
        let version = Version::parse("v1.2.3-rc+x").unwrap();
        assert_eq!(version.next_patch().unwrap().original, "v1.2.3");
        assert_eq!(version.next_minor().unwrap().original, "v1.3.0");
        assert_eq!(version.next_major().unwrap().to_string(), "2.0.0");
    }
}
