use std::ops::Range;

use plimsoll_source::{FileId, Span};
use plimsoll_yaml::{Node, YamlError};

use crate::json;

/// A YAML or JSON document of a text.
#[derive(Debug)]
pub struct Document {
    /// The file it stands in.
    pub file: FileId,
    /// Where it stands in the file, its `---` included.
    pub range: Range<usize>,
    /// What its `# Source: ` comment names: the template, as Helm writes it.
    pub source: Option<String>,
    /// Its content. Spans count from the start of the document: see [`Document::span`].
    pub content: Result<Node, YamlError>,
    /// A key that stands twice in a map: the content keeps the last, a server refuses it.
    pub repeated: Option<YamlError>,
    /// How kubectl reads the place where it stands.
    pub framing: Framing,
}

/// How kubectl reads the place where a document stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Framing {
    /// As everyone does.
    #[default]
    Plain,
    /// It refuses the whole text, because something stands behind `---`: this.
    Marker(String),
    /// It refuses the whole text, because it cuts between a `%` line and its `---`.
    Directive,
    /// It leaves the document out, because it stands behind `...` or behind a value in braces.
    Unread,
}

impl Document {
    /// A span of the content, counted from the start of the file.
    pub fn span(&self, span: Span) -> Span {
        let start = self.range.start as u32;
        Span::new(self.file, span.start.saturating_add(start), span.end.saturating_add(start))
    }
}

/// The documents of a text that hold anything; comments alone are no document.
pub fn read_documents(text: &[u8], file: FileId) -> Vec<Document> {
    let mut documents = Vec::new();
    let start = json_documents(text, file, &mut documents);
    for part in parts(text, start) {
        add(&mut documents, text, part.range, part.framing, file);
    }
    documents
}

/// kubectl: a text that begins with a brace is a row of JSON values. Where the first or the second
/// is none, the rest is YAML. Gives where that begins.
fn json_documents(text: &[u8], file: FileId, documents: &mut Vec<Document>) -> usize {
    if text.trim_ascii_start().first() != Some(&b'{') {
        return 0;
    }
    let mut at = 0;
    while let Some(gap) = text[at..].iter().position(|byte| !byte.is_ascii_whitespace()) {
        let start = at + gap;
        match json::end_of_value(text, start) {
            Ok(end) => {
                documents.push(json_document(text, start..end, file));
                at = end;
            }
            Err(_) if documents.len() <= 1 => return at,
            Err(message) => {
                let span = Some(Span::new(file, 0, 0));
                documents.push(Document {
                    file,
                    range: start..text.len(),
                    source: None,
                    content: Err(YamlError { message, span }),
                    repeated: None,
                    framing: Framing::Plain,
                });
                return text.len();
            }
        }
    }
    text.len()
}

fn json_document(text: &[u8], range: Range<usize>, file: FileId) -> Document {
    let part = &text[range.clone()];
    let (mut content, mut repeated) = read(part, file);
    if content.is_err() {
        let (node, twice) = json::read(part, file);
        content = Ok(node);
        repeated = twice.map(|(key, span)| YamlError {
            message: format!("key {key:?} already set in map"),
            span: Some(span),
        });
    }
    Document { file, range, source: None, content, repeated, framing: Framing::Plain }
}

/// How many values that stand behind each other are told one by one; each reads what is left.
const MOST_BEHIND: usize = 100;

fn add(
    documents: &mut Vec<Document>,
    text: &[u8],
    range: Range<usize>,
    framing: Framing,
    file: FileId,
) {
    let (mut start, mut framing) = (range.start, framing);
    for count in 0.. {
        let part = &text[start..range.end];
        let (content, repeated) = read(part, file);
        if content.as_ref().is_ok_and(Node::is_null) {
            return;
        }
        let rest = content.as_ref().ok().and_then(|root| behind(part, root));
        let rest = rest.filter(|_| count < MOST_BEHIND).map(|rest| start + rest);
        let (own, source) = (start..rest.unwrap_or(range.end), source(part));
        documents.push(Document { file, range: own, source, content, repeated, framing });
        let Some(rest) = rest else { return };
        (start, framing) = (rest, Framing::Unread);
    }
}

/// go-yaml: a value in braces ends the document; where what stands behind it begins.
fn behind(part: &[u8], root: &Node) -> Option<usize> {
    let (start, end) = (root.span.start as usize, root.span.end as usize);
    if !matches!(part.get(start)?, b'{' | b'[') || start == end {
        return None;
    }
    let mut at = end;
    for line in part.get(end..)?.split_inclusive(|&byte| byte == b'\n') {
        let content = line.trim_ascii();
        if !(content.is_empty() || content.starts_with(b"#")) {
            return Some(at);
        }
        at += line.len();
    }
    None
}

fn read(part: &[u8], file: FileId) -> (Result<Node, YamlError>, Option<YamlError>) {
    match plimsoll_yaml::read_strict(part, file) {
        Err(error) if error.message.contains("already set in map") => {
            (plimsoll_yaml::read_json(part, file), Some(error))
        }
        content => (content, None),
    }
}

/// The mark that Windows writes before texts in UTF-8, also where files are put together.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Where a document stands between two markers.
struct Part {
    range: Range<usize>,
    framing: Framing,
}

/// Cuts at every line that begins a document or ends one, from a place on; `%` lines stay with the
/// document behind them.
fn parts(text: &[u8], from: usize) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (from, from);
    let (mut kind, mut framing) = (Held::Blank, Framing::Plain);
    let mut close = |range: Range<usize>, kind: Held, framing: Framing| {
        if kind != Held::Blank || matches!(framing, Framing::Marker(_)) {
            parts.push(Part { range, framing });
        }
    };
    for line in text[from..].split_inclusive(|&byte| byte == b'\n') {
        let end = at + line.len();
        if line.starts_with(b"---") && kind == Held::Directives {
            (kind, framing) = (kind.and(line), Framing::Directive);
        } else if line.starts_with(b"---") {
            close(start..at, kind, framing);
            (start, kind) = (at, Held::of(&line[3..]));
            framing = marker(&line[3..]);
        } else if is_marker(line, b"...") {
            close(start..at, kind, framing);
            (start, kind, framing) = (end, Held::Blank, Framing::Unread);
        } else {
            // Neither a directive nor the mark of an encoding may stand behind `---`.
            if kind == Held::Blank && (line.starts_with(b"%") || line.starts_with(MARK)) {
                start = at;
            }
            kind = kind.and(line);
        }
        at = end;
    }
    close(start..at, kind, framing);
    parts
}

/// kubectl: nothing but a comment may stand behind `---`.
fn marker(rest: &[u8]) -> Framing {
    match rest.trim_ascii() {
        [] | [b'#', ..] => Framing::Plain,
        rest => Framing::Marker(String::from_utf8_lossy(rest).into_owned()),
    }
}

/// What was found between two markers so far.
#[derive(Clone, Copy, PartialEq)]
enum Held {
    /// White space and comments.
    Blank,
    /// `%YAML` and the like, which `---` ends.
    Directives,
    Content,
}

impl Held {
    fn of(line: &[u8]) -> Held {
        match line.trim_ascii().first() {
            None | Some(b'#') => Held::Blank,
            Some(_) => Held::Content,
        }
    }

    fn and(self, line: &[u8]) -> Held {
        match self {
            Held::Blank if line.starts_with(b"%") => Held::Directives,
            Held::Blank => Held::of(line),
            other => other,
        }
    }
}

fn is_marker(line: &[u8], marker: &[u8]) -> bool {
    line.strip_prefix(marker)
        .is_some_and(|rest| matches!(rest.first(), None | Some(b' ' | b'\t' | b'\r' | b'\n')))
}

/// The first `# Source: ` line before the content.
fn source(part: &[u8]) -> Option<String> {
    let mut head = part.split(|&byte| byte == b'\n').take_while(|line| {
        let line = line.trim_ascii();
        line.is_empty() || line.starts_with(b"#") || line.starts_with(b"---")
    });
    let found = head.find_map(|line| line.strip_prefix(b"# Source: "))?;
    Some(String::from_utf8_lossy(found.trim_ascii()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &[(&str, Option<&str>)]) {
        let documents = read_documents(text.as_bytes(), FileId(0));
        let got: Vec<(&str, Option<&str>)> =
            documents.iter().map(|one| (&text[one.range.clone()], one.source.as_deref())).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn documents_keep_their_source() {
        check(
            "---\n# Source: shop/templates/a.yaml\na: 1\n---\nb: 1\n",
            &[
                ("---\n# Source: shop/templates/a.yaml\na: 1\n", Some("shop/templates/a.yaml")),
                ("---\nb: 1\n", None),
            ],
        );
    }

    #[test]
    fn what_stands_behind_values_is_told_up_to_a_number() {
        check("[]\n{a: 1}\n", &[("[]\n", None), ("{a: 1}\n", None)]);
        let documents = read_documents("[]\n".repeat(300_000).as_bytes(), FileId(0));
        assert_eq!(documents.len(), MOST_BEHIND + 1);
        assert_eq!(documents[MOST_BEHIND].range.end, 900_000);
    }

    #[test]
    fn what_holds_nothing_is_no_document() {
        check(
            "# only a comment\n---\n---\nnull\n---\na: 1\n...\n# end\n",
            &[("---\na: 1\n", None)],
        );
        check("", &[]);
    }

    #[test]
    fn markers_stand_at_the_start_of_a_line() {
        check("a: |\n  ---\n  b\n", &[("a: |\n  ---\n  b\n", None)]);
        check(
            "--- # one\r\na: 1\r\n---\r\nb: 1\r\n",
            &[("--- # one\r\na: 1\r\n", None), ("---\r\nb: 1\r\n", None)],
        );
    }

    #[track_caller]
    fn check_framing(text: &str, want: &[(&str, Framing)]) {
        let documents = read_documents(text.as_bytes(), FileId(0));
        let got: Vec<(&str, Framing)> =
            documents.iter().map(|one| (&text[one.range.clone()], one.framing.clone())).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn what_kubectl_refuses_or_leaves_out_is_marked() {
        let marker = |rest: &str| Framing::Marker(rest.to_owned());
        check_framing("----\n", &[("----\n", marker("-"))]);
        check_framing(
            "a: 1\n--- {b: 1}\n",
            &[("a: 1\n", Framing::Plain), ("--- {b: 1}\n", marker("{b: 1}"))],
        );
        let text = "%YAML 1.1\n---\na: 1\n";
        check_framing(text, &[(text, Framing::Directive)]);
        check_framing(
            &format!("b: 1\n---\n{text}"),
            &[("b: 1\n", Framing::Plain), (text, Framing::Directive)],
        );
        check_framing(
            "a: 1\n...\nb: 1\n---\nc: 1\n",
            &[
                ("a: 1\n", Framing::Plain),
                ("b: 1\n", Framing::Unread),
                ("---\nc: 1\n", Framing::Plain),
            ],
        );
        check_framing(
            "# JSON\n{a: 1} # c\n{b: 1}\n",
            &[("# JSON\n{a: 1} # c\n", Framing::Plain), ("{b: 1}\n", Framing::Unread)],
        );
    }

    #[test]
    fn files_with_marks_can_be_put_together() {
        let text = "\u{feff}a: 1\n---\n\u{feff}b: 1\n";
        let documents = read_documents(text.as_bytes(), FileId(0));
        assert!(documents[1].content.as_ref().unwrap().get("b").is_some());
    }

    #[test]
    fn json_is_a_row_of_values() {
        check("{\"a\": 1}\n{\"b\": 1}", &[("{\"a\": 1}", None), ("{\"b\": 1}", None)]);
        check("{\"a\": 1}\n---\nb: 1\n", &[("{\"a\": 1}", None), ("---\nb: 1\n", None)]);
        let documents = read_documents(b"{\"a\": \"\\/\", \"a\": \"\\/\"} {} {", FileId(0));
        assert_eq!(documents[0].content.as_ref().unwrap().get("a").unwrap().as_str(), Some("/"));
        assert!(documents[0].repeated.is_some());
        assert_eq!(
            documents[2].content.as_ref().unwrap_err().message,
            "unexpected end of JSON input"
        );
    }

    #[test]
    fn json_is_a_document_and_broken_text_is_told_with_its_place() {
        let documents = read_documents(b"{\"a\": [1]}\n---\nb: [\n", FileId(3));
        assert!(documents[0].content.is_ok());
        assert!(documents[1].content.is_err());
    }

    #[test]
    fn spans_are_placed_in_the_file() {
        let text = "---\na: 1\n---\nb: two\n";
        let documents = read_documents(text.as_bytes(), FileId(3));
        let node = documents[1].content.as_ref().unwrap().get("b").unwrap();
        let span = documents[1].span(node.span);
        assert_eq!(&text[span.start as usize..span.end as usize], "two");
    }
}
