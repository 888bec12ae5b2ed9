//! mitchellh/copystructure as sprig calls it.

use plimsoll_gotmpl::{CallError, Elem, List, Map, MapType, Text, Value};
use plimsoll_source::Origin;

use crate::limit::MOST_ITEMS;
use crate::semver::Version;

/// Deeper values can only be maps that contain themselves: values files end at 10,000 levels.
const MOST_LEVELS: usize = 20_000;

/// `deepCopy $map` → a map that shares nothing with it.
pub(crate) fn deep_copy(value: Value) -> Result<Value, CallError> {
    if value.is_nil() {
        return Err("reflect: call of reflect.Value.Type on zero Value".into());
    }
    let mut open = Vec::new();
    let mut done = match Frame::open(&value) {
        Some(frame) => {
            open.push(frame);
            None
        }
        None => Some(copy_leaf(&value)),
    };
    let mut copied = 0;
    while let Some(frame) = open.last_mut() {
        copied += 1;
        if let Some(value) = done.take() {
            frame.values.push(value);
        }
        match frame.items.get(frame.values.len()).map(|item| (Frame::open(item), item)) {
            Some((Some(inner), _)) => open.push(inner),
            Some((None, leaf)) => done = Some(copy_leaf(leaf)),
            None => done = open.pop().map(Frame::close),
        }
        if open.len() > MOST_LEVELS || copied > MOST_ITEMS {
            return Err("`deepCopy` met a value that contains itself, or too many".into());
        }
    }
    Ok(done.unwrap_or_default())
}

/// A list or map that is being copied.
struct Frame {
    shape: Shape,
    origin: Origin,
    items: Vec<Value>,
    values: Vec<Value>,
}

enum Shape {
    List(Elem),
    Map(&'static MapType, Vec<Text>),
}

impl Frame {
    fn open(value: &Value) -> Option<Frame> {
        let (shape, items) = match value {
            Value::List(_, list) if !list.is_nil() => (Shape::List(list.elem()), list.to_vec()),
            Value::Map(_, map) if !map.is_nil() => {
                let (keys, items) = map.snapshot().into_iter().unzip();
                (Shape::Map(map.map_type(), keys), items)
            }
            _ => return None,
        };
        Some(Frame {
            shape,
            origin: value.origin(),
            values: Vec::with_capacity(items.len()),
            items,
        })
    }

    fn close(self) -> Value {
        match self.shape {
            Shape::List(elem) => Value::List(self.origin, List::new(elem, self.values)),
            Shape::Map(ty, keys) => {
                let entries = keys.into_iter().zip(self.values).collect();
                Value::Map(self.origin, Map::of(ty, entries))
            }
        }
    }
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
