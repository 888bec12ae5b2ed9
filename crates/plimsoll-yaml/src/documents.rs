use std::ops::Range;

use plimsoll_source::{FileId, Span};

use crate::comments::{Comment, comments};
use crate::error::YamlError;
use crate::load::{Place, read_json_at, split_documents};
use crate::node::{Duplicate, Node};

/// A document of a text.
#[derive(Clone, Debug)]
pub struct Document<'t> {
    /// Its bytes.
    pub text: &'t [u8],
    /// Where they stand.
    pub span: Span,
    /// What it says, as [`crate::read_json`] reads it; places are those of the whole text.
    pub root: Result<Node, YamlError>,
    /// The keys that stand twice in a map.
    pub duplicates: Vec<Duplicate>,
}

impl Document<'_> {
    /// The document's comments. They are looked for on every call.
    pub fn comments(&self) -> Vec<Comment> {
        comments(self.text, self.span, self.root.as_ref().ok())
    }
}

/// The documents of a text, cut as Kubernetes' programs cut them: before every line that begins
/// with `---`. Behind a separator that is none there is one more, which is an error.
pub fn documents(text: &[u8], file: FileId) -> impl Iterator<Item = Document<'_>> {
    let (mut ranges, broken) = split_documents(text);
    ranges.extend(broken.iter().map(|bad| bad.before.clone()).filter(|range| !range.is_empty()));
    let broken = broken.map(move |bad| Document {
        text: &text[bad.at.clone()],
        span: Span::new(file, bad.at.start as u32, bad.at.end as u32),
        root: Err(bad.error),
        duplicates: Vec::new(),
    });
    ranges.into_iter().map(move |range| document(text, file, range)).chain(broken)
}

fn document(text: &[u8], file: FileId, range: Range<usize>) -> Document<'_> {
    let span = Span::new(file, range.start as u32, range.end as u32);
    let text = &text[range];
    let read = read_json_at(text, Place { file, offset: span.start });
    let (root, duplicates) = match read {
        Ok(composed) => (Ok(composed.node), composed.duplicates),
        Err(error) => (Err(error), Vec::new()),
    };
    Document { text, span, root, duplicates }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_know_their_place_and_what_is_in_them_twice() {
        let text = b"a: 1\n--- # x\n\nb: [c]\nb: d # e\n---\nf: {\n---bad\n";
        let documents: Vec<Document<'_>> = documents(text, FileId::NONE).collect();
        let slice = |span: Span| &text[span.start as usize..span.end as usize];
        assert_eq!(documents.len(), 4);
        assert_eq!(documents[0].text, b"a: 1\n");
        let second = documents[1].root.as_ref().expect("it is YAML");
        assert_eq!(slice(second.get("b").expect("the key is there").span), b"d");
        let duplicate = &documents[1].duplicates[0];
        assert_eq!(slice(duplicate.first), b"b");
        assert!(duplicate.first.start < duplicate.again.start);
        assert_eq!(slice(documents[1].comments()[0].span), b"# e");
        assert!(documents[2].root.is_err());
        let error = documents[3].root.as_ref().expect_err("it is an error").to_string();
        assert_eq!(error, "error reading yaml document: invalid Yaml document separator: bad");
    }
}
