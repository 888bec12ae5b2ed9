//! All functions that templates can call, by name.

use super::ast::{Entry, Known};
use super::builtins::BUILTINS;
use crate::function::Function;

/// All functions by name, Go's own included. Later families replace earlier functions of the same
/// name.
#[derive(Debug)]
pub struct FunctionTable {
    /// In order of their keys.
    keys: Vec<(u64, u32)>,
    entries: Vec<Entry>,
}

/// The first eight bytes of a name, which tell most names apart.
fn key(name: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let length = name.len().min(8);
    bytes[..length].copy_from_slice(&name[..length]);
    u64::from_be_bytes(bytes)
}

impl FunctionTable {
    /// Go's functions and those of the families.
    pub fn new(families: &[&'static [Function]]) -> FunctionTable {
        let given = families.iter().flat_map(|family| family.iter());
        let builtins = BUILTINS.iter().map(|function| (*function, true));
        let entries: Vec<Entry> =
            builtins.chain(given.map(|function| (*function, false))).collect();
        let mut keys: Vec<(u64, u32)> =
            (0..).zip(&entries).map(|(at, entry)| (key(entry.0.name.as_bytes()), at)).collect();
        keys.sort_unstable();
        FunctionTable { keys, entries }
    }

    /// The function of a name.
    pub fn get(&self, name: &str) -> Option<&Function> {
        self.find(name.as_bytes()).map(|known| &self.entry(known).0)
    }

    /// Where the function of a name is; of several the last.
    pub(super) fn find(&self, name: &[u8]) -> Option<Known> {
        let key = key(name);
        let end = self.keys.partition_point(|one| one.0 <= key);
        let alike = self.keys[..end].iter().rev().take_while(|one| one.0 == key);
        let mut named = alike.map(|&(_, index)| {
            let name = self.entries[index as usize].0.name;
            Known { name, index }
        });
        named.find(|known| known.name.as_bytes() == name)
    }

    /// A function that was found.
    pub(super) fn entry(&self, known: Known) -> &Entry {
        &self.entries[known.index as usize]
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
        assert_eq!([name("trimSuff"), name("")], [None, None]);
        assert_eq!(table.get("len").map(|function| function.params.len()), Some(1));
        let known = table.find(b"len").unwrap();
        assert!(!table.entry(known).1, "the later one is taken");
        assert!(table.entry(table.find(b"and").unwrap()).1);
    }
}
