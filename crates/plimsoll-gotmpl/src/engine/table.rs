//! All functions that templates can call, and Go's keywords, by name.

use super::builtins::BUILTINS;
use super::lex::{Kind, head};
use crate::function::Function;

/// All functions by name, Go's own included. Later families replace earlier functions of the same
/// name.
#[derive(Debug)]
pub struct FunctionTable {
    /// Open addressing by the hash of the name.
    slots: Vec<Slot>,
    entries: Vec<Entry>,
}

/// A function, and what the engine itself has to do with its calls.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) function: Function,
    pub(super) special: Special,
}

/// Go's own functions that are not called as others are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Special {
    None,
    And,
    Or,
    /// Go: funcs.go length asks the type of no value; no other function does.
    Len,
    Call,
}

/// What a word of a template is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Keyword(Kind),
    /// A function's index, or [`FunctionTable::NONE`].
    Function(u16),
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    head: u64,
    length: u8,
    word: Word,
}

const FREE: Slot = Slot { head: 0, length: 0, word: Word::Function(FunctionTable::NONE) };

const KEYWORDS: [(&str, Kind); 13] = [
    ("block", Kind::Block),
    ("break", Kind::Break),
    ("continue", Kind::Continue),
    ("define", Kind::Define),
    ("else", Kind::Else),
    ("end", Kind::End),
    ("if", Kind::If),
    ("nil", Kind::Nil),
    ("range", Kind::Range),
    ("template", Kind::Template),
    ("with", Kind::With),
    ("true", Kind::Bool),
    ("false", Kind::Bool),
];

/// The length of a name, not too exactly where it is a long one.
fn length(name: &[u8]) -> u8 {
    name.len().min(255) as u8
}

impl FunctionTable {
    /// The index of no function.
    pub(super) const NONE: u16 = u16::MAX;

    /// Go's functions and those of the families.
    pub fn new(families: &[&'static [Function]]) -> FunctionTable {
        let given = families.iter().flat_map(|family| family.iter());
        let given = given.map(|&function| Entry { function, special: Special::None });
        let builtins = BUILTINS.iter().map(|&function| {
            let special = match function.name {
                "and" => Special::And,
                "or" => Special::Or,
                "len" => Special::Len,
                "call" => Special::Call,
                _ => Special::None,
            };
            Entry { function, special }
        });
        let mut entries: Vec<Entry> = builtins.chain(given).collect();
        entries.truncate(usize::from(FunctionTable::NONE));
        let size = (entries.len() + KEYWORDS.len()) * 5 / 4;
        let mut table = FunctionTable { slots: vec![FREE; size.next_power_of_two()], entries };
        for (name, kind) in KEYWORDS {
            table.add(name, Word::Keyword(kind));
        }
        for index in 0..table.entries.len() {
            table.add(table.entries[index].function.name, Word::Function(index as u16));
        }
        table
    }

    fn add(&mut self, name: &str, word: Word) {
        let head = head(name.as_bytes());
        let at = self.slot(head, name.as_bytes());
        self.slots[at] = Slot { head, length: length(name.as_bytes()), word };
    }

    /// Where a name is, or may be put.
    #[inline]
    fn slot(&self, head: u64, name: &[u8]) -> usize {
        let mask = self.slots.len() - 1;
        let length = length(name);
        let hash = (head ^ u64::from(length)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut at = (hash >> 40) as usize & mask;
        loop {
            let slot = &self.slots[at];
            let is_alike = slot.head == head && slot.length == length;
            if slot.length == 0
                || (is_alike && (name.len() <= 8 || self.is_called(slot.word, name)))
            {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    /// Whether a word that looks like a name has it.
    fn is_called(&self, word: Word, name: &[u8]) -> bool {
        match word {
            Word::Keyword(_) => false,
            Word::Function(index) => {
                self.entries[usize::from(index)].function.name.as_bytes() == name
            }
        }
    }

    /// The function of a name.
    pub fn get(&self, name: &str) -> Option<&Function> {
        match self.word(head(name.as_bytes()), name.as_bytes()) {
            Word::Function(index) => self.entries.get(usize::from(index)).map(|it| &it.function),
            Word::Keyword(_) => None,
        }
    }

    /// What a word is that begins with `head`.
    #[inline]
    pub(super) fn word(&self, head: u64, word: &[u8]) -> Word {
        self.slots[self.slot(head, word)].word
    }

    /// A function that was found.
    pub(super) fn entry(&self, index: u16) -> &Entry {
        &self.entries[usize::from(index)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Text, Value};

    const OURS: &[Function] = &[
        crate::function!("trimSuffix", |text: Text| text),
        crate::function!("trimSuffixes", |text: Text| text),
        crate::function!("len", |text: Value| text),
    ];

    #[test]
    fn functions_are_found_by_their_whole_name() {
        let table = FunctionTable::new(&[OURS]);
        let name = |name: &str| table.get(name).map(|function| function.name);
        assert_eq!(name("trimSuffix"), Some("trimSuffix"));
        assert_eq!(name("trimSuffixes"), Some("trimSuffixes"));
        assert_eq!([name("trimSuff"), name("lem"), name("")], [None, None, None]);
        assert_eq!(table.get("len").map(|function| function.params.len()), Some(1));
        let Word::Function(len) = table.word(head(b"len"), b"len") else {
            panic!("len is a function")
        };
        assert_eq!(table.entry(len).special, Special::None, "the later one is taken");
    }

    #[test]
    fn keywords_are_no_functions() {
        let table = FunctionTable::new(&[]);
        let word = |word: &[u8]| table.word(head(word), word);
        assert_eq!(word(b"if"), Word::Keyword(Kind::If));
        assert_eq!(word(b"continue"), Word::Keyword(Kind::Continue));
        assert_eq!(word(b"continues"), Word::Function(FunctionTable::NONE));
        assert!(table.get("if").is_none());
    }
}
