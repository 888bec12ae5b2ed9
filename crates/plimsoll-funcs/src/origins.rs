use std::ops::Range;

use plimsoll_gotmpl::{Marked, Text};
use plimsoll_source::Origin;

/// Where the parts of a text came from, asked by byte range: for functions that read values out of
/// a text.
pub(crate) struct OriginsOf<'a> {
    text: &'a Text,
    whole: Origin,
}

impl<'a> OriginsOf<'a> {
    pub(crate) fn new(source: &'a Marked) -> OriginsOf<'a> {
        OriginsOf { text: &source.text, whole: source.origin }
    }

    /// The origin of the bytes `span`; that of the whole text where the text has no marks.
    pub(crate) fn at(&self, span: Range<usize>) -> Origin {
        let Some(map) = self.text.map() else { return self.whole };
        let marks = map.marks();
        let first = marks.partition_point(|mark| (mark.end as usize) <= span.start);
        marks[first..]
            .iter()
            .take_while(|mark| (mark.start as usize) < span.end)
            .find(|mark| mark.origin.is_some())
            .map_or(Origin::NONE, |mark| mark.origin)
    }
}
