/// Where a value came from: a number that the run's table of origins explains (file, span, layer).
/// Zero means that nothing is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(pub u32);

impl Origin {
    /// Nothing is known of where the value came from.
    pub const NONE: Origin = Origin(0);

    /// Whether an origin is known.
    pub const fn is_some(self) -> bool {
        self.0 != 0
    }
}

/// The template action that wrote a piece of output: a number that the run's table of sites
/// explains (template file and span). Zero means that no action has written it yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site(pub u32);

impl Site {
    /// Not yet written by an action.
    pub const NONE: Site = Site(0);

    /// Whether an action is known.
    pub const fn is_some(self) -> bool {
        self.0 != 0
    }
}

/// A range of bytes of a text, the action that wrote it and the values that it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
    /// Which values it came from.
    pub origin: Origin,
    /// Which action wrote it.
    pub site: Site,
}

/// The marks of a text, sorted by start. Text between marks was written literally.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextMap {
    marks: Vec<Mark>,
    /// Whether their ends are sorted too: nothing lies within something else.
    flat: bool,
}

impl TextMap {
    /// A map of marks that are sorted by their start.
    pub fn new(marks: Vec<Mark>) -> TextMap {
        debug_assert!(marks.is_sorted_by_key(|mark| mark.start));
        let flat = marks.is_sorted_by_key(|mark| mark.end);
        TextMap { marks, flat }
    }

    /// All marks, sorted by start.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// The marks that share a byte with `start..end` (or touch it, where either is empty).
    pub fn overlapping(&self, start: u32, end: u32) -> impl Iterator<Item = &Mark> {
        let first = if self.flat { self.marks.partition_point(|mark| mark.end < start) } else { 0 };
        let marks = self.marks[first..].iter().take_while(move |mark| mark.start <= end);
        marks.filter(move |mark| {
            (mark.start < end && start < mark.end)
                || (mark.start == mark.end && start <= mark.start && mark.start <= end)
                || (start == end && mark.start <= start && start < mark.end)
        })
    }

    /// The map of the part `start..end`, its offsets counted from `start`.
    #[must_use]
    pub fn slice(&self, start: u32, end: u32) -> TextMap {
        let marks = self
            .overlapping(start, end)
            .map(|mark| Mark {
                start: mark.start.max(start) - start,
                end: mark.end.min(end) - start,
                ..*mark
            })
            .collect();
        TextMap::new(marks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(start: u32, end: u32, origin: u32) -> Mark {
        Mark { start, end, origin: Origin(origin), site: Site::NONE }
    }

    #[test]
    fn overlapping_takes_what_shares_a_byte() {
        let map = TextMap::new(vec![mark(0, 3, 1), mark(5, 8, 2), mark(8, 9, 3)]);
        let got: Vec<u32> = map.overlapping(2, 8).map(|m| m.origin.0).collect();
        assert_eq!(got, [1, 2]);
    }

    #[test]
    fn slices_count_from_their_start() {
        let map = TextMap::new(vec![mark(0, 3, 1), mark(5, 8, 2)]);
        assert_eq!(map.slice(2, 7).marks(), [mark(0, 1, 1), mark(3, 5, 2)]);
    }
}
