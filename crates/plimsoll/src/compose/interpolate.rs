//! `${NAME}` and its relatives, and words as a shell splits them.

/// How deep defaults may stand in each other.
const DEEPEST: u32 = 100;

/// Fills in the variables of a text; what has neither a value nor a default is empty, and named,
/// with its `:?reason` if it has one. So is what is nested too deeply.
/// (compose: interpolation)
pub(super) fn fill(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> (String, Vec<String>) {
    fill_within(text, variable, DEEPEST)
}

fn fill_within(
    text: &str,
    variable: &dyn Fn(&str) -> Option<String>,
    left: u32,
) -> (String, Vec<String>) {
    let mut out = String::with_capacity(text.len());
    let mut unknown = Vec::new();
    let closed = closed_braces(text);
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(inner) = rest.strip_prefix('{') {
            let start = text.len() - inner.len();
            let Ok(found) = closed.binary_search_by_key(&(start - 1), |&(open, _)| open) else {
                out.push_str("${");
                rest = inner;
                continue;
            };
            let end = closed[found].1 - start;
            out.push_str(&braced(&inner[..end], variable, &mut unknown, left));
            rest = &inner[end + 1..];
        } else {
            let end = rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len());
            if end == 0 {
                out.push('$');
            } else {
                out.push_str(&value(&rest[..end], variable, &mut unknown));
            }
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    (out, unknown)
}

/// The braces that are closed, each with the place of the one that closes it, in order.
fn closed_braces(text: &str) -> Vec<(usize, usize)> {
    let (mut open, mut closed) = (Vec::new(), Vec::new());
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open.push(at),
            b'}' => closed.extend(open.pop().map(|open| (open, at))),
            _ => {}
        }
    }
    closed.sort_unstable();
    closed
}

fn braced(
    inner: &str,
    variable: &dyn Fn(&str) -> Option<String>,
    unknown: &mut Vec<String>,
    left: u32,
) -> String {
    let end = inner.find(|c: char| !is_of_name(c)).unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    let known = variable(name);
    let filled = known.clone().filter(|value| !value.is_empty());
    let mut nested = |text: &str| {
        let Some(left) = left.checked_sub(1) else {
            unknown.push(name.to_owned());
            return String::new();
        };
        let (text, more) = fill_within(text, variable, left);
        unknown.extend(more);
        text
    };
    if let Some(default) = rest.strip_prefix(":-") {
        return filled.unwrap_or_else(|| nested(default));
    }
    if let Some(default) = rest.strip_prefix('-') {
        return known.unwrap_or_else(|| nested(default));
    }
    if let Some(other) = rest.strip_prefix(":+") {
        return filled.map_or(String::new(), |_| nested(other));
    }
    if let Some(other) = rest.strip_prefix('+') {
        return known.map_or(String::new(), |_| nested(other));
    }
    if rest.contains('?') && filled.is_none() {
        unknown.push(inner.to_owned());
        return String::new();
    }
    value(name, variable, unknown)
}

fn value(
    name: &str,
    variable: &dyn Fn(&str) -> Option<String>,
    unknown: &mut Vec<String>,
) -> String {
    variable(name).unwrap_or_else(|| {
        unknown.push(name.to_owned());
        String::new()
    })
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Splits at spaces outside of quotes; a backslash keeps the next character.
pub(super) fn split_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', None | Some('"')) => {
                word.get_or_insert_default().extend(chars.next());
            }
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str, unknown: &[&str]) {
        let variable = |name: &str| match name {
            "A" => Some("a".to_owned()),
            "E" => Some(String::new()),
            _ => None,
        };
        let (got, missing) = fill(text, &variable);
        assert_eq!(
            (got.as_str(), missing),
            (expected, unknown.iter().map(|&x| x.to_owned()).collect())
        );
    }

    #[test]
    fn variables_are_filled_in_as_compose_does() {
        check("x$A-${A}$$A", "xa-a$A", &[]);
        check("${E:-d}${E-d}${N-d}${N:-${A}}", "dda", &[]);
        check("${A:+y}${N+y}${E:+y}", "y", &[]);
        check("$N${M}", "", &["N", "M"]);
        check("100$ ${open", "100$ ${open", &[]);
        check("${N:?must be set}${A?}", "a", &["N:?must be set"]);
    }

    #[test]
    fn words_are_split_as_a_shell_does() {
        assert_eq!(
            split_words(r#"sh -c "a 'b' \"c\"" d\ e ''"#),
            ["sh", "-c", "a 'b' \"c\"", "d e", ""]
        );
    }

    #[test]
    fn nesting_has_a_bound() {
        let nested = |depth: usize| {
            let text = format!("{}x{}", "${B:-".repeat(depth), "}".repeat(depth));
            fill(&text, &|_| None)
        };
        assert_eq!(nested(100), ("x".to_owned(), Vec::new()));
        assert_eq!(nested(70_000), (String::new(), vec!["B".to_owned()]));
    }
}
