//! Texts into lists of texts.

use std::ops::Range;

use memchr::memmem;
use plimsoll_gotmpl::{CallError, Function, Marked, StringMap, Text, Value, function};
use plimsoll_gotmpl::{Elem, List};
use plimsoll_source::strconv;

use crate::limit;
use crate::strval::{part, strslice, strval, value_of};

pub(crate) const SPLIT: &[Function] = &[
    function!("split", split),
    function!("splitn", splitn),
    function!("splitList", split_list),
    function!("toStrings", to_strings),
    function!("sortAlpha", sort_alpha),
];

/// `split "," "a,b"` → `map[_0:a _1:b]`
fn split(separator: Text, text: Marked) -> Result<StringMap, CallError> {
    numbered("split", &text, pieces(&text.text, &separator, usize::MAX))
}

/// `splitn "," 2 "a,b,c"` → `map[_0:a _1:b,c]`; 0 gives none, a negative count all.
fn splitn(separator: Text, count: i64, text: Marked) -> Result<StringMap, CallError> {
    let most = usize::try_from(count).unwrap_or(usize::MAX);
    numbered("splitn", &text, pieces(&text.text, &separator, most))
}

fn numbered(name: &str, text: &Marked, pieces: Vec<Range<usize>>) -> Result<StringMap, CallError> {
    limit::items(name, pieces.len())?;
    let entry = |(at, piece)| (Text::from(format!("_{at}")), text.text.slice(piece));
    Ok(StringMap(pieces.into_iter().enumerate().map(entry).collect()))
}

/// `splitList "," "a,b"` → `[a b]`
fn split_list(separator: Text, text: Marked) -> Result<List, CallError> {
    let pieces = pieces(&text.text, &separator, usize::MAX);
    limit::items("splitList", pieces.len())?;
    let items = pieces.into_iter().map(|piece| value_of(part(&text, piece))).collect();
    Ok(List::new(Elem::String, items))
}

/// Where the pieces between separators stand, at most `most`, the last of which takes the rest.
/// An empty separator divides runes. Of more pieces than a list may have, one too many comes.
/// (go: strings.SplitN)
pub(crate) fn pieces(text: &[u8], separator: &[u8], most: usize) -> Vec<Range<usize>> {
    if most == 0 {
        return Vec::new();
    }
    if separator.is_empty() {
        return rune_pieces(text, most);
    }
    let mut pieces = Vec::new();
    let mut start = 0;
    for at in memmem::find_iter(text, separator).take(most.min(limit::MOST_ITEMS + 1) - 1) {
        pieces.push(start..at);
        start = at + separator.len();
    }
    pieces.push(start..text.len());
    pieces
}

fn rune_pieces(text: &[u8], most: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    while start < text.len() && pieces.len() <= limit::MOST_ITEMS {
        let last = pieces.len() + 1 == most;
        let end = if last { text.len() } else { start + strconv::decode_rune(&text[start..]).1 };
        pieces.push(start..end);
        start = end;
    }
    pieces
}

/// `toStrings (list 1 nil "a")` → `[1 a]`
fn to_strings(value: Value) -> List {
    string_list(strslice(&value))
}

/// `sortAlpha (list "b" "a")` → `[a b]`; of anything else a list of its text.
fn sort_alpha(value: Value) -> List {
    if value.as_list().is_none() {
        return string_list(vec![strval(&value)]);
    }
    let mut texts = strslice(&value);
    texts.sort_by(|a, b| a.text.cmp(&b.text));
    string_list(texts)
}

fn string_list(texts: Vec<Marked>) -> List {
    List::new(Elem::String, texts.into_iter().map(value_of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, separator: &str, most: usize, want: &[&str]) {
        let pieces = pieces(text.as_bytes(), separator.as_bytes(), most);
        let got: Vec<&str> = pieces.into_iter().map(|piece| &text[piece]).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn pieces_are_those_of_go() {
        check("a,b,,c", ",", usize::MAX, &["a", "b", "", "c"]);
        check("a,b,,c", ",", 2, &["a", "b,,c"]);
        check("a,b", ",", 0, &[]);
        check("", ",", usize::MAX, &[""]);
        check("héé", "", usize::MAX, &["h", "é", "é"]);
        check("héé", "", 2, &["h", "éé"]);
        check("", "", usize::MAX, &[]);
    }

    #[test]
    fn sorting_drops_nil_and_wraps_others() {
        let list = Value::list(vec![Value::from("b"), Value::Nil, Value::int(1)]);
        assert_eq!(strval(&sort_alpha(list).into()).text.to_str_lossy(), "[1 b]");
        assert_eq!(strval(&sort_alpha(Value::Nil).into()).text.to_str_lossy(), "[<nil>]");
    }
}
