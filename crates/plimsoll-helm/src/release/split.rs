//! How Helm cuts a file into documents: by its own rules for `---`, not by YAML's.

use std::ops::Range;

use plimsoll_gotmpl::Compat;

use super::space;

/// The documents of a rendered file, as ranges of its bytes, in order.
pub fn split(text: &[u8], compat: Compat) -> Vec<Range<usize>> {
    match compat {
        Compat::Helm3 => split_3(text),
        Compat::Helm4 => split_4(text),
    }
}

/// helm 4: manifest.go cuts at `(?m)^---[ \t]*` and trims documents on the left alone.
fn split_4(text: &[u8]) -> Vec<Range<usize>> {
    let start = text.len() - space::trim_start(text).len();
    let mut documents = Vec::new();
    let mut from = start;
    let mut push = |from: usize, to: usize| {
        let document = space::trim_start(&text[from..to]);
        if !document.is_empty() {
            documents.push(to - document.len()..to);
        }
    };
    for at in line_starts(text, start).filter(|&at| text[at..].starts_with(b"---")) {
        if at >= from {
            push(from, at);
            let blanks = text[at + 3..].iter().take_while(|&&byte| byte == b' ' || byte == b'\t');
            from = at + 3 + blanks.count();
        }
    }
    push(from, text.len());
    documents
}

fn line_starts(text: &[u8], start: usize) -> impl Iterator<Item = usize> {
    let rest = memchr::memmem::find_iter(&text[start..], b"\n---").map(move |at| start + at + 1);
    std::iter::once(start).chain(rest)
}

/// helm 3: manifest.go trims the file, cuts at `(?:^|\s*\n)---\s*` and trims each document; what
/// is nothing but other white space stays as an empty document.
fn split_3(text: &[u8]) -> Vec<Range<usize>> {
    let (start, end) = trimmed(text, 0..text.len());
    let mut documents = Vec::new();
    let mut from = start;
    let mut push = |from: usize, to: usize| {
        if from < to {
            let (from, to) = trimmed(text, from..to);
            documents.push(from..to);
        }
    };
    for at in line_starts(text, start) {
        let cuts = text[at..end.max(at)].starts_with(b"---");
        if !cuts || at < from || (at > start && at - 1 < from) {
            continue;
        }
        let kept = text[from..at].iter().rposition(|byte| !is_blank(*byte));
        push(from, kept.map_or(from, |last| from + last + 1));
        from = at + 3 + text[at + 3..end].iter().take_while(|&&byte| is_blank(byte)).count();
    }
    push(from, end);
    documents
}

fn trimmed(text: &[u8], range: Range<usize>) -> (usize, usize) {
    let part = space::trim_end(&text[range.clone()]);
    let end = range.start + part.len();
    (end - space::trim_start(part).len(), end)
}

/// What RE2's `\s` matches.
const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(compat: Compat, text: &str, documents: &[&str]) {
        let got: Vec<&str> =
            split(text.as_bytes(), compat).into_iter().map(|range| &text[range]).collect();
        assert_eq!(got, documents, "{text:?}");
    }

    #[test]
    fn helm_4_keeps_what_trails() {
        check(Compat::Helm4, "\n\na: 1\n\n---\nb: 1\n", &["a: 1\n\n", "b: 1\n"]);
        check(Compat::Helm4, "--- \n---\n \n---foo\nx: |\n ---\n", &["foo\nx: |\n ---\n"]);
        check(Compat::Helm4, "----\n", &["-\n"]);
        check(Compat::Helm4, "  \n", &[]);
    }

    #[test]
    fn helm_3_trims_and_swallows() {
        check(Compat::Helm3, "a: 1\n\n \n---\nb: 1\n", &["a: 1", "b: 1"]);
        check(Compat::Helm3, "---\n---\n# x\n", &["---\n# x"]);
        check(Compat::Helm3, "a\n---\n\u{a0}\n---\nb", &["a", "", "b"]);
    }
}
