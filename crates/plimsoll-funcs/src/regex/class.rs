use std::fmt::Write;

use super::names::NAMES;
use super::parse::{Error, Parser};

/// What matches nothing, and what matches any character (or byte, where bytes are matched).
pub(super) const NOTHING: &str = "[a&&b]";
const ANYTHING: &str = "[[:ascii:][:^ascii:]]";

const BAD_RANGE: &str = "invalid character class range";

impl Parser<'_> {
    /// Reads `[…]`, whose first bracket is next, into the class that the `regex` crate reads.
    pub(super) fn bracketed(&mut self) -> Result<String, Error> {
        let start = self.at;
        self.at += 1;
        let negated = self.pattern.get(self.at) == Some(&b'^');
        self.at += usize::from(negated);
        let mut class = String::from(if negated { "[^" } else { "[" });
        let empty = class.len();
        let mut first = true;
        while first || self.pattern.get(self.at) != Some(&b']') {
            first = false;
            if let Some(group) = self.group()? {
                class.push_str(&group);
            } else {
                self.range(start, &mut class)?;
            }
        }
        self.at += 1;
        if class.len() == empty {
            return Ok(if negated { ANYTHING } else { NOTHING }.to_owned());
        }
        class.push(']');
        Ok(class)
    }

    /// Reads a class by name: `[:alpha:]`, `\pL`, `\d`.
    fn group(&mut self) -> Result<Option<String>, Error> {
        let rest = &self.pattern[self.at..];
        if let Some(name) = posix_name(rest) {
            self.at += name.len();
            let class = posix(&name[2..name.len() - 2]);
            return class.map(Some).ok_or_else(|| Error::new(BAD_RANGE, name));
        }
        if let Some(class) = self.unicode()? {
            return Ok(Some(class));
        }
        Ok(self.perl())
    }

    /// Reads `\d` and its like, if one is next.
    pub(super) fn perl(&mut self) -> Option<String> {
        let rest = &self.pattern[self.at..];
        let class = match rest.get(..2)? {
            br"\d" => r"[0-9]",
            br"\D" => r"[^0-9]",
            br"\s" => r"[\t\n\x0c\r ]",
            br"\S" => r"[^\t\n\x0c\r ]",
            br"\w" => r"[0-9A-Za-z_]",
            br"\W" => r"[^0-9A-Za-z_]",
            _ => return None,
        };
        self.at += 2;
        Some(class.to_owned())
    }

    /// Reads `\pL` or `\p{Greek}`, if one is next.
    pub(super) fn unicode(&mut self) -> Result<Option<String>, Error> {
        let start = self.at;
        let rest = &self.pattern[start..];
        let mut negated = match rest.get(..2) {
            Some(br"\p") => false,
            Some(br"\P") => true,
            _ => return Ok(None),
        };
        let name = if rest.get(2) == Some(&b'{') {
            let Some(end) = memchr::memchr(b'}', rest) else {
                return Err(self.invalid_utf8(start).unwrap_or(Error::new(BAD_RANGE, rest)));
            };
            self.at += end + 1;
            &rest[3..end]
        } else {
            self.at += 2;
            if self.at < self.pattern.len() {
                self.rune()?;
            }
            &self.pattern[start + 2..self.at]
        };
        let name = String::from_utf8_lossy(name);
        let name = match name.strip_prefix('^') {
            Some(name) => {
                negated = !negated;
                name
            }
            None => &name,
        };
        let class = unicode_class(name)
            .ok_or_else(|| Error::new(BAD_RANGE, &self.pattern[start..self.at]))?;
        Ok(Some(if negated { format!("[^{class}]") } else { class }))
    }

    /// Reads a character or a range of them.
    fn range(&mut self, class_start: usize, class: &mut String) -> Result<(), Error> {
        let start = self.at;
        let low = self.class_rune(class_start)?;
        let rest = &self.pattern[self.at..];
        let mut high = low;
        if rest.len() >= 2 && rest[0] == b'-' && rest[1] != b']' {
            self.at += 1;
            high = self.class_rune(class_start)?;
            if high < low {
                return Err(Error::new(BAD_RANGE, &self.pattern[start..self.at]));
            }
        }
        if !self.ascii {
            push_range(class, low, high);
        } else if low < 0x80 {
            push_range(class, low, high.min(0x7f));
        }
        Ok(())
    }

    /// Reads one character of a class; surrogates are numbers like all others here.
    fn class_rune(&mut self, class_start: usize) -> Result<u32, Error> {
        match self.pattern.get(self.at) {
            None => Err(Error::new("missing closing ]", &self.pattern[class_start..])),
            Some(b'\\') => self.escape().map(|rune| rune.map_or(SURROGATE, u32::from)),
            Some(_) => self.rune().map(u32::from),
        }
    }
}

/// Any of the surrogates: only which side of them a range ends on matters.
const SURROGATE: u32 = 0xd800;

/// Appends a range without the surrogates in it, which the `regex` crate does not take.
fn push_range(class: &mut String, low: u32, high: u32) {
    let sides = [(low, high.min(0xd7ff)), (low.max(0xe000), high)];
    let sides = if high < 0xd800 || low > 0xdfff { &[(low, high)][..] } else { &sides[..] };
    for (low, high) in sides.iter().filter(|(low, high)| low <= high) {
        write!(class, r"\x{{{low:x}}}-\x{{{high:x}}}").expect("writing to a string succeeds");
    }
}

/// The `[:…:]` at the start of a text.
fn posix_name(text: &[u8]) -> Option<&[u8]> {
    let inner = text.strip_prefix(b"[:").filter(|inner| !inner.is_empty())?;
    memchr::memmem::find(inner, b":]").map(|len| &text[..len + 4])
}

fn posix(name: &[u8]) -> Option<String> {
    const NAMES: &[&str] = &[
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
        "space", "upper", "word", "xdigit",
    ];
    let (negated, name) = match name.strip_prefix(b"^") {
        Some(name) => (true, name),
        None => (false, name),
    };
    let name = NAMES.iter().find(|known| known.as_bytes() == name)?;
    Some(format!("[[:{}{name}:]]", if negated { "^" } else { "" }))
}

fn unicode_class(name: &str) -> Option<String> {
    let name = canonical(name);
    NAMES.binary_search(&name.as_str()).ok()?;
    match name.as_str() {
        // No text has surrogates.
        "Cs" | "Surrogate" => Some(NOTHING.to_owned()),
        _ => Some(format!(r"\p{{{name}}}")),
    }
}

/// The form of [`NAMES`].
fn canonical(name: &str) -> String {
    let mut letters = name.chars().filter(|rune| !matches!(rune, '_' | '-' | ' '));
    let first = letters.next().map(|rune| rune.to_ascii_uppercase());
    first.into_iter().chain(letters.map(|rune| rune.to_ascii_lowercase())).collect()
}
