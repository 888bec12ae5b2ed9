//! Rendered text that is not a manifest.

use plimsoll_gotmpl::Compat;
use plimsoll_helm::release::split;
use plimsoll_source::{Diagnostic, FileId, Files, Label, Span};

use super::sources::line_range;
use super::{Failure, plain};

/// The document of a rendered file that cannot be read.
pub(super) fn yaml(
    path: &str,
    message: &str,
    failure: &Failure<'_>,
    files: &mut Files,
) -> Diagnostic {
    let why = message.rsplit_once("JSON: ").map_or(message, |(_, why)| why);
    let mut diagnostic =
        plain("not-yaml", &format!("what `{path}` rendered to is not a manifest: {why}"));
    let Some(text) = failure.rendered.iter().find(|text| &*text.path == path) else {
        return diagnostic;
    };
    "`--debug` prints everything that was rendered".clone_into(&mut diagnostic.help);
    let Some((place, said)) = bad_document(&text.bytes, failure.compat) else { return diagnostic };
    let file = files.add(format!("{path} (rendered)"), text.bytes.clone());
    diagnostic.labels.push(Label { span: Span { file, ..place }, text: said });
    diagnostic
}

/// The line of the first document that is no map, and what is to be said of it.
pub(super) fn bad_document(text: &[u8], compat: Compat) -> Option<(Span, String)> {
    split(text, compat).into_iter().find_map(|range| {
        let start = range.start as u32;
        match plimsoll_yaml::read(&text[range], FileId::NONE) {
            Err(error) => {
                let at = error.span.map_or(0, |span| span.start);
                Some((line_of(text, start + at), "not YAML here".to_owned()))
            }
            Ok(node) if node.as_map().is_empty() && !node.is_null() => {
                let said = format!("a map is wanted, and this is {}", an(node.json_kind()));
                Some((line_of(text, start + node.span.start), said))
            }
            Ok(_) => None,
        }
    })
}

fn an(kind: &str) -> String {
    let article = if matches!(kind, "array" | "object") { "an" } else { "a" };
    format!("{article} {kind}")
}

/// The line that a byte lies in; for the end of the text, the last line that holds something.
fn line_of(text: &[u8], at: u32) -> Span {
    let at = (at as usize).min(text.trim_ascii_end().len());
    let number = text[..at].split(|&byte| byte == b'\n').count();
    let line = line_range(text, number).unwrap_or(at..at);
    Span::new(FileId::NONE, line.start as u32, line.end as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: Option<(&str, &str)>) {
        let found = bad_document(text.as_bytes(), Compat::Helm4);
        let line = |span: Span| &text[span.start as usize..span.end as usize];
        let found = found.map(|(span, said)| (line(span), said));
        assert_eq!(found.as_ref().map(|(line, said)| (*line, said.as_str())), want);
    }

    #[test]
    fn the_line_of_the_first_bad_document_is_found() {
        check("a: 1\n---\nb: 2\n", None);
        check("a: 1\n  b: [\n", Some(("  b: [", "not YAML here")));
        check("a: [\n\n", Some(("a: [", "not YAML here")));
        let said = "a map is wanted, and this is an array";
        check("a: 1\n---\n- x\n", Some(("- x", said)));
    }
}
