use plimsoll_gotmpl::{Map, Value};

use super::MAX_INDEX;
use crate::text::quote;

/// Why reading stopped.
#[derive(Clone, Debug)]
pub(super) enum Stop {
    /// The argument ended where that is fine.
    End,
    /// An error in Helm's words.
    Error(String),
    /// A failed type assertion in Go: the place it happened in is left as it was, and the next
    /// name outward reports it.
    Panic(String),
}

/// A place on the way to the value, to be filled in on the way back.
pub(super) enum Place {
    /// `parent.key` is the map `inner`.
    MapInMap { parent: Map, key: String, inner: Map },
    /// `parent.key` is the list.
    ListInMap { parent: Map, key: String },
    /// Item `index` of the list is the map `inner`.
    MapInList { list: Vec<Value>, index: i64, inner: Map },
    /// Item `index` of the list is the list.
    ListInList { list: Vec<Value>, index: i64 },
}

/// What comes back from a place: the map was changed where it stands, the list is given back.
pub(super) enum Filled {
    Map(Result<(), Stop>),
    List(Vec<Value>, Result<(), Stop>),
}

impl Place {
    /// Fills in the place with what came back from further in.
    pub(super) fn fill(self, filled: Filled) -> Filled {
        match (self, filled) {
            (Place::MapInMap { parent, key, inner }, Filled::Map(result)) => {
                if inner.is_empty() {
                    let empty = || Stop::Error(format!("key map {} has no value", quote(&key)));
                    return Filled::Map(result.and_then(|()| Err(empty())));
                }
                set(&parent, &key, Value::map(inner));
                Filled::Map(result)
            }
            (Place::ListInMap { .. }, Filled::List(_, Err(Stop::Panic(message)))) => {
                Filled::Map(Err(Stop::Error(unable_to_parse(&message))))
            }
            (Place::ListInMap { parent, key }, Filled::List(list, result)) => {
                set(&parent, &key, Value::list(list));
                Filled::Map(result)
            }
            (Place::MapInList { mut list, index, inner }, Filled::Map(result)) => {
                let result = result.and_then(|()| set_index(&mut list, index, Value::map(inner)));
                Filled::List(list, result)
            }
            (Place::ListInList { mut list, index }, Filled::List(inner, result)) => {
                let result = match result {
                    Ok(()) => set_index(&mut list, index, Value::list(inner)),
                    // Go: what an inner list got before the error shows in the outer list too.
                    Err(stop) => {
                        replace_list(&mut list, index, inner);
                        Err(stop)
                    }
                };
                Filled::List(list, result)
            }
            (_, filled) => filled,
        }
    }
}

/// Go: the text of a recovered panic in strvals' `key`.
pub(super) fn unable_to_parse(message: &str) -> String {
    format!("unable to parse key: {message}")
}

/// Sets an entry; an empty key is passed over.
pub(super) fn set(map: &Map, key: &str, value: Value) {
    if !key.is_empty() {
        map.insert(key.into(), value);
    }
}

/// Sets an item and fills the list up with nulls as far as it is too short.
pub(super) fn set_index(list: &mut Vec<Value>, index: i64, value: Value) -> Result<(), Stop> {
    if index < 0 {
        return Err(Stop::Error(format!("negative {index} index not allowed")));
    }
    if index > MAX_INDEX {
        return Err(Stop::Error(format!(
            "index of {index} is greater than maximum supported index of {MAX_INDEX}"
        )));
    }
    let at = index as usize;
    if list.len() <= at {
        list.resize(at + 1, Value::Nil);
    }
    list[at] = value;
    Ok(())
}

/// The item as it is there already.
pub(super) fn item(list: &[Value], index: i64) -> Option<&Value> {
    list.get(usize::try_from(index).ok()?)
}

/// The panic of a type assertion that does not hold.
pub(super) fn conversion(value: &Value, wanted: &str) -> Stop {
    let found = if value.is_nil() { "nil".to_owned() } else { value.type_name() };
    Stop::Panic(format!("interface conversion: interface {{}} is {found}, not {wanted}"))
}

fn replace_list(list: &mut [Value], index: i64, inner: Vec<Value>) {
    let slot = usize::try_from(index).ok().and_then(|index| list.get_mut(index));
    if let Some(slot @ Value::List(..)) = slot {
        *slot = Value::list(inner);
    }
}
