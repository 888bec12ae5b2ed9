//! The keys of the values that a chart's own words name: `` `image.tgo` is not a key ``.

use plimsoll_gotmpl::{Map, Value};
use plimsoll_source::{Files, Label, Origin, Span};

use super::frames::Frame;
use super::sources::Sources;

/// What is longer names no key.
const LONGEST: usize = 1000;

/// A key of the values and its value.
struct Found {
    keys: Vec<String>,
    value: Value,
    /// What of its name is not there.
    rest: String,
}

/// Labels at the keys that a message names in backquotes, if the values have them. Of two that are
/// joined by `and` both are marked, else the first; of one that is not there what stands above it.
pub(super) fn labels(
    message: &str,
    frame: &Frame<'_>,
    sources: &Sources<'_>,
    files: &mut Files,
) -> Vec<Label> {
    let Some(instance) = sources.instance(frame.file) else { return Vec::new() };
    let prefix = Sources::prefix(&instance.full_path);
    // What is behind it says what would be right.
    let said = message.split(';').next().unwrap_or_default();
    let parts: Vec<&str> = said.split('`').collect();
    let named = || parts.iter().enumerate().skip(1).step_by(2);
    let whole = |at: usize| {
        let found = find(&instance.values, parts.get(at)?)?;
        found.rest.is_empty().then_some(found)
    };
    let unknown = is_unknown(message);
    let mut found = Vec::new();
    if let Some((at, first)) = named().find_map(|(at, _)| Some((at, whole(at)?))) {
        found.push(first);
        let is_pair = parts.get(at + 1).is_some_and(|between| between.trim() == "and");
        found.extend(is_pair.then(|| whole(at + 2)).flatten());
    } else {
        // Another spelling of what is above it: the chart may know families by several names.
        let last = |name: &str| only(&instance.values, name.rsplit('.').next()?);
        let one = unknown.then(|| named().find_map(|(_, name)| last(name))).flatten();
        found.extend(one.or_else(|| named().find_map(|(_, name)| find(&instance.values, name))));
    }
    let mut label = |found: &Found| {
        let span = place(found, &prefix, sources, files)?;
        let text = match (found.rest.as_str(), unknown) {
            ("", true) => "the chart has no such key".to_owned(),
            ("", false) => "the chart means this".to_owned(),
            _ => "the chart means something below this".to_owned(),
        };
        Some(Label { span, text })
    };
    found.iter().filter_map(&mut label).collect()
}

/// Whether a chart says that it does not know a key.
pub(super) fn is_unknown(message: &str) -> bool {
    message.contains("` is not a key of this chart")
}

/// The key of a value, else the value itself where it came from a flag.
fn place(
    found: &Found,
    prefix: &[String],
    sources: &Sources<'_>,
    files: &mut Files,
) -> Option<Span> {
    let origin = found.value.origin();
    if origin == Origin::NONE {
        return sources.places.null(prefix, &found.keys, files).map(|label| label.span);
    }
    let key = sources.places.key(origin, prefix, &found.keys, files);
    key.or_else(|| sources.places.value(origin, files).map(|(_, span)| span))
}

/// The value that a name with dots leads to, or as far as it leads. Keys may hold dots themselves.
fn find(values: &Map, name: &str) -> Option<Found> {
    let name = name.trim_start_matches(".Values.");
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    let (keys, value, rest) = walk(&Value::map(values.clone()), name, &mut 100)?;
    (!keys.is_empty()).then(|| Found { keys, value, rest: rest.to_owned() })
}

/// The value of a key that stands in one place alone.
fn only(values: &Map, key: &str) -> Option<Found> {
    let mut found = None;
    let mut todo = vec![(Vec::new(), Value::map(values.clone()))];
    while let Some((keys, value)) = todo.pop() {
        let below = |name: String| [&keys[..], &[name]].concat();
        match &value {
            Value::Map(_, map) => {
                for (name, value) in map.snapshot() {
                    let keys = below(name.to_str_lossy().into_owned());
                    if name.to_str_lossy() == key {
                        let one =
                            Found { keys: keys.clone(), value: value.clone(), rest: String::new() };
                        if found.replace(one).is_some() {
                            return None;
                        }
                    }
                    todo.push((keys, value));
                }
            }
            Value::List(_, list) => {
                todo.extend(
                    list.iter().enumerate().map(|(at, item)| (below(at.to_string()), item.clone())),
                );
            }
            _ => {}
        }
    }
    found
}

/// The way that leaves the least of the name over: the keys from the outermost, the value at their
/// end, and the rest.
fn walk<'n>(
    value: &Value,
    name: &'n str,
    tries: &mut u32,
) -> Option<(Vec<String>, Value, &'n str)> {
    if name.is_empty() {
        return Some((Vec::new(), value.clone(), name));
    }
    let mut best = (Vec::new(), value.clone(), name);
    for (key, below) in children(value, name) {
        *tries = tries.checked_sub(1)?;
        let rest = &name[key.0..];
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        let (mut keys, end, rest) = walk(&below, rest, tries)?;
        if rest.len() < best.2.len() {
            keys.insert(0, key.1);
            best = (keys, end, rest);
        }
    }
    Some(best)
}

/// The entries that the name may begin with: how many of its bytes they are, and their keys. An
/// entry of a list is named by its number or by its `name`.
fn children(value: &Value, name: &str) -> Vec<((usize, String), Value)> {
    let ends = |length: usize| {
        let next = name.as_bytes().get(length);
        next.is_none_or(|next| matches!(next, b'.' | b'['))
    };
    let begins = |key: &str| !key.is_empty() && name.starts_with(key) && ends(key.len());
    match value {
        Value::Map(_, map) => {
            let entries = map.snapshot();
            let entries = entries.iter().map(|(key, value)| (key.to_str_lossy(), value));
            let fitting = entries.filter(|(key, _)| begins(key));
            fitting.map(|(key, value)| ((key.len(), key.into_owned()), value.clone())).collect()
        }
        Value::List(_, list) => {
            let items = list.iter().enumerate().filter_map(|(at, item)| {
                let named = match item {
                    Value::Map(_, map) => match map.get(b"name") {
                        Some(Value::Text(_, text)) => Some(text.to_str_lossy().into_owned()),
                        _ => None,
                    },
                    _ => None,
                };
                let spellings = [format!("[{at}]"), at.to_string(), named.unwrap_or_default()];
                let length = spellings.iter().find(|one| begins(one))?.len();
                Some(((length, at.to_string()), item.clone()))
            });
            items.collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_gotmpl::Compat;
    use plimsoll_helm::values::{Origins, ReadFile, ValueFlags, merge_flags};

    use super::*;

    struct One(&'static str);

    impl ReadFile for One {
        fn read(&mut self, _: &str) -> Result<Vec<u8>, String> {
            Ok(self.0.into())
        }
    }

    fn values(text: &'static str) -> Map {
        let flags = ValueFlags { files: vec!["v".to_owned()], ..ValueFlags::default() };
        let values = merge_flags(&flags, &mut One(text), Compat::Helm4, &mut Origins::off());
        values.expect("it is fine")
    }

    #[track_caller]
    fn check(name: &str, want: Option<(&str, &str)>) {
        let text = "x.y: {c: 1}\na: {b.c: {d: 2}, list: [{name: x, z: 1}, 2]}\nnone:\n";
        let found = find(&values(text), name);
        let found = found.map(|found| (found.keys.join("|"), found.rest));
        let found = found.as_ref().map(|(keys, rest)| (keys.as_str(), rest.as_str()));
        assert_eq!(found, want);
    }

    #[test]
    fn names_lead_through_keys_with_dots_and_through_lists() {
        check("x.y.c", Some(("x.y|c", "")));
        check("a.b.c.d", Some(("a|b.c|d", "")));
        check(".Values.a.list", Some(("a|list", "")));
        check("a.list[0].z", Some(("a|list|0|z", "")));
        check("a.list.x.z", Some(("a|list|0|z", "")));
        check("a.list.1", Some(("a|list|1", "")));
        check("none", Some(("none", "")));
    }

    #[test]
    fn a_name_leads_as_far_as_there_are_keys() {
        check("a.list.2.z", Some(("a|list", "2.z")));
        check("other.key", None);
        check("", None);
    }

    #[test]
    fn a_key_that_stands_once_is_found_wherever_it_is() {
        let values = values("a: {b: {c: 1}}\nd: [{e: 1}, {b: 2}]\n");
        let only = |key: &str| only(&values, key).map(|found| found.keys.join("|"));
        assert_eq!(only("c").as_deref(), Some("a|b|c"));
        assert_eq!(only("e").as_deref(), Some("d|0|e"));
        assert_eq!((only("b"), only("f")), (None, None));
    }
}
