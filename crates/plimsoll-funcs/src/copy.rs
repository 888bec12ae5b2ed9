//! mitchellh/copystructure as sprig calls it.

use plimsoll_gotmpl::{CallError, Elem, List, Map, Value};
use plimsoll_source::Origin;

use crate::limit::MOST_ITEMS;
use crate::semver::Version;

/// Deeper values can only be maps that contain themselves: values files end at 10,000 levels.
const MOST_LEVELS: usize = 20_000;

/// `deepCopy $map` → a map that shares nothing with it that could be changed.
pub(crate) fn deep_copy(value: Value) -> Result<Value, CallError> {
    if value.is_nil() {
        return Err("reflect: call of reflect.Value.Type on zero Value".into());
    }
    let Some(frame) = Frame::open(&value) else { return Ok(copy_leaf(&value)) };
    let mut copied = frame.len();
    let mut open = vec![frame];
    loop {
        let frame = open.last_mut().expect("the loop ends with the last frame");
        if let Some(inner) = frame.next() {
            copied += inner.len() + 1;
            open.push(inner);
            if open.len() > MOST_LEVELS || copied > MOST_ITEMS {
                return Err("`deepCopy` met a value that contains itself, or too many".into());
            }
            continue;
        }
        let done = open.pop().map(Frame::close).expect("the loop ends with the last frame");
        match open.last_mut() {
            Some(outer) => outer.put(done),
            None => return Ok(done),
        }
    }
}

/// The copy of a list or map, of which the values before `at` are copies too.
struct Frame {
    origin: Origin,
    copy: Copied,
    at: usize,
}

enum Copied {
    List(Elem, Vec<Value>),
    Map(Map),
}

impl Frame {
    /// A copy that still shares what it holds; `None` for what is copied by itself.
    fn open(value: &Value) -> Option<Frame> {
        let copy = match value {
            // A list cannot be changed, what it holds can.
            Value::List(_, list) if !list.is_nil() && list.iter().any(is_copied) => {
                Copied::List(list.elem(), list.to_vec())
            }
            Value::Map(_, map) if !map.is_nil() => Copied::Map(map.shallow_copy()),
            _ => return None,
        };
        Some(Frame { origin: value.origin(), copy, at: 0 })
    }

    fn len(&self) -> usize {
        match &self.copy {
            Copied::List(_, items) => items.len(),
            Copied::Map(map) => map.len(),
        }
    }

    /// Copies leaves up to the next value that holds others.
    fn next(&mut self) -> Option<Frame> {
        while let Some(value) = self.value_to_copy() {
            match Frame::open(&value) {
                Some(inner) => return Some(inner),
                None => self.put(copy_leaf(&value)),
            }
        }
        None
    }

    fn value_to_copy(&mut self) -> Option<Value> {
        let (found, value) = match &self.copy {
            Copied::List(_, items) => {
                let found = self.at + items.get(self.at..)?.iter().position(is_copied)?;
                (found, items[found].clone())
            }
            Copied::Map(map) => {
                let entries = map.entries();
                let mut left = entries.get(self.at..)?.iter();
                let found = self.at + left.position(|(_, value)| is_copied(value))?;
                (found, entries[found].1.clone())
            }
        };
        self.at = found;
        Some(value)
    }

    /// Puts a copy in the place of the value that it is a copy of.
    fn put(&mut self, value: Value) {
        match &mut self.copy {
            Copied::List(_, items) => items[self.at] = value,
            Copied::Map(map) => map.replace(self.at, value),
        }
        self.at += 1;
    }

    fn close(self) -> Value {
        match self.copy {
            Copied::List(elem, items) => Value::List(self.origin, List::new(elem, items)),
            Copied::Map(map) => Value::Map(self.origin, map),
        }
    }
}

/// Whether a copy of it is another value.
fn is_copied(value: &Value) -> bool {
    matches!(value, Value::List(..) | Value::Map(..)) || value.downcast::<Version>().is_some()
}

/// copystructure cannot see a struct's own fields: of a version only zeros arrive.
fn copy_leaf(value: &Value) -> Value {
    match value.downcast::<Version>() {
        Some(_) => Value::object(Version::default()).with_origin(value.origin()),
        None => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strval::strval;

    #[test]
    fn copies_share_nothing() {
        let inner = Map::from_entries(vec![("a".into(), Value::Nil)]);
        let list = Value::list(vec![inner.clone().into(), Value::Nil, Value::int(1)]);
        let value = Map::from_entries(vec![("l".into(), list), ("t".into(), "x".into())]);
        let copy = deep_copy(value.into()).unwrap();
        inner.insert("b".into(), Value::int(2));
        assert_eq!(strval(&copy).text.to_str_lossy(), "map[l:[map[a:<nil>] <nil> 1] t:x]");
    }

    #[test]
    fn a_map_in_itself_is_an_error() {
        let map = Map::new();
        map.insert("self".into(), map.clone().into());
        assert!(deep_copy(map.clone().into()).is_err());
        map.remove(b"self");
    }

    #[test]
    fn leaves_are_themselves() {
        assert_eq!(strval(&deep_copy("a".into()).unwrap()).text.to_str_lossy(), "a");
        assert!(deep_copy(Value::Nil).is_err());
        assert!(deep_copy(List::nil(Elem::Any).into()).unwrap().as_list().unwrap().is_nil());
    }
}
