use plimsoll_gotmpl::{Compat, Map, MapType, Type, Value};

/// The map type of `.Values` and of the root object, with the methods that Go gives it.
pub fn values_type(compat: Compat) -> &'static MapType {
    match compat {
        Compat::Helm3 => &HELM_3,
        Compat::Helm4 => &HELM_4,
    }
}

static HELM_3: MapType = MapType { name: "chartutil.Values", elem: Type::Any, methods: &[] };
static HELM_4: MapType = MapType { name: "common.Values", elem: Type::Any, methods: &[] };

/// The table at a path with dots; the error is Go's text. helm: values.go `Table`.
pub(crate) fn table_at(values: &Map, path: &str) -> Result<Map, String> {
    let mut table = values.clone();
    for name in path.split('.') {
        table = match table.get(name.as_bytes()) {
            Some(Value::Map(_, inner)) => inner,
            _ => return Err(format!("{} is not a table", crate::text::quote(name))),
        };
    }
    Ok(table)
}

/// The value at a path with dots, which must not be a table. helm: values.go `PathValue`.
pub(crate) fn value_at(values: &Map, path: &str) -> Option<Value> {
    let (table, name) = match path.rsplit_once('.') {
        None => (values.clone(), path),
        Some((tables, name)) => (table_at(values, tables).ok()?, name),
    };
    table.get(name.as_bytes()).filter(|value| value.as_map().is_none())
}
