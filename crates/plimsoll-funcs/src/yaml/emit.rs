use crate::limit::MOST_BYTES;
use std::borrow::Cow;

use plimsoll_gotmpl::value::fmt::duration_string;
use plimsoll_gotmpl::{Elem, IntType, List, Map, Object, Text, Value};
use plimsoll_source::{Origin, strconv};

use super::writer::Writer;
use super::{Dialect, order};
use crate::encoding::base64_encode_into;
use crate::json::{Fields, append_float};

/// Writes a value as go-yaml does, without the last line break; scalars are marked with their
/// origin. Fails where the older dialect's way through JSON fails, with the reader's text.
pub(super) fn emit(value: &Value, dialect: Dialect) -> Result<Text, Failure> {
    let mut emitter = Emitter { writer: Writer::new(dialect), dialect, stack: Vec::new() };
    emitter.node(value, None, false)?;
    while emitter.step()? {
        if emitter.writer.out.as_bytes().len() > MOST_BYTES {
            return Err(Failure::TooLong);
        }
    }
    let mut out = emitter.writer.out;
    if out.as_bytes().last() == Some(&b'\n') {
        // The line break that ends the document is written only where there is none yet.
        let len = out.len() - 1;
        out.truncate(len);
    }
    Ok(out.finish())
}

/// Why the older dialect cannot write a value.
pub(super) enum Failure {
    /// JSON has no such value: its encoder can tell the text.
    Json,
    /// The JSON cannot be read as YAML.
    Yaml(&'static str),
    /// The text is longer than any may be.
    TooLong,
}

/// go-yaml: `max_flow_level`.
const MAX_DEPTH: usize = 10_000;

struct Emitter {
    writer: Writer,
    dialect: Dialect,
    stack: Vec<Frame>,
}

struct Frame {
    open: Open,
    next: usize,
    indent: usize,
    /// The map's address, by which cycles are found where Go's stack would overflow.
    address: usize,
}

enum Open {
    List(List),
    Map(Vec<(Text, Value)>),
}

impl Emitter {
    /// Writes the next item of the innermost collection; `false` when all are written.
    fn step(&mut self) -> Result<bool, Failure> {
        let Some(frame) = self.stack.last_mut() else { return Ok(false) };
        let (at, indent) = (frame.next, frame.indent);
        frame.next += 1;
        match &frame.open {
            Open::List(list) => match list.get(at).cloned() {
                Some(item) => {
                    self.writer.indent(indent);
                    self.writer.indicator("-", true, false, true);
                    self.node(&item, Some(indent), false)?;
                }
                None => {
                    self.stack.pop();
                }
            },
            Open::Map(entries) => match entries.get(at).cloned() {
                Some((key, value)) => {
                    self.writer.indent(indent);
                    self.key(&key, indent)?;
                    self.node(&value, Some(indent), true)?;
                }
                None => {
                    self.stack.pop();
                }
            },
        }
        Ok(true)
    }

    /// Writes a key and its colon.
    fn key(&mut self, key: &Text, indent: usize) -> Result<(), Failure> {
        let text = self.readable(key, true)?;
        // libyaml: `check_simple_key`.
        let simple = text.len() <= 128 && !text.chars().any(super::scalar::is_break);
        if simple {
            self.writer.string(&text, key, Origin::NONE, indent + 2, true);
            self.writer.indicator(":", false, false, false);
        } else {
            self.writer.indicator("?", true, false, true);
            self.writer.string(&text, key, Origin::NONE, indent + 2, false);
            self.writer.indent(indent);
            self.writer.indicator(":", true, false, true);
        }
        Ok(())
    }

    /// Writes a value; `indent` is that of the collection around it, `in_map` whether that is a
    /// map.
    fn node(&mut self, value: &Value, indent: Option<usize>, in_map: bool) -> Result<(), Failure> {
        match value {
            Value::Nil => self.writer.plain_token(b"null", Origin::NONE),
            Value::Bool(origin, true) => self.writer.plain_token(b"true", *origin),
            Value::Bool(origin, false) => self.writer.plain_token(b"false", *origin),
            Value::Int(IntType::Duration, origin, nanos) if self.dialect == Dialect::V3 => {
                let text = duration_string(*nanos);
                self.text(&Text::from(text), *origin, indent)?;
            }
            Value::Int(_, origin, number) => {
                let mut out = Vec::new();
                strconv::append_int(&mut out, *number);
                self.writer.plain_token(&out, *origin);
            }
            Value::Uint(_, origin, number) => {
                let mut out = Vec::new();
                strconv::append_uint(&mut out, *number);
                self.writer.plain_token(&out, *origin);
            }
            Value::Float(origin, number) => self.float(*number, *origin)?,
            Value::Text(origin, text) => self.text(text, *origin, indent)?,
            Value::List(origin, list) => self.list(list, *origin, indent, in_map)?,
            Value::Map(_, map) => self.map(map, indent)?,
            Value::Object(origin, object) => {
                return self.object(&**object, *origin, indent, in_map);
            }
        }
        Ok(())
    }

    fn float(&mut self, number: f64, origin: Origin) -> Result<(), Failure> {
        let mut out = Vec::new();
        if self.dialect == Dialect::V2 {
            append_float(&mut out, number).map_err(|_| Failure::Json)?;
            let whole = !out.iter().any(|byte| matches!(byte, b'.' | b'e'));
            if whole && strconv::parse_int(&out, 10, 64).is_ok() {
                let text: &[u8] = if out == b"-0" { b"0" } else { &out };
                self.writer.plain_token(text, origin);
                return Ok(());
            }
            if whole && strconv::parse_uint(&out, 10, 64).is_ok() {
                self.writer.plain_token(&out, origin);
                return Ok(());
            }
            out.clear();
        }
        let text: &[u8] = if number.is_nan() {
            b".nan"
        } else if number == f64::INFINITY {
            b".inf"
        } else if number == f64::NEG_INFINITY {
            b"-.inf"
        } else {
            strconv::append_float(&mut out, number, b'g', -1, 64);
            &out
        };
        self.writer.plain_token(text, origin);
        Ok(())
    }

    fn text(&mut self, text: &Text, origin: Origin, indent: Option<usize>) -> Result<(), Failure> {
        let indent = indent.map_or(2, |indent| indent + 2);
        if self.dialect == Dialect::V3 && text.as_str().is_none() {
            let encoded = base64_lines(text);
            self.writer.indicator("!!binary", true, false, false);
            let encoded = Text::from(encoded);
            self.writer.string(&encoded.to_str_lossy(), &encoded, origin, indent, false);
            return Ok(());
        }
        let shown = self.readable(text, false)?;
        self.writer.string(&shown, text, origin, indent, false);
        Ok(())
    }

    /// The string as it comes back from JSON read as YAML.
    fn readable<'a>(&self, text: &'a [u8], is_key: bool) -> Result<Cow<'a, str>, Failure> {
        let text = match std::str::from_utf8(text) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(replace_invalid(text)),
        };
        if self.dialect == Dialect::V3 {
            return Ok(text);
        }
        let refused = |c: char| matches!(c, '\x7f'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
        if text.chars().any(refused) {
            return Err(Failure::Yaml("control characters are not allowed"));
        }
        if is_key && text.len() > 160 && json_length(&text) > 1024 {
            return Err(Failure::Yaml("could not find expected ':'"));
        }
        if !text.contains('\u{85}') {
            return Ok(text);
        }
        if is_key {
            return Err(Failure::Yaml("did not find expected ',' or '}'"));
        }
        Ok(Cow::Owned(fold(&text)))
    }

    fn list(
        &mut self,
        list: &List,
        origin: Origin,
        indent: Option<usize>,
        in_map: bool,
    ) -> Result<(), Failure> {
        if self.dialect == Dialect::V2 && list.is_nil() {
            self.writer.plain_token(b"null", origin);
            return Ok(());
        }
        if self.dialect == Dialect::V2 && list.elem() == Elem::Bytes {
            let bytes: Vec<u8> = list
                .iter()
                .map(|item| if let Value::Uint(_, _, byte) = item { *byte as u8 } else { 0 })
                .collect();
            let mut out = Vec::new();
            base64_encode_into(&mut out, &bytes);
            return self.text(&Text::from(out), origin, indent);
        }
        if list.is_empty() {
            self.writer.indicator("[", true, true, false);
            self.writer.indicator("]", false, false, false);
            return Ok(());
        }
        let flush = self.dialect == Dialect::V2 && in_map && !self.writer.indention;
        let own = indent.map_or(0, |indent| if flush { indent } else { indent + 2 });
        self.push(Open::List(list.clone()), own, 0)
    }

    fn map(&mut self, map: &Map, indent: Option<usize>) -> Result<(), Failure> {
        if self.dialect == Dialect::V2 && map.is_nil() {
            self.writer.plain_token(b"null", Origin::NONE);
            return Ok(());
        }
        let address = if map.is_empty() { 0 } else { map.entries().as_ptr().addr() };
        let mut entries = map.snapshot();
        order::sort(&mut entries, |entry| entry.0.as_bytes(), self.dialect);
        self.entries(entries, indent, address)
    }

    fn entries(
        &mut self,
        entries: Vec<(Text, Value)>,
        indent: Option<usize>,
        address: usize,
    ) -> Result<(), Failure> {
        if entries.is_empty() {
            self.writer.indicator("{", true, true, false);
            self.writer.indicator("}", false, false, false);
            return Ok(());
        }
        let own = indent.map_or(0, |indent| indent + 2);
        self.push(Open::Map(entries), own, address)
    }

    fn push(&mut self, open: Open, indent: usize, address: usize) -> Result<(), Failure> {
        if self.dialect == Dialect::V2 && self.stack.len() == MAX_DEPTH {
            return Err(Failure::Yaml("exceeded max depth of 10000"));
        }
        let is_open = |frame: &Frame| frame.address == address;
        if address != 0 && self.stack.len() > 100 && self.stack.iter().any(is_open) {
            return Err(Failure::Json);
        }
        self.stack.push(Frame { open, next: 0, indent, address });
        Ok(())
    }

    fn object(
        &mut self,
        object: &(dyn Object + 'static),
        origin: Origin,
        indent: Option<usize>,
        in_map: bool,
    ) -> Result<(), Failure> {
        let any: &dyn std::any::Any = object;
        let json = object.to_json();
        if self.dialect == Dialect::V3 {
            if object.type_name() == "time.Time" {
                if let Value::Text(_, text) = &json {
                    self.writer.plain_token(text, origin);
                    return Ok(());
                }
            } else if !matches!(json, Value::Text(..)) {
                return self.go_object(object, indent, in_map);
            }
        } else if let Some(Fields(fields)) = any.downcast_ref::<Fields>() {
            let fields = fields.iter().map(|(key, value)| (Text::from(*key), value.clone()));
            let map = Map::from_entries(fields.collect());
            return self.map(&map, indent);
        }
        if matches!(json, Value::Nil) && !object.kind_is_nullable() {
            return Err(Failure::Json);
        }
        let json = if json.origin().is_some() { json } else { json.with_origin(origin) };
        self.node(&json, indent, in_map)
    }

    /// What the newer dialect makes of a Go value: a map, or the fields of a struct in lower case.
    fn go_object(
        &mut self,
        object: &dyn Object,
        indent: Option<usize>,
        in_map: bool,
    ) -> Result<(), Failure> {
        if let Some(map) = object.as_map() {
            return self.map(&map, indent);
        }
        let names = object.field_names();
        if names.is_empty() {
            return self.node(&object.to_json(), indent, in_map);
        }
        let field = |name: &&str| Some((Text::from(name.to_lowercase()), object.field(name)?));
        self.entries(names.iter().filter_map(field).collect(), indent, 0)
    }
}

/// Whether `null` can be what JSON makes of an object.
trait Nullable {
    fn kind_is_nullable(&self) -> bool;
}

impl Nullable for dyn Object + '_ {
    fn kind_is_nullable(&self) -> bool {
        use plimsoll_gotmpl::Kind;
        !matches!(self.kind(), Kind::Complex128 | Kind::Func)
    }
}

fn replace_invalid(text: &[u8]) -> String {
    let mut out = String::new();
    for chunk in text.utf8_chunks() {
        out.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|_| out.push('\u{fffd}'));
    }
    out
}

/// How many characters the JSON string has, its quotes included.
fn json_length(text: &str) -> usize {
    let length = |c: char| match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\x08' | '\x0c' => 2,
        '\0'..='\x1f' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
        _ => 1,
    };
    text.chars().map(length).sum::<usize>() + 2
}

/// Reads next-line characters as the line breaks that they are in a quoted scalar: blanks around
/// them go, a single one becomes a space, of several all but one become line feeds.
fn fold(text: &str) -> String {
    let mut out = String::new();
    let mut lines = text.split('\u{85}').peekable();
    let mut empty = 0;
    let mut first = true;
    while let Some(line) = lines.next() {
        let line = if first { line } else { line.trim_start_matches(' ') };
        let line = if lines.peek().is_some() { line.trim_end_matches(' ') } else { line };
        if first {
            out.push_str(line);
        } else if line.is_empty() && lines.peek().is_some() {
            empty += 1;
        } else {
            if empty == 0 {
                out.push(' ');
            }
            out.extend(std::iter::repeat_n('\n', empty));
            out.push_str(line);
            empty = 0;
        }
        first = false;
    }
    out
}

/// go-yaml: encode.go breaks base 64 in lines of 70.
fn base64_lines(bytes: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    base64_encode_into(&mut encoded, bytes);
    if encoded.len() <= 70 {
        return encoded;
    }
    encoded.chunks(70).flat_map(|line| [line, b"\n"].concat()).collect()
}
