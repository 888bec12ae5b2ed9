//! Text out: the layout and the styles of go-yaml's two emitters, as `toYaml` (v2) and
//! `toYamlPretty` (v3) print.

mod analysis;
mod json_leg;
mod json_place;
mod key_order;
mod output;
mod write;

use plimsoll_source::strconv;

use crate::error::YamlError;
use analysis::ScalarStyle;
use json_place::JsonPlace;
pub use key_order::sort_keys;
pub use output::Output;
use write::width_in_characters;

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
///
/// It writes into a plain vector, or into an [`Output`] that is told where each scalar came from;
/// the methods that end in `_from` take that.
pub struct Emitter<O: Output = Vec<u8>> {
    version: Version,
    out: O,
    column: usize,
    whitespace: bool,
    indention: bool,
    indent: isize,
    indents: Vec<isize>,
    levels: Vec<(Level, bool)>,
    /// How many of the open collections are empty and so wrote nothing of their own.
    empty: usize,
    /// Kept only where an error must say where it is.
    place: Option<JsonPlace>,
    /// Whether a key was met that go-yaml cannot read.
    bad_key: bool,
    error: Option<YamlError>,
}

/// go-yaml: `max_flow_level`, which the JSON behind version 2 may not pass.
const MOST_DEPTH: usize = 10_000;

impl Emitter {
    /// An emitter for one document whose errors are those of `mustToYaml`.
    pub fn new(version: Version) -> Emitter {
        Emitter::with_output(version, Vec::new()).explaining()
    }

    /// The text, ending in one line break; the error is what `mustToYaml` says.
    pub fn finish(self) -> Result<Vec<u8>, YamlError> {
        let column = self.column;
        let mut out = self.finish_output()?;
        if column > 0 || out.is_empty() {
            out.push(b'\n');
        }
        Ok(out)
    }

    /// `null`
    pub fn null(&mut self) {
        self.null_from(());
    }

    /// `true` or `false`.
    pub fn bool(&mut self, value: bool) {
        self.bool_from(value, ());
    }

    /// A signed integer.
    pub fn int(&mut self, value: i64) {
        self.int_from(value, ());
    }

    /// An unsigned integer.
    pub fn uint(&mut self, value: u64) {
        self.uint_from(value, ());
    }

    /// A float; version 2 has read it back from JSON and so writes whole numbers as integers.
    pub fn float(&mut self, value: f64) {
        self.float_from(value, ());
    }

    /// A string.
    pub fn string(&mut self, raw: &[u8]) {
        self.string_from(raw, ());
    }

    /// The key of the value that follows.
    pub fn key(&mut self, raw: &[u8]) {
        self.key_from(raw, ());
    }
}

impl<O: Output> Emitter<O> {
    /// An emitter for one document.
    pub fn with_output(version: Version, out: O) -> Emitter<O> {
        Emitter {
            version,
            out,
            column: 0,
            whitespace: true,
            indention: true,
            indent: -1,
            indents: Vec::with_capacity(16),
            levels: Vec::with_capacity(16),
            empty: 0,
            place: None,
            bad_key: false,
            error: None,
        }
    }

    /// The same, but errors about keys say which line they are on, for which every key is noted.
    #[must_use]
    pub fn explaining(mut self) -> Emitter<O> {
        self.place = Some(JsonPlace::default());
        self
    }

    /// Whether the value cannot be written, whatever follows.
    pub fn has_failed(&self) -> bool {
        self.error.is_some() || self.bad_key
    }

    /// What was written: the line break that ends the document is there only if a block scalar
    /// ends it.
    pub fn finish_output(self) -> Result<O, YamlError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let message = self.place.and_then(|place| place.error());
        let message = message.or(self.bad_key.then(|| json_place::BAD_KEY.to_owned()));
        message.map_or(Ok(self.out), |message| Err(YamlError::new(message)))
    }

    /// `null`
    pub fn null_from(&mut self, source: O::Source<'_>) {
        self.token(b"null", source);
    }

    /// `true` or `false`.
    pub fn bool_from(&mut self, value: bool, source: O::Source<'_>) {
        self.token(if value { b"true" } else { b"false" }, source);
    }

    /// A signed integer.
    pub fn int_from(&mut self, value: i64, source: O::Source<'_>) {
        let mut text = Vec::new();
        strconv::append_int(&mut text, value);
        self.token(&text, source);
    }

    /// An unsigned integer.
    pub fn uint_from(&mut self, value: u64, source: O::Source<'_>) {
        let mut text = Vec::new();
        strconv::append_uint(&mut text, value);
        self.token(&text, source);
    }

    /// A float; version 2 has read it back from JSON and so writes whole numbers as integers.
    pub fn float_from(&mut self, value: f64, source: O::Source<'_>) {
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
                    return self.int_from(value, source);
                }
                if let Ok(value) = digits.parse() {
                    return self.uint_from(value, source);
                }
            }
        }
        let text = match strconv::format_float(value, b'g', -1, 64).as_str() {
            "+Inf" => ".inf".to_owned(),
            "-Inf" => "-.inf".to_owned(),
            "NaN" => ".nan".to_owned(),
            text => text.to_owned(),
        };
        self.token(text.as_bytes(), source);
    }

    /// A string.
    pub fn string_from(&mut self, raw: &[u8], source: O::Source<'_>) {
        self.before();
        let text = match self.prepared(raw, false) {
            Ok(text) => text,
            Err(refused) => return self.refuse(refused, raw),
        };
        if let Some(place) = &mut self.place {
            place.breaks(raw);
        }
        let style = analysis::choose(&text, self.version, false);
        if style == ScalarStyle::Plain && !self.may_fold(&text) {
            if !self.whitespace {
                self.put(b" ");
            }
            if text.as_ptr() == raw.as_ptr() {
                self.out.verbatim(&text, source);
            } else {
                let start = self.out.bytes().len();
                self.out.bytes().extend_from_slice(&text);
                self.out.came_from(start, source);
            }
            self.column += width_in_characters(&text);
            self.whitespace = false;
            self.indention = false;
        } else {
            let start = self.out.bytes().len();
            self.styled(&text, style, false);
            self.out.came_from(start, source);
        }
        self.after();
    }

    /// Something that is no string and needs no quotes, as it is.
    pub fn token(&mut self, text: &[u8], source: O::Source<'_>) {
        self.before();
        if !self.whitespace {
            self.put(b" ");
        }
        let start = self.out.bytes().len();
        self.out.bytes().extend_from_slice(text);
        self.out.came_from(start, source);
        self.column += text.len();
        self.whitespace = false;
        self.indention = false;
        self.after();
    }

    fn refuse(&mut self, refused: json_leg::Refused, raw: &[u8]) {
        match refused {
            json_leg::Refused::Text(message) => self.fail(message),
            json_leg::Refused::Key => {
                self.bad_key = true;
                if let Some(place) = &mut self.place {
                    place.fail(raw);
                }
            }
        }
    }

    /// The key of the value that follows.
    pub fn key_from(&mut self, raw: &[u8], source: O::Source<'_>) {
        if let (Version::V2, Some(place)) = (self.version, &mut self.place) {
            place.key(raw);
        }
        let text = match self.prepared(raw, true) {
            Ok(text) => text,
            Err(refused) => return self.refuse(refused, raw),
        };
        let first = self.levels.last().is_some_and(|(_, first)| *first);
        if let Some((_, first)) = self.levels.last_mut() {
            *first = false;
        }
        if first {
            self.increase_indent(false);
        }
        self.write_indent();
        let simple = text.len() <= 128 && !analysis::is_multiline(&text);
        if !simple {
            self.indicator(b"?", true, false, true);
        }
        let style = analysis::choose(&text, self.version, simple);
        let start = self.out.bytes().len();
        self.styled(&text, style, simple);
        self.out.came_from(start, source);
        if let Some((level, _)) = self.levels.last_mut() {
            *level = Level::Mapping { key: false, simple };
        }
    }

    /// Begins a sequence of `length` items.
    pub fn begin_sequence(&mut self, length: usize) {
        self.before();
        self.check_depth();
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
        self.open_place();
    }

    /// Ends a sequence.
    pub fn end_sequence(&mut self) {
        if self.empty > 0 {
            self.empty -= 1;
        } else {
            self.levels.pop();
            self.close_place();
            self.indent = self.indents.pop().unwrap_or(-1);
        }
        self.after();
    }

    /// Begins a mapping of `length` entries.
    pub fn begin_mapping(&mut self, length: usize) {
        self.before();
        self.check_depth();
        if length == 0 {
            self.indicator(b"{", true, true, false);
            self.indicator(b"}", false, false, false);
            self.empty += 1;
            return;
        }
        self.levels.push((Level::Mapping { key: true, simple: true }, true));
        self.open_place();
    }

    /// Ends a mapping.
    pub fn end_mapping(&mut self) {
        if self.empty > 0 {
            self.empty -= 1;
        } else {
            self.levels.pop();
            self.close_place();
            self.indent = self.indents.pop().unwrap_or(-1);
        }
        self.after();
    }

    fn check_depth(&mut self) {
        if self.version == Version::V2 && self.levels.len() == MOST_DEPTH {
            self.fail(format!("yaml: exceeded max depth of {MOST_DEPTH}"));
        }
    }

    fn open_place(&mut self) {
        if let Some(place) = &mut self.place {
            place.open();
        }
    }

    fn close_place(&mut self) {
        if let Some(place) = &mut self.place {
            place.close();
        }
    }

    fn fail(&mut self, message: String) {
        // go-yaml reads ahead: what no YAML may hold is noticed before what this one may not.
        if self.error.is_none() || message.contains("control characters") {
            self.error = Some(YamlError::new(message));
        }
    }

    /// What stands before a value: the dash of an item, the colon behind a key.
    fn before(&mut self) {
        match self.levels.last().copied() {
            Some((Level::Sequence, _)) => {
                if let Some(place) = &mut self.place {
                    place.item();
                }
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

    /// A string or key in its style.
    fn styled(&mut self, text: &[u8], style: ScalarStyle, simple_key: bool) {
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

    /// Whether a plain scalar may come to be broken.
    fn may_fold(&self, text: &[u8]) -> bool {
        self.version == Version::V2
            && self.column + text.len() >= write::BEST_WIDTH
            && text.contains(&b' ')
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
