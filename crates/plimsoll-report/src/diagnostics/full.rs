use std::fmt;
use std::io::{self, Write};

use miette::{
    Diagnostic as MietteDiagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan,
    NamedSource, SourceCode,
};
use plimsoll_source::{Diagnostic, FileId, Files, Label, Severity};

use super::mask::mask_secrets;
use crate::{Style, strip_controls};

/// Draws diagnostics with the lines that they speak of, a blank line between two.
pub fn write(
    out: &mut dyn Write,
    diagnostics: &[Diagnostic],
    files: &Files,
    style: Style,
) -> io::Result<()> {
    let theme =
        if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(style.width.max(40));
    for (at, diagnostic) in diagnostics.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        one(out, diagnostic, files, &handler, style)?;
    }
    Ok(())
}

fn one(
    out: &mut dyn Write,
    diagnostic: &Diagnostic,
    files: &Files,
    handler: &GraphicalReportHandler,
    style: Style,
) -> io::Result<()> {
    for (at, drawn) in Drawn::all(diagnostic, files).iter().enumerate() {
        let mut text = String::new();
        handler
            .render_report(&mut text, drawn)
            .map_err(|_| io::Error::other("a diagnostic could not be drawn"))?;
        // The other files have no message of their own: their lines follow those of the first.
        let start = if at == 0 { 0 } else { excerpt_start(&text) };
        out.write_all(&text.as_bytes()[start..])?;
    }
    out.write_all(footer(diagnostic, style).as_bytes())
}

/// Where the line stands that an excerpt begins with.
fn excerpt_start(text: &str) -> usize {
    let corner = text.find('\u{256d}').unwrap_or(text.len());
    text[..corner].rfind('\n').map_or(0, |at| at + 1)
}

/// What to do, and Helm's own words, which are not broken into lines.
fn footer(diagnostic: &Diagnostic, style: Style) -> String {
    let mut text = String::new();
    for line in strip_controls(&diagnostic.help).lines().filter(|line| !line.is_empty()) {
        text.push_str("  ");
        text.push_str(&style.severity(Severity::Info, "help:"));
        text.push_str(&wrapped(line, style.width.max(40), "  help: ".len()));
        text.push('\n');
    }
    let original = strip_controls(diagnostic.original.trim_end());
    let mut lines = original.lines();
    if let Some(first) = lines.next() {
        let says = if original.contains('\n') { "\n    " } else { " " };
        text.push_str(&format!("  {}{says}{first}\n", style.dim("Helm says:")));
        text.extend(lines.flat_map(|line| ["    ", line, "\n"]));
    }
    text
}

/// Words in lines of a width, each behind the first indented; a blank before each word.
fn wrapped(text: &str, width: usize, indent: usize) -> String {
    let (mut out, mut column) = (String::new(), indent - 1);
    for word in text.split_whitespace() {
        let length = word.chars().count() + 1;
        if column + length > width && column > indent {
            out.push('\n');
            out.push_str(&" ".repeat(indent - 1));
            column = indent - 1;
        }
        out.push(' ');
        out.push_str(word);
        column += length;
    }
    out
}

/// The labels in one file, as miette wants them.
#[derive(Debug)]
struct Drawn {
    code: Option<&'static str>,
    severity: Severity,
    message: String,
    source: Option<NamedSource<String>>,
    labels: Vec<LabeledSpan>,
}

impl Drawn {
    /// One for each file, the first with the message.
    fn all(diagnostic: &Diagnostic, files: &Files) -> Vec<Drawn> {
        let mut groups: Vec<(FileId, Vec<&Label>)> = Vec::new();
        for label in &diagnostic.labels {
            match groups.iter_mut().find(|(file, _)| *file == label.span.file) {
                Some((_, labels)) => labels.push(label),
                None => groups.push((label.span.file, vec![label])),
            }
        }
        let mut all = vec![Drawn {
            code: Some(diagnostic.code),
            severity: diagnostic.severity,
            message: strip_controls(&diagnostic.message),
            source: None,
            labels: Vec::new(),
        }];
        for (at, (file, labels)) in groups.into_iter().enumerate() {
            if at > 0 {
                let (severity, message) = (diagnostic.severity, String::new());
                let (source, labels) = (None, Vec::new());
                all.push(Drawn { code: None, severity, message, source, labels });
            }
            if let Some(drawn) = all.last_mut() {
                drawn.draw_in(file, &labels, files);
            }
        }
        all
    }

    fn draw_in(&mut self, file: FileId, labels: &[&Label], files: &Files) {
        let Some(file) = files.get(file) else { return };
        let text = excerpt(&file.text);
        self.labels = labels
            .iter()
            .map(|label| {
                let start = (label.span.start as usize).min(text.len());
                let end = (label.span.end as usize).clamp(start, text.len());
                LabeledSpan::new(Some(strip_controls(&label.text)), start, end - start)
            })
            .collect();
        self.source = Some(NamedSource::new(strip_controls(&file.name), text));
    }
}

/// The text to show, byte for byte as long as the file: what cannot be shown becomes `?`, and
/// values under secret-like keys become `*`.
fn excerpt(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_control() && c != '\n' && c != '\t' && c != '\r' {
                text.extend(std::iter::repeat_n('?', c.len_utf8()));
            } else {
                text.push(c);
            }
        }
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    mask_secrets(text)
}

impl fmt::Display for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawn {}

impl MietteDiagnostic for Drawn {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty())
            .then(|| Box::new(self.labels.iter().cloned()) as Box<dyn Iterator<Item = LabeledSpan>>)
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_source::Span;

    use super::*;

    fn drawn(diagnostic: &Diagnostic, files: &Files) -> String {
        let mut out = Vec::new();
        write(&mut out, std::slice::from_ref(diagnostic), files, Style::PLAIN).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn both_files_are_shown_with_their_lines() {
        let mut files = Files::new();
        let template = files.add("templates/a.yaml", b"image: {{ .Values.image.tag }}\n".to_vec());
        let values = files.add("values.yaml", b"images:\n  tag: v1\n".to_vec());
        let diagnostic = Diagnostic {
            severity: Severity::Error,
            code: "nil-value",
            message: "`.Values.image` is not set".to_owned(),
            labels: vec![
                Label { span: Span::new(template, 17, 23), text: "is nil here".to_owned() },
                Label { span: Span::new(values, 0, 6), text: "did you mean this key?".to_owned() },
            ],
            help: "set `image` in values.yaml".to_owned(),
            original: "nil pointer evaluating interface {}.tag".to_owned(),
        };
        let got = drawn(&diagnostic, &files);
        for part in [
            "nil-value",
            "[templates/a.yaml:1:18]",
            "is nil here",
            "[values.yaml:1:1]",
            "Helm says: nil pointer evaluating",
        ] {
            assert!(got.contains(part), "{part} is missing in:\n{got}");
        }
    }

    #[test]
    fn other_files_follow_without_a_heading_and_helms_words_stay_whole() {
        let mut files = Files::new();
        let [a, b] = ["a", "b"].map(|name| files.add(name, b"one two\n".to_vec()));
        let label = |file, text: &str| Label { span: Span::new(file, 0, 3), text: text.to_owned() };
        let diagnostic = Diagnostic {
            severity: Severity::Error,
            code: "x",
            message: "m".to_owned(),
            labels: vec![label(a, "here"), label(b, "there")],
            help: "do this\nor that".to_owned(),
            original: "word ".repeat(30),
        };
        let want = format!(
            "x\n\n  × m\n   ╭─[a:1:1]\n 1 │ one two\n   · ─┬─\n   ·  ╰── here\n   ╰────\n   \
             ╭─[b:1:1]\n 1 │ one two\n   · ─┬─\n   ·  ╰── there\n   ╰────\n  help: do this\n  help: \
             or that\n  Helm says: {}\n",
            "word ".repeat(30).trim_end()
        );
        assert_eq!(drawn(&diagnostic, &files), want);
    }

    #[test]
    fn help_is_broken_into_lines() {
        assert_eq!(wrapped("aaaa bbbb cccc", 14, 6), " aaaa\n      bbbb\n      cccc");
        assert_eq!(wrapped("a b", 80, 8), " a b");
    }

    #[test]
    fn a_chart_cannot_steer_the_terminal() {
        let mut files = Files::new();
        let file = files.add("a\u{1b}[2J.yaml", b"x: \x1b[31m{{ fail }}\n".to_vec());
        let diagnostic = Diagnostic {
            severity: Severity::Error,
            code: "x",
            message: "m\u{1b}[0m".to_owned(),
            labels: vec![Label { span: Span::new(file, 0, 1), text: String::new() }],
            help: String::new(),
            original: String::new(),
        };
        assert!(!drawn(&diagnostic, &files).contains('\u{1b}'));
    }
}
