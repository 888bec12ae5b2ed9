//! JSON as nodes, for what YAML reads otherwise: escaped slashes, halves of surrogate pairs, long keys.

use plimsoll_source::{FileId, Span};
use plimsoll_yaml::{Entry, Kind, Node};

/// The value of a text that is known to be JSON, with the first key that stands twice in a map: the
/// later value counts, as in Go.
pub(crate) fn read(text: &[u8], file: FileId) -> (Node, Option<(String, Span)>) {
    let mut reader = Reader { text, file, at: 0, twice: None };
    let node = reader.value();
    (node, reader.twice)
}

struct Reader<'a> {
    text: &'a [u8],
    file: FileId,
    at: usize,
    twice: Option<(String, Span)>,
}

/// A list or a map whose end has not come yet.
struct Open {
    start: usize,
    items: Vec<Node>,
    entries: Vec<Entry>,
    /// The key whose value is read; `None` in lists.
    key: Option<(Vec<u8>, Span)>,
    is_map: bool,
}

impl Reader<'_> {
    fn value(&mut self) -> Node {
        let mut open: Vec<Open> = Vec::new();
        loop {
            let start = self.next_start();
            let mut done = match self.text.get(start) {
                Some(byte @ (b'{' | b'[')) => {
                    self.at += 1;
                    open.push(Open {
                        start,
                        items: Vec::new(),
                        entries: Vec::new(),
                        key: None,
                        is_map: *byte == b'{',
                    });
                    self.next_start();
                    None
                }
                Some(b'}' | b']') | None => None,
                Some(_) => Some(self.scalar(start)),
            };
            loop {
                let Some(holder) = open.last_mut() else { return done.unwrap_or(self.null()) };
                if let Some(value) = done.take() {
                    match holder.key.take() {
                        Some((key, key_span)) => {
                            holder.entries.push(Entry { key, key_span, value });
                        }
                        None => holder.items.push(value),
                    }
                }
                let is_map = holder.is_map;
                let byte = self.text.get(self.next_start()).copied();
                if byte == Some(b',') {
                    self.at += 1;
                    self.next_start();
                } else if matches!(byte, Some(b'}' | b']') | None) {
                    self.at += 1;
                    let closed = open.pop().expect("it is the last one");
                    done = Some(self.closed(closed));
                    continue;
                }
                if is_map && self.text.get(self.at) == Some(&b'"') {
                    let key = self.key();
                    open.last_mut().expect("it was not closed").key = Some(key);
                }
                break;
            }
        }
    }

    fn null(&self) -> Node {
        Node { kind: Kind::Null, span: Span::new(self.file, 0, 0) }
    }

    /// Goes over white space and colons, which stand where the text is known to be JSON.
    fn next_start(&mut self) -> usize {
        while self.text.get(self.at).is_some_and(|byte| b" \t\r\n:".contains(byte)) {
            self.at += 1;
        }
        self.at
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.file, start as u32, self.at as u32)
    }

    fn key(&mut self) -> (Vec<u8>, Span) {
        let start = self.at;
        let key = self.text();
        (key, self.span(start))
    }

    fn closed(&mut self, open: Open) -> Node {
        let span = self.span(open.start);
        if !open.is_map {
            return Node { kind: Kind::List(open.items.into()), span };
        }
        let mut entries = open.entries;
        entries.sort_by(|one, other| one.key.cmp(&other.key));
        let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
        for entry in entries {
            match kept.last_mut().filter(|last| last.key == entry.key) {
                Some(last) => {
                    let key = String::from_utf8_lossy(&entry.key).into_owned();
                    self.twice.get_or_insert((key, entry.key_span));
                    *last = entry;
                }
                None => kept.push(entry),
            }
        }
        Node { kind: Kind::Map(kept.into()), span }
    }

    fn scalar(&mut self, start: usize) -> Node {
        if self.text[start] == b'"' {
            let text = self.text();
            return Node { kind: Kind::Text(text), span: self.span(start) };
        }
        while self.text.get(self.at).is_some_and(|byte| !b" \t\r\n,]}".contains(byte)) {
            self.at += 1;
        }
        let word = str::from_utf8(&self.text[start..self.at]).unwrap_or_default();
        let kind = match word {
            "null" => Kind::Null,
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            word => number(word),
        };
        Node { kind, span: self.span(start) }
    }

    /// A text from its quote on; goes behind the other.
    fn text(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut out = Vec::new();
        while let Some(&byte) = self.text.get(self.at) {
            self.at += 1;
            match byte {
                b'"' => break,
                b'\\' => self.escape(&mut out),
                byte => out.push(byte),
            }
        }
        out
    }

    fn escape(&mut self, out: &mut Vec<u8>) {
        let Some(&byte) = self.text.get(self.at) else { return };
        self.at += 1;
        out.push(match byte {
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let char = self.code_point();
                return out.extend(char.encode_utf8(&mut [0; 4]).bytes());
            }
            byte => byte,
        });
    }

    /// Go: half a pair stands for the replacement character.
    fn code_point(&mut self) -> char {
        let first = self.hex();
        if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with(b"\\u") {
            let before = self.at;
            self.at += 2;
            let second = self.hex();
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            }
            self.at = before;
        }
        char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self) -> u32 {
        let digits = self.text.get(self.at..self.at + 4).unwrap_or_default();
        self.at += digits.len();
        str::from_utf8(digits)
            .ok()
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .unwrap_or(0)
    }
}

fn number(word: &str) -> Kind {
    let whole = word.parse().map(Kind::Int).or_else(|_| word.parse().map(Kind::Uint));
    whole.unwrap_or_else(|_| Kind::Float(word.parse().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str) {
        assert!(super::super::end_of_value(text.as_bytes(), 0).is_ok(), "{text}");
        let (node, _) = read(text.as_bytes(), FileId(0));
        let yaml = plimsoll_yaml::read(text.as_bytes(), FileId(0)).unwrap();
        assert_eq!(node, yaml, "{text}");
    }

    #[test]
    fn what_yaml_reads_too_is_the_same() {
        check(r#"{"b": [1, -2.5, 1e3, "x\ny", null, true, {}], "a": {"c": [[], [false]]}}"#);
        check(r#"[{"a": "é\u00e9\"\\"}, 18446744073709551615]"#);
        check("\"a\"");
    }

    #[test]
    fn slashes_and_pairs_are_jsons() {
        let (node, twice) = read(br#"{"a": "\/\ud83d\ude00\ud83d", "b": 1, "b": 2}"#, FileId(0));
        assert_eq!(node.get("a").and_then(Node::as_str), Some("/😀\u{fffd}"));
        assert_eq!(node.get("b").map(|node| &node.kind), Some(&Kind::Int(2)));
        assert_eq!(twice.map(|(key, _)| key), Some("b".to_owned()));
    }
}
