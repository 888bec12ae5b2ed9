use std::collections::{BTreeMap, BTreeSet};

use plimsoll_gotmpl::{Elem, List, Map, Text, Value};
use plimsoll_source::Origin;

use super::text::append_key;

/// The tables of a document while it is read, with the library's rules of what may be defined
/// twice (its parse.go: `addContext`, `setValue`).
pub(super) struct Tables {
    /// All tables; the first one is the root, and a table stands behind its parent.
    nodes: Vec<BTreeMap<Vec<u8>, Item>>,
    /// The key of the table in scope.
    pub(super) context: Vec<Vec<u8>>,
    /// The key whose value is being read; empty where there is none.
    pub(super) current: Vec<u8>,
    /// Tables, by full key, that were made by a longer key alone.
    implicit: BTreeSet<Vec<u8>>,
    /// Keys whose value is an array.
    arrays: BTreeSet<Vec<u8>>,
}

/// What a key stands for.
pub(super) enum Item {
    Value(Value),
    Table(usize),
    /// An array of tables.
    Tables(Vec<usize>),
}

impl Tables {
    pub(super) fn new() -> Tables {
        Tables {
            nodes: vec![BTreeMap::new()],
            context: Vec::new(),
            current: Vec::new(),
            implicit: BTreeSet::new(),
            arrays: BTreeSet::new(),
        }
    }

    /// The key that errors name.
    pub(super) fn last_key(&self) -> Vec<u8> {
        if self.current.is_empty() {
            return full_key(&self.context);
        }
        if self.context.is_empty() {
            return self.current.clone();
        }
        let mut key = full_key(&self.context);
        key.push(b'.');
        key.extend_from_slice(&self.current);
        key
    }

    /// Takes the dotted parts before the last one of a key into the context.
    pub(super) fn enter_implicit(&mut self, part: Vec<u8>) -> Result<(), String> {
        let mut key = self.context.clone();
        key.push(part);
        self.implicit.insert(full_key(&key));
        self.enter(key, false)
    }

    /// Makes an inline table the context; gives its number.
    pub(super) fn enter_inline(&mut self, in_array: bool) -> Result<(), String> {
        let mut key = self.context.clone();
        key.push(std::mem::take(&mut self.current));
        self.implicit.insert(full_key(&key));
        self.context.clone_from(&key);
        self.enter(key, in_array)
    }

    /// Makes a table, or a new one of an array of tables, the context.
    pub(super) fn enter(&mut self, mut key: Vec<Vec<u8>>, array: bool) -> Result<(), String> {
        let last = key.pop().unwrap_or_default();
        let mut node = 0;
        for (at, part) in key.iter().enumerate() {
            if !self.nodes[node].contains_key(part) {
                self.implicit.insert(full_key(&key[..=at]));
                let table = self.add_node();
                self.nodes[node].insert(part.clone(), Item::Table(table));
            }
            node = self.child(node, part).ok_or_else(|| {
                let key = shown(&key[..=at]);
                format!("Key '{key}' was already created as a hash.")
            })?;
        }
        self.context = key;
        if array {
            self.add_to_array(node, &last)?;
        } else {
            let table = self.add_node();
            self.set(&last, Item::Table(table))?;
        }
        self.context.push(last);
        Ok(())
    }

    fn add_to_array(&mut self, node: usize, key: &[u8]) -> Result<(), String> {
        let table = self.add_node();
        match self.nodes[node].get_mut(key) {
            None => {
                self.nodes[node].insert(key.to_vec(), Item::Tables(vec![table]));
            }
            Some(Item::Tables(tables)) => tables.push(table),
            Some(_) => {
                let key = [&self.context[..], &[key.to_vec()]].concat();
                let key = shown(&key);
                return Err(format!(
                    "Key '{key}' was already created and cannot be used as an array."
                ));
            }
        }
        Ok(())
    }

    fn add_node(&mut self) -> usize {
        self.nodes.push(BTreeMap::new());
        self.nodes.len() - 1
    }

    fn child(&self, node: usize, key: &[u8]) -> Option<usize> {
        match self.nodes[node].get(key) {
            Some(Item::Table(table)) => Some(*table),
            Some(Item::Tables(tables)) => tables.last().copied(),
            _ => None,
        }
    }

    /// The table in scope; fails where one of its parts is no table.
    fn context_node(&self) -> Result<usize, String> {
        let mut node = 0;
        for (at, part) in self.context.iter().enumerate() {
            node = self.child(node, part).ok_or_else(|| defined(&self.context[..=at]))?;
        }
        Ok(node)
    }

    /// Sets a key of the table in scope.
    pub(super) fn set(&mut self, key: &[u8], item: Item) -> Result<(), String> {
        let node = self.context_node()?;
        let parts = [&self.context[..], &[key.to_vec()]].concat();
        let full = full_key(&parts);
        if self.nodes[node].contains_key(key) {
            let was_implicit = self.implicit.remove(&full);
            if !was_implicit {
                return Err(defined(&parts));
            }
            if !self.arrays.contains(&full) {
                return Ok(());
            }
        }
        self.nodes[node].insert(key.to_vec(), item);
        Ok(())
    }

    /// Notes whether the value of the current key is an array.
    pub(super) fn set_array(&mut self, is_array: bool) {
        let mut parts = self.context.clone();
        if !self.current.is_empty() {
            parts.push(self.current.clone());
        }
        if is_array {
            self.arrays.insert(full_key(&parts));
        } else if !self.arrays.is_empty() {
            self.arrays.remove(&full_key(&parts));
        }
    }

    /// The number of the table in scope.
    pub(super) fn scope(&self) -> usize {
        self.context_node().unwrap_or(0)
    }

    /// Takes a finished table with all that is in it out as a value.
    pub(super) fn take(&mut self, node: usize) -> Map {
        let mut made: Vec<Option<Map>> = Vec::new();
        for number in (node..self.nodes.len()).rev() {
            let entries = std::mem::take(&mut self.nodes[number]);
            let last = self.nodes.len() - 1;
            let mut table = |child: usize| {
                made.get_mut(last.wrapping_sub(child)).and_then(Option::take).unwrap_or_default()
            };
            let entries = entries
                .into_iter()
                .map(|(key, item)| {
                    let value = match item {
                        Item::Value(value) => value,
                        Item::Table(child) => table(child).into(),
                        Item::Tables(children) => {
                            let maps = children.into_iter().map(|child| table(child).into());
                            Value::List(Origin::NONE, List::new(Elem::AnyMap, maps.collect()))
                        }
                    };
                    (Text::from(key), value)
                })
                .collect();
            made.push(Some(Map::from_entries(entries)));
        }
        self.nodes.truncate(node + 1);
        made.pop().flatten().unwrap_or_default()
    }
}

fn defined(key: &[Vec<u8>]) -> String {
    format!("Key '{}' has already been defined.", shown(key))
}

fn shown(key: &[Vec<u8>]) -> String {
    String::from_utf8_lossy(&full_key(key)).into_owned()
}

/// A key with its parts joined by dots, in quotes where they need them.
fn full_key(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            out.push(b'.');
        }
        append_key(&mut out, part);
    }
    out
}
