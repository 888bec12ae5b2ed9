use anstyle::{AnsiColor, Reset};

use plimsoll_source::Severity;

/// How text for people may look.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether colours are welcome.
    pub color: bool,
    /// How many columns there are.
    pub width: usize,
}

impl Style {
    /// No colours, eighty columns: what a pipe and a test see.
    pub const PLAIN: Style = Style { color: false, width: 80 };

    /// `text` in the colour of a severity.
    pub(crate) fn severity(self, severity: Severity, text: &str) -> String {
        let color = match severity {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Info => AnsiColor::Cyan,
        };
        self.paint(color.on_default().bold(), text)
    }

    /// `text` in bold.
    pub(crate) fn bold(self, text: &str) -> String {
        self.paint(anstyle::Style::new().bold(), text)
    }

    /// `text` dimmed.
    pub(crate) fn dim(self, text: &str) -> String {
        self.paint(anstyle::Style::new().dimmed(), text)
    }

    fn paint(self, style: anstyle::Style, text: &str) -> String {
        if self.color { format!("{style}{text}{Reset}") } else { text.to_owned() }
    }
}
