use std::ops::Range;

use plimsoll_gotmpl::{Map, Value};
use plimsoll_source::{Origin, strconv};

use super::cursor::{Cursor, Fault, char_or_end, is_blank, is_break, quoted};
use super::tables::{Item, Tables};
use super::text::is_bare;
use super::value::{Start, read_basic, read_literal, read_start};

/// Reads a TOML document; `origin_of` says where the bytes of a scalar came from.
///
/// Fails with the library's text: `toml: line 1 (last key "a"): unexpected EOF; expected value`.
pub(super) fn parse(
    source: &[u8],
    origin_of: &dyn Fn(Range<usize>) -> Origin,
) -> Result<Map, String> {
    let skipped = match source {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => 2,
        [0xef, 0xbb, 0xbf, ..] => 3,
        _ => 0,
    };
    let source = &source[skipped..];
    if source.iter().take(6).any(|byte| *byte == 0) {
        return Err("toml: line 1: files cannot contain NULL bytes; probably using UTF-16; TOML \
                    files must be UTF-8"
            .to_owned());
    }
    let origin_of = |span: Range<usize>| origin_of(span.start + skipped..span.end + skipped);
    let mut parser = Parser {
        cursor: Cursor::new(source),
        tables: Tables::new(),
        line: 1,
        origin_of: &origin_of,
    };
    match parser.document() {
        Ok(()) => Ok(parser.tables.take(0)),
        Err(Fault { line, message }) => {
            let last_key = parser.tables.last_key();
            if last_key.is_empty() {
                return Err(format!("toml: line {line}: {message}"));
            }
            Err(format!("toml: line {line} (last key {}): {message}", strconv::quote(&last_key)))
        }
    }
}

struct Parser<'a> {
    cursor: Cursor<'a>,
    tables: Tables,
    /// The line that faults of keys tell: where the last key or header began.
    line: i64,
    origin_of: &'a dyn Fn(Range<usize>) -> Origin,
}

/// A value that is not finished.
enum Open {
    Array(Vec<Value>),
    Inline { outer: Vec<Vec<u8>>, outer_key: Vec<u8>, own: Vec<Vec<u8>>, in_array: bool },
}

impl Parser<'_> {
    fn document(&mut self) -> Result<(), Fault> {
        loop {
            self.cursor.skip(|c| is_blank(c) || is_break(c))?;
            match self.cursor.peek()? {
                None => return Ok(()),
                Some('#') => {
                    self.cursor.skip_comment()?;
                    continue;
                }
                Some('[') => self.header()?,
                Some(_) => self.pair()?,
            }
            self.end_of_item()?;
        }
    }

    fn end_of_item(&mut self) -> Result<(), Fault> {
        self.cursor.skip_blanks()?;
        match self.cursor.next()? {
            None => Ok(()),
            Some('#') => self.cursor.skip_comment(),
            Some(c) if is_break(c) => Ok(()),
            other => Err(self.cursor.fault(format!(
                "expected a top-level item to end with a newline, comment, or EOF, but got {} \
                 instead",
                quoted(other)
            ))),
        }
    }

    fn header(&mut self) -> Result<(), Fault> {
        self.cursor.next()?;
        let array = self.cursor.accept('[')?;
        let mut key = Vec::new();
        loop {
            self.cursor.skip_blanks()?;
            let part = match self.cursor.peek()? {
                Some(']') | None => {
                    let message = "unexpected end of table name (table names cannot be empty)";
                    return Err(self.cursor.fault(message));
                }
                Some('.') => {
                    let message = "unexpected table separator (table names cannot be empty)";
                    return Err(self.cursor.fault(message));
                }
                _ => self.key_part()?,
            };
            if key.is_empty() {
                self.line = self.cursor.line;
            }
            key.push(part);
            self.check_parts(key.len())?;
            self.cursor.skip_blanks()?;
            match self.cursor.next()? {
                Some('.') => {}
                Some(']') => break,
                other => {
                    let message = format!(
                        "expected '.' or ']' to end table name, but got {} instead",
                        quoted(other)
                    );
                    return Err(self.cursor.fault_at(other, message));
                }
            }
        }
        if array {
            match self.cursor.next()? {
                Some(']') => {}
                other => {
                    let message = format!(
                        "expected end of table array name delimiter ']', but got {} instead",
                        quoted(other)
                    );
                    return Err(self.cursor.fault_at(other, message));
                }
            }
        }
        let entered = self.tables.enter(key, array);
        self.at_key(entered)?;
        self.tables.set_array(false);
        Ok(())
    }

    /// Go's library takes any number, and a time that grows with its square.
    fn check_parts(&self, count: usize) -> Result<(), Fault> {
        const MOST: usize = 1000;
        if count <= MOST {
            return Ok(());
        }
        Err(self.cursor.fault(format!("a key has more than {MOST} parts")))
    }

    fn pair(&mut self) -> Result<(), Fault> {
        let outer = self.tables.context.clone();
        self.key()?;
        self.value()?;
        self.tables.context = outer;
        self.tables.current.clear();
        Ok(())
    }

    fn at_key<T>(&self, result: Result<T, String>) -> Result<T, Fault> {
        result.map_err(|message| Fault { line: self.line, message })
    }

    fn key_part(&mut self) -> Result<Vec<u8>, Fault> {
        match self.cursor.peek()? {
            Some('"') => {
                self.cursor.next()?;
                read_basic(&mut self.cursor)
            }
            Some('\'') => {
                self.cursor.next()?;
                read_literal(&mut self.cursor)
            }
            _ => {
                let start = self.cursor.at;
                self.cursor.skip(|c| c.is_ascii() && is_bare(c as u8))?;
                Ok(self.cursor.since(start).to_vec())
            }
        }
    }

    /// Reads a key and its `=`, and takes its parts but the last one into the context.
    fn key(&mut self) -> Result<(), Fault> {
        self.cursor.skip_blanks()?;
        match self.cursor.peek()? {
            Some('=') | None => {
                return Err(self.cursor.fault("unexpected '=': key name appears blank"));
            }
            Some('.') => {
                return Err(self.cursor.fault("unexpected '.': keys cannot start with a '.'"));
            }
            Some(_) => {}
        }
        let mut parts = Vec::new();
        loop {
            self.cursor.skip_blanks()?;
            match self.cursor.peek()? {
                Some('=') | None => return Err(self.cursor.fault("unexpected '='")),
                Some('.') => return Err(self.cursor.fault("unexpected '.'")),
                Some(_) => {}
            }
            let part = self.key_part()?;
            if parts.is_empty() {
                self.line = self.cursor.line;
            }
            parts.push(part);
            self.check_parts(self.tables.context.len() + parts.len())?;
            if !self.key_goes_on()? {
                break;
            }
        }
        self.tables.current = parts.pop().unwrap_or_default();
        for part in parts {
            let entered = self.tables.enter_implicit(part);
            self.at_key(entered)?;
        }
        Ok(())
    }

    fn key_goes_on(&mut self) -> Result<bool, Fault> {
        self.cursor.skip_blanks()?;
        match self.cursor.next()? {
            Some('.') => Ok(true),
            Some('=') => Ok(false),
            None => {
                let message = "unexpected EOF; expected key separator '='";
                Err(self.cursor.fault_at(None, message))
            }
            other => {
                let message = format!("expected '.' or '=', but got {} instead", quoted(other));
                let is_break = other == Some('\n');
                Err(if is_break {
                    self.cursor.fault_before(message)
                } else {
                    self.cursor.fault(message)
                })
            }
        }
    }

    /// Reads the value of the current key and sets it, with whatever is nested in it.
    fn value(&mut self) -> Result<(), Fault> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            let mut made = self.start(&mut open)?;
            while let Some(item) = made {
                made = match open.last_mut() {
                    None => return self.set(item),
                    Some(Open::Array(items)) => {
                        items.push(self.element(item));
                        if self.array_goes_on()? { None } else { self.close(&mut open) }
                    }
                    Some(Open::Inline { own, .. }) => {
                        let own = own.clone();
                        self.set(item)?;
                        self.tables.context = own;
                        if self.inline_goes_on()? {
                            self.key()?;
                            None
                        } else {
                            self.close(&mut open)
                        }
                    }
                };
            }
        }
    }

    /// Reads a scalar, or opens an array or inline table and closes it where it is empty.
    fn start(&mut self, open: &mut Vec<Open>) -> Result<Option<Item>, Fault> {
        match read_start(&mut self.cursor)? {
            Start::Scalar(value, span) => {
                Ok(Some(Item::Value(value.with_origin((self.origin_of)(span)))))
            }
            Start::Array => {
                self.tables.set_array(true);
                open.push(Open::Array(Vec::new()));
                Ok(if self.item(']')? { None } else { self.close(open) })
            }
            Start::Inline => {
                let in_array = matches!(open.last(), Some(Open::Array(_)));
                let outer = self.tables.context.clone();
                let outer_key = self.tables.current.clone();
                let entered = self.tables.enter_inline(in_array);
                self.at_key(entered)?;
                let own = self.tables.context.clone();
                open.push(Open::Inline { outer, outer_key, own, in_array });
                if self.item('}')? {
                    self.key()?;
                    return Ok(None);
                }
                Ok(self.close(open))
            }
        }
    }

    fn close(&mut self, open: &mut Vec<Open>) -> Option<Item> {
        match open.pop()? {
            Open::Array(items) => Some(Item::Value(Value::list(items))),
            Open::Inline { outer, outer_key, own, in_array } => {
                self.tables.context = own;
                let node = self.tables.scope();
                let item = if in_array {
                    Item::Value(self.tables.take(node).into())
                } else {
                    Item::Table(node)
                };
                self.tables.context = outer;
                self.tables.current = outer_key;
                Some(item)
            }
        }
    }

    fn element(&mut self, item: Item) -> Value {
        match item {
            Item::Value(value) => value,
            Item::Table(node) => self.tables.take(node).into(),
            Item::Tables(_) => Value::Nil,
        }
    }

    fn set(&mut self, item: Item) -> Result<(), Fault> {
        let is_array = matches!(&item, Item::Value(Value::List(..)));
        let key = self.tables.current.clone();
        let set = self.tables.set(&key, item);
        self.at_key(set)?;
        self.tables.set_array(is_array);
        Ok(())
    }

    /// Looks for the next item of an array or inline table; `false` is its end.
    fn item(&mut self, end: char) -> Result<bool, Fault> {
        loop {
            self.cursor.skip(|c| is_blank(c) || is_break(c))?;
            match self.cursor.peek()? {
                Some('#') => self.cursor.skip_comment()?,
                Some(',') => {
                    self.cursor.next()?;
                    return Err(self.cursor.fault("unexpected comma"));
                }
                Some(c) if c == end => {
                    self.cursor.next()?;
                    return Ok(false);
                }
                _ => return Ok(true),
            }
        }
    }

    /// Looks behind a value of an array; `true` if another one follows.
    fn array_goes_on(&mut self) -> Result<bool, Fault> {
        loop {
            match self.cursor.next()? {
                Some(c) if is_blank(c) || is_break(c) => {}
                Some('#') => self.cursor.skip_comment()?,
                Some(',') => return self.item(']'),
                Some(']') => return Ok(false),
                other => {
                    let message = format!(
                        "expected a comma (',') or array terminator (']'), but got {}",
                        char_or_end(other)
                    );
                    return Err(self.cursor.fault_at(other, message));
                }
            }
        }
    }

    /// Looks behind a value of an inline table; `true` if another key follows.
    fn inline_goes_on(&mut self) -> Result<bool, Fault> {
        loop {
            match self.cursor.next()? {
                Some(c) if is_blank(c) || is_break(c) => {}
                Some('#') => self.cursor.skip_comment()?,
                Some(',') => {
                    self.cursor.skip_blanks()?;
                    if self.cursor.peek()? != Some('}') {
                        return self.item('}');
                    }
                }
                Some('}') => return Ok(false),
                other => {
                    let message = format!(
                        "expected a comma or an inline table terminator '}}', but got {} instead",
                        char_or_end(other)
                    );
                    return Err(self.cursor.fault_at(other, message));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Style, encode};

    fn check(source: &str, want: &str) {
        let got = parse(source.as_bytes(), &|_| Origin::NONE).map(|map| {
            let text = encode(&map.into(), Style::Compact).expect("it can be written");
            text.to_str_lossy().into_owned()
        });
        assert_eq!(got.unwrap_or_else(|error| error), want, "{source:?}");
    }

    #[test]
    fn documents_are_read() {
        check("[[x]]\ny=1\n[[x]]\ny=2", r#"{"x":[{"y":1},{"y":2}]}"#);
        check("a.b = 1\n[t]\nk = [1, {z = 'q'},]", r#"{"a":{"b":1},"t":{"k":[1,{"z":"q"}]}}"#);
        check("s = \"\"\"\nx \\\n  y\"\"\"\"", r#"{"s":"x y\""}"#);
        check("i = { a = 1, b.c = 2 }", r#"{"i":{"a":1,"b":{"c":2}}}"#);
    }

    #[test]
    fn errors_name_the_line_and_the_last_key() {
        check("a = ", "toml: line 1 (last key \"a\"): unexpected EOF; expected value");
        check("fooBar", "toml: line 1: unexpected EOF; expected key separator '='");
        check("x\ny", "toml: line 1: expected '.' or '=', but got '\\n' instead");
        check("a = 1\na = 2", "toml: line 2 (last key \"a\"): Key 'a' has already been defined.");
        check("[a\n", "toml: line 2: expected '.' or ']' to end table name, but got '\\n' instead");
    }
}
