//! dario.cat/mergo as sprig calls it: the first map is changed and given back.

use plimsoll_gotmpl::{CallError, Kind, Map, MapType, Rest, Text, Type, Value};

/// Deeper maps can only be maps that contain themselves: values files end at 10,000 levels.
const MOST_LEVELS: usize = 20_000;

/// How many maps one call merges: maps that hold others twice have no end.
const MOST_MAPS: usize = 1 << 20;

/// `merge $map (dict "a" 1)`: what is missing or empty in the first map comes from the others.
pub(crate) fn merge(into: Map, others: Rest<Map>) -> Result<Value, CallError> {
    merge_all(into, &others.0, false)
}

/// `mergeOverwrite $map (dict "a" 1)`: the last map wins, even with empty values; maps are merged,
/// lists replaced.
pub(crate) fn merge_overwrite(into: Map, others: Rest<Map>) -> Result<Value, CallError> {
    merge_all(into, &others.0, true)
}

fn merge_all(mut into: Map, others: &[Map], overwrite: bool) -> Result<Value, CallError> {
    for other in others {
        if into.is_nil() && !other.is_nil() {
            into = Map::new();
        }
        merge_one(&into, other, overwrite)?;
    }
    Ok(into.into())
}

/// Two maps to be merged, and how deep they lie.
struct Pair {
    into: Map,
    from: Map,
    level: usize,
}

fn merge_one(into: &Map, from: &Map, overwrite: bool) -> Result<(), CallError> {
    let mut pairs = vec![Pair { into: into.clone(), from: from.clone(), level: 0 }];
    let mut merged = 0;
    while let Some(pair) = pairs.pop() {
        merged += 1;
        if merged > MOST_MAPS {
            return Err(CallError::Message(format!("`merge` met more than {MOST_MAPS} maps")));
        }
        if pair.level > MOST_LEVELS {
            return Err("`merge` met a map that contains itself".into());
        }
        if pair.into.same(&pair.from) {
            continue;
        }
        for (key, value) in pair.from.snapshot() {
            if let Some((into, from)) = merge_entry(&pair, key, value, overwrite)? {
                pairs.push(Pair { into, from, level: pair.level + 1 });
            }
        }
    }
    Ok(())
}

/// Merges one entry; gives the two maps where it is maps that are to be merged.
fn merge_entry(
    pair: &Pair,
    key: Text,
    value: Value,
    overwrite: bool,
) -> Result<Option<(Map, Map)>, CallError> {
    let old = pair.into.get(&key).unwrap_or_default();
    if value.is_nil() {
        if overwrite {
            put(pair, key, value)?;
        }
        return Ok(None);
    }
    if let (Value::Map(_, old), Value::Map(_, new)) = (&old, &value) {
        if !(old.is_nil() || old.is_empty() && adds_nothing(new, overwrite)) {
            return Ok(Some((old.clone(), new.clone())));
        }
    } else if old.kind() == Kind::Pointer && !overwrite && value.kind() == Kind::Map {
        // mergo: deepMerge refuses a map where a pointer is.
        return Err("src and dst must be of same type".into());
    }
    if overwrite || !old.is_true() {
        put(pair, key, value)?;
    } else if value.kind() == Kind::Slice {
        put(pair, key, old)?;
    }
    Ok(None)
}

/// Whether an empty map stays empty, so that mergo puts the other map in its place.
fn adds_nothing(map: &Map, overwrite: bool) -> bool {
    map.entries().iter().all(|(_, value)| !overwrite && value.is_nil())
}

/// Sets an entry where the map's type can hold what the other map's type holds.
fn put(pair: &Pair, key: Text, value: Value) -> Result<(), CallError> {
    let (into, from) = (pair.into.map_type(), held(pair.from.map_type(), &value));
    if into.elem != Type::Any && into.elem != from {
        return Err(CallError::Message(format!(
            "reflect.Value.SetMapIndex: value of type {from} is not assignable to type {}",
            into.elem
        )));
    }
    pair.into.insert(key, value);
    Ok(())
}

/// The static type under which mergo has the value: lists are taken out of their interface.
fn held(map: &MapType, value: &Value) -> Type {
    if value.kind() == Kind::Slice { value.go_type() } else { map.elem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strval::strval;

    fn map(items: &[(&str, Value)]) -> Map {
        Map::from_entries(items.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
    }

    fn check(got: Result<Value, CallError>, want: &str) {
        let got = match got {
            Ok(value) => strval(&value).text.to_str_lossy().into_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(got, want);
    }

    #[test]
    fn merging_fills_what_is_empty() {
        let into = map(&[("a", "".into()), ("b", 1.0.into()), ("c", Value::Nil)]);
        let from =
            map(&[("a", "x".into()), ("b", 2.0.into()), ("c", "y".into()), ("d", Value::Nil)]);
        check(merge(into.clone(), Rest(vec![from.clone()])), "map[a:x b:1 c:y]");
        check(merge_overwrite(into, Rest(vec![from])), "map[a:x b:2 c:y d:<nil>]");
    }

    #[test]
    fn overwriting_takes_empty_values_too() {
        let into = map(&[("a", "x".into()), ("l", Value::list(vec![Value::int(1)]))]);
        let from = map(&[("a", "".into()), ("l", Value::list(vec![]))]);
        check(merge_overwrite(into, Rest(vec![from])), "map[a: l:[]]");
    }

    #[test]
    fn maps_merge_deeply_and_stay_shared() {
        let inner = map(&[("x", 1.0.into())]);
        let into = map(&[("m", inner.clone().into()), ("n", "text".into())]);
        let from = map(&[("m", map(&[("y", 2.0.into())]).into()), ("n", map(&[]).into())]);
        check(merge(into, Rest(vec![from])), "map[m:map[x:1 y:2] n:text]");
        assert_eq!(inner.len(), 2);
    }

    #[test]
    fn an_empty_map_gives_way_to_one_of_nils() {
        let into = map(&[("m", map(&[]).into())]);
        let from = map(&[("m", map(&[("x", Value::Nil)]).into())]);
        check(merge(into, Rest(vec![from])), "map[m:map[x:<nil>]]");
    }

    #[test]
    fn typed_maps_refuse_other_values() {
        let typed = Map::of(MapType::STRINGS, vec![("a".into(), "b".into())]);
        let into = map(&[("x", typed.into())]);
        let from = map(&[("x", map(&[("q", 1.0.into())]).into())]);
        let want = "reflect.Value.SetMapIndex: value of type interface {} is not assignable to type string";
        check(merge(into, Rest(vec![from])), want);
    }

    #[test]
    fn a_nil_map_gives_way_to_a_new_one() {
        let from = map(&[("a", 1.0.into())]);
        check(merge(Map::nil(MapType::ANY), Rest(vec![from])), "map[a:1]");
    }

    #[test]
    fn maps_that_contain_themselves_end() {
        let (a, b) = (Map::new(), Map::new());
        a.insert("a".into(), a.clone().into());
        b.insert("a".into(), b.clone().into());
        check(merge(a, Rest(vec![b])), "`merge` met a map that contains itself");
    }
}
