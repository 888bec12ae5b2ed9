use plimsoll_source::{Edit, Span};

use super::write::{flow_text, literal_lines, scalar_in_style};
use super::{EditError, Place, Scalar, Setting};
use crate::node::Kind;

impl Setting<'_> {
    pub(super) fn slice(&self, span: Span) -> &[u8] {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    pub(super) fn edit(&self, start: usize, end: usize, text: String) -> Edit {
        Edit { span: Span::new(self.file, start as u32, end as u32), text }
    }

    /// Puts the value in the place of a node.
    pub(super) fn replace(&self, place: &Place<'_, '_>) -> Result<Edit, EditError> {
        let span = place.node.span;
        let old = self.slice(span);
        let (start, end) = (span.start as usize, span.end as usize);
        let is_flow = matches!(old.first(), Some(b'[' | b'{'));
        match &place.node.kind {
            Kind::List(_) if !is_flow => {
                return Err(EditError::Unfit(place.path.clone(), "a list"));
            }
            Kind::Map(_) if !is_flow => return Err(EditError::Unfit(place.path.clone(), "a map")),
            _ => {}
        }
        if matches!(old.first(), Some(b'|' | b'>')) && !matches!(place.node.kind, Kind::Null) {
            return Ok(self.replace_block(start, end));
        }
        let text = scalar_in_style(self.value, old.first().copied());
        let spaced = if old.is_empty() { format!(" {text}") } else { text };
        Ok(self.edit(start, end, spaced))
    }

    /// Puts the value in the place of a block scalar, whose lines go to the last that is not blank.
    fn replace_block(&self, start: usize, end: usize) -> Edit {
        let old = &self.text[start..end];
        let end = start + old.trim_ascii_end().len();
        let lines = || {
            let Scalar::Text(text) = self.value else { return None };
            literal_lines(text, self.block_indent(start, end))
        };
        let text = lines().unwrap_or_else(|| flow_text(self.value));
        self.edit(start, end, text)
    }

    /// The indentation of a block scalar's first line with content, or one that suits.
    fn block_indent(&self, start: usize, end: usize) -> usize {
        let mut lines = self.text[start..end].split(|&byte| byte == b'\n').skip(1);
        let first = lines.find(|line| !line.trim_ascii().is_empty());
        let spaces = |line: &[u8]| line.iter().take_while(|&&byte| byte == b' ').count();
        first.map_or_else(|| self.line_indent(start) + 2, spaces)
    }

    /// How many spaces the line begins with that `at` lies on; dashes of items count as such.
    pub(super) fn line_indent(&self, at: usize) -> usize {
        let line = &self.text[self.line_start(at)..];
        line.iter().take_while(|&&byte| matches!(byte, b' ' | b'-')).count()
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |before| before + 1)
    }

    /// Where the line ends that `at` lies on, its line break not included.
    pub(super) fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', &self.text[at..]).map_or(self.text.len(), |length| at + length)
    }
}
