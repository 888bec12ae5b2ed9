use plimsoll_source::Span;

use crate::input;
use crate::node::{Kind, Node};
use crate::scan::Scanner;

/// A comment of a document, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From its `#` to the end of the line.
    pub span: Span,
    /// Whether it has a line of its own.
    pub is_alone: bool,
    /// The key or list item that it is about: the first of its own line, or, if the comment has a
    /// line of its own, the next one.
    pub subject: Option<Span>,
}

/// The comments of the document `root`, which was read from `text` with the file and offset of
/// `place`; of a text that cannot be read those in front of the mistake, with `root` `None`.
/// Reading itself keeps no comments: who does not ask pays nothing.
pub fn comments(text: &[u8], place: Span, root: Option<&Node>) -> Vec<Comment> {
    let input = input::read(text);
    if matches!(input.text, std::borrow::Cow::Owned(_)) {
        // The places in UTF-16 would not be those of the text.
        return Vec::new();
    }
    let shift = place.start + (text.len() - input.text.len()) as u32;
    let subjects = root.map(subjects).unwrap_or_default();
    let ranges = Scanner::comments(&input.text, input.bad);
    let comment = |range: std::ops::Range<usize>| {
        let line = input.text[..range.start].iter().rposition(|&byte| byte == b'\n');
        let line = line.map_or(0, |at| at + 1);
        let is_alone = input.text[line..range.start].iter().all(u8::is_ascii_whitespace);
        let (start, end) = (range.start as u32 + shift, range.end as u32 + shift);
        let from = if is_alone { end } else { line as u32 + shift };
        let next = subjects.partition_point(|subject| subject.start < from);
        let subject = subjects.get(next).filter(|subject| is_alone || subject.start < start);
        let before = || (!is_alone).then(|| subjects[..next].last()).flatten();
        let span = Span::new(place.file, start, end);
        Comment { span, is_alone, subject: subject.or_else(before).copied() }
    };
    ranges.into_iter().map(comment).collect()
}

/// The places of all keys and list items, in order.
fn subjects(root: &Node) -> Vec<Span> {
    let mut spans = Vec::new();
    for node in root.walk() {
        match &node.kind {
            Kind::List(items) => spans.extend(items.iter().map(|item| item.span)),
            Kind::Map(entries) => spans.extend(entries.iter().map(|entry| entry.key_span)),
            _ => {}
        }
    }
    spans.sort_unstable();
    spans.dedup();
    spans
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let root = crate::read(text.as_bytes(), FileId::NONE).expect("the text is YAML");
        let place = Span::new(FileId::NONE, 0, 0);
        let slice = |span: Span| &text[span.start as usize..span.end as usize];
        let comments = comments(text.as_bytes(), place, Some(&root));
        let got: Vec<(&str, &str)> = comments
            .iter()
            .map(|comment| (slice(comment.span), comment.subject.map_or("", slice)))
            .collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn comments_know_what_they_are_about() {
        check(
            "# one\na: 1 # two\n\n  # three\n# four\nb: # five\n  - x # six\n  # seven\n  - y\n# end\n",
            &[
                ("# one", "a"),
                ("# two", "a"),
                ("# three", "b"),
                ("# four", "b"),
                ("# five", "b"),
                ("# six", "x"),
                ("# seven", "y"),
                ("# end", ""),
            ],
        );
        check("a: [b,\n  c] # x\nd: |# y\n", &[("# x", "c"), ("# y", "d")]);
        check("a: | # x\n  # none\nb: '# none'\n", &[("# x", "a")]);
    }
}
