//! Rendered text that is not a manifest.

use plimsoll_gotmpl::Compat;
use plimsoll_helm::release::{RenderedText, split};
use plimsoll_source::{FileId, Files, Label, Span};

use super::frames::Frame;
use super::same::Told;
use super::sources::{Sources, line_range, text};
use super::{Failure, plain};

/// The document of a rendered file that cannot be read, and the template's line that wrote it.
pub(super) fn yaml(
    path: &str,
    why: &str,
    failure: &Failure<'_>,
    sources: &Sources<'_>,
    files: &mut Files,
) -> Told {
    let message = |with_line| {
        format!("what `{path}` rendered to is not a manifest: {}", reason(why, with_line))
    };
    let mut diagnostic = plain("not-yaml", &message(true));
    let Some(rendered) = failure.rendered.iter().find(|text| &*text.path == path) else {
        return Told::of(diagnostic);
    };
    let Some((place, said)) = bad_document(&rendered.bytes, failure.compat) else {
        return Told::of(diagnostic);
    };
    diagnostic.message = message(false);
    if said.starts_with("a map is wanted") {
        diagnostic.message = format!("what `{path}` rendered to is not a manifest: {said}");
    }
    diagnostic.help = yaml_help(why, &rendered.bytes, place);
    let above = line_above(&rendered.bytes, place);
    let above = above.and_then(|line| template_place(rendered, line, failure, sources, files));
    // What goes wrong in a line is often the action of the line before.
    if let Some((span, hint)) = above.and_then(|(span, is_action)| {
        Some((span, indent_hint(span, files).filter(|_| is_action)?.0?))
    }) {
        diagnostic.labels.push(Label { span, text: "this wrote the line before".to_owned() });
        diagnostic.help = hint;
    }
    if let Some((span, is_action)) = template_place(rendered, place, failure, sources, files) {
        let said = if is_action { "this wrote it" } else { "this line of the template" };
        diagnostic.labels.push(Label { span, text: said.to_owned() });
        if let Some((lines, text)) = indent_hint(span, files).filter(|_| is_action) {
            diagnostic.help = lines.unwrap_or(text);
        }
    }
    let file = files.add(format!("{path} (rendered)"), rendered.bytes.clone());
    diagnostic.labels.push(Label { span: Span { file, ..place }, text: said });
    Told::of(diagnostic)
}

/// The action that wrote a line of a rendered text, else the line of the template itself.
fn template_place(
    rendered: &RenderedText,
    line: Span,
    failure: &Failure<'_>,
    sources: &Sources<'_>,
    files: &mut Files,
) -> Option<(Span, bool)> {
    let (map, trace) = (rendered.map.as_ref()?, failure.trace?);
    let mut literal = None;
    for mark in map.overlapping(line.start, line.end) {
        let Some(site) = trace.site(mark.site) else { continue };
        let frame = Frame { file: site.file, line: 1, ..Frame::default() };
        let Some(file) = sources.template(&frame, files) else { continue };
        if site.range.len() as u32 != mark.end - mark.start {
            return Some((Span::new(file, site.range.start, site.range.end), true));
        }
        // Literal text, byte for byte.
        let start = site.range.start + line.start.saturating_sub(mark.start);
        let end = (start + (line.end - line.start)).min(site.range.end);
        literal.get_or_insert((Span::new(file, start, end), false));
    }
    literal
}

/// What an action lacks: one that writes several lines, else one whose text YAML reads as more.
fn indent_hint(action: Span, files: &Files) -> Option<(Option<String>, String)> {
    let written = text(files, action);
    let line = &files.get(action.file)?.text[..action.start as usize];
    let start = line.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let column = line[start..].iter().take_while(|byte| **byte == b' ').count();
    let is_block = ["toYaml", "include", "tpl"].iter().any(|name| written.contains(name));
    if written.contains("indent") || (!is_block && written.contains("quote")) {
        return None;
    }
    let lines = format!(
        "`{{{{- {} | nindent {column} }}}}` puts every line that it writes where it belongs",
        written.trim_matches(['-', ' '])
    );
    Some((is_block.then_some(lines), "a text is safe from YAML with `| quote`".to_owned()))
}

/// The line before another.
fn line_above(text: &[u8], line: Span) -> Option<Span> {
    let end = (line.start as usize).checked_sub(1)?;
    let start = text.get(..end)?.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    Some(Span::new(FileId::NONE, start as u32, end as u32))
}

/// go-yaml's words, without the names of what they went through; its line is told only where there
/// is no better.
pub(super) fn reason(why: &str, with_line: bool) -> &str {
    let why = why.rsplit_once("JSON: ").map_or(why, |(_, why)| why);
    let Some(rest) = why.strip_prefix("yaml: ").filter(|_| !with_line) else { return why };
    match rest.split_once(": ") {
        Some((line, rest)) if line.starts_with("line ") => rest,
        _ => rest,
    }
}

/// What go-yaml's words mean for who wrote the line.
pub(super) fn yaml_help(why: &str, bytes: &[u8], line: Span) -> String {
    let line = bytes.get(line.start as usize..line.end as usize).unwrap_or_default();
    let blank = line.iter().take_while(|byte| byte.is_ascii_whitespace());
    let known = [
        (
            "mapping values are not allowed",
            "a line is indented otherwise than its neighbours, or a text with `: ` wants quotes",
        ),
        (
            "did not find expected key",
            "a line is indented otherwise than its neighbours, or a quote is not closed",
        ),
        ("did not find expected node content", "a bracket or brace is not closed"),
        ("could not find expected ':'", "a line is neither `key: value` nor part of a text"),
        (
            "cannot start any token",
            "a text that starts with a sign such as `@`, `%` or a backquote wants quotes",
        ),
        (
            "did not find expected '-' indicator",
            "an entry of a list is indented otherwise than the others",
        ),
        ("already defined", "a key stands twice in one map"),
    ];
    if blank.clone().any(|&byte| byte == b'\t') {
        return "tabs cannot indent YAML: write spaces".to_owned();
    }
    let found = known.into_iter().find(|(words, _)| why.contains(words));
    found.map_or_else(String::new, |(_, help)| help.to_owned())
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
