//! Values of Go templates as values of Jinja templates, and back.

use std::collections::BTreeMap;

use minijinja::value::{Value as Jinja, ValueKind};
use plimsoll_gotmpl::{Map, Value};

use super::functions::{FilesOfChart, Root};

/// No values that people write are nested as deeply.
const DEEPEST: u32 = 500;

/// Numbers without a fraction become whole ones, as they were written; text that is no UTF-8 is
/// mended.
pub(super) fn to_jinja(value: &Value) -> Result<Jinja, String> {
    convert(value, DEEPEST)
}

fn convert(value: &Value, left: u32) -> Result<Jinja, String> {
    let left = left.checked_sub(1).ok_or("values are nested too deeply for a native template")?;
    Ok(match value {
        Value::Nil => Jinja::from(()),
        Value::Bool(_, value) => Jinja::from(*value),
        Value::Int(_, _, value) => Jinja::from(*value),
        Value::Uint(_, _, value) => Jinja::from(*value),
        Value::Float(_, value) if value.fract() == 0.0 && value.abs() < 9e15 => {
            Jinja::from(*value as i64)
        }
        Value::Float(_, value) => Jinja::from(*value),
        Value::Text(_, text) => Jinja::from(text.to_str_lossy().into_owned()),
        Value::List(_, list) => {
            let items: Result<Vec<_>, _> = list.iter().map(|item| convert(item, left)).collect();
            Jinja::from(items?)
        }
        Value::Map(_, map) => map_to_jinja(map, left)?,
        Value::Object(_, object) => match object.as_map() {
            Some(map) => map_to_jinja(&map, left)?,
            None => convert(&object.to_json(), left)?,
        },
    })
}

fn map_to_jinja(map: &Map, left: u32) -> Result<Jinja, String> {
    let mut entries = BTreeMap::new();
    for (key, value) in map.snapshot() {
        entries.insert(key.to_str_lossy().into_owned(), convert(&value, left)?);
    }
    Ok(Jinja::from(entries))
}

/// What has no meaning in Go templates becomes its text; `root` becomes `dot`.
pub(super) fn from_jinja(value: &Jinja, dot: &Value) -> Result<Value, String> {
    back(value, dot, DEEPEST)
}

fn back(value: &Jinja, dot: &Value, left: u32) -> Result<Value, String> {
    let left = left.checked_sub(1).ok_or("a value is nested too deeply")?;
    if value.downcast_object_ref::<Root>().is_some() {
        return Ok(dot.clone());
    }
    if value.downcast_object_ref::<FilesOfChart>().is_some() {
        let files = match dot {
            Value::Map(_, map) => map.get(b"Files"),
            _ => None,
        };
        return Ok(files.unwrap_or_default());
    }
    let iterate = || value.try_iter().map_err(|error| error.to_string());
    Ok(match value.kind() {
        ValueKind::Undefined | ValueKind::None => Value::Nil,
        ValueKind::Bool => Value::bool(value.is_true()),
        ValueKind::Number => match (value.is_integer(), i64::try_from(value.clone())) {
            (true, Ok(number)) => Value::int(number),
            _ => Value::float(f64::try_from(value.clone()).map_err(|error| error.to_string())?),
        },
        ValueKind::String => Value::text(value.as_str().unwrap_or_default()),
        ValueKind::Bytes => Value::text(value.as_bytes().unwrap_or_default()),
        ValueKind::Seq | ValueKind::Iterable => {
            let items: Result<Vec<Value>, String> =
                iterate()?.map(|item| back(&item, dot, left)).collect();
            Value::list(items?)
        }
        ValueKind::Map => {
            let mut entries = Vec::new();
            for key in iterate()? {
                let item = value.get_item(&key).map_err(|error| error.to_string())?;
                entries.push((key.to_string().as_str().into(), back(&item, dot, left)?));
            }
            Value::map(Map::from_entries(entries))
        }
        _ => Value::text(value.to_string()),
    })
}
