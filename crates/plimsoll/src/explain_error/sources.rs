//! The files that Helm's texts name.

use std::path::Path;
use std::sync::Arc;

use plimsoll_helm::chart::ChartFile;
use plimsoll_helm::values::{self, ChartInstance, Origins, ValuesOptions};
use plimsoll_source::{FileId, Files, Span};

use super::Failure;
use super::frames::Frame;
use super::names::is_of_chain;

/// The chart tree of a failed run, worked out again for its values.
pub(super) struct Sources<'a> {
    root: Option<ChartInstance>,
    folder: &'a Path,
}

impl<'a> Sources<'a> {
    pub(super) fn new(failure: &Failure<'a>) -> Sources<'a> {
        let options =
            ValuesOptions { compat: failure.compat, skip_schema: true, ..ValuesOptions::default() };
        let root = failure.chart.zip(failure.user).and_then(|(chart, user)| {
            values::prepare(chart, user, &options, &mut Origins::off(), &mut |_| {}).ok()
        });
        Sources { root, folder: failure.folder }
    }

    /// The chart of the tree that a template belongs to.
    pub(super) fn instance(&self, file: &str) -> Option<&ChartInstance> {
        let mut found = self.root.as_ref().filter(|root| rest(file, root).is_some())?;
        while let Some(child) = found.children.iter().find(|child| rest(file, child).is_some()) {
            found = child;
        }
        Some(found)
    }

    /// The bytes of a chart's `values.yaml`.
    pub(super) fn defaults(&self, chart: &str) -> Option<Arc<[u8]>> {
        self.defaults_file(chart)?.bytes().ok()
    }

    /// Takes a chart's `values.yaml` in.
    pub(super) fn add_defaults(&self, chart: &str, files: &mut Files) -> Option<FileId> {
        let file = self.defaults_file(chart)?;
        self.add(&file, &format!("{chart}/values.yaml"), files)
    }

    fn defaults_file(&self, chart: &str) -> Option<ChartFile> {
        let chart = &self.instance(&format!("{chart}/"))?.chart;
        chart.raw.iter().find(|file| &*file.name == "values.yaml").cloned()
    }

    /// The expression that a level failed at: the chain of fields around the column if there is one,
    /// else the call or the rest of the line's action.
    pub(super) fn expression(&self, frame: &Frame<'_>, files: &mut Files) -> Option<Span> {
        let file = self.template(frame, files)?;
        let text = files.get(file)?.text.clone();
        let line = line_range(&text, frame.line)?;
        let at = line.start + frame.column?.min(line.len());
        let range = expression(&text[line.clone()], at - line.start);
        let (start, end) = (line.start + range.start, line.start + range.end);
        Some(Span::new(file, start as u32, end as u32))
    }

    /// The line of a level that has no column.
    pub(super) fn line(&self, frame: &Frame<'_>, files: &mut Files) -> Option<Span> {
        let file = self.template(frame, files)?;
        let text = files.get(file)?.text.clone();
        let line = line_range(&text, frame.line)?;
        let blank = text[line.clone()].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let start = (line.start + blank).min(line.end);
        Some(Span::new(file, start as u32, line.end as u32))
    }

    fn template(&self, frame: &Frame<'_>, files: &mut Files) -> Option<FileId> {
        let instance = self.instance(frame.file)?;
        let name = rest(frame.file, instance)?;
        let file = instance.chart.templates.iter().find(|file| &*file.name == name)?;
        self.add(file, frame.file, files)
    }

    fn add(&self, file: &ChartFile, name: &str, files: &mut Files) -> Option<FileId> {
        let on_disk = file.path.as_deref();
        let shown = on_disk.map(|path| path.strip_prefix(self.folder).unwrap_or(path));
        let shown = shown.map(|path| path.to_string_lossy().replace('\\', "/"));
        let name = shown.unwrap_or_else(|| name.to_owned());
        let known = (0..files.len() as u32).map(FileId);
        let known =
            known.into_iter().find(|&id| files.get(id).is_some_and(|file| file.name == name));
        known.or_else(|| Some(files.add(name, file.bytes().ok()?)))
    }

    /// The names of the templates that the tree's files define.
    pub(super) fn defined(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut open: Vec<&ChartInstance> = self.root.iter().collect();
        while let Some(instance) = open.pop() {
            open.extend(&instance.children);
            for bytes in instance.chart.templates.iter().filter_map(|file| file.bytes().ok()) {
                let text = String::from_utf8_lossy(&bytes);
                let defined =
                    text.split("define \"").skip(1).filter_map(|rest| rest.split('"').next());
                names.extend(defined.map(str::to_owned));
            }
        }
        names
    }
}

/// The text of a span.
pub(super) fn text(files: &Files, span: Span) -> &str {
    let bytes =
        files.get(span.file).and_then(|f| f.text.get(span.start as usize..span.end as usize));
    bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
}

fn rest<'a>(file: &'a str, instance: &ChartInstance) -> Option<&'a str> {
    file.strip_prefix(instance.full_path.as_str())?.strip_prefix('/')
}

/// The bytes of a line from 1, its end left out.
pub(super) fn line_range(text: &[u8], line: usize) -> Option<std::ops::Range<usize>> {
    let mut start = 0;
    for (number, one) in text.split(|&byte| byte == b'\n').enumerate() {
        if number + 1 == line {
            return Some(start..start + one.strip_suffix(b"\r").unwrap_or(one).len());
        }
        start += one.len() + 1;
    }
    None
}

/// The chain of fields around a byte of a line, else everything up to the end of the action.
fn expression(line: &[u8], at: usize) -> std::ops::Range<usize> {
    let of_chain = |byte: &u8| !byte.is_ascii() || is_of_chain(char::from(*byte));
    if line.get(at) == Some(&b'.') {
        let before = line[..at].iter().rev().take_while(|byte| of_chain(byte)).count();
        let after = line[at..].iter().take_while(|byte| of_chain(byte)).count();
        return at - before..at + after;
    }
    let rest = &line[at.min(line.len())..];
    let rest = &rest[..action_end(rest)];
    at..at + rest.strip_suffix(b"-").unwrap_or(rest).trim_ascii_end().len()
}

/// Where `}}` ends an action, that within texts left out.
fn action_end(rest: &[u8]) -> usize {
    let mut quote = None;
    let mut at = 0;
    while at < rest.len() {
        match (quote, rest[at]) {
            (Some(b'"'), b'\\') => at += 1,
            (Some(open), byte) if byte == open => quote = None,
            (None, byte @ (b'"' | b'`')) => quote = Some(byte),
            (None, b'}') if rest[at..].starts_with(b"}}") => return at,
            _ => {}
        }
        at += 1;
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, at: usize, want: &str) {
        assert_eq!(&line[expression(line.as_bytes(), at)], want);
    }

    #[test]
    fn a_chain_is_taken_whole_and_a_call_to_its_end() {
        check("image: {{ .Values.image.tag }}", 17, ".Values.image.tag");
        check("x: {{- include \"a\" . -}}", 7, "include \"a\" .");
        check("x: {{ div 1 0", 6, "div 1 0");
        check(r#"x: {{ tpl "{{ .a \" }}" . }}"#, 6, r#"tpl "{{ .a \" }}" ."#);
        check("", 0, "");
    }

    #[test]
    fn lines_count_from_one_and_end_before_their_end() {
        assert_eq!(line_range(b"a\r\nbc", 1), Some(0..1));
        assert_eq!(line_range(b"a\r\nbc", 2), Some(3..5));
        assert_eq!(line_range(b"a", 2), None);
    }
}
