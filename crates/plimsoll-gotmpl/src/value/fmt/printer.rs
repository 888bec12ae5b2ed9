use plimsoll_source::{Origin, TextMap};

use super::Spec;
use super::named::named_integer;
use super::number::{Integer, append_complex, append_float, append_integer, append_prefixed_hex};
use super::pad::{missing, pad, truncate};
use super::text::{append_quoted, append_text};
use crate::value::complex::Complex;
use crate::value::{Elem, Kind, List, Map, ObjectRef, Text, TextBuf, Value};

/// The verb that prints values, and the only one inside of `%!…` complaints.
const VALUE: char = 'v';

/// Stands for a map inside of itself, where Go would print until its stack overflows.
const CYCLE: &[u8] = b"<map that contains itself>";

/// Prints values one after the other.
#[derive(Debug, Default)]
pub(crate) struct Printer {
    pub(crate) out: TextBuf,
    /// Inside of a complaint no `String` methods are called.
    complaining: bool,
    /// Of a pointer to a struct, what it points to is printed.
    pub(crate) pointed: bool,
}

/// A value that is open: some of its items are printed.
enum Open {
    List(List),
    Map(Map),
    Struct(ObjectRef),
}

impl Printer {
    /// Prints an argument of a format.
    pub(crate) fn argument(&mut self, spec: &Spec, value: &Value, verb: char) {
        match (verb, value) {
            ('T' | 'v', Value::Nil) => self.padded(spec, b"<nil>"),
            (_, Value::Nil) => self.complain(spec, value, verb),
            ('T', _) => self.padded(spec, truncate(spec, value.type_name().as_bytes())),
            ('p', _) => self.address(spec, value),
            (_, Value::List(origin, list)) if list.elem() == Elem::Bytes => {
                let start = self.out.len();
                self.bytes(spec, list, verb, value);
                self.mark(start, *origin);
            }
            ('w', _) => self.complain(spec, value, verb),
            _ if !self.scalar(spec, value, verb) => self.nested(spec, value, verb),
            _ => {}
        }
    }

    fn put(&mut self, bytes: &[u8]) {
        self.out.push_bytes(bytes);
    }

    fn padded(&mut self, spec: &Spec, text: &[u8]) {
        pad(self.out.bytes_mut(), spec, text);
    }

    fn mark(&mut self, start: usize, origin: Origin) {
        if self.out.len() > start {
            self.out.mark(start, origin);
        }
    }

    /// Go's complaint about a verb that does not fit: `%!d(string=x)`.
    fn complain(&mut self, spec: &Spec, value: &Value, verb: char) {
        self.put(format!("%!{verb}(").as_bytes());
        if value.is_nil() {
            self.put(b"<nil>");
        } else {
            self.put(value.type_name().as_bytes());
            self.put(b"=");
            let outer = std::mem::replace(&mut self.complaining, true);
            self.argument(spec, value, VALUE);
            self.complaining = outer;
        }
        self.put(b")");
    }

    /// Prints a value that has no parts; false for one that has.
    fn scalar(&mut self, spec: &Spec, value: &Value, verb: char) -> bool {
        let start = self.out.len();
        if let Value::Text(origin, text) = value {
            self.text(spec, text, *origin, verb, value);
            return true;
        }
        if self.by_string_method(spec, value, verb) {
            self.mark(start, value.origin());
            return true;
        }
        let out = self.out.bytes_mut();
        let fits = match value {
            Value::Bool(_, truth) => append_bool(out, spec, *truth, verb),
            Value::Int(_, _, number) => append_integer(out, spec, Integer::signed(*number), verb),
            Value::Uint(_, _, number) => {
                append_integer(out, spec, Integer::unsigned(*number), verb)
            }
            Value::Float(_, number) => append_float(out, spec, *number, verb),
            Value::Object(..) => match value.downcast::<Complex>() {
                Some(complex) => append_complex(out, spec, complex.re, complex.im, verb),
                None => return false,
            },
            _ => return false,
        };
        if !fits {
            self.complain(spec, value, verb);
        }
        self.mark(start, value.origin());
        true
    }

    /// Prints by the type's own `String`, `Error` or `GoString` method, where it has one and the
    /// verb asks for it.
    fn by_string_method(&mut self, spec: &Spec, value: &Value, verb: char) -> bool {
        if self.complaining {
            return false;
        }
        if spec.sharp_v {
            let Value::Object(_, object) = value else { return false };
            let text = object.to_go_syntax();
            return text.is_some_and(|text| {
                let spec = Spec { sharp_v: false, ..*spec };
                append_text(self.out.bytes_mut(), &spec, text.as_bytes(), 's')
            });
        }
        if !matches!(verb, 'v' | 's' | 'x' | 'X' | 'q') {
            return false;
        }
        let text = match value {
            Value::Int(ty, _, number) => named_integer(*ty, *number),
            Value::Object(_, object) => object.to_go_string(),
            _ => None,
        };
        text.is_some_and(|text| append_text(self.out.bytes_mut(), spec, text.as_bytes(), verb))
    }

    fn text(&mut self, spec: &Spec, text: &Text, origin: Origin, verb: char, value: &Value) {
        if matches!(verb, 'v' | 's') && !spec.sharp_v {
            return self.moved_text(spec, text, origin);
        }
        let start = self.out.len();
        if !append_text(self.out.bytes_mut(), spec, text, verb) {
            return self.complain(spec, value, verb);
        }
        if text.map().is_none() {
            return self.mark(start, origin);
        }
        let marks = text.map().into_iter().flat_map(TextMap::marks);
        let mut origins: Vec<Origin> = marks.map(|mark| mark.origin).collect();
        origins.sort_unstable();
        origins.dedup();
        for origin in origins {
            self.mark(start, origin);
        }
    }

    /// Text that comes out as it went in keeps its marks.
    fn moved_text(&mut self, spec: &Spec, text: &Text, origin: Origin) {
        if spec.is_plain() {
            return self.out.push_from(text, origin);
        }
        let shown = truncate(spec, text);
        let fill = missing(spec, shown);
        let filler = if spec.zero && !spec.minus { b"0" } else { b" " }.repeat(fill);
        if !spec.minus {
            self.put(&filler);
        }
        self.out.push_range(text, 0..shown.len(), origin);
        if spec.minus {
            self.put(&filler);
        }
    }

    /// A `[]uint8` that is an argument itself; inside of others only some verbs are special.
    fn bytes(&mut self, spec: &Spec, list: &List, verb: char, value: &Value) {
        match verb {
            'v' | 'd' if spec.sharp_v => {
                self.put(b"[]byte");
                self.byte_literals(spec, list);
            }
            'v' | 'd' => self.byte_numbers(spec, list),
            's' | 'x' | 'X' | 'q' => self.byte_text(spec, list, verb),
            _ => self.nested(spec, value, verb),
        }
    }

    fn byte_text(&mut self, spec: &Spec, list: &List, verb: char) {
        let bytes: Vec<u8> = list.iter().map(byte).collect();
        if verb == 'q' {
            append_quoted(self.out.bytes_mut(), spec, &bytes);
        } else {
            append_text(self.out.bytes_mut(), spec, &bytes, verb);
        }
    }

    fn byte_literals(&mut self, spec: &Spec, list: &List) {
        if list.is_nil() {
            return self.put(b"(nil)");
        }
        self.put(b"{");
        for (at, value) in list.iter().enumerate() {
            if at > 0 {
                self.put(b", ");
            }
            append_prefixed_hex(self.out.bytes_mut(), spec, byte(value).into());
        }
        self.put(b"}");
    }

    fn byte_numbers(&mut self, spec: &Spec, list: &List) {
        self.put(b"[");
        for (at, value) in list.iter().enumerate() {
            if at > 0 {
                self.put(b" ");
            }
            let number = Integer::unsigned(byte(value).into());
            append_integer(self.out.bytes_mut(), spec, number, 'd');
        }
        self.put(b"]");
    }

    /// Prints a value with parts. The open ones are a list, not calls: values nest deeper than
    /// stacks are.
    fn nested(&mut self, spec: &Spec, value: &Value, verb: char) {
        let mut open: Vec<(Open, usize)> = Vec::new();
        self.open(spec, value, verb, &mut open);
        while let Some((parent, next)) = open.last_mut() {
            if self.out.len() > crate::engine::MOST_TEXT {
                // Whoever takes so long a text complains of it.
                return;
            }
            let at = *next;
            *next += 1;
            let ends_in_brace = matches!(parent, Open::Struct(_)) || spec.sharp_v;
            if let Some(part) = self.enter_part(spec, parent, at, verb) {
                self.open(spec, &part, verb, &mut open);
            } else {
                self.put(if ends_in_brace { b"}" } else { b"]" });
                open.pop();
            }
        }
    }

    /// Prints what stands before the part `at` of an open value, and gives the part.
    fn enter_part(&mut self, spec: &Spec, open: &Open, at: usize, verb: char) -> Option<Value> {
        let (key, part) = match open {
            Open::List(list) => (None, list.get(at)?.clone()),
            Open::Map(map) => {
                let entries = map.entries();
                let (key, value) = entries.get(at)?;
                (Some(key.clone()), value.clone())
            }
            Open::Struct(object) => {
                let name = *printed_fields(object).get(at)?;
                if at > 0 {
                    self.separate(spec);
                }
                if spec.plus_v || spec.sharp_v {
                    self.put(name.as_bytes());
                    self.put(b":");
                }
                return Some(object.field(name).unwrap_or_default());
            }
        };
        if at > 0 {
            self.separate(spec);
        }
        if let Some(key) = key {
            self.scalar(spec, &Value::Text(Origin::NONE, key), verb);
            self.put(b":");
        }
        Some(part)
    }

    fn separate(&mut self, spec: &Spec) {
        self.put(if spec.sharp_v { b", " } else { b" " });
    }

    /// Prints a part completely, or its beginning and puts it among the open ones.
    fn open(&mut self, spec: &Spec, value: &Value, verb: char, open: &mut Vec<(Open, usize)>) {
        if self.scalar(spec, value, verb) {
            return;
        }
        match value {
            Value::List(_, list) if list.elem() == Elem::Bytes && is_text_verb(verb) => {
                self.byte_text(spec, list, verb);
            }
            Value::List(_, list) => {
                if self.start(spec, value, "", list.is_nil()) {
                    open.push((Open::List(list.clone()), 0));
                }
            }
            Value::Map(_, map) => self.open_map(spec, value, map, open),
            Value::Object(_, object) => self.open_object(spec, value, object, verb, open),
            _ if spec.sharp_v => self.put(b"interface {}(nil)"),
            _ => self.put(b"<nil>"),
        }
    }

    /// Prints the opening bracket, or in Go syntax the type and a brace; false if the value is
    /// nil there and thereby done.
    fn start(&mut self, spec: &Spec, value: &Value, name: &str, nil: bool) -> bool {
        if !spec.sharp_v {
            self.put(name.as_bytes());
            self.put(b"[");
            return true;
        }
        self.put(value.type_name().as_bytes());
        self.put(if nil { b"(nil)" } else { b"{" });
        !nil
    }

    fn open_map(&mut self, spec: &Spec, value: &Value, map: &Map, open: &mut Vec<(Open, usize)>) {
        let contains_itself =
            open.iter().any(|(outer, _)| matches!(outer, Open::Map(outer) if outer.same(map)));
        if contains_itself {
            self.put(CYCLE);
        } else if self.start(spec, value, "map", map.is_nil()) {
            open.push((Open::Map(map.clone()), 0));
        }
    }

    fn open_object(
        &mut self,
        spec: &Spec,
        value: &Value,
        object: &ObjectRef,
        verb: char,
        open: &mut Vec<(Open, usize)>,
    ) {
        if let Some(map) = object.as_map() {
            return self.open_map(spec, value, &map, open);
        }
        let to_struct = object.kind() == Kind::Pointer
            && object.address() != Some(0)
            && !printed_fields(object).is_empty();
        if object.kind() != Kind::Struct && !(to_struct && open.is_empty()) {
            return self.pointer(spec, value, verb);
        }
        if to_struct && !self.pointed {
            self.put(b"&");
        }
        if spec.sharp_v {
            self.put(object.type_name().trim_start_matches('*').as_bytes());
        }
        self.put(b"{");
        open.push((Open::Struct(object.clone()), 0));
    }

    /// The verb `%p`, which Go has for what lies behind an address.
    fn address(&mut self, spec: &Spec, value: &Value) {
        match value.kind() {
            Kind::Slice | Kind::Map | Kind::Pointer | Kind::Func => self.pointer(spec, value, 'p'),
            _ => self.complain(spec, value, 'p'),
        }
    }

    /// Addresses differ from run to run in Go; here they are always the same.
    fn pointer(&mut self, spec: &Spec, value: &Value, verb: char) {
        const ADDRESS: u64 = 0xc0_0001_2000;
        let nil = match value {
            Value::List(_, list) => list.is_nil(),
            Value::Map(_, map) => map.is_nil(),
            _ => false,
        };
        let address = match value {
            Value::Object(_, object) => object.address().unwrap_or(ADDRESS),
            _ if nil => 0,
            _ => ADDRESS,
        };
        let out = self.out.bytes_mut();
        match verb {
            'v' if address == 0 && spec.sharp_v => {
                out.extend_from_slice(format!("({})(nil)", value.type_name()).as_bytes());
            }
            'v' if address == 0 => pad(out, spec, b"<nil>"),
            'v' if spec.sharp_v => {
                out.extend_from_slice(format!("({})(0x{address:x})", value.type_name()).as_bytes());
            }
            'v' | 'p' => {
                let spec = Spec { sharp: !spec.sharp, ..*spec };
                append_integer(out, &spec, Integer::unsigned(address), 'x');
            }
            'b' | 'o' | 'd' | 'x' | 'X' => {
                append_integer(out, spec, Integer::unsigned(address), verb);
            }
            _ => self.complain(spec, value, verb),
        }
    }
}

fn printed_fields(object: &ObjectRef) -> &'static [&'static str] {
    match object.hidden_field_names() {
        [] => object.field_names(),
        names => names,
    }
}

fn is_text_verb(verb: char) -> bool {
    matches!(verb, 's' | 'q' | 'x' | 'X')
}

fn byte(value: &Value) -> u8 {
    match value {
        Value::Uint(_, _, byte) => *byte as u8,
        _ => 0,
    }
}

fn append_bool(out: &mut Vec<u8>, spec: &Spec, truth: bool, verb: char) -> bool {
    let fits = matches!(verb, 't' | 'v');
    if fits {
        pad(out, spec, if truth { b"true" } else { b"false" });
    }
    fits
}
