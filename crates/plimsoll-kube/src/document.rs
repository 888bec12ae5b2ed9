use std::ops::Range;

use plimsoll_source::{FileId, Span};
use plimsoll_yaml::{Node, YamlError};

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
    for range in parts(text) {
        let part = &text[range.clone()];
        let (content, repeated) = read(part, file);
        if !content.as_ref().is_ok_and(Node::is_null) {
            documents.push(Document { file, range, source: source(part), content, repeated });
        }
    }
    documents
}

fn read(part: &[u8], file: FileId) -> (Result<Node, YamlError>, Option<YamlError>) {
    match plimsoll_yaml::read_strict(part, file) {
        Err(error) if error.message.contains("already set in map") => {
            (plimsoll_yaml::read_json(part, file), Some(error))
        }
        content => (content, None),
    }
}

/// Cuts at every line that begins a document or ends one; `%` lines stay with the document behind.
fn parts(text: &[u8]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut kind = Part::Blank;
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        let end = at + line.len();
        if is_marker(line, b"---") && kind != Part::Directives {
            close(&mut parts, start..at, kind);
            (start, kind) = (at, Part::of(&line[3..]));
        } else if is_marker(line, b"...") {
            close(&mut parts, start..at, kind);
            (start, kind) = (end, Part::Blank);
        } else {
            kind = kind.and(line);
        }
        at = end;
    }
    close(&mut parts, start..at, kind);
    parts
}

fn close(parts: &mut Vec<Range<usize>>, part: Range<usize>, kind: Part) {
    if kind != Part::Blank {
        parts.push(part);
    }
}

/// What was found between two markers so far.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// White space and comments.
    Blank,
    /// `%YAML` and the like, which `---` ends.
    Directives,
    Content,
}

impl Part {
    fn of(line: &[u8]) -> Part {
        match line.trim_ascii().first() {
            None | Some(b'#') => Part::Blank,
            Some(_) => Part::Content,
        }
    }

    fn and(self, line: &[u8]) -> Part {
        match self {
            Part::Blank if line.starts_with(b"%") => Part::Directives,
            Part::Blank => Part::of(line),
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
    fn what_holds_nothing_is_no_document() {
        check(
            "# only a comment\n---\n---\nnull\n---\na: 1\n...\n# end\n",
            &[("---\na: 1\n", None)],
        );
        check("", &[]);
    }

    #[test]
    fn markers_are_whole_words_at_the_start_of_a_line() {
        check("----\n", &[("----\n", None)]);
        check("a: |\n  ---\n  b\n", &[("a: |\n  ---\n  b\n", None)]);
        check(
            "--- {a: 1}\r\n---\r\nb: 1\r\n",
            &[("--- {a: 1}\r\n", None), ("---\r\nb: 1\r\n", None)],
        );
        check("%YAML 1.1\n---\na: 1\n", &[("%YAML 1.1\n---\na: 1\n", None)]);
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
