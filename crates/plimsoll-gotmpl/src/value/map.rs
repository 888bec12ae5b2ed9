use std::cell::{Ref, RefCell};
use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

use super::text::head;
use super::{Text, Type, Value};
use crate::Function;

/// A map type: `map[string]interface {}` and its named relatives.
#[derive(Debug)]
pub struct MapType {
    /// The name that `%T` prints.
    pub name: &'static str,
    /// The static type of an entry.
    pub elem: Type,
    /// The type's methods; they come before entries in field access, as in Go. Each takes the
    /// receiver as an additional first argument that its parameters do not list.
    pub methods: &'static [Function],
}

impl MapType {
    /// `map[string]interface {}`
    pub const ANY: &'static MapType =
        &MapType { name: "map[string]interface {}", elem: Type::Any, methods: &[] };
    /// `map[string]string`
    pub const STRINGS: &'static MapType =
        &MapType { name: "map[string]string", elem: Type::String, methods: &[] };
}

impl PartialEq for MapType {
    fn eq(&self, other: &MapType) -> bool {
        self.name == other.name
    }
}

/// A Go map with string keys: shared mutably, kept in byte order of the keys, which is the order
/// in which Go ranges over it, prints it and writes it as JSON.
///
/// Do not hold [`Map::entries`] while a template may run: `set` would find the map borrowed.
#[derive(Clone)]
pub struct Map(Rc<MapData>);

struct MapData {
    ty: &'static MapType,
    nil: bool,
    /// The map whose entries this one shows under another type, as a Go conversion does.
    base: Option<Map>,
    entries: RefCell<Vec<(Text, Value)>>,
}

impl Drop for MapData {
    fn drop(&mut self) {
        let entries = self.entries.get_mut();
        if entries.iter().any(|entry| entry.1.holds_values()) || self.base.is_some() {
            let entries = std::mem::take(entries);
            super::take_apart(entries.into_iter().map(|(_, value)| value), self.base.take());
        }
    }
}

/// The entries of a map, borrowed, in byte order of the keys.
pub type Entries<'a> = Ref<'a, Vec<(Text, Value)>>;

impl Map {
    /// An empty `map[string]interface {}`.
    pub fn new() -> Map {
        Map::of(MapType::ANY, Vec::new())
    }

    /// A `map[string]interface {}` of entries in any order; of equal keys the last one stays.
    pub fn from_entries(entries: Vec<(Text, Value)>) -> Map {
        Map::of(MapType::ANY, entries)
    }

    /// A map of the given type; of equal keys the last one stays.
    pub fn of(ty: &'static MapType, mut entries: Vec<(Text, Value)>) -> Map {
        if !entries.is_sorted_by(|a, b| a.0 < b.0) {
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            entries.reverse();
            entries.dedup_by(|next, kept| next.0 == kept.0);
            entries.reverse();
        }
        Map::sorted(ty, entries)
    }

    /// A map of entries that are in order.
    fn sorted(ty: &'static MapType, entries: Vec<(Text, Value)>) -> Map {
        Map(Rc::new(MapData { ty, nil: false, base: None, entries: RefCell::new(entries) }))
    }

    /// Gives the values that hold others to `keep` and drops the rest, if nobody else has the map.
    pub(super) fn take_apart(self, mut keep: impl FnMut(Value)) {
        let Some(mut data) = Rc::into_inner(self.0) else { return };
        let holders = data.entries.get_mut().iter_mut().filter(|entry| entry.1.holds_values());
        holders.for_each(|entry| keep(std::mem::take(&mut entry.1)));
        data.base.take().map(Value::map).into_iter().for_each(keep);
    }

    /// Where the entry of a key is, or would be.
    fn position(entries: &[(Text, Value)], key: &[u8]) -> Result<usize, usize> {
        let head = head(key);
        let (mut start, mut end) = (0, entries.len());
        while start < end {
            let at = usize::midpoint(start, end);
            let entry = &entries[at].0;
            let order = match entry.head().cmp(&head) {
                Ordering::Equal => entry.as_bytes().cmp(key),
                order => order,
            };
            match order {
                Ordering::Less => start = at + 1,
                Ordering::Greater => end = at,
                Ordering::Equal => return Ok(at),
            }
        }
        Err(start)
    }

    fn cell(&self) -> &RefCell<Vec<(Text, Value)>> {
        match &self.0.base {
            None => &self.0.entries,
            Some(base) => &base.0.entries,
        }
    }

    /// The nil map of a type: empty, and JSON and YAML show it as `null`.
    pub fn nil(ty: &'static MapType) -> Map {
        Map(Rc::new(MapData { ty, nil: true, base: None, entries: RefCell::default() }))
    }

    /// The map's type.
    pub fn map_type(&self) -> &'static MapType {
        self.0.ty
    }

    /// Whether it is a nil map.
    pub fn is_nil(&self) -> bool {
        self.0.nil
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.cell().borrow().len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry of a key; `None` if there is none (an entry may be nil).
    pub fn get(&self, key: &[u8]) -> Option<Value> {
        let entries = self.cell().borrow();
        let at = Map::position(&entries, key).ok()?;
        Some(entries[at].1.clone())
    }

    /// Whether there is an entry for a key.
    pub fn contains(&self, key: &[u8]) -> bool {
        Map::position(&self.cell().borrow(), key).is_ok()
    }

    /// Sets an entry, for every holder of the map.
    pub fn insert(&self, key: Text, value: Value) {
        let mut entries = self.cell().borrow_mut();
        match Map::position(&entries, &key) {
            Ok(at) => entries[at].1 = value,
            Err(at) => entries.insert(at, (key, value)),
        }
    }

    /// Sets the value of the entry number `at`, if there is one, for every holder of the map.
    pub fn replace(&self, at: usize, value: Value) {
        let mut entries = self.cell().borrow_mut();
        if let Some(entry) = entries.get_mut(at) {
            entry.1 = value;
        }
    }

    /// Removes an entry, for every holder of the map.
    pub fn remove(&self, key: &[u8]) -> Option<Value> {
        let mut entries = self.cell().borrow_mut();
        let at = Map::position(&entries, key).ok()?;
        Some(entries.remove(at).1)
    }

    /// The entries, borrowed.
    pub fn entries(&self) -> Entries<'_> {
        self.cell().borrow()
    }

    /// The entries, cloned cheaply: what a loop uses whose body may change the map.
    pub fn snapshot(&self) -> Vec<(Text, Value)> {
        self.cell().borrow().clone()
    }

    /// A new map with the same entries; nested maps stay shared.
    #[must_use]
    pub fn shallow_copy(&self) -> Map {
        Map::sorted(self.0.ty, self.snapshot())
    }

    /// The same map seen as another type, as a Go conversion gives it: changes are shared.
    #[must_use]
    pub fn retyped(&self, ty: &'static MapType) -> Map {
        if std::ptr::eq(self.0.ty, ty) {
            return self.clone();
        }
        let base = self.0.base.clone().unwrap_or_else(|| self.clone());
        Map(Rc::new(MapData { ty, nil: self.0.nil, base: Some(base), entries: RefCell::default() }))
    }

    /// What tells it from all other maps in memory.
    pub(super) fn address(&self) -> usize {
        std::ptr::from_ref(self.cell()) as usize
    }

    /// Whether both are the same map in memory.
    pub fn same(&self, other: &Map) -> bool {
        std::ptr::eq(self.cell(), other.cell())
    }
}

impl Default for Map {
    fn default() -> Map {
        Map::new()
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.entries().iter().map(|(k, v)| (k, v))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_equal_keys_stays() {
        let entry = |key: &str, value| (Text::from(key), Value::int(value));
        let map = Map::from_entries(vec![entry("b", 1), entry("a", 2), entry("b", 3)]);
        let got: Vec<_> = map.entries().iter().map(|(k, v)| format!("{k:?}{v:?}")).collect();
        assert_eq!(map.len(), 2);
        assert!(got[1].contains('3'), "{got:?}");
    }

    #[test]
    fn a_conversion_shares_its_entries() {
        static VALUES: MapType = MapType { name: "common.Values", elem: Type::Any, methods: &[] };
        let values = Map::of(&VALUES, Vec::new());
        values.retyped(MapType::ANY).insert("k".into(), Value::int(1));
        assert!(values.contains(b"k"));
        assert!(values.same(&values.retyped(MapType::ANY)));
    }

    #[test]
    fn keys_alike_in_front_are_told_apart() {
        let keys = ["", "a", "a\0", "annotations", "annotationsFor", "b", "serviceAccount"];
        let entries = keys.into_iter().map(|key| (key.into(), Value::text(key)));
        let map = Map::from_entries(entries.collect());
        for key in keys {
            assert_eq!(map.get(key.as_bytes()).unwrap().as_bytes(), Some(key.as_bytes()));
        }
        let others = ["\0", "annotation", "annotationsFo", "annotationsFor\0", "serviceAccountX"];
        assert!(others.iter().all(|key| !map.contains(key.as_bytes())));
    }

    #[test]
    fn holders_share_changes() {
        let map = Map::new();
        let other = map.clone();
        other.insert("k".into(), Value::int(1));
        assert!(map.contains(b"k"));
        assert!(map.remove(b"k").is_some());
        assert!(other.is_empty());
    }
}
