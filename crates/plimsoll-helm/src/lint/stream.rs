//! Documents of a text, as Kubernetes' decoder of YAML and JSON streams takes them apart
//! (apimachinery: util/yaml/decoder.go).

use plimsoll_funcs::json::{self, decode};
use plimsoll_source::FileId;
use plimsoll_yaml::{Node, read_json};

/// Reads documents one after the other. A text that starts with a brace is taken for JSON until
/// it turns out to be none.
pub(super) struct Documents<'a> {
    rest: &'a [u8],
    /// How long the whole text is.
    length: usize,
    is_json: bool,
    /// How many documents have been read as JSON.
    count: usize,
}

/// A document, or why it cannot be read.
pub(super) struct Document {
    pub(super) node: Result<Node, String>,
    /// Whether it was read as JSON, where scalars keep their types.
    pub(super) is_json: bool,
}

impl<'a> Documents<'a> {
    pub(super) fn new(text: &'a [u8]) -> Documents<'a> {
        let start = String::from_utf8_lossy(&text[..text.len().min(4096)]);
        let is_json = start.trim_start().starts_with('{');
        Documents { rest: text, length: text.len(), is_json, count: 0 }
    }

    /// Goes on as YAML from where the last document began: what was read as JSON does not fit.
    pub(super) fn reread(&mut self, document: &'a [u8]) {
        self.rest = document;
        self.is_json = false;
        self.skip_blanks();
    }

    /// What is left, from the next document on.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Whether a stream that fails now was JSON for sure.
    pub(super) fn is_surely_json(&self) -> bool {
        self.count > 1
    }

    pub(super) fn next(&mut self) -> Option<Document> {
        if self.is_json {
            let before = self.rest;
            match self.next_json()? {
                Ok(node) => {
                    self.count += 1;
                    return Some(Document { node: Ok(node), is_json: true });
                }
                Err(error) if self.is_surely_json() => {
                    return Some(Document { node: Err(error), is_json: true });
                }
                Err(error) => {
                    self.reread(before);
                    let next = self.next_yaml()?;
                    return Some(match next {
                        Ok(node) => Document { node: Ok(node), is_json: false },
                        Err(_) => Document { node: Err(error), is_json: false },
                    });
                }
            }
        }
        self.next_yaml().map(|node| Document { node, is_json: false })
    }

    fn next_json(&mut self) -> Option<Result<Node, String>> {
        let text = self.rest.trim_ascii_start();
        if text.is_empty() {
            return None;
        }
        let length = json_length(text);
        let whole = length.is_none_or(|length| text[..length].starts_with(b"{"));
        let value = &text[..length.unwrap_or(text.len())];
        if let Err(error) = decode(value, json::Target::Any) {
            return Some(Err(format!("json: offset {}: {}", self.offset(value), error.message)));
        }
        if !whole {
            return Some(Err("no object".to_owned()));
        }
        self.rest = &text[value.len()..];
        Some(read_json(value, FileId::NONE).map_err(|error| error.to_string()))
    }

    /// How far Go's decoder came: behind the first byte that does not fit.
    fn offset(&self, value: &[u8]) -> usize {
        let start = self.length - self.rest.trim_ascii_start().len();
        let is_open = |length: &usize| {
            let error = decode(&value[..*length], json::Target::Any).err();
            error.is_some_and(|error| error.message == "unexpected end of JSON input")
        };
        let (mut good, mut bad) = (0, value.len());
        while good + 1 < bad {
            let middle = usize::midpoint(good, bad);
            *(if is_open(&middle) { &mut good } else { &mut bad }) = middle;
        }
        start + bad
    }

    fn skip_blanks(&mut self) {
        while let Some((first, rest)) = self.rest.split_first() {
            if !first.is_ascii_whitespace() {
                return;
            }
            self.rest = rest;
            if *first == b'\n' {
                return;
            }
        }
    }

    fn next_yaml(&mut self) -> Option<Result<Node, String>> {
        let document = match self.next_chunk()? {
            Ok(document) => document,
            Err(error) => return Some(Err(error)),
        };
        let node = read_json(&document, FileId::NONE);
        Some(node.map_err(|error| format!("error converting YAML to JSON: {error}")))
    }

    /// The lines up to the next that starts with `---`. One at the start belongs to the document.
    fn next_chunk(&mut self) -> Option<Result<Vec<u8>, String>> {
        let mut document = Vec::new();
        while !self.rest.is_empty() {
            let end = memchr::memchr(b'\n', self.rest);
            let line = &self.rest[..end.unwrap_or(self.rest.len())];
            self.rest = &self.rest[end.map_or(self.rest.len(), |end| end + 1)..];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if let Some(after) = line.strip_prefix(b"---") {
                let after = String::from_utf8_lossy(after);
                let after = after.trim();
                if !after.is_empty() && !after.starts_with('#') {
                    return Some(Err(format!("invalid Yaml document separator: {after}")));
                }
                if !document.is_empty() {
                    return Some(Ok(document));
                }
            }
            document.extend_from_slice(line);
            document.push(b'\n');
        }
        (!document.is_empty()).then_some(Ok(document))
    }
}

/// How long the JSON object or list at the start is, if it ends.
fn json_length(text: &[u8]) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.iter().enumerate() {
        if in_string {
            in_string = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut documents = Documents::new(text.as_bytes());
        let mut got = Vec::new();
        while let Some(document) = documents.next() {
            let shown = match document.node {
                Ok(node) if node.is_null() => "null".to_owned(),
                Ok(node) => {
                    format!("{}{}", node.as_map().len(), if document.is_json { "j" } else { "" })
                }
                Err(error) => error,
            };
            let is_error = shown.contains(' ');
            got.push(shown);
            if is_error {
                break;
            }
        }
        assert_eq!(got, expected, "{text:?}");
    }

    #[test]
    fn lines_of_dashes_part_documents() {
        check("a: 1\n---\nb: 2\nc: 3\n", &["1", "2"]);
        check("---\na: 1\n--- # x\n", &["1"]);
        check("---\n---\na: 1", &["null", "1"]);
        check("a: 1\n---x\n", &["invalid Yaml document separator: x"]);
        check("\n", &["null"]);
    }

    #[test]
    fn json_is_read_until_it_is_none() {
        check("{\"a\": 1}{\"b\": 2}", &["1j", "1j"]);
        check("{\"a\": 1}\n---\nb: 2\n", &["1j", "1"]);
        check("{a: 1}\n", &["1"]);
    }
}
