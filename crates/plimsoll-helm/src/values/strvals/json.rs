use plimsoll_gotmpl::{Map, Text, Value};

/// How deep encoding/json lets values nest.
const MAX_DEPTH: usize = 10_000;

/// Decodes the one JSON value at the start of `input` as Go's `json.Decoder` does into an
/// `interface {}`: every number is a `float64`, of equal keys the last one stays. Gives the value
/// and how many bytes it took; the error is Go's text.
pub fn decode_prefix(input: &[u8]) -> Result<(Value, usize), String> {
    let mut decoder = Decoder { input, at: 0, range_error: None };
    let value = decoder.value()?;
    match decoder.range_error {
        Some(error) => Err(error),
        None => Ok((value, decoder.at)),
    }
}

struct Decoder<'a> {
    input: &'a [u8],
    at: usize,
    /// A number that no `float64` holds: Go checks the syntax of everything before it says so.
    range_error: Option<String>,
}

/// A list or map that is being read.
enum Open {
    List(Vec<Value>),
    Map(Vec<(Text, Value)>, Text),
}

impl Decoder<'_> {
    fn value(&mut self) -> Result<Value, String> {
        let mut open: Vec<Open> = Vec::new();
        let mut expected = "looking for beginning of value";
        loop {
            let mut done = match self.peek()? {
                b'[' => {
                    self.at += 1;
                    if self.peek()? == b']' {
                        self.at += 1;
                        Value::list(Vec::new())
                    } else {
                        push(&mut open, Open::List(Vec::new()))?;
                        expected = "looking for beginning of value";
                        continue;
                    }
                }
                b'{' => {
                    self.at += 1;
                    if self.peek()? == b'}' {
                        self.at += 1;
                        Value::map(Map::new())
                    } else {
                        let key = self.key("looking for beginning of object key string")?;
                        push(&mut open, Open::Map(Vec::new(), key))?;
                        continue;
                    }
                }
                _ => self.scalar(expected)?,
            };
            loop {
                match open.pop() {
                    None => return Ok(done),
                    Some(Open::List(mut items)) => {
                        items.push(done);
                        match self.peek()? {
                            b',' => {
                                self.at += 1;
                                open.push(Open::List(items));
                                break;
                            }
                            b']' => done = Value::list(items),
                            _ => return Err(self.invalid("after array element")),
                        }
                    }
                    Some(Open::Map(mut entries, key)) => {
                        entries.push((key, done));
                        match self.peek()? {
                            b',' => {
                                self.at += 1;
                                self.peek()?;
                                let key = self.key("looking for beginning of object key string")?;
                                open.push(Open::Map(entries, key));
                                break;
                            }
                            b'}' => done = Value::map(Map::from_entries(entries)),
                            _ => return Err(self.invalid("after object key:value pair")),
                        }
                    }
                }
                self.at += 1;
            }
        }
    }

    /// The next byte that is no blank, not yet taken.
    fn peek(&mut self) -> Result<u8, String> {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.input.get(self.at) {
            self.at += 1;
        }
        self.input.get(self.at).copied().ok_or_else(|| {
            let blank = self.input.iter().all(u8::is_ascii_whitespace);
            if blank { "EOF" } else { "unexpected EOF" }.to_owned()
        })
    }

    fn key(&mut self, expected: &str) -> Result<Text, String> {
        if self.input[self.at] != b'"' {
            return Err(self.invalid(expected));
        }
        let key = self.string()?;
        if self.peek()? != b':' {
            return Err(self.invalid("after object key"));
        }
        self.at += 1;
        Ok(key)
    }

    fn scalar(&mut self, expected: &str) -> Result<Value, String> {
        match self.input[self.at] {
            b'"' => Ok(Value::text(self.string()?)),
            b't' => self.word("true", Value::bool(true)),
            b'f' => self.word("false", Value::bool(false)),
            b'n' => self.word("null", Value::Nil),
            b'-' | b'0'..=b'9' => self.number(),
            _ => Err(self.invalid(expected)),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, String> {
        for (index, &wanted) in word.as_bytes().iter().enumerate() {
            match self.input.get(self.at) {
                None => return Err("unexpected EOF".to_owned()),
                Some(&byte) if byte == wanted => self.at += 1,
                Some(_) => {
                    let wanted = char::from(wanted);
                    debug_assert!(index > 0, "the first byte chose the word");
                    return Err(self.invalid(&format!("in literal {word} (expecting '{wanted}')")));
                }
            }
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        if self.input[self.at] == b'-' {
            self.at += 1;
            self.digit("in numeric literal")?;
        }
        if self.input[self.at] == b'0' {
            self.at += 1;
        } else {
            self.digits();
        }
        if self.input.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digit("after decimal point in numeric literal")?;
            self.digits();
        }
        if let Some(b'e' | b'E') = self.input.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.input.get(self.at) {
                self.at += 1;
            }
            self.digit("in exponent of numeric literal")?;
            self.digits();
        }
        let text = std::str::from_utf8(&self.input[start..self.at]).expect("digits are ASCII");
        let number: f64 = text.parse().expect("JSON numbers are Rust's too");
        if number.is_infinite() {
            self.range_error.get_or_insert_with(|| {
                format!("json: cannot unmarshal number {text} into Go value of type float64")
            });
        }
        Ok(Value::float(number))
    }

    fn digit(&mut self, place: &str) -> Result<(), String> {
        match self.input.get(self.at) {
            None => Err("unexpected EOF".to_owned()),
            Some(byte) if byte.is_ascii_digit() => Ok(()),
            Some(_) => Err(self.invalid(place)),
        }
    }

    fn digits(&mut self) {
        while self.input.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
    }

    /// A quoted text; invalid bytes and lone surrogates become U+FFFD, as in Go.
    fn string(&mut self) -> Result<Text, String> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.input[self.at..];
            let plain = rest.iter().take_while(|&&b| b != b'"' && b != b'\\' && b >= b' ').count();
            push_lossy(&mut text, &rest[..plain]);
            self.at += plain;
            match rest.get(plain) {
                None => return Err("unexpected EOF".to_owned()),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Text::from(text));
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.push(self.escape()?);
                }
                Some(_) => return Err(self.invalid("in string literal")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let Some(&byte) = self.input.get(self.at) else { return Err("unexpected EOF".to_owned()) };
        let plain = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err(self.invalid("in string escape code")),
        };
        self.at += 1;
        Ok(plain)
    }

    fn unicode_escape(&mut self) -> Result<char, String> {
        let high = self.four_digits()?;
        if (0xd800..0xdc00).contains(&high) && self.input[self.at..].starts_with(b"\\u") {
            let back = self.at;
            self.at += 1;
            let low = self.four_digits()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// The digits behind the `u` at the cursor.
    fn four_digits(&mut self) -> Result<u32, String> {
        self.at += 1;
        let mut code = 0;
        for _ in 0..4 {
            let Some(&byte) = self.input.get(self.at) else {
                return Err("unexpected EOF".to_owned());
            };
            let Some(digit) = char::from(byte).to_digit(16) else {
                return Err(self.invalid("in \\u hexadecimal character escape"));
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn invalid(&self, place: &str) -> String {
        let shown = match self.input[self.at] {
            b'\'' => r"'\''".to_owned(),
            b'"' => r#"'"'"#.to_owned(),
            byte => crate::text::quote_char(char::from(byte)),
        };
        format!("invalid character {shown} {place}")
    }
}

fn push(open: &mut Vec<Open>, one: Open) -> Result<(), String> {
    open.push(one);
    if open.len() > MAX_DEPTH { Err("exceeded max depth".to_owned()) } else { Ok(()) }
}

/// Go replaces each byte that belongs to no character, Rust each run of them.
fn push_lossy(text: &mut String, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: Result<(&str, usize), &str>) {
        let got = decode_prefix(input.as_bytes());
        let got = got.map(|(value, used)| (format!("{value:?}"), used));
        match (got, expected) {
            (Ok((value, used)), Ok((part, bytes))) => {
                assert!(value.contains(part), "{input}: {value}");
                assert_eq!(used, bytes, "{input}");
            }
            (got, expected) => assert_eq!(got.err().as_deref(), expected.err(), "{input}"),
        }
    }

    #[test]
    fn one_value_is_decoded_and_the_rest_is_left() {
        check(r#"{"a":[1,{"b":null}]} x"#, Ok(("Nil", 20)));
        check("01", Ok(("0.0", 1)));
        check(r#""😀\ud800x" "#, Ok(("😀\u{fffd}x", 13)));
    }

    #[test]
    fn errors_are_in_go_s_words() {
        check("b", Err("invalid character 'b' looking for beginning of value"));
        check("[1", Err("unexpected EOF"));
        check("", Err("EOF"));
        check("nux", Err("invalid character 'x' in literal null (expecting 'l')"));
        check("[1 2]", Err("invalid character '2' after array element"));
        check("{a", Err("invalid character 'a' looking for beginning of object key string"));
        check("1e400", Err("json: cannot unmarshal number 1e400 into Go value of type float64"));
    }
}
