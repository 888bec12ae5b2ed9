use plimsoll_gotmpl::{List, Map, Value};
use plimsoll_source::Origin;

/// The table that a value is, if it is one. helm: `istable` knows plain maps alone.
pub(crate) fn table(value: &Value) -> Option<&Map> {
    value.as_map()
}

/// How deep tables may nest: twice what YAML and JSON allow.
pub(crate) const MAX_DEPTH: usize = 20_000;

/// Whether tables nest deeper than anything that was read could: one of them holds itself.
pub(crate) fn holds_itself(map: &Map) -> bool {
    let mut todo = vec![(map.clone(), 0)];
    while let Some((level, depth)) = todo.pop() {
        if depth > MAX_DEPTH {
            return true;
        }
        let entries = level.entries();
        let inner = entries.iter().filter_map(|(_, value)| table(value));
        todo.extend(inner.map(|inner| (inner.clone(), depth + 1)));
    }
    false
}

/// A copy that shares no map with the original. Nulls in it are dropped with `clean`, but those in
/// lists stay.
pub(crate) fn deep_copy(map: &Map, clean: bool) -> Map {
    let mut deeper = Vec::new();
    let copy = copy_map(map, clean, 0, &mut deeper);
    while let Some(level) = deeper.pop() {
        for (key, value) in level.snapshot() {
            let value = copy_value(&value, clean, 0, &mut deeper);
            level.insert(key, value);
        }
    }
    copy
}

/// The same for any value.
pub(crate) fn deep_copy_value(value: &Value, clean: bool) -> Value {
    match value {
        Value::Map(origin, map) => Value::Map(*origin, deep_copy(map, clean)),
        Value::List(origin, list) if holds_map(list) => Value::List(*origin, copy_list(list)),
        _ => value.clone(),
    }
}

/// How deep a copy calls itself before it puts maps aside for later.
const CALL_DEPTH: usize = 100;

fn copy_map(map: &Map, clean: bool, depth: usize, deeper: &mut Vec<Map>) -> Map {
    let entries = map.entries();
    let kept = entries.iter().filter(|(_, value)| !clean || !value.is_nil());
    if depth == CALL_DEPTH {
        let level = Map::from_entries(kept.cloned().collect());
        deeper.push(level.clone());
        return level;
    }
    let copied = kept.map(|(key, value)| (key.clone(), copy_value(value, clean, depth, deeper)));
    Map::from_entries(copied.collect())
}

fn copy_value(value: &Value, clean: bool, depth: usize, deeper: &mut Vec<Map>) -> Value {
    match value {
        Value::Map(origin, map) => Value::Map(*origin, copy_map(map, clean, depth + 1, deeper)),
        Value::List(origin, list) if holds_map(list) => Value::List(*origin, copy_list(list)),
        _ => value.clone(),
    }
}

/// helm: loader.go `MergeMaps`: what `over` holds wins, maps are merged, neither is changed.
pub(crate) fn merge_maps(base: &Map, over: &Map, replaced: &mut dyn FnMut(&Value, &Value)) -> Map {
    let merged = base.shallow_copy();
    let mut todo = vec![(merged.clone(), over.clone())];
    while let Some((into, over)) = todo.pop() {
        for (key, value) in over.entries().iter() {
            let old = into.get(key);
            if let (Value::Map(_, value), Some(Value::Map(origin, old))) = (value, &old) {
                let both = old.shallow_copy();
                todo.push((both.clone(), value.clone()));
                into.insert(key.clone(), Value::Map(*origin, both));
                continue;
            }
            if let Some(old) = &old {
                replaced(value, old);
            }
            into.insert(key.clone(), value.clone());
        }
    }
    merged
}

/// The value with the origin on every leaf of it.
pub(crate) fn with_leaf_origin(value: &Value, origin: Origin) -> Value {
    match value {
        Value::Map(_, map) => {
            let entries = map.entries();
            let entries =
                entries.iter().map(|(key, value)| (key.clone(), with_leaf_origin(value, origin)));
            Value::Map(origin, Map::from_entries(entries.collect()))
        }
        Value::List(_, list) => {
            let items = list.iter().map(|item| with_leaf_origin(item, origin)).collect();
            Value::List(origin, List::new(list.elem(), items))
        }
        _ => value.clone().with_origin(origin),
    }
}

fn holds_map(list: &List) -> bool {
    list.iter().any(|item| matches!(item, Value::Map(..) | Value::List(..)))
}

fn copy_list(list: &List) -> List {
    let items = list.iter().map(|item| deep_copy_value(item, false)).collect();
    List::new(list.elem(), items)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, Value)]) -> Map {
        Map::from_entries(entries.iter().map(|(k, v)| ((*k).into(), v.clone())).collect())
    }

    #[test]
    fn a_deep_copy_shares_nothing() {
        let inner = map(&[("x", Value::Nil), ("y", Value::int(1))]);
        let listed = map(&[("n", Value::Nil)]);
        let outer = map(&[
            ("m", Value::map(inner.clone())),
            ("l", Value::list(vec![Value::map(listed.clone())])),
        ]);
        let copy = deep_copy(&outer, true);
        inner.insert("z".into(), Value::int(2));
        listed.insert("z".into(), Value::int(2));
        assert_eq!(format!("{copy:?}").matches('z').count(), 0);
        assert!(format!("{copy:?}").contains("\"n\": Nil"), "nulls in lists stay: {copy:?}");
        assert!(!format!("{copy:?}").contains("\"x\""), "{copy:?}");
    }

    #[test]
    fn deep_maps_are_copied_without_deep_calls() {
        let deepest = map(&[("n", Value::Nil), ("v", Value::int(1))]);
        let wrap = |inner: Map, _| map(&[("m", Value::map(inner))]);
        let copy = deep_copy(&(0..5000).fold(deepest.clone(), wrap), true);
        deepest.insert("v".into(), Value::int(2));
        let mut at = copy;
        while let Some(inner) = at.get(b"m") {
            at = inner.as_map().expect("it is a map").clone();
        }
        assert_eq!(format!("{at:?}").matches('2').count(), 0);
        assert_eq!(at.len(), 1, "the null is gone");
    }

    #[test]
    fn merged_maps_leave_their_sources_alone() {
        let base = map(&[("m", Value::map(map(&[("a", Value::int(1))])))]);
        let over = map(&[("m", Value::map(map(&[("b", Value::Nil)])))]);
        let merged = merge_maps(&base, &over, &mut |_, _| {});
        assert_eq!(merged.get(b"m").and_then(|m| m.as_map().map(Map::len)), Some(2));
        assert_eq!(base.get(b"m").and_then(|m| m.as_map().map(Map::len)), Some(1));
    }
}
