//! Templates that cannot be parsed.

use plimsoll_gotmpl::{Compat, ParseError};
use plimsoll_source::{Files, Label, Span};

use super::expression::action_end;
use super::frames::Frame;
use super::same::Told;
use super::sources::{Sources, line_range};
use super::{names, plain};

/// A template that cannot be read, with the name or the block at fault where it is known.
pub(super) fn parse(
    error: &ParseError,
    compat: Compat,
    sources: &Sources<'_>,
    files: &mut Files,
) -> Told {
    let frame = Frame { file: &error.name, line: error.line as usize, ..Frame::default() };
    let line = sources.line(&frame, files);
    if let Some(name) = quoted(&error.message, "function ", " not defined") {
        let began = unclosed(&frame, sources, files);
        return unknown_function(name, line, began, compat, files);
    }
    let message = format!("the template cannot be read: {}", error.message);
    let mut diagnostic = plain("parse-error", &message);
    let label = |span, text: &str| Label { span, text: text.to_owned() };
    let open = sources.template(&frame, files).filter(|_| error.message == "unexpected EOF");
    let open = open.and_then(|file| {
        let (keyword, start, end) = open_block(&files.get(file)?.text)?;
        Some((keyword, Span::new(file, start as u32, end as u32)))
    });
    if let Some((keyword, span)) = open {
        diagnostic.message =
            format!("the template ends within a block: this `{keyword}` has no `end`");
        diagnostic.labels.push(label(span, "has no `{{ end }}`"));
        return Told::of(diagnostic);
    }
    diagnostic.labels.extend(unclosed(&frame, sources, files));
    diagnostic.labels.extend(line.map(|span| label(span, "the parser stopped in this line")));
    if let Some((_, help)) = HELP.iter().find(|(text, _)| error.message.contains(text)) {
        (*help).clone_into(&mut diagnostic.help);
    }
    Told::of(diagnostic)
}

/// What to do where Go's words leave a stranger alone.
const HELP: [(&str, &str); 5] = [
    ("unclosed action", "an action ends with `}}` before anything else: one is missing"),
    ("unexpected {{end}}", "there is one `{{ end }}` too many, or a block before it never began"),
    ("unexpected {{else}}", "an `{{ else }}` stands within `if`, `with` or `range`"),
    ("undefined variable", "a variable is known from `:=` on, to the `{{ end }}` of its block"),
    ("unterminated quoted string", "the text has no closing quote in its line"),
];

/// The action that began in an earlier line and goes on into the one at fault: most often its `}}`
/// is missing.
fn unclosed(frame: &Frame<'_>, sources: &Sources<'_>, files: &mut Files) -> Option<Label> {
    let file = sources.template(frame, files)?;
    let text = &files.get(file)?.text;
    let end = line_range(text, frame.line).map_or(text.len(), |line| line.start);
    let open = memchr::memmem::rfind(&text[..end], b"{{")?;
    if memchr::memmem::find(&text[open..end], b"}}").is_some() {
        return None;
    }
    let rest = &text[open..end];
    let line = rest.split(|&byte| byte == b'\n').next().unwrap_or(rest).trim_ascii_end();
    let span = Span::new(file, open as u32, (open + line.len()) as u32);
    Some(Label { span, text: "this action goes on: is its `}}` missing?".to_owned() })
}

fn unknown_function(
    name: &str,
    line: Option<Span>,
    began: Option<Label>,
    compat: Compat,
    files: &Files,
) -> Told {
    let message = format!("there is no function `{name}`");
    let mut diagnostic = plain("unknown-function", &message);
    let known = functions(compat);
    if let Some(near) = names::nearest(name, known.into_iter()) {
        diagnostic.message.extend(["; did you mean `", near, "`?"]);
    }
    let exact = line.and_then(|line| {
        let text = super::sources::text(files, line);
        let at = text.find(name)? as u32 + line.start;
        Some(Span { start: at, end: at + name.len() as u32, ..line })
    });
    let text = "neither Go, nor Sprig, nor Helm has it".to_owned();
    if let Some(began) = began {
        let message = format!("an action has no `}}}}`, so that `{name}` is read as a function");
        diagnostic = plain("parse-error", &message);
        let read_as = exact.or(line).map(|span| Label { span, text: "read as a function".into() });
        diagnostic.labels = [began].into_iter().chain(read_as).collect();
        return Told::of(diagnostic);
    }
    diagnostic.labels.extend(exact.or(line).map(|span| Label { span, text }));
    Told::of(diagnostic).by_message()
}

/// Every function that templates can call, but for a few of Go's that nobody takes for others.
fn functions(compat: Compat) -> Vec<&'static str> {
    const HELM: [&str; 6] = ["include", "tpl", "required", "fail", "lookup", "getHostByName"];
    const GO: [&str; 12] = [
        "and", "call", "html", "index", "slice", "js", "len", "not", "or", "print", "printf",
        "println",
    ];
    let families = plimsoll_helm::funcs::functions(compat);
    let named = families.iter().flat_map(|family| family.iter()).map(|function| function.name);
    named.chain(HELM).chain(GO).collect()
}

/// `x` of `function "x" not defined`.
fn quoted<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let text = text.strip_prefix(before)?.strip_suffix(after)?;
    text.strip_prefix('"')?.strip_suffix('"')
}

/// The innermost block that has no end: its keyword and its action.
fn open_block(text: &[u8]) -> Option<(&'static str, usize, usize)> {
    const BLOCKS: [&str; 5] = ["if", "range", "with", "define", "block"];
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(start) = memchr::memmem::find(&text[at..], b"{{").map(|found| at + found) {
        let inside = start + 2;
        let body = text[inside..].strip_prefix(b"-").unwrap_or(&text[inside..]).trim_ascii_start();
        if body.starts_with(b"/*") {
            at =
                memchr::memmem::find(&text[inside..], b"*/").map_or(text.len(), |end| inside + end);
            continue;
        }
        let end = (inside + action_end(&text[inside..]) + 2).min(text.len());
        let length = body.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word = &body[..length];
        if word == b"end" {
            open.pop();
        }
        let block = BLOCKS.iter().find(|block| block.as_bytes() == word);
        open.extend(block.map(|block| (*block, start, end)));
        at = end;
    }
    open.pop()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_without_end_is_the_innermost() {
        let check = |text: &str, want: Option<&str>| {
            let found = open_block(text.as_bytes()).map(|(_, start, end)| &text[start..end]);
            assert_eq!(found, want, "{text}");
        };
        check("{{ if .a }}{{- range .b -}}x{{ end }}", Some("{{ if .a }}"));
        check("{{ if .a }}{{ else if .b }}{{ end }}", None);
        check("{{/* {{ if }} */}}{{ with .x }}", Some("{{ with .x }}"));
        check("{{ print \"}}\" }}{{ end }}", None);
        check("{{ ifx }}", None);
        check("{{ if", Some("{{ if"));
    }
}
