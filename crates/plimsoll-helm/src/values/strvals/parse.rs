use plimsoll_gotmpl::{Compat, Map, Value};
use plimsoll_source::strconv;

use super::cursor::{Cursor, Piece};
use super::place::{self, Filled, Place, Stop, conversion, set, set_index, unable_to_parse};
use super::{MAX_NESTED_NAME_LEVEL, Mode, json};
use crate::text::{quote, quote_char};
use crate::values::origin::{Origins, Source};

/// Reads the file of a path for `--set-file`; the error is Go's text.
pub type ReadPath<'a> = &'a mut dyn FnMut(&str) -> Result<Vec<u8>, String>;

/// What the flags of the family need beside their argument.
pub struct Parser<'a> {
    /// How values are read.
    pub mode: Mode,
    /// Which Helm is spoken: version 4 takes an index that the argument breaks off for the end.
    pub compat: Compat,
    /// Reads files; asked in [`Mode::File`] alone.
    pub read: ReadPath<'a>,
    /// Where origins are noted.
    pub origins: &'a mut Origins,
    /// The argument as a source of values.
    pub source: Source,
}

/// Sets in `data` what the argument says. After an error, what was set before it stays.
pub fn parse_into(argument: &str, data: &Map, parser: Parser<'_>) -> Result<(), String> {
    let mut run = Run { cursor: Cursor::new(argument), parser };
    loop {
        match run.one(data) {
            Ok(()) => {}
            Err(Stop::End) => return Ok(()),
            Err(Stop::Error(message) | Stop::Panic(message)) => return Err(message),
        }
    }
}

struct Run<'a, 'p> {
    cursor: Cursor<'a>,
    parser: Parser<'p>,
}

/// Where the next part of a key is looked up.
enum At {
    Map(Map, u32),
    List(Vec<Value>, i64, u32),
}

/// What a part of a key leads to.
enum Step {
    /// One place further in.
    Into(Place, At),
    /// The value was set, or something was wrong.
    Done(Filled),
}

impl Run<'_, '_> {
    /// One `key=value`.
    fn one(&mut self, data: &Map) -> Result<(), Stop> {
        let mut way: Vec<Place> = Vec::new();
        let mut at = At::Map(data.clone(), 0);
        let mut filled = loop {
            let step = match at {
                At::Map(map, level) => self.name(map, level),
                At::List(list, index, level) => self.item(list, index, level),
            };
            match step {
                Step::Into(place, next) => {
                    way.push(place);
                    at = next;
                }
                Step::Done(filled) => break filled,
            }
        };
        while let Some(place) = way.pop() {
            filled = place.fill(filled);
        }
        match filled {
            Filled::Map(result) | Filled::List(_, result) => result,
        }
    }

    /// A name in a map and what follows it.
    fn name(&mut self, map: Map, level: u32) -> Step {
        let literal = self.parser.mode == Mode::Literal;
        let stops: &[char] = if literal { &['=', '[', '.'] } else { &['=', '[', ',', '.'] };
        let Piece { text: key, stop, .. } = self.cursor.until(stops, !literal);
        let done = |result| Step::Done(Filled::Map(result));
        match stop {
            None if key.is_empty() => done(Err(Stop::End)),
            None => done(Err(Stop::Error(format!("key {} has no value", quote(&key))))),
            Some('[') => self.bracket(map, key, level),
            Some('.') => dot(map, key, level + 1),
            Some('=') => {
                let (value, result) = self.value();
                if let Some(value) = value {
                    self.replaces(&value, || map.get(key.as_bytes()));
                    set(&map, &key, value);
                }
                done(result)
            }
            Some(_) => {
                set(&map, &key, Value::text(""));
                let message = format!("key {} has no value (cannot end with ,)", quote(&key));
                done(Err(Stop::Error(message)))
            }
        }
    }

    /// `key[`: an index into a list of the map.
    fn bracket(&mut self, map: Map, key: String, level: u32) -> Step {
        let index = match self.index() {
            Ok(index) => index,
            Err(stop) => return Step::Done(Filled::Map(Err(stop))),
        };
        let list = match map.get(key.as_bytes()) {
            None => Vec::new(),
            Some(Value::List(_, list)) => list.to_vec(),
            Some(other) => {
                let Stop::Panic(message) = conversion(&other, "[]interface {}") else {
                    unreachable!("a failed conversion is a panic")
                };
                let error = Stop::Error(unable_to_parse(&message));
                return Step::Done(Filled::Map(Err(error)));
            }
        };
        Step::Into(Place::ListInMap { parent: map, key }, At::List(list, index, level))
    }

    /// The part behind `]` of item `index`.
    fn item(&mut self, mut list: Vec<Value>, index: i64, level: u32) -> Step {
        if index < 0 {
            let error = Stop::Error(format!("negative {index} index not allowed"));
            return Step::Done(Filled::List(list, Err(error)));
        }
        let escapes = self.parser.mode != Mode::Literal;
        let Piece { text, stop, .. } = self.cursor.until(&['[', '.', '='], escapes);
        if !text.is_empty() {
            let shown: Vec<String> = text.chars().map(quote_char).collect();
            let message = format!("unexpected data at end of array index: [{}]", shown.join(" "));
            return Step::Done(Filled::List(list, Err(Stop::Error(message))));
        }
        match stop {
            None => Step::Done(Filled::List(list, Err(Stop::End))),
            Some('=') => {
                let (value, result) = self.value();
                let result = match (value, result) {
                    (Some(value), Ok(()) | Err(Stop::End)) => {
                        self.replaces(&value, || place::item(&list, index).cloned());
                        set_index(&mut list, index, value)
                    }
                    (_, result) => result,
                };
                Step::Done(Filled::List(list, result))
            }
            Some('.') => item_dot(list, index, level),
            Some(_) => self.item_bracket(list, index, level),
        }
    }

    /// `[i][`: a list in a list.
    fn item_bracket(&mut self, list: Vec<Value>, index: i64, level: u32) -> Step {
        let next = match self.index() {
            Ok(next) => next,
            Err(stop) => return Step::Done(Filled::List(list, Err(stop))),
        };
        let inner = match place::item(&list, index) {
            None | Some(Value::Nil) => Vec::new(),
            Some(Value::List(_, inner)) => inner.to_vec(),
            Some(other) => {
                let stop = conversion(other, "[]interface {}");
                return Step::Done(Filled::List(list, Err(stop)));
            }
        };
        Step::Into(Place::ListInList { list, index }, At::List(inner, next, level))
    }

    /// The number between `[` and `]`.
    fn index(&mut self) -> Result<i64, Stop> {
        let escapes = self.parser.mode != Mode::Literal;
        let Piece { text, stop, .. } = self.cursor.until(&[']'], escapes);
        if stop.is_none() {
            // Helm 4 asks whether the end is anywhere in the chain of errors, Helm 3 does not.
            return Err(match self.parser.compat {
                Compat::Helm4 => Stop::End,
                Compat::Helm3 => Stop::Error("error parsing index: EOF".to_owned()),
            });
        }
        strconv::atoi(text.as_bytes())
            .map_err(|why| Stop::Error(format!("error parsing index: {why}")))
    }

    /// What stands behind `=`: the value to set, if any, and how it went on.
    fn value(&mut self) -> (Option<Value>, Result<(), Stop>) {
        match self.parser.mode {
            Mode::Json => self.json(),
            Mode::Literal => {
                let start = self.cursor.offset();
                let text = self.cursor.rest();
                self.cursor.skip(text.len());
                (Some(self.mark(Value::text(text), start, start + text.len())), Ok(()))
            }
            _ if self.cursor.rest().is_empty() => (Some(Value::text("")), Err(Stop::End)),
            _ if self.cursor.take('{') => match self.list() {
                Ok(list) => (Some(Value::list(list)), Ok(())),
                Err(message) => (None, Err(Stop::Error(message))),
            },
            _ => {
                let piece = self.cursor.until(&[','], true);
                match self.convert(&piece) {
                    Ok(value) => (Some(value), Ok(())),
                    // helm: strvals sets the key to nil before it reports the reader's error.
                    Err(message) => (Some(Value::Nil), Err(Stop::Error(message))),
                }
            }
        }
    }

    fn json(&mut self) -> (Option<Value>, Result<(), Stop>) {
        if self.cursor.skip_blank_value() {
            return (Some(Value::Nil), Ok(()));
        }
        match json::decode_prefix(self.cursor.rest().as_bytes()) {
            Ok((value, used)) => {
                let start = self.cursor.offset();
                self.cursor.skip(used);
                self.cursor.skip_blank_value();
                (Some(self.mark(value, start, start + used)), Ok(()))
            }
            // A decoder that finds nothing says EOF, which ends the argument quietly.
            Err(message) if message == "EOF" => (None, Err(Stop::End)),
            Err(message) => (None, Err(Stop::Error(message))),
        }
    }

    /// `{a,b}`, the brace already taken.
    fn list(&mut self) -> Result<Vec<Value>, String> {
        let mut list = Vec::new();
        loop {
            let piece = self.cursor.until(&[',', '}'], true);
            match piece.stop {
                None => return Err("list must terminate with '}'".to_owned()),
                Some('}') => {
                    self.cursor.take(',');
                    list.push(self.convert(&piece)?);
                    return Ok(list);
                }
                Some(_) => list.push(self.convert(&piece)?),
            }
        }
    }

    fn convert(&mut self, piece: &Piece) -> Result<Value, String> {
        let value = match self.parser.mode {
            Mode::Typed => typed(&piece.text),
            Mode::File => Value::text((self.parser.read)(&piece.text)?),
            _ => Value::text(piece.text.as_str()),
        };
        Ok(self.mark(value, piece.start, piece.end))
    }

    /// Notes which leaf a value takes the place of.
    fn replaces(&mut self, value: &Value, old: impl FnOnce() -> Option<Value>) {
        if self.parser.origins.is_tracing()
            && let Some(old) = old()
        {
            self.parser.origins.replace(value, &old);
        }
    }

    fn mark(&mut self, value: Value, start: usize, end: usize) -> Value {
        if !self.parser.origins.is_tracing() {
            return value;
        }
        let origin = self.parser.origins.at(self.parser.source, start, end);
        crate::values::tables::with_leaf_origin(&value, origin)
    }
}

/// `key.`: a map in the map.
fn dot(map: Map, key: String, level: u32) -> Step {
    if level > MAX_NESTED_NAME_LEVEL {
        let message = format!(
            "value name nested level is greater than maximum supported nested level of \
             {MAX_NESTED_NAME_LEVEL}"
        );
        return Step::Done(Filled::Map(Err(Stop::Error(message))));
    }
    let inner = match map.get(key.as_bytes()) {
        None => Map::new(),
        Some(Value::Map(_, inner)) => inner,
        Some(other) => {
            let message = match conversion(&other, "map[string]interface {}") {
                Stop::Panic(message) => unable_to_parse(&message),
                Stop::Error(message) => message,
                Stop::End => String::new(),
            };
            return Step::Done(Filled::Map(Err(Stop::Error(message))));
        }
    };
    let next = At::Map(inner.clone(), level);
    Step::Into(Place::MapInMap { parent: map, key, inner }, next)
}

/// `[i].`: a map in a list; whatever else stands there gives way.
fn item_dot(mut list: Vec<Value>, index: i64, level: u32) -> Step {
    let inner = match place::item(&list, index) {
        Some(Value::Map(_, inner)) => inner.clone(),
        Some(_) => {
            let inner = Map::new();
            list[index as usize] = Value::map(inner.clone());
            inner
        }
        None => Map::new(),
    };
    let next = At::Map(inner.clone(), level);
    Step::Into(Place::MapInList { list, index, inner }, next)
}

/// helm: strvals `typedVal`.
fn typed(text: &str) -> Value {
    if equal_fold(text, "true") {
        Value::bool(true)
    } else if equal_fold(text, "false") {
        Value::bool(false)
    } else if equal_fold(text, "null") {
        Value::Nil
    } else if text == "0" {
        Value::int64(0)
    } else if let (false, Ok(number)) = (text.starts_with('0'), text.parse::<i64>()) {
        Value::int64(number)
    } else {
        Value::text(text)
    }
}

/// Go's `strings.EqualFold` with a word of ASCII letters: a long s counts as an s.
fn equal_fold(text: &str, word: &str) -> bool {
    text.eq_ignore_ascii_case(word) || text.replace('ſ', "s").eq_ignore_ascii_case(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Layer;

    fn check(mode: Mode, argument: &str, error: Option<&str>, shown: &[&str]) {
        let map = Map::new();
        let mut origins = Origins::off();
        let source = origins.add_source(Layer::Flag, "", b"");
        let read: ReadPath<'_> = &mut |path| Ok(format!("<{path}>").into_bytes());
        let parser = Parser { mode, compat: Compat::Helm4, read, origins: &mut origins, source };
        let result = parse_into(argument, &map, parser);
        assert_eq!(result.err().as_deref(), error, "{argument}");
        let text = crate::text::print(&Value::map(map));
        assert_eq!(text, format!("map[{}]", shown.join(" ")), "{argument}");
    }

    #[test]
    fn values_have_types_where_the_flag_gives_them() {
        check(Mode::Typed, "a=1,b=TRUE,c=null,d=01", None, &["a:1", "b:true", "c:<nil>", "d:01"]);
        check(Mode::String, "a=1", None, &["a:1"]);
        check(Mode::File, "a=p,b.c=q", None, &["a:<p>", "b:map[c:<q>]"]);
        check(Mode::Json, "a={\"x\":[1]},b=", None, &["a:map[x:[1]]", "b:<nil>"]);
        check(Mode::Literal, "a=b,c=d\\", None, &["a:b,c=d\\"]);
    }

    #[test]
    fn keys_lead_through_maps_and_lists() {
        check(Mode::Typed, "a[1].b[0][1]=x", None, &["a:[<nil> map[b:[[<nil> x]]]]"]);
        check(Mode::Typed, "a\\.b=1,c={1,x},d=q", None, &["a.b:1", "c:[1 x]", "d:q"]);
    }

    #[test]
    fn what_was_set_before_a_mistake_stays() {
        check(Mode::Typed, "a=1,b", Some("key \"b\" has no value"), &["a:1"]);
        check(
            Mode::Typed,
            "a=1,a.b=2",
            Some(
                "unable to parse key: interface conversion: interface {} is int64, \
                 not map[string]interface {}",
            ),
            &["a:1"],
        );
        check(Mode::Typed, "a[-1]=1", Some("negative -1 index not allowed"), &["a:[]"]);
        check(Mode::Typed, "a={1", Some("list must terminate with '}'"), &[]);
    }

    #[test]
    fn deep_keys_do_not_overflow_the_stack() {
        let argument = format!("a{}=1", "[0]".repeat(5000));
        let map = Map::new();
        let mut origins = Origins::off();
        let source = origins.add_source(Layer::Flag, "", b"");
        let read: ReadPath<'_> = &mut |_| Ok(Vec::new());
        let parser = Parser {
            mode: Mode::Typed,
            compat: Compat::Helm4,
            read,
            origins: &mut origins,
            source,
        };
        assert_eq!(parse_into(&argument, &map, parser), Ok(()));
        assert_eq!(map.len(), 1);
    }
}
