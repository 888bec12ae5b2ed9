//! Text out: the layout and the styles of go-yaml's two emitters, as `toYaml` (v2) and
//! `toYamlPretty` (v3) print.

mod analysis;
mod json_leg;
mod json_place;
mod key_order;
mod write;

use std::ops::Range;

use plimsoll_source::strconv;

use crate::error::YamlError;
use analysis::ScalarStyle;
use json_place::JsonPlace;
pub use key_order::sort_keys;

/// Whose rules are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// go-yaml 2 behind encoding/json, as Helm's `toYaml`.
    V2,
    /// go-yaml 3 with an indent of two, as Helm's `toYamlPretty`.
    V3,
}

#[derive(Clone, Copy, PartialEq)]
enum Level {
    Sequence,
    Mapping { key: bool, simple: bool },
}

/// Writes YAML from the values in their order: every collection is begun with its length and ended,
/// every value of a mapping follows its key. Keys come sorted by [`sort_keys`].
pub struct Emitter {
    version: Version,
    out: Vec<u8>,
    column: usize,
    whitespace: bool,
    indention: bool,
    indent: isize,
    indents: Vec<isize>,
    levels: Vec<(Level, bool)>,
    /// How many of the open collections are empty and so wrote nothing of their own.
    empty: usize,
    last: Range<usize>,
    place: JsonPlace,
    error: Option<YamlError>,
}

impl Emitter {
    /// An emitter for one document.
    pub fn new(version: Version) -> Emitter {
        Emitter {
            version,
            out: Vec::new(),
            column: 0,
            whitespace: true,
            indention: true,
            indent: -1,
            indents: Vec::new(),
            levels: Vec::new(),
            empty: 0,
            last: 0..0,
            place: JsonPlace::default(),
            error: None,
        }
    }

    /// The bytes that the last scalar value took, its quotes included.
    pub fn last_scalar(&self) -> Range<usize> {
        self.last.clone()
    }

    /// The text, ending in one line break; the error is what `mustToYaml` says.
    pub fn finish(mut self) -> Result<Vec<u8>, YamlError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        if let Some(message) = self.place.error() {
            return Err(YamlError::new(message));
        }
        if self.column > 0 || self.out.is_empty() {
            self.out.push(b'\n');
        }
        Ok(self.out)
    }

    /// `null`
    pub fn null(&mut self) {
        self.plain(b"null");
    }

    /// `true` or `false`.
    pub fn bool(&mut self, value: bool) {
        self.plain(if value { b"true" } else { b"false" });
    }

    /// A signed integer.
    pub fn int(&mut self, value: i64) {
        self.plain(value.to_string().as_bytes());
    }

    /// An unsigned integer.
    pub fn uint(&mut self, value: u64) {
        self.plain(value.to_string().as_bytes());
    }

    /// A float; version 2 has read it back from JSON and so writes whole numbers as integers.
    pub fn float(&mut self, value: f64) {
        if self.version == Version::V2 {
            if !value.is_finite() {
                let name = strconv::format_float(value, b'g', -1, 64);
                self.fail(format!("json: unsupported value: {name}"));
                return;
            }
            if value.fract() == 0.0 && value.abs() < 1e21 {
                // The digits are those of JSON: the shortest that give the float back.
                let digits = strconv::format_float(value, b'f', -1, 64);
                if let Ok(value) = digits.parse() {
                    return self.int(value);
                }
                if let Ok(value) = digits.parse() {
                    return self.uint(value);
                }
            }
        }
        let text = match strconv::format_float(value, b'g', -1, 64).as_str() {
            "+Inf" => ".inf".to_owned(),
            "-Inf" => "-.inf".to_owned(),
            "NaN" => ".nan".to_owned(),
            text => text.to_owned(),
        };
        self.plain(text.as_bytes());
    }

    /// A string.
    pub fn string(&mut self, raw: &[u8]) {
        self.before();
        let text = match self.prepared(raw, false) {
            Ok(text) => text,
            Err(json_leg::Refused::Text(message)) => return self.fail(message),
            Err(json_leg::Refused::Key) => return self.place.fail(raw),
        };
        self.place.breaks(raw);
        let start = self.out.len();
        self.text(&text, false);
        self.last = start + usize::from(self.out.get(start) == Some(&b' '))..self.out.len();
        self.after();
    }

    /// The key of the value that follows.
    pub fn key(&mut self, raw: &[u8]) {
        if self.version == Version::V2 {
            self.place.key(raw);
        }
        let text = match self.prepared(raw, true) {
            Ok(text) => text,
            Err(json_leg::Refused::Text(message)) => return self.fail(message),
            Err(json_leg::Refused::Key) => return self.place.fail(raw),
        };
        let first = self.levels.last().is_some_and(|(_, first)| *first);
        if let Some((_, first)) = self.levels.last_mut() {
            *first = false;
        }
        if first {
            self.increase_indent(false);
        }
        self.write_indent();
        let multiline = analysis::analyze(&text, self.version).multiline;
        let simple = text.len() <= 128 && !multiline;
        if !simple {
            self.indicator(b"?", true, false, true);
        }
        self.text(&text, simple);
        if let Some((level, _)) = self.levels.last_mut() {
            *level = Level::Mapping { key: false, simple };
        }
    }

    /// Begins a sequence of `length` items.
    pub fn begin_sequence(&mut self, length: usize) {
        self.before();
        if length == 0 {
            self.indicator(b"[", true, true, false);
            self.indicator(b"]", false, false, false);
            self.empty += 1;
            return;
        }
        let in_mapping = matches!(self.levels.last(), Some((Level::Mapping { .. }, _)));
        let indentless = self.version == Version::V2 && in_mapping && !self.indention;
        self.increase_indent(indentless);
        self.levels.push((Level::Sequence, true));
        self.place.open();
    }

    /// Ends a sequence.
    pub fn end_sequence(&mut self) {
        if self.empty > 0 {
            self.empty -= 1;
        } else {
            self.levels.pop();
            self.place.close();
            self.indent = self.indents.pop().unwrap_or(-1);
        }
        self.after();
    }

    /// Begins a mapping of `length` entries.
    pub fn begin_mapping(&mut self, length: usize) {
        self.before();
        if length == 0 {
            self.indicator(b"{", true, true, false);
            self.indicator(b"}", false, false, false);
            self.empty += 1;
            return;
        }
        self.levels.push((Level::Mapping { key: true, simple: true }, true));
        self.place.open();
    }

    /// Ends a mapping.
    pub fn end_mapping(&mut self) {
        if self.empty > 0 {
            self.empty -= 1;
        } else {
            self.levels.pop();
            self.place.close();
            self.indent = self.indents.pop().unwrap_or(-1);
        }
        self.after();
    }

    fn fail(&mut self, message: String) {
        // go-yaml reads ahead: what no YAML may hold is noticed before what this one may not.
        if self.error.is_none() || message.contains("control characters") {
            self.error = Some(YamlError::new(message));
        }
    }

    fn plain(&mut self, text: &[u8]) {
        self.before();
        let start = self.out.len();
        self.increase_flow_indent();
        self.write_plain(text, false);
        self.indent = self.indents.pop().unwrap_or(-1);
        self.last = start + usize::from(self.out.get(start) == Some(&b' '))..self.out.len();
        self.after();
    }

    /// What stands before a value: the dash of an item, the colon behind a key.
    fn before(&mut self) {
        match self.levels.last().copied() {
            Some((Level::Sequence, _)) => {
                self.place.item();
                self.write_indent();
                self.indicator(b"-", true, false, true);
            }
            Some((Level::Mapping { key: false, simple: true }, _)) => {
                self.indicator(b":", false, false, false);
            }
            Some((Level::Mapping { key: false, simple: false }, _)) => {
                self.write_indent();
                self.indicator(b":", true, false, true);
            }
            _ => {}
        }
    }

    fn after(&mut self) {
        if let Some((Level::Mapping { key, .. }, _)) = self.levels.last_mut() {
            *key = true;
        }
    }

    /// A string or key in the style that suits it.
    fn text(&mut self, text: &[u8], simple_key: bool) {
        let style = analysis::choose(text, self.version, simple_key);
        self.increase_flow_indent();
        match style {
            ScalarStyle::Plain => self.write_plain(text, simple_key),
            ScalarStyle::Single => self.write_single(text, simple_key),
            ScalarStyle::Double => self.write_double(text, simple_key),
            ScalarStyle::Literal => self.write_literal(text),
            ScalarStyle::Binary => self.write_binary(text),
        }
        self.indent = self.indents.pop().unwrap_or(-1);
    }

    fn prepared<'t>(
        &self,
        text: &'t [u8],
        key: bool,
    ) -> Result<std::borrow::Cow<'t, [u8]>, json_leg::Refused> {
        match self.version {
            Version::V2 => json_leg::through_json(text, key),
            Version::V3 => Ok(text.into()),
        }
    }

    fn increase_indent(&mut self, indentless: bool) {
        self.indents.push(self.indent);
        if self.indent < 0 {
            self.indent = 0;
        } else if !indentless {
            self.indent += 2;
        }
    }

    fn increase_flow_indent(&mut self) {
        self.indents.push(self.indent);
        self.indent = if self.indent < 0 { 2 } else { self.indent + 2 };
    }
}
