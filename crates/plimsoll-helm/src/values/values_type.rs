use plimsoll_gotmpl::{
    CallError, Compat, Function, Kind, Map, MapType, Runtime, Text, Type, Value,
};

use crate::text::quote;

/// The map type of `.Values` and of the root object, with the methods that Go gives it.
pub fn values_type(compat: Compat) -> &'static MapType {
    match compat {
        Compat::Helm3 => &HELM_3,
        Compat::Helm4 => &HELM_4,
    }
}

static HELM_3: MapType =
    MapType { name: "chartutil.Values", elem: Type::Any, methods: &HELM_3_METHODS };
static HELM_4: MapType =
    MapType { name: "common.Values", elem: Type::Any, methods: &HELM_4_METHODS };

static HELM_3_METHODS: [Function; 5] = methods(&HELM_3, table::<3>);
static HELM_4_METHODS: [Function; 5] = methods(&HELM_4, table::<4>);

type Call = fn(&mut dyn Runtime, &[Value]) -> Result<Value, CallError>;

/// helm: values.go. The receiver comes before the parameters.
const fn methods(ty: &'static MapType, table: Call) -> [Function; 5] {
    let (variadic, params) = (false, &[] as &[Type]);
    let as_map =
        Function { name: "AsMap", params, variadic, result: Type::Map(MapType::ANY), call: as_map };
    let params = &[Type::String];
    let path_value =
        Function { name: "PathValue", params, variadic, result: Type::Any, call: path_value };
    let table = Function { name: "Table", params, variadic, result: Type::Map(ty), call: table };
    let yaml = Function { name: "YAML", params: &[], variadic, result: Type::String, call: yaml };
    let params = &[Type::Named("io.Writer", Kind::Interface)];
    let encode = Function { name: "Encode", params, variadic, result: Type::Any, call: encode };
    [as_map, encode, path_value, table, yaml]
}

fn as_map(_: &mut dyn Runtime, args: &[Value]) -> Result<Value, CallError> {
    let map = receiver(args);
    Ok(Value::map(if map.is_empty() { Map::new() } else { map.retyped(MapType::ANY) }))
}

fn yaml(_: &mut dyn Runtime, args: &[Value]) -> Result<Value, CallError> {
    let mut text = plimsoll_funcs::yaml_of(&args[0]).to_vec();
    text.push(b'\n');
    Ok(Value::text(text))
}

/// There is no writer in templates but nil.
fn encode(_: &mut dyn Runtime, _: &[Value]) -> Result<Value, CallError> {
    Err("runtime error: invalid memory address or nil pointer dereference".into())
}

fn path_value(_: &mut dyn Runtime, args: &[Value]) -> Result<Value, CallError> {
    let path = path(args);
    if path.is_empty() {
        return Err("YAML path cannot be empty".into());
    }
    let path = path.to_str_lossy();
    let name = path.rsplit('.').next().unwrap_or(&path);
    let missing = || CallError::message(format!("{} is not a value", quote(name)));
    value_at(&receiver(args), &path).ok_or_else(missing)
}

fn table<const HELM: usize>(_: &mut dyn Runtime, args: &[Value]) -> Result<Value, CallError> {
    let ty = if HELM == 3 { &HELM_3 } else { &HELM_4 };
    let table = table_at(&receiver(args), &path(args).to_str_lossy());
    table.map(|table| Value::map(table.retyped(ty))).map_err(CallError::message)
}

fn receiver(args: &[Value]) -> Map {
    args.first().and_then(Value::as_map).cloned().unwrap_or_default()
}

fn path(args: &[Value]) -> Text {
    args.get(1).and_then(Value::as_text).cloned().unwrap_or_else(|| Text::from(""))
}

/// The table at a path with dots; the error is Go's text. helm: values.go `Table`.
pub(crate) fn table_at(values: &Map, path: &str) -> Result<Map, String> {
    let mut table = values.clone();
    for name in path.split('.') {
        table = match table.get(name.as_bytes()) {
            Some(Value::Map(_, inner)) => inner,
            _ => return Err(format!("{} is not a table", quote(name))),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Map {
        let inner = Map::from_entries(vec![("b".into(), Value::int(1))]);
        Map::from_entries(vec![("a".into(), Value::map(inner)), ("n".into(), Value::Nil)])
    }

    #[test]
    fn tables_are_found_by_their_path() {
        let check = |path: &str, expected: Result<usize, &str>| {
            let found = table_at(&values(), path).map(|table| table.len());
            assert_eq!(found, expected.map_err(str::to_owned), "{path}");
        };
        check("a", Ok(1));
        check("a.b", Err("\"b\" is not a table"));
        check("x.y", Err("\"x\" is not a table"));
        check("", Err("\"\" is not a table"));
    }

    #[test]
    fn values_are_found_by_their_path() {
        let found = |path: &str| value_at(&values(), path).map(|value| value.type_name());
        assert_eq!(found("a.b").as_deref(), Some("int"));
        assert_eq!(found("n").as_deref(), Some("<nil>"));
        assert_eq!(found("a"), None);
        assert_eq!(found("x.y"), None);
    }
}
