use plimsoll_gotmpl::{Text, TextBuf};
use plimsoll_source::Origin;
use plimsoll_yaml::Output;

/// Text whose scalars are marked with where they came from.
pub(super) struct Marked(pub(super) TextBuf);

/// Where a scalar came from.
#[derive(Clone, Copy)]
pub(super) struct Source<'s> {
    /// The string that it is, with marks of its own.
    pub(super) text: Option<&'s Text>,
    pub(super) origin: Origin,
}

impl From<Origin> for Source<'_> {
    fn from(origin: Origin) -> Self {
        Source { text: None, origin }
    }
}

impl Output for Marked {
    type Source<'s> = Source<'s>;

    fn bytes(&mut self) -> &mut Vec<u8> {
        self.0.bytes_mut()
    }

    fn verbatim(&mut self, text: &[u8], source: Source<'_>) {
        match source.text {
            Some(whole) if whole.len() == text.len() => self.0.push_from(whole, source.origin),
            _ => self.0.push_bytes(text),
        }
    }

    fn came_from(&mut self, start: usize, source: Source<'_>) {
        match source.text {
            None => self.0.mark(start, source.origin),
            Some(text) => self.0.mark_as(start, text, source.origin),
        }
    }
}
