//! Maps. They are shared: `set` and `merge` change what every holder sees.

use plimsoll_gotmpl::{CallError, Function, Map, MapType, Rest, Strings, Text, Value, function};

use crate::copy::deep_copy;
use crate::merge::{merge, merge_overwrite};
use crate::strval::strval;

pub(crate) const DICTS: &[Function] = &[
    function!("dict", dict),
    function!("get", get),
    function!("set", set),
    function!("unset", unset),
    function!("hasKey", has_key),
    function!("pluck", pluck),
    function!("dig", dig),
    function!("keys", keys),
    function!("values", values),
    function!("pick", pick),
    function!("omit", omit),
    function!("merge", merge),
    function!("mustMerge", merge),
    function!("mergeOverwrite", merge_overwrite),
    function!("mustMergeOverwrite", merge_overwrite),
    function!("deepCopy", deep_copy),
    function!("mustDeepCopy", deep_copy),
];

/// `dict "a" 1 "b"` → `map[a:1 b:]`; a key without value gets an empty text.
fn dict(items: Rest<Value>) -> Map {
    let entry = |pair: &[Value]| {
        (strval(&pair[0]).text, pair.get(1).cloned().unwrap_or_else(|| Value::from("")))
    };
    Map::from_entries(items.0.chunks(2).map(entry).collect())
}

/// `get (dict "a" 1) "a"` → `1`; an empty text for what is not there.
fn get(map: Map, key: Text) -> Value {
    map.get(&key).unwrap_or_else(|| Value::from(""))
}

/// `set $map "a" 1` → the same map, changed.
fn set(map: Map, key: Text, value: Value) -> Result<Map, CallError> {
    if map.is_nil() {
        return Err("assignment to entry in nil map".into());
    }
    map.insert(key, value);
    Ok(map)
}

/// `unset $map "a"` → the same map, changed.
fn unset(map: Map, key: Text) -> Map {
    map.remove(&key);
    map
}

fn has_key(map: Map, key: Text) -> bool {
    map.contains(&key)
}

/// `pluck "a" (dict "a" 1) (dict)` → `[1]`
fn pluck(key: Text, maps: Rest<Map>) -> Vec<Value> {
    maps.0.iter().filter_map(|map| map.get(&key)).collect()
}

/// `dig "a" "b" "default" $map` → the entry `b` of the entry `a`, or the default. Every step but
/// the last must be a plain map.
fn dig(args: Rest<Value>) -> Result<Value, CallError> {
    let [keys @ .., default, map] = args.0.as_slice() else { return Err(DIG_ARGUMENTS.into()) };
    if keys.is_empty() {
        return Err(DIG_ARGUMENTS.into());
    }
    plain_map(map)?;
    let keys = keys.iter().map(|key| key.as_text().ok_or_else(|| unlike(key, "string")));
    let keys = keys.collect::<Result<Vec<_>, _>>()?;
    let mut step = map.clone();
    for key in keys {
        match plain_map(&step)?.get(key) {
            Some(next) => step = next,
            None => return Ok(default.clone()),
        }
    }
    Ok(step)
}

const DIG_ARGUMENTS: &str = "dig needs at least three arguments";

fn plain_map(value: &Value) -> Result<&Map, CallError> {
    value
        .as_map()
        .filter(|map| map.map_type() == MapType::ANY)
        .ok_or_else(|| unlike(value, MapType::ANY.name))
}

/// How Go panics where a type assertion fails.
fn unlike(value: &Value, want: &str) -> CallError {
    let got = if value.is_nil() { "nil".to_owned() } else { value.type_name() };
    CallError::Message(format!("interface conversion: interface {{}} is {got}, not {want}"))
}

/// The keys of maps. Go gives them in random order; here they are sorted.
fn keys(maps: Rest<Map>) -> Strings {
    let keys = |map: &Map| map.entries().iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
    Strings(maps.0.iter().flat_map(keys).collect())
}

/// The values of a map, in the order of the keys; Go's order is random.
fn values(map: Map) -> Vec<Value> {
    map.entries().iter().map(|(_, value)| value.clone()).collect()
}

/// `pick (dict "a" 1 "b" 2) "a"` → `map[a:1]`
fn pick(map: Map, keys: Rest<Text>) -> Map {
    let entry = |key: Text| map.get(&key).map(|value| (key, value));
    Map::from_entries(keys.0.into_iter().filter_map(entry).collect())
}

/// `omit (dict "a" 1 "b" 2) "a"` → `map[b:2]`
fn omit(map: Map, keys: Rest<Text>) -> Map {
    let entries = map.entries();
    let kept = entries.iter().filter(|(key, _)| !keys.0.contains(key));
    Map::from_entries(kept.cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_gotmpl::Ret;

    fn map(items: &[&str]) -> Map {
        dict(Rest(items.iter().map(|item| Value::from(*item)).collect()))
    }

    fn check(got: impl Ret, want: &str) {
        let got = match got.into_result() {
            Ok(value) => strval(&value).text.to_str_lossy().into_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(got, want);
    }

    #[test]
    fn dicts_are_made_of_pairs() {
        check(map(&["b", "1", "a", "2", "b", "3", "c"]), "map[a:2 b:3 c:]");
        check(dict(Rest(vec![Value::Nil, Value::int(1)])), "map[<nil>:1]");
    }

    #[test]
    fn set_changes_the_map() {
        let shared = map(&[]);
        check(set(shared.clone(), "a".into(), Value::int(1)), "map[a:1]");
        check(shared.clone(), "map[a:1]");
        check(unset(shared, "a".into()), "map[]");
        check(
            set(Map::nil(MapType::ANY), "a".into(), Value::Nil),
            "assignment to entry in nil map",
        );
    }

    #[test]
    fn dig_goes_down_plain_maps() {
        let inner = Map::from_entries(vec![("b".into(), Value::map(map(&["c", "x"])))]);
        let dig = |keys: &[&str]| {
            let keys = keys.iter().map(|key| Value::from(*key));
            super::dig(Rest(keys.chain([Value::from("d"), inner.clone().into()]).collect()))
        };
        check(dig(&["b", "c"]), "x");
        check(dig(&["b", "z"]), "d");
        check(
            dig(&["b", "c", "e"]),
            "interface conversion: interface {} is string, not map[string]interface {}",
        );
        check(dig(&[]), DIG_ARGUMENTS);
    }

    #[test]
    fn maps_are_filtered_by_key() {
        let all = map(&["a", "1", "b", "2", "c", "3"]);
        check(pick(all.clone(), Rest(vec!["c".into(), "x".into(), "a".into()])), "map[a:1 c:3]");
        check(omit(all.clone(), Rest(vec!["c".into(), "x".into()])), "map[a:1 b:2]");
        check(keys(Rest(vec![all.clone(), map(&["z", ""])])), "[a b c z]");
        check(values(all.clone()), "[1 2 3]");
        check(pluck("a".into(), Rest(vec![all, map(&[])])), "[1]");
    }
}
