use std::sync::{Arc, OnceLock};

use regex_automata::meta::{BuildError, Config, Regex};
use regex_automata::util::syntax;

/// How large a compiled pattern may be, in bytes.
const LIMIT: usize = 4 << 20;

/// Go: how often a repetition may be asked for.
const REPEAT_LIMIT: u64 = 1000;

/// A regular expression, compiled when it is first needed.
#[derive(Debug)]
pub struct Pattern {
    /// As written.
    pub text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    fn new(text: &str) -> Pattern {
        Pattern { text: text.to_owned(), compiled: OnceLock::new() }
    }

    /// Whether a text fits; a pattern that does not compile fits everything.
    pub fn fits(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| compile(&self.text).ok());
        compiled.as_ref().is_none_or(|pattern| pattern.is_match(text))
    }
}

/// The patterns of a schema; those of quantities stand in it by the hundred.
#[derive(Default)]
pub(super) struct Patterns(Vec<Arc<Pattern>>);

impl Patterns {
    /// The pattern of a text; `None` where that is empty.
    pub(super) fn get(&mut self, text: &str) -> Option<Arc<Pattern>> {
        if text.is_empty() {
            return None;
        }
        match self.0.binary_search_by(|known| known.text.as_str().cmp(text)) {
            Ok(at) => Some(self.0[at].clone()),
            Err(at) => {
                let pattern = Arc::new(Pattern::new(text));
                self.0.insert(at, pattern.clone());
                Some(pattern)
            }
        }
    }
}

/// Compiles what Go would compile. Automata that are built in whole cost more than they ever save
/// on the few texts that a pattern is asked about.
pub(crate) fn compile(pattern: &str) -> Result<Regex, Box<BuildError>> {
    let config = Config::new().nfa_size_limit(Some(LIMIT)).dfa(false).onepass(false);
    Regex::builder().configure(config).build(&as_rust(pattern)).map_err(Box::new)
}

/// What Go has against a pattern.
pub(crate) fn fault(pattern: &str) -> Option<String> {
    if let Some(count) = too_often(pattern) {
        return Some(format!("invalid repeat count: `{{{count}}}`"));
    }
    let error = syntax::parse(&as_rust(pattern)).err()?.to_string();
    Some(error.lines().last().unwrap_or_default().trim().to_owned())
}

/// The first `{n}` or `{n,m}` outside brackets that asks for too much.
fn too_often(pattern: &str) -> Option<&str> {
    let (mut at, mut class) = (0, false);
    let bytes = pattern.as_bytes();
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'\\' => at += 1,
            b'[' => class = true,
            b']' => class = false,
            b'{' if !class => {
                let count = &pattern[at..at + pattern[at..].find('}')?];
                let parts = || count.split(',').filter(|part| !part.is_empty());
                let is_count = parts().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
                let large = |part: &str| part.parse().is_ok_and(|count: u64| count > REPEAT_LIMIT);
                if is_count && parts().any(large) {
                    return Some(count);
                }
            }
            _ => {}
        }
    }
    None
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
        assert!(fault("(?!x)").is_some() && fault("^[a-z]{3}$").is_none());
    }

    #[test]
    fn repetitions_are_bounded_as_gos_are() {
        assert!(fault("a{1000}").is_none() && fault("[{1001}]\\{1001}").is_none());
        assert_eq!(fault("a{2,1001}").as_deref(), Some("invalid repeat count: `{2,1001}`"));
    }
}
