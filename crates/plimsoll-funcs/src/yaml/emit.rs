use plimsoll_gotmpl::value::fmt::duration_string;
use plimsoll_gotmpl::{Elem, IntType, List, Map, Object, Text, TextBuf, Value};
use plimsoll_source::Origin;
use plimsoll_yaml::{Emitter, Version, sort_keys};

use super::marked::{Marked, Source};
use crate::json::Fields;
use crate::limit::MOST_BYTES;
use plimsoll_source::encoding::encode_base64;

/// Writes a value as go-yaml does, without the last line break; scalars are marked with their
/// origin. Fails where version 2's way through JSON fails, with the reader's text; errors about
/// keys name their line only with `explain`.
pub(super) fn emit(value: &Value, version: Version, explain: bool) -> Result<Text, Failure> {
    let emitter = Emitter::with_output(version, Marked(TextBuf::with_capacity(256)));
    let emitter = if explain { emitter.explaining() } else { emitter };
    let mut walk = Walk { emitter, version, explain, stack: Vec::new() };
    walk.node(value)?;
    while walk.step()? {
        if walk.emitter.is_longer_than(MOST_BYTES) {
            return Err(Failure::TooLong);
        }
    }
    let finished = walk.emitter.finish_output();
    let Marked(mut out) = finished.map_err(|error| Failure::Yaml(error.message))?;
    if out.as_bytes().last() == Some(&b'\n') {
        // The line break that ends the document is written only where there is none yet.
        let len = out.len() - 1;
        out.truncate(len);
    }
    Ok(out.finish())
}

/// Why version 2 cannot write a value.
pub(super) enum Failure {
    /// JSON has no such value: its encoder can tell the text.
    Json,
    /// The JSON cannot be read as YAML.
    Yaml(String),
    /// The text is longer than any may be.
    TooLong,
}

struct Walk {
    emitter: Emitter<Marked>,
    version: Version,
    explain: bool,
    stack: Vec<Frame>,
}

struct Frame {
    open: Open,
    next: usize,
    /// The map's address, by which cycles are found where Go's stack would overflow.
    address: usize,
}

enum Open {
    List(List),
    Map(Vec<(Text, Value)>),
}

/// How deep collections may be open before it is asked whether one holds itself.
const CYCLES_AFTER: usize = 100;

impl Walk {
    /// Writes the next item of the innermost collection; `false` when all are written.
    fn step(&mut self) -> Result<bool, Failure> {
        if self.emitter.has_failed() && !self.explain {
            return Ok(false);
        }
        let Some(frame) = self.stack.last_mut() else { return Ok(false) };
        let at = frame.next;
        frame.next += 1;
        match &frame.open {
            Open::List(list) => {
                if let Some(item) = list.get(at).cloned() {
                    self.node(&item)?;
                } else {
                    self.stack.pop();
                    self.emitter.end_sequence();
                }
            }
            Open::Map(entries) => {
                if let Some((key, value)) = entries.get(at).cloned() {
                    // A key comes from where its value does.
                    self.emitter.key_from(&key, Source::from(value.origin()));
                    self.node(&value)?;
                } else {
                    self.stack.pop();
                    self.emitter.end_mapping();
                }
            }
        }
        Ok(true)
    }

    fn node(&mut self, value: &Value) -> Result<(), Failure> {
        let source = Source::from(value.origin());
        match value {
            Value::Nil => self.emitter.null_from(source),
            Value::Bool(_, value) => self.emitter.bool_from(*value, source),
            Value::Int(IntType::Duration, origin, nanos) if self.version == Version::V3 => {
                self.text(&Text::from(duration_string(*nanos)), *origin);
            }
            Value::Int(_, _, number) => self.emitter.int_from(*number, source),
            Value::Uint(_, _, number) => self.emitter.uint_from(*number, source),
            Value::Float(_, number) if self.version == Version::V2 && !number.is_finite() => {
                return Err(Failure::Json);
            }
            Value::Float(_, number) => self.emitter.float_from(*number, source),
            Value::Text(origin, text) => self.text(text, *origin),
            Value::List(origin, list) => return self.list(list, *origin),
            Value::Map(_, map) => return self.map(map),
            Value::Object(origin, object) => return self.object(&**object, *origin),
        }
        Ok(())
    }

    fn text(&mut self, text: &Text, origin: Origin) {
        self.emitter.string_from(text, Source { text: Some(text), origin });
    }

    fn list(&mut self, list: &List, origin: Origin) -> Result<(), Failure> {
        if self.version == Version::V2 && list.is_nil() {
            self.emitter.null_from(origin.into());
            return Ok(());
        }
        if self.version == Version::V2 && list.elem() == Elem::Bytes {
            let byte =
                |item: &Value| if let Value::Uint(_, _, byte) = item { *byte as u8 } else { 0 };
            let bytes: Vec<u8> = list.iter().map(byte).collect();
            self.text(&Text::from(encode_base64(&bytes)), origin);
            return Ok(());
        }
        self.emitter.begin_sequence(list.len());
        self.push(Open::List(list.clone()), 0)
    }

    fn map(&mut self, map: &Map) -> Result<(), Failure> {
        if self.version == Version::V2 && map.is_nil() {
            self.emitter.null_from(Origin::NONE.into());
            return Ok(());
        }
        let address = if map.is_empty() { 0 } else { map.entries().as_ptr().addr() };
        let mut entries = map.snapshot();
        sort_keys(self.version, &mut entries, |entry| entry.0.as_bytes());
        self.entries(entries, address)
    }

    fn entries(&mut self, entries: Vec<(Text, Value)>, address: usize) -> Result<(), Failure> {
        self.emitter.begin_mapping(entries.len());
        self.push(Open::Map(entries), address)
    }

    fn push(&mut self, open: Open, address: usize) -> Result<(), Failure> {
        let is_open = |frame: &Frame| frame.address == address;
        let asked = address != 0 && self.stack.len() > CYCLES_AFTER;
        if asked && self.stack.iter().any(is_open) {
            return Err(Failure::Json);
        }
        self.stack.push(Frame { open, next: 0, address });
        Ok(())
    }

    fn object(&mut self, object: &(dyn Object + 'static), origin: Origin) -> Result<(), Failure> {
        let any: &dyn std::any::Any = object;
        let json = object.to_json();
        if self.version == Version::V3 {
            if object.type_name() == "time.Time" {
                if let Value::Text(_, text) = &json {
                    self.emitter.token(text, origin.into());
                    return Ok(());
                }
            } else if !matches!(json, Value::Text(..)) {
                return self.go_object(object);
            }
        } else if let Some(Fields(fields)) = any.downcast_ref::<Fields>() {
            let fields = fields.iter().map(|(key, value)| (Text::from(*key), value.clone()));
            return self.map(&Map::from_entries(fields.collect()));
        }
        if matches!(json, Value::Nil) && !is_nullable(object) {
            return Err(Failure::Json);
        }
        let json = if json.origin().is_some() { json } else { json.with_origin(origin) };
        self.node(&json)
    }

    /// What version 3 makes of a Go value: a map, or the fields of a struct in lower case.
    fn go_object(&mut self, object: &dyn Object) -> Result<(), Failure> {
        if let Some(map) = object.as_map() {
            return self.map(&map);
        }
        let names = object.field_names();
        if names.is_empty() {
            return self.node(&object.to_json());
        }
        let field = |name: &&str| Some((Text::from(name.to_lowercase()), object.field(name)?));
        self.entries(names.iter().filter_map(field).collect(), 0)
    }
}

/// Whether `null` can be what JSON makes of an object.
fn is_nullable(object: &dyn Object) -> bool {
    use plimsoll_gotmpl::Kind;
    !matches!(object.kind(), Kind::Complex128 | Kind::Func)
}
