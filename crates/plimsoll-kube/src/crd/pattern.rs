use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

/// How large a compiled pattern may be, in bytes.
const LIMIT: usize = 4 << 20;

/// A regular expression, compiled when it is first needed.
#[derive(Debug)]
pub struct Pattern {
    /// As written.
    pub text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Pattern {
        Pattern { text: text.to_owned(), compiled: OnceLock::new() }
    }

    /// Whether a text fits; a pattern that does not compile fits everything.
    pub fn fits(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| compile(&self.text).ok());
        compiled.as_ref().is_none_or(|pattern| pattern.is_match(text))
    }
}

/// Compiles what Go would compile.
pub(crate) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&as_rust(pattern)).size_limit(LIMIT).build()
}

/// Within brackets Go takes `[`, `&&`, `~~` and `--` as they stand; here they would be operators.
fn as_rust(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    let mut class = 0;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                out.push(c);
                match chars.next() {
                    // Go: a slash and a quote may be escaped.
                    Some(
                        next @ ('/' | '"' | '\'' | '<' | '>' | '%' | ',' | '=' | '!' | '@' | '`'
                        | ':' | ';' | ' '),
                    ) => {
                        out.pop();
                        if class > 0 && next == '[' {
                            out.push('\\');
                        }
                        out.push(next);
                    }
                    Some(next) => out.push(next),
                    None => {}
                }
            }
            '[' if class == 0 => {
                class = 1;
                out.push(c);
                if chars.peek() == Some(&'^') {
                    out.extend(chars.next());
                }
                if chars.peek() == Some(&']') {
                    chars.next();
                    out.push_str("\\]");
                }
            }
            '[' if chars.peek() == Some(&':') => {
                // `[:alpha:]` ends with its own bracket.
                out.push(c);
                for inner in chars.by_ref() {
                    out.push(inner);
                    if inner == ']' {
                        break;
                    }
                }
            }
            '[' | '&' | '~' if class > 0 => {
                out.push('\\');
                out.push(c);
            }
            ']' if class > 0 => {
                class = 0;
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, good: &str, bad: &str) {
        let pattern = compile(pattern).unwrap();
        assert!(pattern.is_match(good), "{good}");
        assert!(!pattern.is_match(bad), "{bad}");
    }

    #[test]
    fn brackets_are_gos() {
        check(r"^[^()/[\]?={}]+$", "a", "a[");
        check(r"^[a&&b~~c]$", "&", "d");
        check(r"^[[:alpha:]_]+$", "a_", "1");
        check(r"^a\/b$", "a/b", "ab");
        check(r"^[]a]$", "]", "b");
        assert!(compile("(?!x)").is_err());
    }
}
