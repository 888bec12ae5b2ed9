use plimsoll_gotmpl::value::fmt::duration_string;
use plimsoll_gotmpl::{IntType, Kind, List, Map, Object, Text, TextBuf, Value};
use plimsoll_source::{Origin, strconv};

use super::text::{append_key, append_quoted, is_plain};
use crate::dates::toml_time::toml_text;
use crate::limit::MOST_BYTES;

/// Writes a value as a TOML document, or as the bare value where it is no table.
///
/// Fails with the library's text; a map that contains itself, which overflows Go's stack, is an
/// error of our own.
pub(super) fn encode(value: &Value) -> Result<Text, String> {
    let mut encoder = Encoder { out: TextBuf::new(), key: Vec::new(), stack: Vec::new() };
    encoder.item(value)?;
    while encoder.step()? {}
    Ok(encoder.out.finish())
}

const NIL_ELEMENT: &str = "toml: cannot encode array with nil element";
const NO_KEY: &str = "toml: top-level values must be Go maps or structs";

struct Encoder {
    out: TextBuf,
    /// The full key of the table that is being written.
    key: Vec<Text>,
    stack: Vec<Frame>,
}

/// A container that is being written.
struct Frame {
    open: Open,
    next: usize,
    /// How many parts the container's own key has.
    depth: usize,
    /// The address of the map, by which cycles are found.
    address: usize,
}

enum Open {
    Table(Vec<Entry>),
    InlineTable(Vec<Entry>),
    Array {
        list: List,
        /// Whether a line ends behind it.
        ends_line: bool,
    },
    Tables(List),
}

struct Entry {
    key: Text,
    value: Value,
    /// Whether a comma follows in an inline table.
    comma: bool,
}

/// toml: type_toml.go, as far as the layout asks for it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Nil,
    Table,
    Tables,
    Value,
}

impl Encoder {
    /// Goes on in the innermost container; `false` when all are written.
    fn step(&mut self) -> Result<bool, String> {
        let Some(frame) = self.stack.last_mut() else { return Ok(false) };
        if self.out.len() > MOST_BYTES {
            return Err(format!("`toToml` would make a text of more than {MOST_BYTES} bytes"));
        }
        let at = frame.next;
        frame.next += 1;
        self.key.truncate(frame.depth);
        match &frame.open {
            Open::Table(entries) => match entries.get(at) {
                None => self.close(b""),
                Some(Entry { key, value, .. }) => {
                    self.key.push(key.clone());
                    let value = value.clone();
                    self.item(&value)?;
                }
            },
            Open::InlineTable(entries) => {
                if at > 0 && entries[at - 1].comma {
                    self.out.push_bytes(b", ");
                }
                match entries.get(at) {
                    None => self.close(b"}"),
                    Some(Entry { key, value, .. }) => {
                        append_key(self.out.bytes_mut(), key);
                        self.out.push_bytes(b" = ");
                        let value = value.clone();
                        self.element(&value, false)?;
                    }
                }
            }
            Open::Array { list, ends_line } => match list.get(at).cloned() {
                None => {
                    let end: &[u8] = if *ends_line { b"]\n" } else { b"]" };
                    self.close(end);
                }
                Some(value) => {
                    if at > 0 {
                        self.out.push_bytes(b", ");
                    }
                    self.element(&value, false)?;
                }
            },
            Open::Tables(list) => match list.get(at).cloned() {
                None => self.close(b""),
                Some(value) => self.array_table(&value)?,
            },
        }
        Ok(true)
    }

    fn close(&mut self, end: &[u8]) {
        self.stack.pop();
        self.out.push_bytes(end);
    }

    /// Writes the value of the current key: a line, a table or several.
    fn item(&mut self, value: &Value) -> Result<(), String> {
        match classify(value)? {
            Class::Table => {
                if let Some(table) = table_of(value) {
                    return self.table(table);
                }
            }
            Class::Tables => {
                if self.key.is_empty() {
                    return Err(NO_KEY.to_owned());
                }
                if let Value::List(_, list) = value {
                    self.push(Open::Tables(list.clone()), 0);
                }
                return Ok(());
            }
            Class::Nil if !matches!(value, Value::List(..)) => return Ok(()),
            Class::Nil | Class::Value => {}
        }
        let Some(key) = self.key.last() else { return self.element(value, false) };
        indent(self.out.bytes_mut(), self.key.len());
        append_key(self.out.bytes_mut(), key);
        self.out.push_bytes(b" = ");
        self.element(value, true)
    }

    /// Writes a value behind `=` or in an array.
    fn element(&mut self, value: &Value, ends_line: bool) -> Result<(), String> {
        match value {
            Value::List(_, list) => {
                self.out.push_bytes(b"[");
                self.push(Open::Array { list: list.clone(), ends_line }, 0);
                return Ok(());
            }
            Value::Map(..) | Value::Object(..) => {
                if let Some(table) = table_of(value) {
                    let address = table.address;
                    self.check_cycle(address)?;
                    self.out.push_bytes(b"{");
                    self.push(Open::InlineTable(table.entries()?), address);
                    return Ok(());
                }
            }
            _ => {}
        }
        self.scalar(value);
        if ends_line {
            self.out.push_bytes(b"\n");
        }
        Ok(())
    }

    fn table(&mut self, table: Table) -> Result<(), String> {
        if self.key.len() == 1 {
            self.new_line();
        }
        if !self.key.is_empty() {
            self.header(b"[", b"]\n");
        }
        self.open_table(table)
    }

    fn array_table(&mut self, value: &Value) -> Result<(), String> {
        self.new_line();
        self.header(b"[[", b"]]\n");
        match table_of(value) {
            Some(table) => self.open_table(table),
            None => Ok(()),
        }
    }

    fn open_table(&mut self, table: Table) -> Result<(), String> {
        let address = table.address;
        self.check_cycle(address)?;
        self.push(Open::Table(table.entries()?), address);
        Ok(())
    }

    fn push(&mut self, open: Open, address: usize) {
        self.stack.push(Frame { open, next: 0, depth: self.key.len(), address });
    }

    fn check_cycle(&self, address: usize) -> Result<(), String> {
        if address != 0 && self.stack.iter().any(|frame| frame.address == address) {
            return Err("toml: cannot encode a map that contains itself".to_owned());
        }
        Ok(())
    }

    fn header(&mut self, before: &[u8], after: &[u8]) {
        let out = self.out.bytes_mut();
        indent(out, self.key.len());
        out.extend_from_slice(before);
        for (at, part) in self.key.iter().enumerate() {
            if at > 0 {
                out.push(b'.');
            }
            append_key(out, part);
        }
        out.extend_from_slice(after);
    }

    fn new_line(&mut self) {
        if !self.out.is_empty() {
            self.out.push_bytes(b"\n");
        }
    }

    fn scalar(&mut self, value: &Value) {
        let start = self.out.len();
        match value {
            Value::Text(origin, text) => return self.string(text, *origin),
            Value::Bool(_, true) => self.out.push_bytes(b"true"),
            Value::Bool(_, false) => self.out.push_bytes(b"false"),
            Value::Int(IntType::Duration, origin, number) => {
                let shown = duration_string(*number);
                return self.string(&Text::from(shown), *origin);
            }
            Value::Int(_, _, number) => strconv::append_int(self.out.bytes_mut(), *number),
            Value::Uint(_, _, number) => strconv::append_uint(self.out.bytes_mut(), *number),
            Value::Float(_, number) => append_float(self.out.bytes_mut(), *number),
            Value::Object(origin, object) => {
                if let Some(text) = toml_text(value) {
                    self.out.push_bytes(&text);
                } else if let Value::Text(_, text) = object.to_json() {
                    return self.string(&text, *origin);
                }
            }
            Value::Nil | Value::List(..) | Value::Map(..) => {}
        }
        self.out.mark(start, value.origin());
    }

    fn string(&mut self, text: &Text, origin: Origin) {
        self.out.push_bytes(b"\"");
        if is_plain(text) {
            self.out.push_from(text, origin);
        } else {
            let start = self.out.len();
            append_quoted(self.out.bytes_mut(), text);
            self.out.mark(start, origin);
        }
        self.out.push_bytes(b"\"");
    }
}

/// The entries of a map or struct before they are sorted out.
struct Table {
    entries: Vec<(Text, Value)>,
    address: usize,
}

impl Table {
    /// The entries in writing order: those that are no tables first. Nil ones are left out.
    fn entries(self) -> Result<Vec<Entry>, String> {
        let (mut direct, mut tables) = (Vec::new(), Vec::new());
        for (key, value) in self.entries {
            let class = classify(&value)?;
            let list = if matches!(class, Class::Table | Class::Tables) {
                &mut tables
            } else {
                &mut direct
            };
            list.push((class, Entry { key, value, comma: true }));
        }
        if let Some((_, last)) = tables.last_mut().or(direct.last_mut()) {
            last.comma = false;
        }
        let all = direct.into_iter().chain(tables);
        Ok(all.filter(|(class, _)| *class != Class::Nil).map(|(_, entry)| entry).collect())
    }
}

/// The table that a value is, if it is one.
fn table_of(value: &Value) -> Option<Table> {
    match value {
        Value::Map(_, map) if !map.is_nil() => Some(table_of_map(map)),
        Value::Object(_, object) => {
            if let Some(map) = object.as_map() {
                return Some(Table { entries: map.snapshot(), address: 0 });
            }
            let names = object.field_names();
            if names.is_empty() || is_text(&**object) {
                return None;
            }
            let field = |name: &&'static str| Some((Text::from(*name), object.field(name)?));
            Some(Table { entries: names.iter().filter_map(field).collect(), address: 0 })
        }
        _ => None,
    }
}

fn table_of_map(map: &Map) -> Table {
    let address = if map.is_empty() { 0 } else { map.entries().as_ptr().addr() };
    Table { entries: map.snapshot(), address }
}

/// Go's `encoding.TextMarshaler`, and times.
fn is_text(object: &dyn Object) -> bool {
    matches!(object.to_json(), Value::Text(..))
}

fn classify(value: &Value) -> Result<Class, String> {
    match value {
        Value::List(_, list) => classify_list(list),
        _ => classify_item(value),
    }
}

fn classify_item(value: &Value) -> Result<Class, String> {
    Ok(match value {
        Value::Nil => Class::Nil,
        Value::Map(_, map) if map.is_nil() => Class::Nil,
        Value::List(_, list) if list.is_nil() => Class::Nil,
        Value::Map(..) => Class::Table,
        Value::Object(_, object) => match object.kind() {
            Kind::Complex128 | Kind::Func => {
                return Err(format!("unsupported type: {}", object.kind().name()));
            }
            _ if table_of(value).is_some() => Class::Table,
            _ => Class::Value,
        },
        _ => Class::Value,
    })
}

/// Looks through a list and the lists in it: nil elements are errors at any depth.
fn classify_list(list: &List) -> Result<Class, String> {
    if list.is_nil() {
        return Ok(Class::Nil);
    }
    let mut all_tables = !list.is_empty();
    let mut open = vec![(list.clone(), 0)];
    while let Some((list, at)) = open.last_mut() {
        let item = list.get(*at).cloned();
        *at += 1;
        let Some(item) = item else {
            open.pop();
            continue;
        };
        let class = classify_item(&item)?;
        if class == Class::Nil {
            return Err(NIL_ELEMENT.to_owned());
        }
        all_tables &= open.len() > 1 || class == Class::Table;
        if let Value::List(_, inner) = item {
            open.push((inner, 0));
        }
    }
    Ok(if all_tables { Class::Tables } else { Class::Value })
}

fn indent(out: &mut Vec<u8>, depth: usize) {
    out.resize(out.len() + 2 * depth.saturating_sub(1), b' ');
}

fn append_float(out: &mut Vec<u8>, number: f64) {
    if !number.is_finite() {
        if number.is_sign_negative() {
            out.push(b'-');
        }
        out.extend_from_slice(if number.is_nan() { b"nan" } else { b"inf" });
        return;
    }
    let start = out.len();
    strconv::append_float(out, number, b'g', -1, 64);
    if !out[start..].iter().any(|byte| matches!(byte, b'e' | b'.')) {
        out.extend_from_slice(b".0");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Target, decode};

    fn check(json: &str, want: &str) {
        let value = decode(json.as_bytes(), Target::Any).expect("the test's JSON is good");
        assert_eq!(encode(&value).unwrap_or_else(Text::from).to_str_lossy(), want, "{json}");
    }

    #[test]
    fn values_come_before_tables() {
        check(
            r#"{"a":{"c":"d","e":[1,2]},"b":2,"n":null}"#,
            "b = 2.0\n\n[a]\n  c = \"d\"\n  e = [1.0, 2.0]\n",
        );
    }

    #[test]
    fn lists_of_tables_repeat_their_header() {
        check(r#"{"x":[{"y":1},{"y":2}]}"#, "[[x]]\n  y = 1.0\n\n[[x]]\n  y = 2.0\n");
        check(r#"[{"a":1}]"#, NO_KEY);
    }

    #[test]
    fn tables_in_mixed_lists_are_inline() {
        check(
            r#"{"x":[1,{"b":{"z":1},"a b":"q"}]}"#,
            "x = [1.0, {\"a b\" = \"q\", b = {z = 1.0}}]\n",
        );
    }

    #[test]
    fn nil_elements_are_errors() {
        check(r"[1,[null]]", NIL_ELEMENT);
        check(r#"{"a":{"b":[null]}}"#, NIL_ELEMENT);
    }

    #[test]
    fn cycles_are_errors() {
        let map = Map::new();
        map.insert("self".into(), Value::map(map.clone()));
        let error = encode(&Value::map(map.clone())).expect_err("it has no end");
        assert_eq!(error, "toml: cannot encode a map that contains itself");
        map.remove(b"self");
    }
}
