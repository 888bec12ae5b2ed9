use plimsoll_gotmpl::{Function, List, Map, Marked, Text, Value, function};
use plimsoll_source::FileId;
use plimsoll_yaml::{Target, unmarshal};

use crate::convert::value_of;
use crate::origins::OriginsOf;

pub(crate) const FROM_YAML: &[Function] =
    &[function!("fromYaml", from_yaml), function!("fromYamlArray", from_yaml_array)];

/// helm: engine/funcs.go: an error stands in the map.
fn from_yaml(source: Marked) -> Map {
    match read(&source, Target::Map) {
        Ok(Value::Map(_, map)) => map,
        Ok(_) => Map::new(),
        Err(error) => Map::from_entries(vec![(Text::from("Error"), Value::text(error))]),
    }
}

/// helm: engine/funcs.go: an error is the only item.
fn from_yaml_array(source: Marked) -> List {
    let value = match read(&source, Target::List) {
        Ok(value) => value,
        Err(error) => Value::list(vec![Value::text(error)]),
    };
    value.as_list().cloned().unwrap_or_else(|| List::new(plimsoll_gotmpl::Elem::Any, Vec::new()))
}

fn read(source: &Marked, target: Target) -> Result<Value, String> {
    let origins = OriginsOf::new(source);
    let node = unmarshal(&source.text, FileId::NONE, target).map_err(|error| error.message)?;
    Ok(value_of(node, &mut |span| origins.at(span.start as usize..span.end as usize)))
}
