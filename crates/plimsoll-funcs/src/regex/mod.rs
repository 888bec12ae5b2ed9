//! The `regex…` functions: Go's syntax and error texts in front of the `regex` crate, which
//! matches by the same rules (leftmost, the first alternative first, no look-around).

mod class;
mod escape;
mod expand;
mod matcher;
#[rustfmt::skip]
mod names;
mod parse;
mod program;

use std::ops::Range;

use matcher::Regex;
use parse::Error;
use plimsoll_gotmpl::{CallError, Elem, Function, List, Marked, Text, TextBuf, Value, function};
use plimsoll_source::strconv;

use crate::limit;
use crate::strval::{part, value_of};

pub(crate) const REGEX: &[Function] = &[
    function!("regexMatch", regex_match),
    function!("mustRegexMatch", must_regex_match),
    function!("regexFind", regex_find),
    function!("mustRegexFind", must_regex_find),
    function!("regexFindAll", regex_find_all),
    function!("mustRegexFindAll", must_regex_find_all),
    function!("regexReplaceAll", regex_replace_all),
    function!("mustRegexReplaceAll", must_regex_replace_all),
    function!("regexReplaceAllLiteral", regex_replace_all_literal),
    function!("mustRegexReplaceAllLiteral", must_regex_replace_all_literal),
    function!("regexSplit", regex_split),
    function!("mustRegexSplit", must_regex_split),
    function!("regexQuoteMeta", regex_quote_meta),
];

/// Where in a text a pattern in Go's syntax first matches; the error is Go's text.
pub fn first_match(pattern: &str, text: &str) -> Result<Option<usize>, String> {
    let regex = Regex::new(&pattern.into(), text.as_bytes(), false);
    let regex = regex.map_err(|error| error.to_string())?;
    Ok(regex.find_all(1).first().map(|found| found.start))
}

/// What goes wrong is said in Go's words, as `regexp.MustCompile` panics with them.
fn compile<'t>(pattern: &Text, text: &'t Marked) -> Result<Regex<'t>, CallError> {
    Regex::new(pattern, &text.text, false).map_err(|error| panicked(pattern, &error))
}

fn panicked(pattern: &Text, error: &Error) -> CallError {
    let bytes = pattern.as_bytes();
    let quoted = if strconv::can_backquote(bytes) {
        format!("`{}`", pattern.to_str_lossy())
    } else {
        strconv::quote(bytes)
    };
    CallError::Message(format!("regexp: Compile({quoted}): {error}"))
}

fn must_compile<'t>(pattern: &Text, text: &'t Marked) -> Result<Regex<'t>, CallError> {
    Regex::new(pattern, &text.text, false).map_err(|error| returned(&error))
}

fn returned(error: &Error) -> CallError {
    CallError::Message(error.to_string())
}

/// `regexMatch "^a+$" "aaa"` → `true`; a pattern that is none matches nothing.
fn regex_match(pattern: Text, text: Marked) -> bool {
    must_regex_match(pattern, text).unwrap_or(false)
}

fn must_regex_match(pattern: Text, text: Marked) -> Result<bool, CallError> {
    Ok(must_compile(&pattern, &text)?.is_match())
}

/// `regexFind "a." "xab"` → `ab`; an empty text where nothing matches.
fn regex_find(pattern: Text, text: Marked) -> Result<Marked, CallError> {
    Ok(find(&compile(&pattern, &text)?, &text))
}

fn must_regex_find(pattern: Text, text: Marked) -> Result<Marked, CallError> {
    Ok(find(&must_compile(&pattern, &text)?, &text))
}

fn find(regex: &Regex<'_>, text: &Marked) -> Marked {
    let found = regex.find_all(1).first().cloned();
    part(text, found.unwrap_or(0..0))
}

/// `regexFindAll "a." "abac" -1` → `[ab ac]`; a nil list where nothing matches.
fn regex_find_all(pattern: Text, text: Marked, count: i64) -> Result<List, CallError> {
    find_all(&compile(&pattern, &text)?, &text, count)
}

fn must_regex_find_all(pattern: Text, text: Marked, count: i64) -> Result<List, CallError> {
    find_all(&must_compile(&pattern, &text)?, &text, count)
}

fn find_all(regex: &Regex<'_>, text: &Marked, count: i64) -> Result<List, CallError> {
    let found = regex.find_all(most(count));
    limit::items("regexFindAll", found.len())?;
    if found.is_empty() {
        return Ok(List::nil(Elem::String));
    }
    Ok(strings(found.into_iter().map(|range| part(text, range))))
}

fn most(count: i64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn strings(parts: impl Iterator<Item = Marked>) -> List {
    List::new(Elem::String, parts.map(value_of).collect::<Vec<Value>>())
}

/// `regexReplaceAll "a(x*)b" "-axxb-" "<$1>"` → `-<xx>-`
fn regex_replace_all(pattern: Text, text: Marked, with: Marked) -> Result<Marked, CallError> {
    replace(&pattern, &text, &with, |error| panicked(&pattern, error))
}

fn must_regex_replace_all(pattern: Text, text: Marked, with: Marked) -> Result<Marked, CallError> {
    replace(&pattern, &text, &with, returned)
}

fn replace(
    pattern: &Text,
    text: &Marked,
    with: &Marked,
    fail: impl Fn(&Error) -> CallError,
) -> Result<Marked, CallError> {
    if !with.text.contains(&b'$') {
        return replace_literal(pattern, text, with, fail);
    }
    let regex = Regex::new(pattern, &text.text, true).map_err(|error| fail(&error))?;
    let pieces = expand::pieces(&with.text);
    replace_by(&regex, text, |out, groups| {
        for piece in &pieces {
            match piece {
                expand::Piece::Text(range) => {
                    out.push_range(&with.text, range.clone(), with.origin);
                }
                expand::Piece::Group(name) => {
                    if let Some(range) = regex.group(groups, name) {
                        out.push_range(&text.text, range, text.origin);
                    }
                }
            }
        }
    })
}

/// `regexReplaceAllLiteral "a" "banana" "$1"` → `b$1n$1n$1`
fn regex_replace_all_literal(
    pattern: Text,
    text: Marked,
    with: Marked,
) -> Result<Marked, CallError> {
    replace_literal(&pattern, &text, &with, |error| panicked(&pattern, error))
}

fn must_regex_replace_all_literal(
    pattern: Text,
    text: Marked,
    with: Marked,
) -> Result<Marked, CallError> {
    replace_literal(&pattern, &text, &with, returned)
}

fn replace_literal(
    pattern: &Text,
    text: &Marked,
    with: &Marked,
    fail: impl Fn(&Error) -> CallError,
) -> Result<Marked, CallError> {
    let regex = Regex::new(pattern, &text.text, false).map_err(|error| fail(&error))?;
    replace_by(&regex, text, |out, _| out.push_from(&with.text, with.origin))
}

fn replace_by(
    regex: &Regex<'_>,
    text: &Marked,
    write: impl Fn(&mut TextBuf, &[Option<Range<usize>>]),
) -> Result<Marked, CallError> {
    let mut out = TextBuf::with_capacity(text.text.len());
    let mut end = 0;
    let mut too_long = None;
    let found = regex.replacements(|groups| {
        let whole = groups[0].clone().unwrap_or_default();
        out.push_range(&text.text, end..whole.start, text.origin);
        write(&mut out, groups);
        end = whole.end;
        too_long = limit::bytes("regexReplaceAll", Some(out.len())).err();
        too_long.is_none()
    });
    if let Some(error) = too_long {
        return Err(error);
    }
    if !found {
        return Ok(text.clone());
    }
    out.push_range(&text.text, end..text.text.len(), text.origin);
    Ok(Marked { text: out.finish(), origin: text.origin })
}

/// `regexSplit "z+" "pizza" -1` → `[pi a]`
fn regex_split(pattern: Text, text: Marked, count: i64) -> Result<List, CallError> {
    split(&compile(&pattern, &text)?, &pattern, &text, count)
}

fn must_regex_split(pattern: Text, text: Marked, count: i64) -> Result<List, CallError> {
    split(&must_compile(&pattern, &text)?, &pattern, &text, count)
}

/// go: Regexp.Split. At most `count` pieces, the last one the rest; none at all for 0.
fn split(regex: &Regex<'_>, pattern: &Text, text: &Marked, count: i64) -> Result<List, CallError> {
    if count == 0 {
        return Ok(List::nil(Elem::String));
    }
    let len = text.text.len();
    if !pattern.is_empty() && len == 0 {
        return Ok(strings([part(text, 0..0)].into_iter()));
    }
    let most = most(count);
    let mut pieces = Vec::new();
    let (mut begin, mut end) = (0, 0);
    for found in regex.find_all(most) {
        if pieces.len() == most - 1 {
            break;
        }
        end = found.start;
        if found.end != 0 {
            pieces.push(part(text, begin..end));
        }
        begin = found.end;
    }
    limit::items("regexSplit", pieces.len())?;
    if end != len {
        pieces.push(part(text, begin..len));
    }
    Ok(strings(pieces.into_iter()))
}

/// `regexQuoteMeta "1.2"` → `1\.2`
fn regex_quote_meta(text: Text) -> Text {
    let quoted = |byte: &u8| {
        let special = br"\.+*?()|[]{}^$".contains(byte);
        special.then_some(b'\\').into_iter().chain([*byte])
    };
    text.iter().flat_map(quoted).collect::<Vec<u8>>().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strval::strval;
    use plimsoll_gotmpl::Ret;

    fn marked(text: &str) -> Marked {
        Marked { text: text.into(), origin: plimsoll_source::Origin::NONE }
    }

    fn check(got: impl Ret, want: &str) {
        let got = match got.into_result() {
            Ok(value) => strval(&value).text.to_str_lossy().into_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(got, want);
    }

    fn replaced(pattern: &str, text: &str, with: &str, want: &str) {
        check(regex_replace_all(pattern.into(), marked(text), marked(with)), want);
    }

    #[test]
    fn replacements_name_groups() {
        replaced("a(x*)b", "-ab-axxb-", "$1W", "---");
        replaced("(?P<n>x+)", "axxb", "<$n>", "a<xx>b");
        replaced("(a)", "a", "$$1${1", "$1${1");
        replaced("(a)|(b)", "ab", "[$1$2]", "[a][b]");
        replaced("", "abc", "-", "-a-b-c-");
        replaced("b*", "abc", "-", "-a-c-");
        replaced("é", "aéb", "$0$0", "aééb");
    }

    #[test]
    fn splitting_is_that_of_go() {
        let split = |pattern: &str, text, count| regex_split(pattern.into(), marked(text), count);
        check(split("", "abc", -1), "[a b c]");
        check(split("a", "banana", 2), "[b nana]");
        check(split("a", "banana", -1), "[b n n ]");
        check(split("a", "", -1), "[]");
        assert!(split("a", "banana", 0).unwrap().is_nil());
    }

    #[test]
    fn errors_have_the_words_of_go() {
        check(
            regex_find("a(".into(), marked("")),
            "regexp: Compile(`a(`): error parsing regexp: missing closing ): `a(`",
        );
        check(
            must_regex_match("a**".into(), marked("")),
            "error parsing regexp: invalid nested repetition operator: `**`",
        );
        assert!(!regex_match("(".into(), marked("(")));
    }

    #[test]
    fn invalid_bytes_are_single_characters() {
        let text =
            Marked { text: Text::from(&b"a\xff\xfeb"[..]), origin: plimsoll_source::Origin::NONE };
        let got = regex_find_all("a.|.b".into(), text.clone(), -1).unwrap();
        let got: Vec<_> = got.iter().map(|item| item.as_bytes().unwrap().to_vec()).collect();
        assert_eq!(got, [b"a\xff".to_vec(), b"\xfeb".to_vec()]);
        let replaced = regex_replace_all("\u{fffd}".into(), text, marked("-")).unwrap();
        assert_eq!(replaced.text.to_str_lossy(), "a--b");
    }
}
