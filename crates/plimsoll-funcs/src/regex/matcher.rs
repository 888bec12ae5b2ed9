use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use plimsoll_gotmpl::Text;
use plimsoll_source::strconv;
use regex_automata::Input;

use crate::limit::MOST_ITEMS;

use super::expand::Name;
use super::parse::Error;
use super::program::{self, Program, Shape};

/// Texts up to this long are searched by the engines that are built fastest.
const SHORT: usize = 2048;

/// A pattern in Go's syntax beside a text to search.
pub(super) struct Regex<'t> {
    program: Rc<Program>,
    hay: Haystack<'t>,
}

impl Regex<'_> {
    pub(super) fn new<'t>(
        pattern: &Text,
        text: &'t [u8],
        use_groups: bool,
    ) -> Result<Regex<'t>, Error> {
        let hay = Haystack::new(text);
        let shape = Shape { ascii: hay.text.is_ascii(), long: hay.text.len() > SHORT, use_groups };
        Ok(Regex { program: program::compiled(pattern, shape)?, hay })
    }

    pub(super) fn is_match(&self) -> bool {
        self.program.regex.is_match(self.hay.text.as_bytes())
    }

    /// Where the first `most` matches are, or of more than a list may have, one too many. An empty
    /// match right behind another is none.
    /// (go: Regexp.allMatches)
    pub(super) fn find_all(&self, most: usize) -> Vec<Range<usize>> {
        let most = most.min(MOST_ITEMS + 1);
        let hay = &self.hay;
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut at = 0;
        let mut last_end = None;
        while found.len() < most && at <= hay.text.len() {
            let Some(one) = self.program.regex.find(self.input(at)) else { break };
            let empty = one.end() == at;
            let accepted = !(empty && Some(one.start()) == last_end);
            at = if empty { hay.next(at) } else { one.end() };
            last_end = Some(one.end());
            if accepted {
                found.push(hay.original(one.range()));
            }
        }
        found
    }

    /// Calls `replace` with the groups of every match, the whole first, until it says no; gives
    /// whether there was one. (go: Regexp.replaceAll)
    pub(super) fn replacements(
        &self,
        mut replace: impl FnMut(&[Option<Range<usize>>]) -> bool,
    ) -> bool {
        let hay = &self.hay;
        let mut places = self.program.regex.create_captures();
        let mut groups = vec![None; self.program.names.len()];
        let (mut at, mut last_end, mut any) = (0, 0, false);
        while at <= hay.text.len() {
            self.program.regex.captures(self.input(at), &mut places);
            let Some(one) = places.get_match() else { break };
            // Go: no empty match right behind another, but one at the very start.
            if one.end() > last_end || one.start() == 0 {
                any = true;
                for (index, group) in groups.iter_mut().enumerate() {
                    *group = places.get_group(index).map(|span| hay.original(span.range()));
                }
                groups[0] = Some(hay.original(one.range()));
                if !replace(&groups) {
                    break;
                }
            }
            last_end = one.end();
            at = one.end().max(hay.next(at));
        }
        any
    }

    fn input(&self, start: usize) -> Input<'_> {
        let bytes = self.hay.text.as_bytes();
        Input::new(bytes).span(start..bytes.len())
    }

    /// The text of a group by its number or name; of several of one name the first that matched.
    pub(super) fn group(
        &self,
        groups: &[Option<Range<usize>>],
        name: &Name,
    ) -> Option<Range<usize>> {
        match name {
            Name::Number(number) => groups.get(*number).cloned().flatten(),
            Name::Name(name) => {
                let named = self.program.names.iter().zip(groups);
                let mut named = named.filter(|(own, _)| own.as_deref() == Some(name));
                named.find_map(|(_, range)| range.clone())
            }
        }
    }
}

/// A text to search: valid UTF-8 as the `regex` crate wants it, U+FFFD for every invalid byte as
/// Go sees it.
struct Haystack<'a> {
    text: Cow<'a, str>,
    /// Where invalid bytes were replaced: offsets of the replacements.
    replaced: Vec<usize>,
}

impl Haystack<'_> {
    fn new(bytes: &[u8]) -> Haystack<'_> {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Haystack { text: Cow::Borrowed(text), replaced: Vec::new() };
        }
        let mut text = String::with_capacity(bytes.len() + 16);
        let mut replaced = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let (rune, width) = strconv::decode_rune(rest);
            if rune.is_none() {
                replaced.push(text.len());
            }
            text.push(rune.unwrap_or(char::REPLACEMENT_CHARACTER));
            rest = &rest[width..];
        }
        Haystack { text: Cow::Owned(text), replaced }
    }

    /// The offset behind the character at `at`.
    fn next(&self, at: usize) -> usize {
        at + self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    }

    /// A range as it is in the original bytes.
    fn original(&self, range: Range<usize>) -> Range<usize> {
        let grown = char::REPLACEMENT_CHARACTER.len_utf8() - 1;
        let offset = |at: usize| at - grown * self.replaced.partition_point(|start| *start < at);
        offset(range.start)..offset(range.end)
    }
}
