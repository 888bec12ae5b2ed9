/// A pattern of Go's `filepath.Match`: `*` and `?` never take a `/`.
#[derive(Clone, Debug)]
pub(crate) struct Glob {
    parts: Vec<Part>,
    /// The text behind a `*` with which the pattern begins, or all of it, if nothing else in it is
    /// special.
    simple: Option<(bool, String)>,
}

#[derive(Clone, Debug)]
enum Part {
    Char(char),
    AnyChar,
    AnyRun,
    Class { negated: bool, ranges: Vec<(char, char)> },
}

/// Go: `filepath.ErrBadPattern`.
pub(super) const BAD_PATTERN: &str = "syntax error in pattern";

impl Glob {
    /// Reads a pattern; the error is Go's text.
    pub(crate) fn new(pattern: &str) -> Result<Glob, &'static str> {
        let mut chars = pattern.chars();
        let mut parts = Vec::new();
        while let Some(c) = chars.next() {
            parts.push(match c {
                '*' => Part::AnyRun,
                '?' => Part::AnyChar,
                '[' => class(&mut chars)?,
                '\\' => Part::Char(chars.next().ok_or(BAD_PATTERN)?),
                _ => Part::Char(c),
            });
        }
        let (run, text) = pattern.strip_prefix('*').map_or((false, pattern), |text| (true, text));
        let is_simple = !text.contains(['*', '?', '[', '\\']);
        Ok(Glob { parts, simple: is_simple.then(|| (run, text.to_owned())) })
    }

    /// A pattern that fits no name.
    pub(super) fn nothing() -> Glob {
        Glob { parts: vec![Part::Class { negated: false, ranges: Vec::new() }], simple: None }
    }

    /// Whether the whole name fits.
    pub(crate) fn matches(&self, name: &str) -> bool {
        match &self.simple {
            Some((false, text)) => name == text,
            Some((true, text)) => name.strip_suffix(&**text).is_some_and(|run| !run.contains('/')),
            None => self.matches_parts(name),
        }
    }

    fn matches_parts(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let (mut part, mut at) = (0, 0);
        // Where the last `*` stands and how far it has been stretched.
        let mut star: Option<(usize, usize)> = None;
        loop {
            match (self.parts.get(part), name.get(at)) {
                (None, None) => return true,
                (Some(Part::AnyRun), _) => {
                    star = Some((part, at));
                    part += 1;
                    continue;
                }
                (Some(one), Some(&c)) if one.matches(c) => {
                    part += 1;
                    at += 1;
                    continue;
                }
                _ => {}
            }
            match star {
                Some((star_part, reached)) if name.get(reached).is_some_and(|&c| c != '/') => {
                    star = Some((star_part, reached + 1));
                    (part, at) = (star_part + 1, reached + 1);
                }
                _ => return false,
            }
        }
    }
}

impl Part {
    fn matches(&self, c: char) -> bool {
        match self {
            Part::Char(wanted) => *wanted == c,
            Part::AnyChar => c != '/',
            Part::AnyRun => false,
            Part::Class { negated, ranges } => {
                ranges.iter().any(|&(low, high)| (low..=high).contains(&c)) != *negated
            }
        }
    }
}

/// What stands behind `[`, up to its `]`.
fn class(chars: &mut std::str::Chars<'_>) -> Result<Part, &'static str> {
    let negated = chars.as_str().starts_with('^');
    if negated {
        chars.next();
    }
    let mut ranges = Vec::new();
    loop {
        if chars.as_str().starts_with(']') && !ranges.is_empty() {
            chars.next();
            return Ok(Part::Class { negated, ranges });
        }
        let low = class_char(chars)?;
        let high = if chars.as_str().starts_with('-') {
            chars.next();
            class_char(chars)?
        } else {
            low
        };
        ranges.push((low, high));
    }
}

fn class_char(chars: &mut std::str::Chars<'_>) -> Result<char, &'static str> {
    let c = match chars.next() {
        None | Some('-' | ']') => return Err(BAD_PATTERN),
        Some('\\') => chars.next().ok_or(BAD_PATTERN)?,
        Some(c) => c,
    };
    // Go: a class that breaks off is a bad pattern.
    if chars.as_str().is_empty() { Err(BAD_PATTERN) } else { Ok(c) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, name: &str, expected: Result<bool, &str>) {
        let got = Glob::new(pattern).map(|glob| glob.matches(name));
        assert_eq!(got, expected, "{pattern} {name}");
    }

    #[test]
    fn patterns_match_as_in_go() {
        check("*.txt", "a.txt", Ok(true));
        check("*.txt", "a/b.txt", Ok(false));
        check("a*b*c", "aXbbYc", Ok(true));
        check("?", "/", Ok(false));
        check("[a-c]x", "bx", Ok(true));
        check("[^a]", "b", Ok(true));
        check("[!a]", "b", Ok(false));
        check("\\*", "*", Ok(true));
        check("*/b", "a/b", Ok(true));
        check("*/b", "a/c/b", Ok(false));
        check("*", "a/b", Ok(false));
        check("a.b", "a.b", Ok(true));
        check("", "", Ok(true));
    }

    #[test]
    fn broken_patterns_are_refused() {
        for pattern in ["[", "[a", "[]a]", "[-]", "a\\", "[a-]", "[^]"] {
            check(pattern, "x", Err(BAD_PATTERN));
        }
    }
}
