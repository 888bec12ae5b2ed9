use std::ops::Range;

use plimsoll_gotmpl::{Elem, List, Map, MapType, Text, Value};
use plimsoll_source::{Origin, strconv};

use super::syntax::{Scalar, Scanner, Token};

/// What the text is decoded into, as a Go variable's type would say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// `interface {}`
    Any,
    /// `map[string]interface {}`
    Map,
    /// `[]interface {}`
    List,
}

/// Why a text could not be decoded.
#[derive(Debug, Clone)]
pub struct DecodeError {
    /// Go's text: `invalid character 'x' looking for beginning of value`.
    pub message: String,
    /// What Go has decoded all the same: the text is good but for values that do not fit, which
    /// are nil.
    pub partial: Option<Value>,
}

/// Reads a JSON text as Go's `json.Unmarshal` does: numbers are `float64`, `null` gives a nil map
/// or slice where one is asked for.
pub fn decode(source: &[u8], target: Target) -> Result<Value, DecodeError> {
    decode_with(source, target, &|_| Origin::NONE)
}

/// Like [`decode`]; `origin_of` says where the bytes of a scalar came from.
pub fn decode_with(
    source: &[u8],
    target: Target,
    origin_of: &dyn Fn(Range<usize>) -> Origin,
) -> Result<Value, DecodeError> {
    let mut builder = Builder { origin_of, open: Vec::new(), done: Value::Nil, error: None };
    let mut scanner = Scanner::new(source);
    loop {
        match scanner.next() {
            Ok(Token::End) => break,
            Ok(token) => builder.take(token),
            Err(message) => return Err(DecodeError { message, partial: None }),
        }
    }
    builder.finish(target)
}

struct Builder<'a> {
    origin_of: &'a dyn Fn(Range<usize>) -> Origin,
    open: Vec<Open>,
    done: Value,
    /// encoding/json: the first value that does not fit is told, the others go on.
    error: Option<String>,
}

enum Open {
    List(Vec<Value>),
    Map(Vec<(Text, Value)>, Text),
}

impl Builder<'_> {
    fn take(&mut self, token: Token<'_>) {
        match token {
            Token::OpenList => self.open.push(Open::List(Vec::new())),
            Token::OpenMap => self.open.push(Open::Map(Vec::new(), Text::from(""))),
            Token::Close => match self.open.pop() {
                Some(Open::List(items)) => self.add(Value::list(items)),
                Some(Open::Map(entries, _)) => self.add(Map::from_entries(entries).into()),
                None => {}
            },
            Token::Key(text) => {
                if let Some(Open::Map(_, key)) = self.open.last_mut() {
                    *key = text.into_owned().into();
                }
            }
            Token::Scalar(scalar, span) => {
                let value = self.scalar(scalar).with_origin((self.origin_of)(span));
                self.add(value);
            }
            Token::End => {}
        }
    }

    fn scalar(&mut self, scalar: Scalar<'_>) -> Value {
        match scalar {
            Scalar::Null => Value::Nil,
            Scalar::Bool(value) => Value::bool(value),
            Scalar::Text(text) => Value::text(text.into_owned()),
            Scalar::Number(digits) => {
                if let Ok(number) = strconv::parse_float(digits, 64) {
                    Value::float(number)
                } else {
                    self.error.get_or_insert_with(|| {
                        let digits = String::from_utf8_lossy(digits);
                        format!(
                            "json: cannot unmarshal number {digits} into Go value of type float64"
                        )
                    });
                    Value::Nil
                }
            }
        }
    }

    fn add(&mut self, value: Value) {
        match self.open.last_mut() {
            None => self.done = value,
            Some(Open::List(items)) => items.push(value),
            Some(Open::Map(entries, key)) => {
                entries.push((std::mem::replace(key, Text::from("")), value));
            }
        }
    }

    fn finish(self, target: Target) -> Result<Value, DecodeError> {
        let wrong = match (target, &self.done) {
            (Target::Any, _) | (Target::Map, Value::Map(..)) | (Target::List, Value::List(..)) => {
                None
            }
            (Target::Map, Value::Nil) if self.error.is_none() => {
                return Ok(Value::map(Map::nil(MapType::ANY)));
            }
            (Target::List, Value::Nil) if self.error.is_none() => {
                return Ok(List::nil(Elem::Any).into());
            }
            (Target::Map, other) => Some((json_kind(other), "map[string]interface {}")),
            (Target::List, other) => Some((json_kind(other), "[]interface {}")),
        };
        if let Some((kind, ty)) = wrong {
            let message = format!("json: cannot unmarshal {kind} into Go value of type {ty}");
            return Err(DecodeError { message, partial: None });
        }
        match self.error {
            None => Ok(self.done),
            Some(message) => Err(DecodeError { message, partial: Some(self.done) }),
        }
    }
}

fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Bool(..) => "bool",
        Value::Text(..) => "string",
        Value::List(..) => "array",
        Value::Map(..) | Value::Object(..) => "object",
        Value::Nil | Value::Int(..) | Value::Uint(..) | Value::Float(..) => "number",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Style, encode};

    fn check(source: &str, want: &str) {
        let got = match decode(source.as_bytes(), Target::Any) {
            Ok(value) => {
                encode(&value, Style::Raw).expect("it can be written").to_str_lossy().into_owned()
            }
            Err(error) => error.message,
        };
        assert_eq!(got, want, "{source:?}");
    }

    #[test]
    fn values_are_read() {
        check(
            r#" {"b":[1,-0.5e1,"\u00e9\n"],"a":{},"b2":[]} "#,
            r#"{"a":{},"b":[1,-5,"é\n"],"b2":[]}"#,
        );
        check(r#"{"a":1,"a":2}"#, r#"{"a":2}"#);
        check(r#""\ud83d\ude00 \ud83d \u0041""#, "\"😀 \u{fffd} A\"");
    }

    #[test]
    fn errors_read_as_in_go() {
        check("", "unexpected end of JSON input");
        check("{", "unexpected end of JSON input");
        check("\"a", "unexpected end of JSON input");
        check("-", "invalid character ' ' in numeric literal");
        check("01", "invalid character '1' after top-level value");
        check("1.x", "invalid character 'x' after decimal point in numeric literal");
        check("1e", "invalid character ' ' in exponent of numeric literal");
        check("tru", "invalid character ' ' in literal true (expecting 'e')");
        check("nul1", "invalid character '1' in literal null (expecting 'l')");
        check("[1 2]", "invalid character '2' after array element");
        check("{\"a\" 1}", "invalid character '1' after object key");
        check("{\"a\":1 1}", "invalid character '1' after object key:value pair");
        check("{\"a\":1,}", "invalid character '}' looking for beginning of object key string");
        check("{1}", "invalid character '1' looking for beginning of object key string");
        check("\"\n\"", "invalid character '\\n' in string literal");
        check("\"\\x\"", "invalid character 'x' in string escape code");
        check("\"\\u12g4\"", "invalid character 'g' in \\u hexadecimal character escape");
        check("'a'", "invalid character '\\'' looking for beginning of value");
        check("é", "invalid character 'Ã' looking for beginning of value");
        check("1e400", "json: cannot unmarshal number 1e400 into Go value of type float64");
    }

    #[test]
    fn nesting_ends_at_ten_thousand() {
        let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        let within = std::thread::Builder::new().stack_size(64 << 20);
        let within = within.spawn(move || decode(deep(10_000).as_bytes(), Target::Any).is_ok());
        assert!(within.expect("a thread starts").join().expect("it does not panic"));
        let beyond = "[".repeat(10_001);
        check(&beyond, "invalid character '[' exceeded max depth");
    }
}
