//! The lines of one chart in a large index.
//!
//! An index was read whole when it was fetched. To look up one chart in it again, the lines of that
//! chart are enough, as long as the index is written the way that tools write it: one block under
//! `entries`, a line `NAME:` for each chart. Whatever looks different is read whole again.

use memchr::{memchr, memmem};

/// An index that holds one chart of another, or nothing where that cannot be told for sure.
pub(crate) fn slice(index: &[u8], chart: &str) -> Option<Vec<u8>> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if chart.is_empty() || !chart.bytes().all(plain) || index.contains(&b'\t') {
        return None;
    }
    let has_version = starts_line(index, b"apiVersion: v").count() == 1;
    let mut starts = starts_line(index, b"entries:\n");
    let start = starts.next().filter(|_| has_version)? + b"entries:\n".len();
    if starts.next().is_some() {
        return None;
    }
    let entries = &index[start..][..end_of_block(&index[start..])];
    let indent = entries.iter().take_while(|byte| **byte == b' ').count();
    let key = format!("{}{chart}:\n", " ".repeat(indent));
    let mut keys = starts_line(entries, key.as_bytes());
    let at = keys.next().filter(|_| indent > 0)?;
    if keys.next().is_some() {
        return None;
    }
    let versions = &entries[at + key.len()..];
    let length = end_of_versions(versions, indent)?;
    Some([b"apiVersion: v1\nentries:\n", key.as_bytes(), &versions[..length]].concat())
}

/// An index without its charts, and the lines of each chart: reading many short texts takes less
/// than reading a long one. Nothing where the parts cannot be told for sure.
pub(crate) fn parts(index: &[u8]) -> Option<(Vec<u8>, Vec<&[u8]>)> {
    let mut starts = starts_line(index, b"entries:\n");
    let start = starts.next()? + b"entries:\n".len();
    if starts.next().is_some() || index.contains(&b'\t') {
        return None;
    }
    let length = end_of_block(&index[start..]);
    let entries = &index[start..][..length];
    let indent = entries.iter().take_while(|byte| **byte == b' ').count();
    let mut charts = Vec::new();
    let mut rest = entries;
    while !rest.is_empty() {
        let key = memchr(b'\n', rest)? + 1;
        let line = &rest[..key - 1];
        let is_key = line.len() > indent && !matches!(line[indent], b' ' | b'-' | b'#');
        if indent == 0 || !is_key || !line.ends_with(b":") {
            return None;
        }
        let end = key + end_of_versions(&rest[key..], indent)?;
        charts.push(&rest[..end]);
        rest = &rest[end..];
    }
    let around = [&index[..start - b"entries:\n".len()], &index[start + length..]].concat();
    Some((around, charts))
}

/// Where lines begin that start so.
fn starts_line<'a>(text: &'a [u8], start: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    memmem::find_iter(text, start).filter(|at| *at == 0 || text[at - 1] == b'\n')
}

/// Where the first line begins that is not indented.
fn end_of_block(text: &[u8]) -> usize {
    lines(text)
        .find(|(_, line)| !matches!(line.first(), None | Some(b' ')))
        .map_or(text.len(), |it| it.0)
}

/// Where the next chart begins; nothing where a line is none of a chart's.
fn end_of_versions(text: &[u8], indent: usize) -> Option<usize> {
    for (at, line) in lines(text) {
        let own = line.iter().take_while(|byte| **byte == b' ').count();
        match line.get(own) {
            None => {}
            Some(b'-') if own == indent => {}
            Some(_) if own > indent => {}
            Some(_) if own == indent => return Some(at),
            Some(_) => return None,
        }
    }
    Some(text.len())
}

/// The lines of a text and where they begin.
fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        let line = (at, &rest[..length]);
        at += length + 1;
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(index: &str, chart: &str, expected: Option<&str>) {
        let got =
            slice(index.as_bytes(), chart).map(|it| String::from_utf8_lossy(&it).into_owned());
        let expected = expected.map(|lines| format!("apiVersion: v1\nentries:\n{lines}"));
        assert_eq!(got, expected, "{chart} in {index}");
    }

    const INDEX: &str = "apiVersion: v1\nentries:\n  a:\n  - name: a\n    x: |\n      b:\n\n      c\n  \
                         ab:\n  - name: ab\n  b:\n    - name: b\ngenerated: now\n";

    #[test]
    fn a_chart_has_its_lines() {
        check(INDEX, "a", Some("  a:\n  - name: a\n    x: |\n      b:\n\n      c\n"));
        check(INDEX, "ab", Some("  ab:\n  - name: ab\n"));
        check(INDEX, "b", Some("  b:\n    - name: b\n"));
        check(INDEX, "generated", None);
        check(INDEX, "c", None);
    }

    #[test]
    fn an_index_falls_into_its_charts() {
        let (around, charts) = parts(INDEX.as_bytes()).expect("it looks as it should");
        assert_eq!(around, b"apiVersion: v1\ngenerated: now\n");
        let starts: Vec<&[u8]> = charts.iter().map(|chart| &chart[..5]).collect();
        assert_eq!(starts, [b"  a:\n", b"  ab:", b"  b:\n"]);
        assert!(parts(b"entries:\n  a: {}\n").is_none() && parts(b"entries: {}\n").is_none());
    }

    #[test]
    fn what_looks_different_is_left_alone() {
        check("apiVersion: v1\nentries: {a: []}\n", "a", None);
        check("entries:\n  a:\n  - name: a\n", "a", None);
        check("apiVersion: v1\nentries:\n  a:\n  - n: 1\n  a:\n  - n: 2\n", "a", None);
        check("apiVersion: v1\nentries:\n  a:\n  - n: \"x\n y\"\n", "a", None);
        check("apiVersion: v1\nentries:\na:\n- n: 1\n", "a", None);
    }
}
