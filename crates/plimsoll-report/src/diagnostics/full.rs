use std::fmt;
use std::io::{self, Write};

use miette::{
    Diagnostic as MietteDiagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan,
    NamedSource, SourceCode,
};
use plimsoll_source::{Diagnostic, FileId, Files, Label, Severity};

use super::mask::mask_secrets;
use crate::{Style, strip_controls};

/// Draws diagnostics with the lines that they speak of.
pub fn write(
    out: &mut dyn Write,
    diagnostics: &[Diagnostic],
    files: &Files,
    style: Style,
) -> io::Result<()> {
    let theme =
        if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(style.width.max(40));
    for diagnostic in diagnostics {
        let mut text = String::new();
        handler
            .render_report(&mut text, &Drawn::new(diagnostic, files))
            .map_err(|_| io::Error::other("a diagnostic could not be drawn"))?;
        out.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// A diagnostic as miette wants it: one source each, so other files' labels become `related`.
#[derive(Debug)]
struct Drawn {
    code: Option<&'static str>,
    severity: Severity,
    message: String,
    help: Option<String>,
    source: Option<NamedSource<String>>,
    labels: Vec<LabeledSpan>,
    related: Vec<Drawn>,
}

impl Drawn {
    fn new(diagnostic: &Diagnostic, files: &Files) -> Drawn {
        let mut groups: Vec<(FileId, Vec<&Label>)> = Vec::new();
        for label in &diagnostic.labels {
            match groups.iter_mut().find(|(file, _)| *file == label.span.file) {
                Some((_, labels)) => labels.push(label),
                None => groups.push((label.span.file, vec![label])),
            }
        }
        let mut groups = groups.into_iter();
        let mut drawn = Drawn {
            code: Some(diagnostic.code),
            severity: diagnostic.severity,
            message: strip_controls(&diagnostic.message),
            help: help(diagnostic),
            source: None,
            labels: Vec::new(),
            related: Vec::new(),
        };
        if let Some((file, labels)) = groups.next() {
            drawn.draw_in(file, &labels, files);
        }
        drawn.related = groups.map(|(file, labels)| Drawn::related(file, &labels, files)).collect();
        drawn
    }

    fn related(file: FileId, labels: &[&Label], files: &Files) -> Drawn {
        let mut drawn = Drawn {
            code: None,
            severity: Severity::Info,
            message: labels.first().map(|label| label.text.clone()).unwrap_or_default(),
            help: None,
            source: None,
            labels: Vec::new(),
            related: Vec::new(),
        };
        drawn.draw_in(file, labels, files);
        drawn
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

fn help(diagnostic: &Diagnostic) -> Option<String> {
    let helm = match diagnostic.original.as_str() {
        "" => String::new(),
        original => format!("Helm says: {}", strip_controls(original.trim_end())),
    };
    let parts = [strip_controls(&diagnostic.help), helm];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
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

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty())
            .then(|| Box::new(self.labels.iter().cloned()) as Box<dyn Iterator<Item = LabeledSpan>>)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn MietteDiagnostic> + 'a>> {
        (!self.related.is_empty()).then(|| {
            Box::new(self.related.iter().map(|drawn| drawn as &dyn MietteDiagnostic))
                as Box<dyn Iterator<Item = &dyn MietteDiagnostic>>
        })
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
