use std::collections::BTreeSet;

use plimsoll_gotmpl::{Elem, Kind, List, Map, Object, Text, TextBuf, Value};
use plimsoll_source::{Origin, strconv};

use super::fields::Fields;
use crate::limit::MOST_BYTES;
use plimsoll_source::encoding::encode_base64;

/// How JSON is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `json.Marshal`: no space, `<`, `>` and `&` escaped.
    Compact,
    /// `json.MarshalIndent` with two spaces.
    Pretty,
    /// Compact, but with `<`, `>` and `&` as they are.
    Raw,
}

/// Writes a value as Go's `encoding/json` does; scalars are marked with their origin.
///
/// Fails with Go's text, as `json: unsupported value: NaN`. Any depth and cycles are fine.
pub fn encode(value: &Value, style: Style) -> Result<Text, String> {
    let mut encoder = Encoder {
        out: TextBuf::with_capacity(64),
        style,
        stack: Vec::new(),
        seen: BTreeSet::new(),
    };
    encoder.value(value)?;
    while encoder.step()? {
        if encoder.out.len() > MOST_BYTES {
            return Err(TOO_LONG.to_owned());
        }
    }
    Ok(encoder.out.finish())
}

/// What is said of a text that is longer than any may be.
pub(super) const TOO_LONG: &str = "JSON is too long";

/// encoding/json: `startDetectCyclesAfter`.
const CYCLES_AFTER: usize = 1000;

struct Encoder {
    out: TextBuf,
    style: Style,
    stack: Vec<Frame>,
    /// The containers that are open at a depth of more than [`CYCLES_AFTER`], by address.
    seen: BTreeSet<usize>,
}

struct Frame {
    open: Open,
    next: usize,
    /// The address in [`Encoder::seen`], if it is there.
    address: Option<usize>,
}

enum Open {
    List(List),
    Map(Map),
    Object(Fields),
}

impl Encoder {
    /// Writes the next item of the innermost container; `false` when all are closed.
    fn step(&mut self) -> Result<bool, String> {
        let Some(frame) = self.stack.last_mut() else { return Ok(false) };
        let at = frame.next;
        frame.next += 1;
        let (key, value) = match &frame.open {
            Open::List(list) => (None, list.get(at).cloned()),
            Open::Object(Fields(fields)) => match fields.get(at) {
                Some((key, value)) => (Some(Text::from(*key)), Some(value.clone())),
                None => (None, None),
            },
            Open::Map(map) => match map.entries().get(at) {
                Some((key, value)) => (Some(key.clone()), Some(value.clone())),
                None => (None, None),
            },
        };
        let Some(value) = value else {
            self.close();
            return Ok(true);
        };
        if at > 0 {
            self.out.push_bytes(b",");
        }
        self.new_line();
        if let Some(key) = key {
            self.string(&key, Origin::NONE);
            self.out.push_bytes(if self.style == Style::Pretty { b": " } else { b":" });
        }
        self.value(&value)?;
        Ok(true)
    }

    fn close(&mut self) {
        let Some(frame) = self.stack.pop() else { return };
        if let Some(address) = frame.address {
            self.seen.remove(&address);
        }
        if frame.next > 1 {
            self.new_line();
        }
        self.out.push_bytes(if matches!(frame.open, Open::List(_)) { b"]" } else { b"}" });
    }

    fn new_line(&mut self) {
        if self.style == Style::Pretty {
            let out = self.out.bytes_mut();
            out.push(b'\n');
            out.resize(out.len() + 2 * self.stack.len(), b' ');
        }
    }

    fn value(&mut self, value: &Value) -> Result<(), String> {
        let start = self.out.len();
        match value {
            Value::Nil => self.out.push_bytes(b"null"),
            Value::Bool(_, true) => self.out.push_bytes(b"true"),
            Value::Bool(_, false) => self.out.push_bytes(b"false"),
            Value::Int(_, _, number) => strconv::append_int(self.out.bytes_mut(), *number),
            Value::Uint(_, _, number) => strconv::append_uint(self.out.bytes_mut(), *number),
            Value::Float(_, number) => append_float(self.out.bytes_mut(), *number)?,
            Value::Text(origin, text) => {
                self.string(text, *origin);
                return Ok(());
            }
            Value::List(_, list) => return self.list(list),
            Value::Map(_, map) => return self.map(map),
            Value::Object(origin, object) => {
                return self.object(&**object, *origin);
            }
        }
        self.out.mark(start, value.origin());
        Ok(())
    }

    fn list(&mut self, list: &List) -> Result<(), String> {
        if list.is_nil() {
            self.out.push_bytes(b"null");
        } else if list.elem() == Elem::Bytes {
            self.bytes(list);
        } else {
            let address = self.enter(list.as_ptr().addr(), list.is_empty(), || {
                Value::from(list.clone()).type_name()
            })?;
            self.out.push_bytes(b"[");
            self.stack.push(Frame { open: Open::List(list.clone()), next: 0, address });
        }
        Ok(())
    }

    fn map(&mut self, map: &Map) -> Result<(), String> {
        if map.is_nil() {
            self.out.push_bytes(b"null");
            return Ok(());
        }
        let address = self.enter(map.entries().as_ptr().addr(), map.is_empty(), || {
            map.map_type().name.to_owned()
        })?;
        self.out.push_bytes(b"{");
        self.stack.push(Frame { open: Open::Map(map.clone()), next: 0, address });
        Ok(())
    }

    /// Notes a container that is to be opened; fails if it is open already.
    fn enter(
        &mut self,
        address: usize,
        empty: bool,
        type_name: impl Fn() -> String,
    ) -> Result<Option<usize>, String> {
        // encoding/json: the raw encoder is given a pointer, which is one level.
        let level = self.stack.len() + 1 + usize::from(self.style == Style::Raw);
        if level <= CYCLES_AFTER || empty {
            return Ok(None);
        }
        if !self.seen.insert(address) {
            let name = type_name();
            return Err(format!("json: unsupported value: encountered a cycle via {name}"));
        }
        Ok(Some(address))
    }

    fn object(&mut self, object: &(dyn Object + 'static), origin: Origin) -> Result<(), String> {
        if matches!(object.kind(), Kind::Complex128 | Kind::Func) {
            return Err(format!("json: unsupported type: {}", object.type_name()));
        }
        let any: &dyn std::any::Any = object;
        if let Some(fields) = any.downcast_ref::<Fields>() {
            self.out.push_bytes(b"{");
            let open = Open::Object(fields.clone());
            self.stack.push(Frame { open, next: 0, address: None });
            return Ok(());
        }
        let value = object.to_json();
        let value = if value.origin().is_some() { value } else { value.with_origin(origin) };
        self.value(&value)
    }

    /// encoding/json: a `[]byte` is a string in base 64.
    fn bytes(&mut self, list: &List) {
        let bytes: Vec<u8> = list
            .iter()
            .map(|item| if let Value::Uint(_, _, byte) = item { *byte as u8 } else { 0 })
            .collect();
        let out = self.out.bytes_mut();
        out.push(b'"');
        out.extend_from_slice(encode_base64(&bytes).as_bytes());
        out.push(b'"');
    }

    fn string(&mut self, text: &Text, origin: Origin) {
        let html = self.style != Style::Raw;
        let start = self.out.len();
        self.out.push_bytes(b"\"");
        if is_plain(text, html) {
            self.out.push_from(text, origin);
            self.out.push_bytes(b"\"");
            return;
        }
        append_escaped(self.out.bytes_mut(), text, html);
        self.out.push_bytes(b"\"");
        self.out.mark_as(start, text, origin);
    }
}

/// encoding/json: shortest digits, with an exponent below 1e-6 and from 1e21 on, written `e-7`.
pub(crate) fn append_float(out: &mut Vec<u8>, number: f64) -> Result<(), String> {
    if !number.is_finite() {
        let text = strconv::format_float(number, b'g', -1, 64);
        return Err(format!("json: unsupported value: {text}"));
    }
    let size = number.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        strconv::append_float(out, number, b'f', -1, 64);
        return Ok(());
    }
    strconv::append_float(out, number, b'e', -1, 64);
    let end = out.len();
    if out[end - 4..end - 1] == *b"e-0" {
        out[end - 2] = out[end - 1];
        out.pop();
    }
    Ok(())
}

fn is_plain(text: &[u8], html: bool) -> bool {
    if text.is_ascii() {
        return text.iter().all(|&byte| escape(byte, html).is_none());
    }
    std::str::from_utf8(text).is_ok_and(|text| {
        text.chars().all(|c| match c {
            '\u{2028}' | '\u{2029}' => false,
            c if c.is_ascii() => escape(c as u8, html).is_none(),
            _ => true,
        })
    })
}

/// What follows the backslash of an escaped ASCII byte.
fn escape(byte: u8, html: bool) -> Option<u8> {
    Some(match byte {
        b'"' | b'\\' => byte,
        8 => b'b',
        12 => b'f',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0..=0x1f => b'u',
        b'<' | b'>' | b'&' if html => b'u',
        _ => return None,
    })
}

fn append_escaped(out: &mut Vec<u8>, text: &[u8], html: bool) {
    for chunk in text.utf8_chunks() {
        chunk.valid().chars().for_each(|c| append_char(out, c, html));
        for _ in chunk.invalid() {
            out.extend_from_slice(b"\\ufffd");
        }
    }
}

fn append_char(out: &mut Vec<u8>, c: char, html: bool) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    match c {
        '\u{2028}' => out.extend_from_slice(b"\\u2028"),
        '\u{2029}' => out.extend_from_slice(b"\\u2029"),
        c if c.is_ascii() => match escape(c as u8, html) {
            None => out.push(c as u8),
            Some(b'u') => {
                out.extend_from_slice(b"\\u00");
                out.extend([HEX[c as usize >> 4], HEX[c as usize & 15]]);
            }
            Some(short) => out.extend([b'\\', short]),
        },
        c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: Value, style: Style, want: &str) {
        let got = match encode(&value, style) {
            Ok(text) => text.to_str_lossy().into_owned(),
            Err(error) => error,
        };
        assert_eq!(got, want);
    }

    #[test]
    fn scalars_read_as_in_go() {
        check(Value::float(1e21), Style::Compact, "1e+21");
        check(Value::float(1e-7), Style::Compact, "1e-7");
        check(Value::float(-0.0), Style::Compact, "-0");
        check(Value::float(1_234_567.0), Style::Compact, "1234567");
        check(Value::float(f64::INFINITY), Style::Raw, "json: unsupported value: +Inf");
        check(Value::duration(5), Style::Compact, "5");
        check(Value::List(Origin::NONE, List::nil(Elem::Any)), Style::Compact, "null");
    }

    #[test]
    fn strings_are_escaped() {
        check(
            "<&>\u{2028}\0\u{8}é".into(),
            Style::Compact,
            r#""\u003c\u0026\u003e\u2028\u0000\bé""#,
        );
        check("<&>\u{2028}".into(), Style::Raw, r#""<&>\u2028""#);
        check(Text::from(&b"a\xe2\x80"[..]).into(), Style::Compact, r#""a\ufffd\ufffd""#);
    }

    #[test]
    fn pretty_keeps_empty_containers_together() {
        let map = Map::from_entries(vec![
            ("a".into(), Value::list(vec![])),
            ("b".into(), Value::list(vec![Value::int(1)])),
        ]);
        check(map.into(), Style::Pretty, "{\n  \"a\": [],\n  \"b\": [\n    1\n  ]\n}");
    }

    #[test]
    fn cycles_are_found() {
        let map = Map::new();
        map.insert("self".into(), Value::map(map.clone()));
        let want = "json: unsupported value: encountered a cycle via map[string]interface {}";
        check(Value::map(map.clone()), Style::Compact, want);
        map.remove(b"self");
    }

    #[test]
    fn scalars_keep_their_origin() {
        let list = Value::list(vec![Value::text("x").with_origin(Origin(3))]);
        let text = encode(&list, Style::Compact).expect("it can be written");
        let mark = text.map().expect("it is marked").marks()[0];
        assert_eq!((mark.start, mark.end, mark.origin), (2, 3, Origin(3)));
    }
}
