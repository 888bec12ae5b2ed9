//! The text that `helm template` prints, cut into the files that `--output-dir` would write.

use plimsoll_source::{FileId, Files};

const HEAD: &[u8] = b"# Source: ";

/// Adds a file for every template that the text names in a `# Source: ` comment, under the name
/// that Helm gives it (`shop/templates/a.yaml`), in the order in which they first appear. Lines are
/// those of the file that `--output-dir` writes. Text before the first comment is dropped.
pub fn add_rendered(files: &mut Files, text: &[u8]) -> Vec<FileId> {
    let mut parts: Vec<(&[u8], Vec<u8>)> = Vec::new();
    for (name, document) in documents(text) {
        match parts.iter_mut().rev().find(|(known, _)| *known == name) {
            Some((_, text)) => text.extend_from_slice(document),
            None => parts.push((name, document.to_vec())),
        }
    }
    let add = |(name, text): (&[u8], Vec<u8>)| files.add(String::from_utf8_lossy(name), text);
    parts.into_iter().map(add).collect()
}

/// The printed documents and the templates that they came from.
fn documents(text: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut starts: Vec<(usize, &[u8])> = Vec::new();
    let mut at = 0;
    let mut marker = None;
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        if let (Some(start), Some(name)) = (marker, line.strip_prefix(HEAD)) {
            starts.push((start, name.trim_ascii_end()));
        }
        marker = (line == b"---\n").then_some(at);
        at += line.len();
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([text.len()]);
    starts.iter().zip(ends).map(|((start, name), end)| (*name, &text[*start..end])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_of_one_template_become_one_file() {
        let text = "---\n# Source: c/templates/a.yaml\na: 1\n---\n# Source: c/templates/b.yaml\nb: 1\n---\nb: 2\n---\n# Source: c/templates/a.yaml\na: 2\n";
        let mut files = Files::new();
        let ids = add_rendered(&mut files, text.as_bytes());
        let got: Vec<(&str, &str)> = ids
            .iter()
            .map(|&id| files.get(id).unwrap())
            .map(|file| (file.name.as_str(), std::str::from_utf8(&file.text).unwrap()))
            .collect();
        let a =
            "---\n# Source: c/templates/a.yaml\na: 1\n---\n# Source: c/templates/a.yaml\na: 2\n";
        let b = "---\n# Source: c/templates/b.yaml\nb: 1\n---\nb: 2\n";
        assert_eq!(got, [("c/templates/a.yaml", a), ("c/templates/b.yaml", b)]);
    }

    #[test]
    fn text_without_templates_is_no_file() {
        assert!(add_rendered(&mut Files::new(), b"a: 1\n---\n").is_empty());
    }
}
