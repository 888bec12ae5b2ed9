//! Errors with excerpts of their files, and where colours are used.

use std::io::IsTerminal;

use plimsoll::report::{Style, diagnostics};
use plimsoll::source::{Diagnostic, Files};

use super::refusal::Refused;
use crate::args::Color;
use crate::io::Io;

/// Draws errors on standard error.
pub(crate) fn draw(problems: &[Diagnostic], files: &Files, style: Style, io: &mut Io) {
    let mut text = Vec::new();
    if diagnostics::write(&mut text, problems, files, style).is_err() {
        text = problems.iter().map(|one| format!("{}\n", one.message)).collect::<String>().into();
    }
    io.error(&String::from_utf8_lossy(&text));
}

/// Draws why something cannot be done on standard error.
pub(crate) fn draw_refused(refused: &Refused, style: Style, io: &mut Io) {
    draw(refused.problems(), refused.files(), style, io);
}

/// How standard output looks.
pub(crate) fn style_of_output(when: Color, io: &Io) -> Style {
    style(when, std::io::stdout().is_terminal(), io)
}

/// How standard error looks.
pub(crate) fn style_of_errors(when: Color, io: &Io) -> Style {
    style(when, std::io::stderr().is_terminal(), io)
}

fn style(when: Color, terminal: bool, io: &Io) -> Style {
    let plain = io.env("NO_COLOR").is_some_and(|value| !value.is_empty());
    let color = match when {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && !plain,
    };
    let width = io.env("COLUMNS").and_then(|value| value.parse().ok());
    Style { color, width: width.unwrap_or(if terminal { 80 } else { 100 }) }
}
