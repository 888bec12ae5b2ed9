//! Rendered text that is not a manifest.

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
    diagnostic.help = "`--debug` prints everything that was rendered".to_owned();
    let Some((place, said)) = bad_document(&text.bytes, failure) else { return diagnostic };
    let file = files.add(format!("{path} (rendered)"), text.bytes.clone());
    diagnostic.labels.push(Label { span: Span { file, ..place }, text: said });
    diagnostic
}

fn bad_document(text: &[u8], failure: &Failure<'_>) -> Option<(Span, String)> {
    split(text, failure.compat).into_iter().find_map(|range| {
        let start = range.start as u32;
        match plimsoll_yaml::read(&text[range], FileId::NONE) {
            Err(error) => {
                let at = error.span.map_or(0, |span| span.start);
                Some((line_of(text, start + at), "not YAML here".to_owned()))
            }
            Ok(node) if node.as_map().is_empty() && !node.is_null() => {
                let said = format!("a manifest is a map, and this is {}", an(node.json_kind()));
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

/// The line that a byte lies in.
fn line_of(text: &[u8], at: u32) -> Span {
    let at = (at as usize).min(text.len());
    let number = text[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
    let line = line_range(text, number).unwrap_or(at..at);
    Span::new(FileId::NONE, line.start as u32, line.end as u32)
}
